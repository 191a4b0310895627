"""Behind the keys: the calls that cost are counted, and stopped where they are too many."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.api.problems import problem
from assistant.errors import TooManyRequests
from assistant.rates import Allowance, Rates

#: The calls that cost. What the page asks the desk counts, and the page tells it in a sentence.
_COSTS = frozenset(
    {
        ("POST", "/api/v1/ask"),
        ("POST", "/api/v1/ask/stream"),
        ("POST", "/api/v1/compare"),  # the desk counts the second place and those behind it
        ("GET", "/api/v1/search"),
        ("POST", "/v1/chat/completions"),
        ("POST", "/mcp"),
    }
)


class Throttle:
    """Counts the calls that cost against the caller's rate.

    Args:
        app: the application behind it.
        rates: what counts.
    """

    def __init__(self, app: ASGIApp, rates: Rates) -> None:
        self._app = app
        self._rates = rates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or (scope["method"], scope["path"]) not in _COSTS:
            await self._app(scope, receive, send)
            return
        try:
            # in a thread, since the storage may be another machine
            allowance = await run_in_threadpool(self._rates.spend, scope["state"]["caller"])
        except TooManyRequests as error:
            await problem(429, str(error), headers=error.headers)(scope, receive, send)
            return
        await self._app(scope, receive, _telling(allowance, send) if allowance else send)


def _telling(allowance: Allowance, send: Send) -> Send:
    """A ``send`` that tells the caller what is left to him."""

    async def tell(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(allowance.headers())
        await send(message)

    return tell
