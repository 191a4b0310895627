"""The page: a head with what is set once, and a tab for each way of working."""

from __future__ import annotations

from typing import Any

import gradio as gr

from assistant.api.auth import LOGOUT
from assistant.desk import Desk
from ui.blocks import on, words_block
from ui.chat import build_chat
from ui.compare import build_compare
from ui.documents import build_documents
from ui.lookup import build_lookup
from ui.saved import SavedFiles
from ui.setting import build_setting, remember
from ui.words import LANGUAGES, Words, words_of

TABS = ("chat", "lookup", "compare", "documents")


def build_page(
    desk: Desk, words: Words, saved: SavedFiles, *, has_login: bool = False
) -> gr.Blocks:
    """The page over *desk*, in the language of *words*.

    Args:
        desk: what answers.
        words: the language of its own texts.
        saved: holds what readers save.
        has_login: whether readers log in, and so may log out.
    """
    blocks: gr.Blocks = gr.Blocks(title=words["title"], analytics_enabled=False, fill_width=True)
    with blocks, gr.Column(elem_id="anze-page"):
        with gr.Row(elem_id="anze-head"):
            words_block(f"<h1>{words['brand']}<small>{words['tagline']}</small></h1>", "anze-brand")
            built = build_setting(words)
            words_block(_ways_out(words, has_login), "anze-language")
        setting = built[0]
        remember(blocks, desk, words, built)
        with gr.Tabs(elem_id="anze-tabs", overflow_behavior="wrap") as tabs:
            with _tab("chat", words):
                build_chat(blocks, desk, words, setting, saved)
            with _tab("lookup", words):
                build_lookup(blocks, desk, words, setting)
            with _tab("compare", words):
                build_compare(blocks, desk, words, setting)
            with _tab("documents", words):
                build_documents(blocks, desk, words, setting)
        on(blocks.load, _open_tab, None, [tabs])
    return blocks


def _open_tab(request: gr.Request) -> Any:
    """The tab that the page's address names: ``/?tab=compare``."""
    named = request.request.query_params.get("tab") if request.request is not None else None
    return gr.update(selected=named) if named in TABS else gr.skip()


def _tab(name: str, words: Words) -> gr.Tab:
    label = words[f"tab.{name}"]
    return gr.Tab(label, id=name, elem_id=f"anze-tab-{name}", render_children=True)


def _ways_out(words: Words, has_login: bool) -> str:
    """The links to the page in the other language, and out of it."""
    log_out = f' <a href="{LOGOUT}">{words["log_out"]}</a>' if has_login else ""
    return f"<p>{_other_language(words)}{log_out}</p>"


def _other_language(words: Words) -> str:
    other = next(words_of(name) for name in LANGUAGES if name != words.language)
    return (
        f'<a href="{other.home}" hreflang="{other.tag}" lang="{other.tag}">'
        f"{words['other_language']}</a>"
    )
