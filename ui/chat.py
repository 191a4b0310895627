"""The tab 问答: questions at left, what answers rest on beside them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Any

import gradio as gr

from assistant.api.problems import log_fault
from assistant.callers import Caller
from assistant.desk import Desk, Door
from assistant.errors import AnzeError, IndexUnavailable
from assistant.models import (
    MAX_HISTORY,
    MAX_QUESTION,
    MAX_TURN,
    DocumentList,
    Question,
    Status,
    Turn,
)
from index.provision import Authority
from ui.blocks import on, question_box, words_block
from ui.caller import caller_from
from ui.growing import grown
from ui.render import Exchange, basis, cards, escape, shelf, turns, welcome
from ui.saved import File, SavedFiles
from ui.saving import MARKDOWN, WORD, Conversation, as_markdown, as_word, file_name
from ui.setting import Setting, tidy_office
from ui.words import Words

__all__ = ["Chat", "Setting", "build_chat"]

EXAMPLES = 4
_LOG = logging.getLogger(__name__)
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


#: Talk, earlier turns, the last turn, cards, question box, examples, the line on a saved file.
Shown = tuple[Any, Any, Any, Any, Any, Any, Any]


class Chat:
    """What the tab does; its layout is in `build_chat`.

    Args:
        desk: what answers.
        words: the language it is shown in.
        saved: where a saved conversation waits for the browser.
    """

    def __init__(self, desk: Desk, words: Words, saved: SavedFiles) -> None:
        self._desk = desk
        self._words = words
        self._saved = saved
        self._examples: dict[tuple[str, str], list[str]] = {}

    def ask(
        self,
        question: str,
        place: str | None,
        office: str | None,
        talk: list[Exchange],
        request: gr.Request,
    ) -> Iterator[Shown]:
        """Show the question at once, then its answer as it grows."""
        question = question.strip()
        if not question:
            yield (gr.skip(),) * 7
            return
        asked = Exchange(question)
        before = turns(talk, self._words) if talk else ""
        yield gr.skip(), before, turns([asked], self._words), gr.skip(), "", gr.skip(), ""
        caller = caller_from(request)
        for picture in self._answering(asked, place, office, talk, caller):
            if picture.answer is None and not picture.fault:
                beside = cards(picture.citations, self._words) if picture.citations else gr.skip()
                yield self._picture(picture, beside)
            else:
                yield self._whole(picture, talk, caller)

    def _picture(self, picture: Exchange, beside: Any) -> Shown:
        now = turns([picture], self._words)
        return gr.skip(), gr.skip(), now, beside, gr.skip(), gr.skip(), gr.skip()

    def _whole(self, done: Exchange, talk: list[Exchange], caller: Caller) -> Shown:
        refused = done.answer is None or done.answer.status is Status.REFUSED
        answered = done.answer if not refused else None
        beside = basis(answered, self._words) if answered else self._shelf(caller)
        examples = gr.update(visible=refused)
        now = turns([done], self._words)
        return [*talk, done], gr.skip(), now, beside, gr.skip(), examples, gr.skip()

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

    def start_over(self, request: gr.Request) -> Shown:
        """An empty conversation."""
        beside = self._shelf(caller_from(request))
        return [], "", welcome(self._words), beside, "", gr.update(visible=True), ""

    def save_word(
        self, talk: list[Exchange], place: str | None, office: str | None, request: gr.Request
    ) -> str:
        """The conversation as a Word document; a line with the link to it."""
        return self._save(talk, place, office, request, as_word, "docx", WORD)

    def save_markdown(
        self, talk: list[Exchange], place: str | None, office: str | None, request: gr.Request
    ) -> str:
        """The conversation as Markdown; a line with the link to it."""
        return self._save(talk, place, office, request, as_markdown, "md", MARKDOWN)

    def _save(
        self,
        talk: list[Exchange],
        place: str | None,
        office: str | None,
        request: gr.Request,
        write: Callable[[Conversation, Words], bytes],
        ending: str,
        kind: str,
    ) -> str:
        if not talk:
            return ""
        conversation = Conversation(talk, date.today(), place or "", tidy_office(office))
        name = file_name(conversation, ending, self._words)
        content = write(conversation, self._words)
        path = self._saved.keep(File(name, kind, content, caller_from(request).name))
        link = f'<a href="{escape(path)}">{escape(name)}</a>'
        return f'<p class="hint">{self._words["saved.ready"].format(link=link)}</p>'

    def _shelf(self, caller: Caller) -> str:
        return shelf(self._desk.reader(caller).documents(), self._words)

    def _example_questions(self, caller: Caller) -> list[str]:
        """Examples that the edition does answer, found once for each version of the index."""
        reader = self._desk.reader(caller)
        key = (reader.readiness().index_version, caller.audience.value)
        if key not in self._examples:
            found = (self._first_answered(t, caller) for t in example_questions(reader.documents()))
            try:
                examples = list(islice(dict.fromkeys(filter(None, found)), EXAMPLES))
            except IndexUnavailable:  # the next page that is opened tries again
                return []
            self._examples = {k: v for k, v in self._examples.items() if k[0] == key[0]}
            self._examples[key] = examples
        return self._examples[key]

    def _first_answered(self, texts: list[str], caller: Caller) -> str | None:
        reader = self._desk.reader(caller)
        for text in texts:
            if reader.ask(Question(question=text)).status is Status.ANSWERED:
                return text
        return None

    def _answering(
        self,
        asked: Exchange,
        place: str | None,
        office: str | None,
        talk: list[Exchange],
        caller: Caller,
    ) -> Iterator[Exchange]:
        if len(asked.question) > MAX_QUESTION:
            yield replace(asked, fault=self._words["chat.too_long"].format(most=MAX_QUESTION))
            return
        try:
            question = _question(asked, place, office, talk)
            events = self._desk.asking(question, caller, Door.PAGE)
            yield from grown(asked, events, by_model=self._desk.assistant.has_model)
        except AnzeError as error:
            yield replace(asked, fault=str(error))
        except Exception as error:
            log_fault(_LOG, error)
            yield replace(asked, fault=self._words["chat.broken"])


def _question(
    asked: Exchange, place: str | None, office: str | None, talk: list[Exchange]
) -> Question:
    said: list[Turn] = []
    for exchange in talk:
        if exchange.answer is not None:
            said.append(Turn(role="user", content=exchange.question))
            said.append(Turn(role="assistant", content=exchange.answer.answer[:MAX_TURN]))
    return Question(
        question=asked.question,
        history=tuple(said[-MAX_HISTORY:]),
        jurisdiction=place or None,
        role=tidy_office(office) or None,
    )


def example_questions(documents: DocumentList) -> Iterator[list[str]]:
    """For each document, questions to begin with, the best first."""
    for document in documents.documents:
        asked = (_FIRST_EXAMPLES.get(document.authority, _EXAMPLES[0]), *_EXAMPLES)
        yield [text.format(place=document.jurisdiction) for text in asked]


def build_chat(
    blocks: gr.Blocks, desk: Desk, words: Words, setting: Setting, saved: SavedFiles
) -> None:
    """The tab's layout, inside *blocks*."""
    chat = Chat(desk, words, saved)
    talk = gr.State([])
    with gr.Column(elem_id="anze-body"):
        past, now, examples, buttons = _talk(words)
        question, send, do, line = _composer(words)
        with gr.Column(elem_id="anze-basis"):
            beside = words_block("", "anze-cards")
    shown = [talk, past, now, beside, question, examples, line]
    settings = [setting.place, setting.office]
    for event, typed in (
        (question.submit, question),
        (send.click, question),
        *((button.click, button) for button in buttons),
    ):
        on(event, chat.ask, [typed, *settings, talk], shown)
    on(do["new"].click, chat.start_over, None, shown)
    on(do["word"].click, chat.save_word, [talk, *settings], [line])
    on(do["markdown"].click, chat.save_markdown, [talk, *settings], [line])
    on(blocks.load, chat.greet, None, [beside])
    on(blocks.load, chat.suggest, None, buttons)


