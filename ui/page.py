"""The page: questions at left, what answers rest on beside them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

import gradio as gr

from assistant.api.problems import log_fault
from assistant.callers import LOCAL
from assistant.desk import Desk, Door
from assistant.errors import AnzeError
from assistant.models import MAX_HISTORY, MAX_QUESTION, DocumentList, Question, Status, Turn
from index.provision import Authority
from ui.render import Exchange, basis, conversation, shelf

#: Questions answered at the same time.
CONCURRENCY = 8
EXAMPLES = 4
ANYWHERE = ""
_LOG = logging.getLogger(__name__)
_MAX_TURN = 20_000
_BRAND = "<h1>安责<small>安全生产责任问答，句句有出处</small></h1>"
_HINT = '<p class="hint">按回车键发送，Shift + 回车键换行。答案供查阅，以文件原文为准。</p>'
_EXAMPLES = (
    "{place}政府主要负责人有哪些安全生产职责？",
    "{place}党委主要负责人有哪些安全生产职责？",
    "{place}怎样考核安全生产工作？",
)
_FIRST_EXAMPLES = {
    Authority.NORMATIVE_DOCUMENT: "{place}谁是安全生产第一责任人？",
    Authority.PRESS_REPORT: "{place}什么情况下会被约谈？",
    Authority.WORK_PLAN: "{place}怎样开展安全生产检查？",
}
_TRY = '<p class="hint">可以这样问</p>'
_BROKEN = "出了点问题，没能回答。请稍后再问一次。"


class Page:
    """What the page does; the layout is in `build_page`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._assistant = desk.reader(LOCAL)
        self._examples: dict[str, list[str]] = {}

    def ask(
        self, question: str, place: str, talk: list[Exchange]
    ) -> Iterator[tuple[list[Exchange], Any, Any, Any, Any]]:
        """Show the question at once, then what came of it."""
        question = question.strip()
        if not question:
            yield talk, gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        pending = Exchange(question)
        yield talk, conversation([*talk, pending]), gr.skip(), "", gr.skip()
        done = self._answer(pending, place, talk)
        talk = [*talk, done]
        refused = done.answer is None or done.answer.status is Status.REFUSED
        below = basis(done.answer) if done.answer and not refused else self.shelf()
        yield talk, conversation(talk), below, gr.skip(), gr.update(visible=refused)

    def greet(self) -> list[Any]:
        """What the page shows before a question: the edition as it is now."""
        documents = self._assistant.documents()
        return [gr.update(choices=place_choices(documents)), shelf(documents)]

    def suggest(self) -> list[Any]:
        """The example questions.

        Apart from `greet`, since finding them takes longer: their late arrival must not put the
        shelf back over what the first answer rests on.
        """
        examples = self._example_questions(self._assistant.documents())
        missing = EXAMPLES - len(examples)
        return [
            *(gr.update(value=example, visible=True) for example in examples),
            *(gr.update(visible=False) for _ in range(missing)),
        ]

    def start_over(self) -> tuple[list[Exchange], str, str, str, Any]:
        """An empty conversation."""
        return [], conversation([]), self.shelf(), "", gr.update(visible=True)

    def shelf(self) -> str:
        """The documents, as cards."""
        return shelf(self._assistant.documents())

    def _example_questions(self, documents: DocumentList) -> list[str]:
        """Examples that the edition does answer, found once for each version of the index."""
        version = self._assistant.readiness().index_version
        examples = self._examples.get(version)
        if examples is None:
            found = (self._first_answered(texts) for texts in example_questions(documents))
            examples = list(islice(dict.fromkeys(filter(None, found)), EXAMPLES))
            self._examples = {version: examples}
        return examples

    def _first_answered(self, texts: list[str]) -> str | None:
        for text in texts:
            if self._assistant.ask(Question(question=text)).status is Status.ANSWERED:
                return text
        return None

    def _answer(self, asked: Exchange, place: str, talk: list[Exchange]) -> Exchange:
        if len(asked.question) > MAX_QUESTION:
            return replace(asked, fault=f"问题太长，最多 {MAX_QUESTION} 个字。")
        try:
            return replace(
                asked, answer=self._desk.ask(_question(asked, place, talk), LOCAL, Door.PAGE)
            )
        except AnzeError as error:
            return replace(asked, fault=str(error))
        except Exception as error:
            log_fault(_LOG, error)
            return replace(asked, fault=_BROKEN)


