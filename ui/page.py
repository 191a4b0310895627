"""The page: a head with what is set once, and a tab for each way of working."""

from __future__ import annotations

from typing import Any

import gradio as gr

from assistant.desk import Desk
from assistant.models import DocumentList
from ui.blocks import on, words_block
from ui.caller import caller_from
from ui.chat import Setting, build_chat
from ui.compare import build_compare
from ui.documents import build_documents
from ui.lookup import build_lookup
from ui.words import LANGUAGES, Words, words_of

ANYWHERE = ""


def build_page(desk: Desk, words: Words) -> gr.Blocks:
    """The page over *desk*, in the language of *words*."""
    blocks: gr.Blocks = gr.Blocks(title=words["title"], analytics_enabled=False, fill_width=True)
    with blocks, gr.Column(elem_id="anze-page"):
        setting = _head(words)
        with gr.Tabs(elem_id="anze-tabs", overflow_behavior="wrap"):
            with _tab("chat", words):
                build_chat(blocks, desk, words, setting)
            with _tab("lookup", words):
                build_lookup(blocks, desk, words, setting)
            with _tab("compare", words):
                build_compare(blocks, desk, words, setting)
            with _tab("documents", words):
                build_documents(blocks, desk, words, setting)

        def places(request: gr.Request) -> Any:
            documents = desk.reader(caller_from(request)).documents()
            return gr.update(choices=place_choices(documents, words))

        on(blocks.load, places, None, [setting.place])
    return blocks


def _tab(name: str, words: Words) -> gr.Tab:
    label = words[f"tab.{name}"]
    return gr.Tab(label, id=name, elem_id=f"anze-tab-{name}", render_children=True)


def _head(words: Words) -> Setting:
    with gr.Row(elem_id="anze-head"):
        words_block(f"<h1>{words['brand']}<small>{words['tagline']}</small></h1>", "anze-brand")
        place = gr.Dropdown(
            [(words["setting.anywhere"], ANYWHERE)],
            value=ANYWHERE,
            label=words["setting.place"],
            filterable=False,
            elem_id="anze-place",
        )
        words_block(_other_language(words), "anze-language")
    return Setting(place)


def _other_language(words: Words) -> str:
    other = next(words_of(name) for name in LANGUAGES if name != words.language)
    return (
        f'<p><a href="{other.home}" hreflang="{other.tag}" lang="{other.tag}">'
        f"{words['other_language']}</a></p>"
    )


def place_choices(documents: DocumentList, words: Words) -> list[tuple[str, str]]:
    """The places of the edition, for the selector 我在."""
    places = dict.fromkeys(d.jurisdiction for d in documents.documents if d.jurisdiction)
    return [(words["setting.anywhere"], ANYWHERE), *((place, place) for place in places)]
