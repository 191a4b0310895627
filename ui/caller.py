"""Who sits at the page."""

from __future__ import annotations

import gradio as gr

from assistant.api.calling import caller_of
from assistant.callers import Caller


def caller_from(request: gr.Request) -> Caller:
    """The caller whose request an event of the page belongs to."""
    if request.request is None:  # the framework makes such events only for its own clients
        raise PermissionError("an event without a request")
    return caller_of(request.request)
