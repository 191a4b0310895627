"""How the page uses its framework: markup shown as given, events without decorations."""

from __future__ import annotations

from typing import Any

import gradio as gr

from assistant.models import MAX_QUESTION

#: Events of one kind that are worked on at the same time.
CONCURRENCY = 8


def words_block(markup: str, name: str) -> gr.Markdown:
    """A place for *markup* made by `ui.render`, with the element id *name*."""
    return gr.Markdown(
        markup, elem_id=name, sanitize_html=True, latex_delimiters=[], container=False
    )


def question_box(name: str, label: str, placeholder: str, **more: Any) -> gr.Textbox:
    """A box for a question, with the element id *name*; it grows with what is typed."""
    return gr.Textbox(
        label=label,
        show_label=False,
        placeholder=placeholder,
        lines=1,
        max_length=MAX_QUESTION,
        container=False,
        elem_id=name,
        **more,
    )


def on(event: Any, does: Any, inputs: Any, outputs: Any) -> Any:
    """Let *event* call *does*, unseen from outside and without the framework's progress marks."""
    return event(
        does,
        inputs,
        outputs,
        api_visibility="private",
        show_progress="hidden",
        concurrency_limit=CONCURRENCY,
    )