def _talk(words: Words) -> tuple[gr.Markdown, gr.Markdown, gr.Row, list[gr.Button]]:
    """The earlier turns stand apart from the last, which alone changes while it is answered."""
    with gr.Column(elem_id="anze-talk"):
        with gr.Column(elem_id="anze-log"):
            past = words_block("", "anze-past")
            now = words_block(welcome(words), "anze-now")
        with gr.Row(elem_id="anze-examples") as examples:
            words_block(f'<p class="hint">{words["chat.try"]}</p>', "anze-try")
            buttons = [gr.Button(visible=False) for _ in range(EXAMPLES)]
    return past, now, examples, buttons


def _composer(
    words: Words,
) -> tuple[gr.Textbox, gr.Button, dict[str, gr.Button], gr.Markdown]:
    with gr.Column(elem_id="anze-ask"), gr.Row(elem_id="anze-line"):
        question = question_box(
            "anze-question",
            words["chat.question"],
            words["chat.placeholder"],
            max_lines=6,
            autofocus=True,
        )
        send = gr.Button(words["chat.send"], elem_id="anze-send")
    hint = f'<p class="hint"><span class="keys">{words["chat.keys"]}</span>{words["chat.hint"]}</p>'
    with gr.Column(elem_id="anze-foot"), gr.Row(elem_id="anze-foot-line"):
        words_block(hint, "anze-hint")
        line = words_block("", "anze-saved")
        with gr.Row(elem_id="anze-do"):
            do = {
                "word": gr.Button(words["saved.word"], elem_id="anze-word"),
                "markdown": gr.Button(words["saved.markdown"], elem_id="anze-markdown"),
                "new": gr.Button(words["chat.new"], elem_id="anze-clear"),
            }
    return question, send, do, line