def _question(asked: Exchange, place: str, talk: list[Exchange]) -> Question:
    turns: list[Turn] = []
    for exchange in talk:
        if exchange.answer is not None:
            turns.append(Turn(role="user", content=exchange.question))
            turns.append(Turn(role="assistant", content=exchange.answer.answer[:_MAX_TURN]))
    return Question(
        question=asked.question,
        history=tuple(turns[-MAX_HISTORY:]),
        jurisdiction=place or None,
    )


def place_choices(documents: DocumentList) -> list[tuple[str, str]]:
    """The places of the edition, for the selector 我在."""
    places = dict.fromkeys(d.jurisdiction for d in documents.documents if d.jurisdiction)
    return [("不限", ANYWHERE), *((place, place) for place in places)]


def example_questions(documents: DocumentList) -> Iterator[list[str]]:
    """For each document, questions to begin with, the best first."""
    for document in documents.documents:
        asked = (_FIRST_EXAMPLES.get(document.authority, _EXAMPLES[0]), *_EXAMPLES)
        yield [text.format(place=document.jurisdiction) for text in asked]


def build_page(desk: Desk) -> gr.Blocks:
    """The page over *desk*."""
    page = Page(desk)
    documents = desk.reader(LOCAL).documents()
    blocks: gr.Blocks = gr.Blocks(title="安责", analytics_enabled=False, fill_width=True)
    with blocks, gr.Column(elem_id="anze-page"):
        talk = gr.State([])
        place, clear = _head(documents)
        with gr.Column(elem_id="anze-body"):
            log, examples, buttons = _talk()
            question, send = _composer()
            with gr.Column(elem_id="anze-basis"):
                cards = _words(shelf(documents), "anze-cards")
        shown = [talk, log, cards, question, examples]
        for asked in (question.submit, send.click):
            _on(asked, page.ask, [question, place, talk], shown)
        for button in buttons:
            _on(button.click, page.ask, [button, place, talk], shown)
        _on(clear.click, page.start_over, None, shown)
        _on(blocks.load, page.greet, None, [place, cards])
        _on(blocks.load, page.suggest, None, buttons)
    return blocks


def _head(documents: DocumentList) -> tuple[gr.Dropdown, gr.Button]:
    with gr.Row(elem_id="anze-head"):
        _words(_BRAND, "anze-brand")
        place = gr.Dropdown(
            place_choices(documents),
            value=ANYWHERE,
            label="我在",
            filterable=False,
            elem_id="anze-place",
        )
        clear = gr.Button("新对话", elem_id="anze-clear")
    return place, clear


def _talk() -> tuple[gr.Markdown, gr.Row, list[gr.Button]]:
    with gr.Column(elem_id="anze-talk"):
        log = _words(conversation([]), "anze-log")
        with gr.Row(elem_id="anze-examples") as examples:
            _words(_TRY, "anze-try")
            buttons = [gr.Button(visible=False) for _ in range(EXAMPLES)]
    return log, examples, buttons


def _composer() -> tuple[gr.Textbox, gr.Button]:
    with gr.Column(elem_id="anze-ask"):
        with gr.Row(elem_id="anze-line"):
            question = _question_box()
            send = gr.Button("发送", elem_id="anze-send")
        _words(_HINT, "anze-hint")
    return question, send


def _words(markup: str, name: str) -> gr.Markdown:
    return gr.Markdown(
        markup, elem_id=name, sanitize_html=True, latex_delimiters=[], container=False
    )


def _question_box() -> gr.Textbox:
    return gr.Textbox(
        label="问题",
        show_label=False,
        placeholder="请输入问题",
        lines=1,
        max_lines=6,
        max_length=MAX_QUESTION,
        autofocus=True,
        container=False,
        elem_id="anze-question",
    )


def _on(event: Any, does: Any, inputs: Any, outputs: Any) -> None:
    event(
        does,
        inputs,
        outputs,
        api_visibility="private",
        show_progress="hidden",
        concurrency_limit=CONCURRENCY,
    )
