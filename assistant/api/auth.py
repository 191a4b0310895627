"""Behind the guard: who calls is settled here, before any route is looked at.

What is not listed as open needs a key, so that a route nobody thought of is shut.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request, cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.access import Access
from assistant.api.problems import problem
from assistant.callers import ANYONE, Caller

COOKIE = "anze_session"
LOGIN = "/login"
LOGOUT = "/logout"
#: Open to everybody; the page adds its own (`app.state.open_paths`).
OPEN_PATHS = frozenset({"/healthz", "/readyz"})
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_CHALLENGE = {"WWW-Authenticate": "Bearer"}
_PORTS = {"http": 80, "https": 443}
_NOT_HERE = "没有设置访问密钥的服务只供本机使用。要对其他机器开放，请设置 ANZE_KEYS。"
_FOREIGN = "登录后的操作只接受本站页面发来的请求。"


class Auth:
    """Puts the caller on the scope (``request.state.caller``), or refuses.

    Args:
        app: the application behind it.
        access: what tells callers.
    """

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        caller = self._caller(scope)
        if isinstance(caller, Response):
            await caller(scope, receive, send)
        else:
            # on this very scope: the layer that counts reads from it which route was taken
            scope["state"] = {**scope.get("state", {}), "caller": caller}
            await self._app(scope, receive, send)

    def _caller(self, scope: Scope) -> Caller | Response:
        """Who calls, or what he is told instead of an answer."""
        if not self._access.needs_key:
            address, _ = scope.get("client") or (None, None)
            return self._access.at_this_machine(address) or problem(403, _NOT_HERE)
        headers = Headers(scope=scope)
        secret = _secret(headers)
        token = None if secret else session_token(headers)
        caller = self._access.by_key(secret) if secret else None
        # in the event loop, since it takes less than half a millisecond
        caller = self._access.by_session(token) if token else caller
        is_open = scope["path"] in _open_paths(scope)
        if caller is None:
            return ANYONE if is_open else _refusal(scope, headers, secret)
        if token and scope["method"] not in _SAFE_METHODS and not is_same_origin(scope):
            return problem(403, _FOREIGN)
        return caller


def session_token(headers: Headers) -> str | None:
    """The token of the session that the browser shows."""
    return cookie_parser(headers.get("cookie", "")).get(COOKIE)


def is_same_origin(scope: Scope) -> bool:
    """Whether the request says that a page of this very server sent it."""
    headers = Headers(scope=scope)
    try:
        origin = urlsplit(headers.get("origin", ""))
        host = urlsplit("//" + headers.get("host", ""))
        default = _PORTS.get(origin.scheme)
        ports = (origin.port or default, host.port or default)
    except ValueError:
        return False
    return origin.hostname is not None and origin.hostname == host.hostname and ports[0] == ports[1]


def _secret(headers: Headers) -> str | None:
    """The key that the caller gives; what he gives otherwise is not looked at."""
    kind, _, value = headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return value.strip() or None
    return headers.get("x-api-key") or None


def _open_paths(scope: Scope) -> Collection[str]:
    paths: Collection[str] = scope["app"].state.open_paths
    return paths


def _refusal(scope: Scope, headers: Headers, secret: str | None) -> Response:
    """A person's browser is led to the login; a program gets the problem."""
    wants_page = "text/html" in headers.get("accept", "")
    if wants_page and secret is None and LOGIN in _open_paths(scope):
        back = f"?next={quote(_asked_for(scope))}" if scope["method"] in _SAFE_METHODS else ""
        return RedirectResponse(LOGIN + back, 303, {"Cache-Control": "no-store"})
    detail = "访问密钥不对，或者已经停用、过期。" if secret else None
    return problem(401, detail, headers=_CHALLENGE)


def _asked_for(scope: Scope) -> str:
    """The path and query of the request, as they were sent."""
    path: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
    query: bytes = scope["query_string"]
    return (path + b"?" * bool(query) + query).decode("latin-1")


def access_of(request: Request) -> Access:
    """The application's access."""
    access: Any = request.app.state.access
    assert isinstance(access, Access)
    return access
