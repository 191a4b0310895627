"""The answer pipeline: understand → retrieve and select → compose → verify."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING

from assistant.colophon import of_colophon
from assistant.compose.extractive import compose
from assistant.confidence import confidence
from assistant.evidence import Selection
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
from assistant.query import Query
from assistant.refusals import refusal
from assistant.select import select
from assistant.understand import Understanding
from assistant.validity import about_documents, asks_which_documents
from assistant.verify import Verified, verify_each

if TYPE_CHECKING:  # a language model is loaded only where one is set
    from assistant.compose.generative import Composer, Writing


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
) -> Iterator[Event]:
    """What happens while *question* is answered; the last event is the answer.

    A statement comes when it is verified, after the citations that it brings. With a *composer* a
    language model words what can be worded.

    Raises:
        BadQuestion: an empty question, or a place that is none.
    """
    clock = _Clock()
    yield Stage.UNDERSTANDING
    query = understanding.read(question, library)
    clock.lap("understand")
    reason = refused_at_sight(query)
    if reason is not None:
        yield _refused(reason, query, None, library, clock)
        return
    yield Stage.SEARCHING
    selection = about_documents(query) or of_colophon(query) or select(query, library)
    clock.lap("select")
    if not selection.groups:
        yield _refused(_why_nothing(query), query, selection, library, clock)
        return
    yield Stage.COMPOSING
    draft = compose(query, selection, library)
    writing: Writing | None = None
    if composer is not None:
        draft, writing = composer.reworded(query, draft, library)
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
        yield _refused(Reason.NO_PROVISION, query, selection, library, clock)
        return
    yield from _written(verified.lines, written)
    if writing is not None:
        yield from (Notice(notice=notice) for notice in writing.notices)
    notices = (*draft.notices, *draft.gaps)
    answer = _answered(verified, notices, confidence(selection), library, clock)
    yield answer if writing is None else _signed(answer, writing)


def _written(lines: Sequence[str], before: int) -> Iterator[Written]:
    """What *lines* add to the answer's text behind the first *before* of them."""
    if lines[before:]:
        yield Written(text=("\n" if before else "") + "\n".join(lines[before:]))


def refused_at_sight(query: Query) -> Reason | None:
    """Why the question is refused without looking, or None."""
    if query.asks_contact:
        return Reason.PERSONAL_DATA
    if query.asks_opinion:
        return Reason.OUT_OF_SCOPE
    if query.uncovered and not query.scopes:
        return Reason.JURISDICTION_NOT_COVERED
    if query.missing_documents and query.addresses and not query.named_places:
        return Reason.NO_PROVISION
    if query.dangling:
        return Reason.UNCLEAR
    says_something = query.terms or query.offices or query.addresses or query.named_places
    return None if says_something or asks_which_documents(query.core) else Reason.UNCLEAR


def _why_nothing(query: Query) -> Reason:
    """Out of scope where no content word stands anywhere in the edition."""
    in_field = query.addresses or query.offices or any(term.decides for term in query.terms)
    if in_field or not query.terms or asks_which_documents(query.core):
        return Reason.NO_PROVISION
    known = any(term.known for term in query.terms)
    return Reason.NO_PROVISION if known else Reason.OUT_OF_SCOPE


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
            "timings_ms": {"model": writing.milliseconds, **answer.timings_ms},
        }
    )


def _refused(
    reason: Reason, query: Query, selection: Selection | None, library: Library, clock: _Clock
) -> Answer:
    return Answer(
        id=uuid.uuid4().hex,
        status=Status.REFUSED,
        reason=reason,
        answer=refusal(reason, query, selection, library),
        index_version=library.index.version,
        timings_ms=clock.total(),
    )
