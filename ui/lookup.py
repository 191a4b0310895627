"""The tab 查条文."""

from __future__ import annotations

import gradio as gr

from assistant.desk import Desk
from ui.blocks import words_block
from ui.chat import Setting
from ui.words import Words


def build_lookup(blocks: gr.Blocks, desk: Desk, words: Words, setting: Setting) -> None:
    """The tab's layout, inside *blocks*."""
    words_block(f"<h2>{words['tab.lookup']}</h2>", "anze-lookup")
