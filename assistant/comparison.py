"""A question over several places: each answered by itself, from its own documents only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from assistant.agreement import Agreement, agreement
from assistant.comparing import without_joints
from assistant.errors import BadQuestion, UnknownJurisdiction
from assistant.library import Library
from assistant.models import (
    MAX_QUESTION,
    Answer,
    Model,
    Question,
    Reason,
    Status,
    Text,
    Words,
)
from assistant.names import named_documents, without_names
from assistant.understand import Understanding

MAX_PLACES = 20
#: What is left in front where a place was taken out: of 常州的区长 the 的.
_LEFT = re.compile(r"^[的在，,、：:；;\s]+")
PlaceName = Annotated[Words, Field(min_length=1, max_length=40)]


class ComparisonQuestion(Model):
    """What is asked of several places.

    Args:
        question: as typed; the places that it names are taken out of it.
        places: whose documents are asked; where left out those that the question names, else all.
        role, as_of: as in `Question`.
    """

    question: Words = Field(min_length=1, max_length=MAX_QUESTION)
    places: tuple[PlaceName, ...] | None = Field(default=None, min_length=1, max_length=MAX_PLACES)
    role: Text | None = Field(default=None, max_length=40)
    as_of: date | None = None


class ComparisonRow(Model):
    """One place and what its documents say; a refusal is a gap, with its reason."""

    place: str
    answer: Answer


class Comparison(Model):
    """What the places say, side by side.

    Args:
        question: as it was put to each place.
        summary: the first line: whether the places agree, and which say nothing.
        agreement: the same for programs; None where fewer than two places answered.
        rows: in the order of the places asked for.
    """

    question: str
    summary: str
    agreement: Agreement | None
    rows: tuple[ComparisonRow, ...]
    index_version: str
    timings_ms: dict[str, float] = Field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """The questions that a comparison is made of.

    Args:
        text: what is asked of each place.
        questions: place → its question.
    """

    text: str
    questions: dict[str, Question]


def plan(asked: ComparisonQuestion, library: Library, understanding: Understanding) -> Plan:
    """How to ask each place by itself: none hears of another.

    Raises:
        BadQuestion: an empty question, a place that is none, too many places, a document that is
            not there.
    """
    text, named = _without_places(asked.question, library, understanding)
    if not text:
        raise BadQuestion("没有写要比什么。请写出想比的事，例如“区长多久带队检查一次”。")
    given = _given(asked.places, library, understanding) if asked.places else named
    places = given or _all_places(library)
    if len(places) > MAX_PLACES:
        raise BadQuestion(f"一次最多比 {MAX_PLACES} 个地方，请选定要比的地方。", "places")
    return Plan(text, {place: _ask(asked, text, place) for place in places})


def _ask(asked: ComparisonQuestion, text: str, place: str) -> Question:
    return Question(question=text, jurisdiction=place, role=asked.role, as_of=asked.as_of)


def _without_places(
    typed: str, library: Library, understanding: Understanding
) -> tuple[str, tuple[str, ...]]:
    """The question as it was meant, without places and documents, and the places it names."""
    text = understanding.repaired(typed, library)
    names = understanding.names
    documents, missing = named_documents(text, library)
    if missing:
        raise BadQuestion(f"没有收录{'、'.join(missing)}，不能拿来比。请去掉文件名再问。")
    mentions = names.gazetteer.find(text, prefer=understanding.covered_places(library))
    if not mentions and not documents:
        return text, ()
    bare = without_joints(without_names(text, mentions, documents))
    named = [understanding.jurisdiction_of(mention.place, library) for mention in mentions]
    named += [document.metadata.jurisdiction for document in documents]
    return _LEFT.sub("", " ".join(bare.split())), tuple(dict.fromkeys(filter(None, named)))


def _given(
    places: Sequence[str], library: Library, understanding: Understanding
) -> tuple[str, ...]:
    """The places by the names that the edition gives them, each once."""
    found: list[str] = []
    for n, name in enumerate(places):
        try:
            place = understanding.check_jurisdiction(name, library)
        except UnknownJurisdiction as error:
            raise BadQuestion(str(error), f"places[{n}]") from None
        if place is None:
            raise BadQuestion("地名是空的，请写地名全称，例如“常州市”。", f"places[{n}]")
        own = place if isinstance(place, str) else understanding.jurisdiction_of(place, library)
        found.append(own)
    return tuple(dict.fromkeys(found))


def _all_places(library: Library) -> tuple[str, ...]:
    named = (document.metadata.jurisdiction for document in library.documents)
    return tuple(dict.fromkeys(filter(None, named)))


def conclude(
    text: str,
    rows: Sequence[ComparisonRow],
    library: Library,
    understanding: Understanding,
    milliseconds: float,
) -> Comparison:
    """The whole comparison, its first line written."""
    answered = [row for row in rows if row.answer.status is Status.ANSWERED]
    found = None
    if len(answered) > 1:
        kinds = understanding.read(Question(question=text), library).kinds
        said = [[citation.quote for citation in row.answer.citations] for row in answered]
        found = agreement(kinds, said)
    return Comparison(
        question=text,
        summary=_summary(rows, found),
        agreement=found,
        rows=tuple(rows),
        index_version=library.index.version,
        timings_ms={"total": round(milliseconds, 1)},
    )


_GAPS = {
    Reason.NO_PROVISION: "{}的文件未写明",
    Reason.JURISDICTION_NOT_COVERED: "没有收录{}的文件",
    Reason.OUT_OF_SCOPE: "{}的文件不涉及这个问题",
    Reason.PERSONAL_DATA: "涉及个人信息，{}都不作回答",
    Reason.UNCLEAR: "没有看出要向{}问什么",
}


def _summary(rows: Sequence[ComparisonRow], found: Agreement | None) -> str:
    """One sentence: how those that say it compare, then the gaps by their reasons."""
    answered = [row.place for row in rows if row.answer.status is Status.ANSWERED]
    said = [f"{'、'.join(answered)}{found.words}"] if found else []
    if len(answered) == 1:
        said = [f"{'只有' if len(rows) > 1 else ''}{answered[0]}的文件有规定"]
    for reason, words in _GAPS.items():
        silent = [row.place for row in rows if row.answer.reason is reason]
        said += [words.format("、".join(silent))] if silent else []
    return "；".join(said) + "。"
