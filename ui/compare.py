"""The tab 比一比: one question over several places, as a table."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import gradio as gr

from assistant.api.problems import log_fault
from assistant.callers import Caller
from assistant.comparison import MAX_PLACES, Comparison, ComparisonQuestion, ComparisonRow, Plan
from assistant.desk import Desk, Door
from assistant.errors import AnzeError
from assistant.models import MAX_QUESTION
from ui.blocks import on, question_box, words_block
from ui.caller import caller_from
from ui.render import escape
from ui.setting import MAX_OFFICE, Setting, tidy_office
from ui.side_by_side import Shown, link, side_by_side
from ui.words import Words

EXAMPLES = 3
_LOG = logging.getLogger(__name__)


class Compare:
    """What the tab does; its layout is in `build_compare`.

    Args:
        desk: what answers.
        words: the language it is shown in.
    """

    def __init__(self, desk: Desk, words: Words) -> None:
        self._desk = desk
        self._words = words

    def ask(
        self, question: str, chosen: list[str], office: str | None, request: gr.Request
    ) -> Iterator[str]:
        """The table, row by row as each place is answered."""
        question = question.strip()
        caller = caller_from(request)
        fault = self._fault(question, chosen)
        if fault:
            yield self._told(fault)
            return
        try:
            yield from self._rows(question, self._places(chosen, caller), office, caller)
        except AnzeError as error:
            yield self._told(str(error))
        except Exception as error:
            log_fault(_LOG, error)
            yield self._told(self._words["chat.broken"])

    def try_(
        self, example: str, chosen: list[str], office: str | None, request: gr.Request
    ) -> Iterator[tuple[str, str]]:
        """An example, put into the box and asked."""
        for table in self.ask(example, chosen, office, request):
            yield example, table

    def begin(self, request: gr.Request) -> Iterator[tuple[Any, Any, Any]]:
        """The places to choose from; where the address asks for a comparison, that one."""
        caller = caller_from(request)
        covered = self._covered(caller)
        asked = _asked_by(request)
        if asked is None:
            yield gr.skip(), gr.update(choices=covered, value=covered[:MAX_PLACES]), gr.skip()
            return
        question, places, office = asked
        places = places or covered[:MAX_PLACES]
        choices = list(dict.fromkeys((*covered, *places)))
        yield question, gr.update(choices=choices, value=places), gr.skip()
        for table in self.ask(question, places, office, request):
            yield gr.skip(), gr.skip(), table

    def _rows(
        self, typed: str, places: Sequence[str] | None, office: str | None, caller: Caller
    ) -> Iterator[str]:
        role = tidy_office(office) or None
        asked = ComparisonQuestion(
            question=typed, places=tuple(places) if places else None, role=role
        )
        shown = Shown(typed, typed, ())
        for event in self._desk.comparing(asked, caller, Door.PAGE):
            if isinstance(event, Plan):
                found = tuple(event.questions)
                address = link(self._words, typed, found, role or "")
                named = places is None and list(found) != self._covered(caller)
                shown = Shown(typed, event.text, found, link=address, named=named)
            elif isinstance(event, ComparisonRow):
                shown = replace(shown, rows=(*shown.rows, event))
            elif isinstance(event, Comparison):
                shown = replace(shown, whole=event)
            yield side_by_side(shown, self._words)

    def _fault(self, question: str, chosen: Sequence[str]) -> str:
        """What is missing before anything can be asked; empty where nothing is."""
        if not question:
            return self._words["compare.no_question"]
        if len(question) > MAX_QUESTION:
            return self._words["chat.too_long"].format(most=MAX_QUESTION)
        return "" if chosen else self._words["compare.no_place"]

    def _places(self, chosen: Sequence[str], caller: Caller) -> Sequence[str] | None:
        """The places ticked; None where all are, so that those named in the question count."""
        return None if set(chosen) == set(self._covered(caller)) else chosen

    def _covered(self, caller: Caller) -> list[str]:
        documents = self._desk.reader(caller).documents().documents
        return list(dict.fromkeys(d.jurisdiction for d in documents if d.jurisdiction))

    @staticmethod
    def _told(fault: str) -> str:
        return f'<p class="fault" role="alert">{escape(fault)}</p>'


def _asked_by(request: gr.Request) -> tuple[str, list[str], str] | None:
    """Question, places and office that the page's address asks for; None where it asks nothing."""
    given = request.request.query_params if request.request is not None else None
    if given is None or given.get("tab") != "compare" or not given.get("q", "").strip():
        return None
    places = (place.strip()[:40] for place in given.getlist("place"))
    named = list(dict.fromkeys(filter(None, places)))[:MAX_PLACES]
    return given["q"][: MAX_QUESTION + 1], named, given.get("office", "")[:MAX_OFFICE]


def build_compare(blocks: gr.Blocks, desk: Desk, words: Words, setting: Setting) -> None:
    """The tab's layout, inside *blocks*."""
    compare = Compare(desk, words)
    with gr.Column(elem_id="anze-compare"):
        question, send, buttons, places = _form(words)
        table = words_block(_welcome(words), "anze-compared")
    given = [places, setting.office]
    for event in (question.submit, send.click):
        on(event, compare.ask, [question, *given], [table])
    for button in buttons:
        on(button.click, compare.try_, [button, *given], [question, table])
    on(blocks.load, compare.begin, None, [question, places, table])


def _welcome(words: Words) -> str:
    return f'<p class="hint">{words["compare.hint"]}</p>'


def _form(words: Words) -> tuple[gr.Textbox, gr.Button, list[gr.Button], gr.CheckboxGroup]:
    with gr.Column(elem_id="anze-compare-form"):
        words_block(f"<h2>{words['compare.title']}</h2>", "anze-compare-title")
        with gr.Row(elem_id="anze-compare-line"):
            question = question_box(
                "anze-compare-question",
                words["compare.question"],
                words["compare.placeholder"],
                max_lines=4,
            )
            send = gr.Button(words["compare.ask"], elem_id="anze-compare-send")
        with gr.Row(elem_id="anze-compare-examples"):
            words_block(f'<p class="hint">{words["chat.try"]}</p>', "anze-compare-try")
            buttons = [gr.Button(words[f"compare.example.{n + 1}"]) for n in range(EXAMPLES)]
        places = gr.CheckboxGroup([], label=words["compare.places"], elem_id="anze-compare-places")
    return question, send, buttons, places
