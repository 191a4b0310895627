"""The answer pipeline: understand → retrieve and select → compose → verify."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import TYPE_CHECKING

from assistant.compose.extractive import compose
from assistant.confidence import confidence
from assistant.library import Library
from assistant.models import (
    Answer,
    Event,
    Mode,
    Notice,
    Question,
    Reason,
    Stage,
    Status,
    Written,
)
from assistant.refusals import refusal
from assistant.rereading import Help, Rereader
from assistant.seeking import Found, read, seek
from assistant.understand import Understanding
from assistant.verify import Verified, verify_each

if TYPE_CHECKING:  # a language model is loaded only where one is set
    from assistant.compose.generative import Composer, Writing
    from assistant.llm.work import Work


@dataclass
class _Clock:
    """Milliseconds spent in each stage."""

    started: float = field(default_factory=perf_counter)
    last: float = field(default_factory=perf_counter)
    spent: dict[str, float] = field(default_factory=dict)

    def lap(self, stage: str) -> None:
        now = perf_counter()
        self.spent[stage] = round((now - self.last) * 1000, 1)
        self.last = now

    def total(self) -> dict[str, float]:
        return {**self.spent, "total": round((perf_counter() - self.started) * 1000, 1)}


def answer_question(question: Question, library: Library, understanding: Understanding) -> Answer:
    """The verified answer to *question*, or a refusal with its reason.

    Raises:
        BadQuestion: an empty question, or a place that is none.
    """
    *_, answer = answering(question, library, understanding)
    assert isinstance(answer, Answer)
    return answer


def answering(
    question: Question,
    library: Library,
    understanding: Understanding,
    composer: Composer | None = None,
    rereader: Rereader | None = None,
) -> Iterator[Event]:
    """What happens while *question* is answered; the last event is the answer.

    A statement comes when it is verified, after the citations that it brings. With a *composer* a
    language model words what can be worded, with a *rereader* it helps to understand.

    Raises:
        BadQuestion: an empty question, or a place that is none.
    """
    clock = _Clock()
    yield Stage.UNDERSTANDING
    work = composer.begin() if composer else None
    help = Help(rereader, work, question, library, understanding) if rereader and work else None
    found = read(question, library, understanding, help)
    clock.lap("understand")
    if found.reason is None:
        yield Stage.SEARCHING
        found = seek(found.query, library, help)
        clock.lap("select")
    query, selection = found.query, found.selection
    if selection is None or found.reason is not None:
        yield _refused(found, library, clock, work)
        return
    yield Stage.COMPOSING
    draft = compose(query, selection, library)
    writing: Writing | None = None
    if composer is not None and work is not None:
        draft, writing = composer.reworded(query, draft, library, work)
    clock.lap("compose")
    verified = Verified()
    told = written = 0
    for statement in verify_each(draft, library, query.text, verified):
        if not told:  # before the first statement, and only where there is one
            yield Stage.VERIFYING
            yield from (Notice(notice=notice) for notice in draft.notices)
        yield from verified.citations[told:]
        told = len(verified.citations)
        yield statement
        yield from _written(verified.lines, written)
        written = len(verified.lines)
    clock.lap("verify")
    if not verified.statements:
        yield _refused(replace(found, reason=Reason.NO_PROVISION), library, clock, work)
        return
    yield from _written(verified.lines, written)
    if writing is not None:
        yield from (Notice(notice=notice) for notice in writing.notices)
    notices = (*draft.notices, *draft.gaps)
    answer = _answered(verified, notices, confidence(selection), library, clock)
    yield _signed(answer, writing) if writing is not None else _traced(answer, work)


def _written(lines: Sequence[str], before: int) -> Iterator[Written]:
    """What *lines* add to the answer's text behind the first *before* of them."""
    if lines[before:]:
        yield Written(text=("\n" if before else "") + "\n".join(lines[before:]))


def _answered(
    verified: Verified,
    notices: tuple[str, ...],
    likely: float,
    library: Library,
    clock: _Clock,
) -> Answer:
    return Answer(
        id=uuid.uuid4().hex,
        status=Status.ANSWERED,
        answer="\n".join(verified.lines),
        statements=tuple(verified.statements),
        citations=tuple(verified.citations),
        notices=notices,
        confidence=likely,
        index_version=library.index.version,
        timings_ms=clock.total(),
    )


def _signed(answer: Answer, writing: Writing) -> Answer:
    """*answer* with what a language model had to do with it."""
    return answer.model_copy(
        update={
            "mode": Mode.GENERATIVE if writing.used else Mode.EXTRACTIVE,
            "model": writing.model if writing.used else None,
            "trace": writing.trace,
            "notices": (*answer.notices, *writing.notices),
            "timings_ms": {"model": writing.work.milliseconds, **answer.timings_ms},
        }
    )


def _traced(answer: Answer, work: Work | None) -> Answer:
    """*answer* with what a language model was asked to understand, if anything."""
    if work is None or not work.prompts:
        return answer
    spent = {"model": work.milliseconds, **answer.timings_ms}
    return answer.model_copy(update={"trace": work.trace, "timings_ms": spent})


def _refused(found: Found, library: Library, clock: _Clock, work: Work | None) -> Answer:
    reason = found.reason or Reason.NO_PROVISION
    answer = Answer(
        id=uuid.uuid4().hex,
        status=Status.REFUSED,
        reason=reason,
        answer=refusal(reason, found.query, found.selection, library),
        index_version=library.index.version,
        timings_ms=clock.total(),
    )
    return _traced(answer, work)
