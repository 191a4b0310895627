"""The tab 文件. `static/documents.js` puts the box and the list in, which `ui.partials` fills."""

from __future__ import annotations

import gradio as gr

from assistant.desk import Desk
from ui.blocks import words_block
from ui.setting import Setting
from ui.words import Words


def build_documents(blocks: gr.Blocks, desk: Desk, words: Words, setting: Setting) -> None:
    """The tab's layout, inside *blocks*."""
    with gr.Column(elem_id="anze-documents"):
        head = f'<h2 class="vh">{words["documents.head"]}</h2><p>{words["documents.intro"]}</p>'
        words_block(head, "anze-documents-head")
