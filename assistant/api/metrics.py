"""The counts, for Prometheus."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST

from assistant.api.calling import AtDesk, Internal
from assistant.api.problems import DOCUMENTED


def router() -> APIRouter:
    """The one call."""
    api = APIRouter(responses=DOCUMENTED)
    api.get("/metrics", response_class=PlainTextResponse)(metrics)
    return api


def metrics(desk: AtDesk, caller: Internal) -> PlainTextResponse:
    """Counts and durations in Prometheus' text format; for internal callers only."""
    return PlainTextResponse(desk.metrics.text(), media_type=CONTENT_TYPE_LATEST)
