"""Between the guard and the page's framework: only what the page needs comes through."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from html import escape

from starlette.datastructures import MutableHeaders
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.api.problems import problem
from ui.theme import script_links, style_links
from ui.words import LANGUAGES, Words, words_of

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
#: What the page asks of its framework; the rest of it (uploads, files, proxies) stays shut.
_FRAMEWORK = re.compile(
    r"(?:/en)?/(?:(?:assets|static)/.+|theme\.css|config"
    r"|gradio_api/(?:queue/(?:join|data)|heartbeat/\w+|startup-events|info|reset|cancel))?"
)
_SOCIAL = re.compile(rb'<meta\s+(?:property="og:|name="twitter:)[^>]*>\s*')
_INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)


class Door:
    """Lets through what our own routes or the page need, and makes the page Chinese.

    Args:
        app: the application behind it.
        routes: our own routes.
    """

    def __init__(self, app: ASGIApp, routes: Sequence[BaseRoute]) -> None:
        self._app = app
        self._routes = routes
        self._pages = {words_of(language).home: words_of(language) for language in LANGUAGES}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._takes(scope, scope["method"]):
            await self._app(scope, receive, send)
        elif allowed := [method for method in _METHODS if self._takes(scope, method)]:
            await problem(405, headers={"Allow": ", ".join(allowed)})(scope, receive, send)
        elif not _FRAMEWORK.fullmatch(scope["path"]):
            await problem(404)(scope, receive, send)
        else:
            words = self._pages.get(scope["path"])
            await self._app(scope, receive, _Finishing(send, words) if words else send)

    def _takes(self, scope: Scope, method: str) -> bool:
        asked = {**scope, "method": method}
        return any(route.matches(asked)[0] is Match.FULL for route in self._routes)


class _Finishing:
    """A ``send`` that holds the framework's page back and sends it finished."""

    def __init__(self, send: Send, words: Words) -> None:
        self._send = send
        self._words = words
        self._start: Message = {}
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        if message["type"] != "http.response.body":  # what test clients ask for besides
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        headers = MutableHeaders(scope=self._start)
        if headers.get("content-type", "").startswith("text/html"):
            self._body = _finish(self._body, self._words)
            headers["content-length"] = str(len(self._body))
            headers["content-security-policy"] = _policy(self._body)
            headers["cache-control"] = "no-cache"
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": self._body})


def _finish(page: bytes, words: Words) -> bytes:
    """The framework's page, its language set, its advertising gone, our style and script in."""
    page = page.replace(b'lang="en"', f'lang="{words.tag}"'.encode(), 1)
    page = _SOCIAL.sub(b"", page)
    return page.replace(b"<head>", b"<head>" + _head(words).encode(), 1)


def _head(words: Words) -> str:
    return (
        f"<title>{escape(words['title'])}</title>"
        '<meta name="color-scheme" content="light dark">'
        f'<meta name="description" content="{escape(words["description"])}">'
        f'<meta name="anze-words" content="{escape(words.for_scripts())}">'
        f"{style_links()}{script_links()}"
    )


def _policy(page: bytes) -> str:
    """A content policy under which only the scripts of *page* itself and those from here run."""
    digests = (hashlib.sha256(script).digest() for script in _INLINE_SCRIPT.findall(page))
    hashes = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return (
        f"default-src 'self'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; font-src 'self' data:; object-src 'none'; base-uri 'self'; "
        "form-action 'self'; frame-ancestors 'none'"
    )
