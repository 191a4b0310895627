"""The tab 问答: questions at left, what answers rest on beside them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import gradio as gr

from assistant.api.problems import log_fault
from assistant.callers import Caller
from assistant.desk import Desk, Door
from assistant.errors import AnzeError
from assistant.models import MAX_HISTORY, MAX_QUESTION, DocumentList, Question, Status, Turn
from index.provision import Authority
from ui.blocks import on, words_block
from ui.caller import caller_from
from ui.render import Exchange, basis, conversation, shelf
from ui.words import Words

EXAMPLES = 4
_LOG = logging.getLogger(__name__)
_MAX_TURN = 20_000
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


@dataclass(frozen=True)
class Setting:
    """What is set once for all tabs, in the head of the page.

    Args:
        place: where the reader is.
    """

    place: gr.Dropdown


class Chat:
    """What the tab does; its layout is in `build_chat`.

    Args:
        desk: what answers.
        words: the language it is shown in.
    """

    def __init__(self, desk: Desk, words: Words) -> None:
        self._desk = desk
        self._words = words
        self._examples: dict[tuple[str, str], list[str]] = {}

    def ask(
        self, question: str, place: str, talk: list[Exchange], request: gr.Request
    ) -> Iterator[tuple[list[Exchange], Any, Any, Any, Any]]:
        """Show the question at once, then what came of it."""
        question = question.strip()
        if not question:
            yield talk, gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        pending = Exchange(question)
        yield talk, conversation([*talk, pending]), gr.skip(), "", gr.skip()
        caller = caller_from(request)
        done = self._answer(pending, place, talk, caller)
        talk = [*talk, done]
        refused = done.answer is None or done.answer.status is Status.REFUSED
        below = basis(done.answer) if done.answer and not refused else self._shelf(caller)
        yield talk, conversation(talk), below, gr.skip(), gr.update(visible=refused)

    def greet(self, request: gr.Request) -> str:
        """What stands beside an empty conversation: the documents that the caller may read."""
        return self._shelf(caller_from(request))

    def suggest(self, request: gr.Request) -> list[Any]:
        """The example questions.

        Apart from `greet`, since finding them takes longer: their late arrival must not put the
        shelf back over what the first answer rests on.
        """
        examples = self._example_questions(caller_from(request))
        missing = EXAMPLES - len(examples)
        return [
            *(gr.update(value=example, visible=True) for example in examples),
            *(gr.update(visible=False) for _ in range(missing)),
        ]

    def start_over(self, request: gr.Request) -> tuple[list[Exchange], str, str, str, Any]:
        """An empty conversation."""
        shelf_now = self._shelf(caller_from(request))
        return [], conversation([]), shelf_now, "", gr.update(visible=True)

    def _shelf(self, caller: Caller) -> str:
        return shelf(self._desk.reader(caller).documents())

    def _example_questions(self, caller: Caller) -> list[str]:
        """Examples that the edition does answer, found once for each version of the index."""
        reader = self._desk.reader(caller)
        key = (reader.readiness().index_version, caller.audience.value)
        if key not in self._examples:
            found = (self._first_answered(t, caller) for t in example_questions(reader.documents()))
            examples = list(islice(dict.fromkeys(filter(None, found)), EXAMPLES))
            self._examples = {k: v for k, v in self._examples.items() if k[0] == key[0]}
            self._examples[key] = examples
        return self._examples[key]

    def _first_answered(self, texts: list[str], caller: Caller) -> str | None:
        reader = self._desk.reader(caller)
        for text in texts:
            if reader.ask(Question(question=text)).status is Status.ANSWERED:
                return text
        return None

    def _answer(
        self, asked: Exchange, place: str, talk: list[Exchange], caller: Caller
    ) -> Exchange:
        if len(asked.question) > MAX_QUESTION:
            return replace(asked, fault=self._words["chat.too_long"].format(most=MAX_QUESTION))
        try:
            question = _question(asked, place, talk)
            return replace(asked, answer=self._desk.ask(question, caller, Door.PAGE))
        except AnzeError as error:
            return replace(asked, fault=str(error))
        except Exception as error:
            log_fault(_LOG, error)
            return replace(asked, fault=self._words["chat.broken"])


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


def example_questions(documents: DocumentList) -> Iterator[list[str]]:
    """For each document, questions to begin with, the best first."""
    for document in documents.documents:
        asked = (_FIRST_EXAMPLES.get(document.authority, _EXAMPLES[0]), *_EXAMPLES)
        yield [text.format(place=document.jurisdiction) for text in asked]


def build_chat(blocks: gr.Blocks, desk: Desk, words: Words, setting: Setting) -> None:
    """The tab's layout, inside *blocks*."""
    chat = Chat(desk, words)
    talk = gr.State([])
    with gr.Column(elem_id="anze-body"):
        log, examples, buttons = _talk(words)
        question, send, clear = _composer(words)
        with gr.Column(elem_id="anze-basis"):
            cards = words_block("", "anze-cards")
    shown = [talk, log, cards, question, examples]
    for asked in (question.submit, send.click):
        on(asked, chat.ask, [question, setting.place, talk], shown)
    for button in buttons:
        on(button.click, chat.ask, [button, setting.place, talk], shown)
    on(clear.click, chat.start_over, None, shown)
    on(blocks.load, chat.greet, None, [cards])
    on(blocks.load, chat.suggest, None, buttons)


def _talk(words: Words) -> tuple[gr.Markdown, gr.Row, list[gr.Button]]:
    with gr.Column(elem_id="anze-talk"):
        log = words_block(conversation([]), "anze-log")
        with gr.Row(elem_id="anze-examples") as examples:
            words_block(f'<p class="hint">{words["chat.try"]}</p>', "anze-try")
            buttons = [gr.Button(visible=False) for _ in range(EXAMPLES)]
    return log, examples, buttons


def _composer(words: Words) -> tuple[gr.Textbox, gr.Button, gr.Button]:
    with gr.Column(elem_id="anze-ask"):
        with gr.Row(elem_id="anze-line"):
            question = _question_box(words)
            send = gr.Button(words["chat.send"], elem_id="anze-send")
        with gr.Row(elem_id="anze-foot"):
            words_block(f'<p class="hint">{words["chat.hint"]}</p>', "anze-hint")
            clear = gr.Button(words["chat.new"], elem_id="anze-clear")
    return question, send, clear


def _question_box(words: Words) -> gr.Textbox:
    return gr.Textbox(
        label=words["chat.question"],
        show_label=False,
        placeholder=words["chat.placeholder"],
        lines=1,
        max_lines=6,
        max_length=MAX_QUESTION,
        autofocus=True,
        container=False,
        elem_id="anze-question",
    )
