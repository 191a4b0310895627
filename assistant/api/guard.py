"""What every request passes before it is heard: host, size, and the headers of the reply."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.api.problems import problem, unexpected

MAX_BODY = 256 * 1024
_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_UNKNOWN_HOST = (
    "请用 http://127.0.0.1 或 http://localhost 加端口号访问本服务；"
    "要用别的主机名访问，请管理员把它写进 ANZE_ALLOWED_HOSTS。"
)
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Guard:
    """The outermost layer of the application.

    A page of another site must not speak to a server on this machine in the reader's name: the
    Host header has to name this server (DNS rebinding), and so has the Origin of a writing call.

    Args:
        app: the application behind it.
        names: names of this server besides those of the loopback, in small letters.
    """

    def __init__(self, app: ASGIApp, names: Collection[str]) -> None:
        self._app = app
        self._names = _LOOPBACK_NAMES | set(names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, _WithHeaders(send))
        else:  # nothing here speaks WebSocket
            await send({"type": "websocket.close"})

    async def _serve(self, scope: Scope, receive: Receive, send: _WithHeaders) -> None:
        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        try:
            await self._app(scope, _Limited(receive), send)
        except Exception as error:
            reply = problem(413) if _is_too_large(error) else unexpected(error)
            if not send.started:
                await reply(scope, receive, send)

    def _refusal(self, scope: Scope) -> Any:
        headers = Headers(scope=scope)
        if _host_name("//" + headers.get("host", "")) not in self._names:
            return problem(400, _UNKNOWN_HOST)
        origin = headers.get("origin")
        writes = scope["method"] not in _SAFE_METHODS
        if writes and origin is not None and _host_name(origin) not in self._names:
            return problem(403, "不接受其他网站的页面发来的请求。")
        length = headers.get("content-length", "0")
        if not length.isdecimal() or len(length) > 9 or int(length) > MAX_BODY:
            return problem(413)
        return None


class _WithHeaders:
    """A ``send`` that adds the safety headers that a reply does not set itself."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await self._send(message)


class _Limited:
    """A ``receive`` that stops a body that grows past the limit."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._size = 0

    async def __call__(self) -> Message:
        message = await self._receive()
        self._size += len(message.get("body", b""))
        if self._size > MAX_BODY:
            raise HTTPException(413)
        return message


def _is_too_large(error: Exception) -> bool:
    return isinstance(error, HTTPException) and error.status_code == 413


def _host_name(url: str) -> str | None:
    """The host of *url* in small letters, without brackets or port; None where it is none."""
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None
