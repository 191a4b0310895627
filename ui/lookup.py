"""The tab 查条文. `static/lookup.js` puts the box and the list in, which `ui.partials` fills."""

from __future__ import annotations

import gradio as gr

from assistant.desk import Desk
from ui.blocks import on, words_block
from ui.render import escape
from ui.setting import Setting
from ui.words import Words


def build_lookup(blocks: gr.Blocks, desk: Desk, words: Words, setting: Setting) -> None:
    """The tab's layout, inside *blocks*."""
    with gr.Column(elem_id="anze-lookup"):
        head = f'<h2 class="vh">{words["lookup.head"]}</h2><p>{words["lookup.intro"]}</p>'
        words_block(head, "anze-lookup-head")
        place = words_block(place_line("", words), "anze-lookup-place")

    def placed(chosen: str | None) -> str:
        return place_line(chosen or "", words)

    on(setting.place.change, placed, [setting.place], [place])


def place_line(place: str, words: Words) -> str:
    """Which documents are searched; the script reads the place out of it."""
    if not place:
        return f"<p>{words['lookup.anywhere']}</p>"
    return f"<p>{escape(words['lookup.in']).format(place=f'<b>{escape(place)}</b>')}</p>"
