"""An answer as it grows: what is shown, in which order, and how often."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.models import Answer, Event, Question, Stage, Status, Written
from assistant.service import Assistant
from ui.growing import grown
from ui.render import Exchange, conversation

ASKED = Exchange("问")
WHOLE = Answer(id="1", status=Status.ANSWERED, answer="甲。[1]\n乙。[2]", index_version="v")


def clock(*times: float) -> Iterator[float]:
    yield from times
    while True:
        yield times[-1]


def test_pictures_are_no_oftener_than_agreed_and_the_last_is_whole() -> None:
    events: list[Event] = [Stage.SEARCHING, Stage.COMPOSING, Stage.VERIFYING, WHOLE]
    pictures = list(grown(ASKED, events, pause=1, now=lambda: 0.0))
    assert [picture.answer for picture in pictures] == [WHOLE]


def test_the_first_words_are_shown_at_once() -> None:
    events: list[Event] = [
        Stage.VERIFYING,
        Written(text="甲。[1]"),
        Written(text="\n乙。[2]"),
        WHOLE,
    ]
    pictures = list(grown(ASKED, events, pause=1, now=lambda: 0.0))
    assert [picture.written for picture in pictures[:-1]] == ["甲。[1]"]


def test_that_a_model_is_writing_is_said_at_once() -> None:
    events: list[Event] = [Stage.SEARCHING, Stage.COMPOSING, WHOLE]
    pictures = list(grown(ASKED, events, pause=1, now=lambda: 0.0, by_model=True))
    assert [picture.stage for picture in pictures[:-1]] == [Stage.COMPOSING]


def test_after_the_pause_each_statement_is_added_to_those_before() -> None:
    events: list[Event] = [Written(text="甲。[1]"), Written(text="\n乙。[2]"), WHOLE]
    times = iter(range(0, 100, 10))
    pictures = list(grown(ASKED, events, pause=1, now=lambda: float(next(times))))
    assert [picture.written for picture in pictures[:-1]] == ["甲。[1]", "甲。[1]\n乙。[2]"]
    assert pictures[-1] == Exchange("问", WHOLE)


def test_what_is_written_is_the_beginning_of_the_answer(assistant: Assistant) -> None:
    question = Question(question="成都市政府主要负责人有哪些安全生产职责？")
    times = iter(range(0, 10_000, 10))
    events = assistant.asking(question)
    *growing, done = grown(ASKED, events, pause=1, now=lambda: float(next(times)))
    assert done.answer is not None
    written = [picture.written for picture in growing if picture.written]
    assert len(written) > 3
    assert all(done.answer.answer.startswith(text) for text in written)
    for picture in growing:
        named = {citation.n for citation in picture.citations}
        assert all(f"[{n}]" not in picture.written or n in named for n in range(1, 20))


def test_a_growing_answer_says_what_happens_now() -> None:
    stages = {
        Stage.UNDERSTANDING: "正在理解…",
        Stage.SEARCHING: "正在查找依据…",
        Stage.VERIFYING: "正在核对原文…",
    }
    for stage, words in stages.items():
        assert words in conversation([Exchange("问", stage=stage)])
    made = conversation([Exchange("问", stage=Stage.VERIFYING, written="甲<b>。")])
    assert made.index("甲&lt;b&gt;。") < made.index("正在核对原文…")
