"""Counts the requests, by the template of their route, never by what was asked."""

from __future__ import annotations

from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.metrics import Metrics

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Measured:
    """The outermost layer: sees refused requests too.

    Args:
        app: the application behind it.
        metrics: what counts.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()

        async def counting(message: Message) -> None:
            if message["type"] == "http.response.start":
                seconds = perf_counter() - started
                method = scope["method"] if scope["method"] in _METHODS else "other"
                self._metrics.requested(route_of(scope), method, message["status"], seconds)
            await send(message)

        await self._app(scope, receive, counting)


def route_of(scope: Scope) -> str:
    """The template of the route that took the request; ``other`` for the page and for none."""
    return str(getattr(scope.get("route"), "path", "")) or "other"
