"""Before the page's framework: a page belongs to whoever opened it.

The framework knows a page by a hash that the browser makes up. It asks nobody whose it is: with
another's hash one would read his answers and ask on in his conversation.
"""

from __future__ import annotations

import json
import re
import threading
from collections import OrderedDict
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.api.problems import problem
from assistant.callers import Caller

#: Pages remembered of one caller; who opens more loses his oldest ones, and nobody else's.
MAX_PAGES = 10_000
_ABOUT_A_PAGE = re.compile(
    r"(?:/en)?/gradio_api/(?:queue/(?:join|data)|cancel|reset|heartbeat/(?P<page>[^/]+))"
)
_ANOTHERS = "这个页面是另一位使用者打开的。请重新打开本页。"


class Owners:
    """Which caller opened which page. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._owner: dict[str, str] = {}
        self._pages: dict[str, OrderedDict[str, None]] = {}

    def is_his(self, page: str, caller: Caller) -> bool:
        """Whether *caller* opened *page*; a page that nobody has opened becomes his."""
        with self._lock:
            if self._owner.setdefault(page, caller.name) != caller.name:
                return False
            pages = self._pages.setdefault(caller.name, OrderedDict())
            pages[page] = None
            pages.move_to_end(page)
            if len(pages) > MAX_PAGES:
                del self._owner[pages.popitem(last=False)[0]]
            return True


class OwnSessions:
    """Refuses calls about a page that another caller has opened.

    Args:
        app: the application behind it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._owners = Owners()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        about = _ABOUT_A_PAGE.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if about is None:
            await self._app(scope, receive, send)
            return
        body = await _read(receive) if scope["method"] == "POST" else b""
        pages = {*filter(None, [about["page"]]), *_in_query(scope), *_in_body(body)}
        caller: Caller = scope["state"]["caller"]
        if all(self._owners.is_his(page, caller) for page in pages):
            again = _again(body, receive) if scope["method"] == "POST" else receive
            await self._app(scope, again, send)
        else:
            await problem(403, _ANOTHERS)(scope, receive, send)


def _in_query(scope: Scope) -> list[str]:
    query = scope["query_string"].decode("latin-1")
    return parse_qs(query, keep_blank_values=True).get("session_hash", [])


def _in_body(body: bytes) -> list[str]:
    try:
        said = json.loads(body)
    except ValueError:  # the framework refuses it
        return []
    page = said.get("session_hash") if isinstance(said, dict) else None
    return [page] if isinstance(page, str) else []


async def _read(receive: Receive) -> bytes:
    """The whole body; `assistant.api.guard` keeps it small."""
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    """A ``receive`` that gives the body that was read already, then whatever comes."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def give() -> Message:
        return waiting.pop() if waiting else await receive()

    return give
