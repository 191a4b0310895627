"""Cases → examples to learn from: each candidate of each question, told right, wrong or passable.

    python -m evals.training.examples OUT.pickle [--edition FOLDER --index FOLDER] CASES.jsonl …

Only cases of the tuning part are used; what the report is measured on is never learnt from.
"""

from __future__ import annotations

import argparse
import pickle
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from assistant.candidates import Candidate, Finder
from assistant.errors import BadQuestion
from assistant.library import Library
from assistant.models import Question
from assistant.query import Scope
from assistant.seeking import refused_at_sight
from assistant.select import candidates_by_place
from assistant.service import Assistant
from assistant.settings import Settings, load_settings
from evals.case import Case, Gold, Place, load, span
from evals.training.example import Candidated, Example, is_of
from index.provision import Audience, Document

Span = tuple[str, int, int]

#: Least share of a gold stretch that a sentence must hold, and of itself that must be gold.
_HOLDS, _IS = 0.5, 0.35
#: A sentence that is gold almost whole is right although it is only part of a longer stretch.
_INSIDE = 0.8
#: From so many gold stretches on the answer is a list, and a single item of it is none.
_A_LIST = 4
_LIST_RECALL, _LIST_PRECISION = 0.85, 0.7
_LIST_PASSABLE = 0.6


def examples(cases: Iterable[Case], assistant: Assistant) -> Iterator[Example]:
    """The examples of the tuning cases among *cases*."""
    documents = {document.id: document for document in assistant.index.documents}
    for case in cases:
        if case.part == "tune" and case.checked:
            yield from _of_case(case, assistant, documents)


def _of_case(case: Case, assistant: Assistant, documents: dict[str, Document]) -> Iterator[Example]:
    library = Library(assistant.index, Audience.INTERNAL, case.as_of or date.today())
    question = Question(
        question=case.question, history=case.history, jurisdiction=case.jurisdiction
    )
    try:
        query = assistant.understanding.read(question, library)
    except BadQuestion:
        return
    if refused_at_sight(query) is not None or query.bare_address:
        return
    finder = Finder(query, library)
    found = candidates_by_place(query, finder)
    for scope in query.scopes:
        yield _in_place(case, scope, found.get(scope.place, []), finder, documents)


def _in_place(
    case: Case,
    scope: Scope,
    found: list[Candidate],
    finder: Finder,
    documents: dict[str, Document],
) -> Example:
    ids = {document.id for document in scope.documents}
    every = [_spans(gold, documents) for gold in case.gold]
    golds = [spans for spans in every if any(s[0] in ids for s in spans)]
    allowed = [s for place in case.allowed for s in _one(place, documents)]
    labelled = tuple(_labelled(candidate, golds, allowed) for candidate in found)
    return Example(case.id, finder.asked, bool(golds), labelled)


def _spans(gold: Gold, documents: dict[str, Document]) -> list[Span]:
    return [s for place in (gold, *gold.alternatives) for s in _one(place, documents)]


def _one(place: Place, documents: dict[str, Document]) -> list[Span]:
    found = span(place, documents)
    return [(place.document, *found)] if found else []


def _labelled(candidate: Candidate, golds: list[list[Span]], allowed: list[Span]) -> Candidated:
    found = candidate.found
    label = _label_of_list if candidate.unit is None else _label_of_sentence
    return Candidated(
        label(candidate, golds, allowed),
        found.position,
        found.start,
        found.end,
        found.words_from,
        candidate.unit is None,
        candidate.row,
        candidate.stretch.text,
    )


def _label_of_sentence(candidate: Candidate, golds: list[list[Span]], allowed: list[Span]) -> int:
    unit = candidate.unit
    assert unit is not None
    start = unit.provision.start + unit.start
    own = (unit.provision.document_id, start, start + len(unit.text))
    if any(_answers(own, gold) for spans in golds for gold in spans):
        return 1 if len(golds) < _A_LIST else -1
    passable = any(_overlap(own, other) >= _HOLDS * len(unit.text) for other in allowed)
    return -1 if passable else 0


def _answers(own: Span, gold: Span) -> bool:
    shared = _overlap(own, gold)
    length, wanted = own[2] - own[1], gold[2] - gold[1]
    return (shared >= _HOLDS * wanted and shared >= _IS * length) or shared >= _INSIDE * length


def _overlap(one: Span, other: Span) -> int:
    return max(0, min(one[2], other[2]) - max(one[1], other[1])) if one[0] == other[0] else 0


def _label_of_list(candidate: Candidate, golds: list[list[Span]], allowed: list[Span]) -> int:
    shown = [
        (e.unit.provision.document_id, e.unit.provision.start + e.unit.start, e.opens, e.unit)
        for e in candidate.evidence
    ]
    spans = [(d, start, start + len(unit.text)) for d, start, _, unit in shown]
    held = [
        max(sum(_overlap(s, gold) for s in spans) / (gold[2] - gold[1]) for gold in alternatives)
        for alternatives in golds
    ]
    recall = sum(held) / len(held) if held else 0.0
    items = [s for s, (*_, opens, _) in zip(spans, shown, strict=True) if not opens] or spans
    every = [gold for alternatives in golds for gold in alternatives] + allowed
    right = sum(min(sum(_overlap(s, g) for g in every), s[2] - s[1]) for s in items)
    precision = right / sum(s[2] - s[1] for s in items)
    if recall >= _LIST_RECALL and precision >= _LIST_PRECISION:
        return 1
    return -1 if min(recall, precision) >= _LIST_PASSABLE else 0


def main() -> None:
    """Write the examples of some files of cases as a pickle of plain tuples of dataclasses."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("cases", type=Path, nargs="+")
    parser.add_argument("--edition", type=Path)
    parser.add_argument("--index", type=Path)
    parser.add_argument(
        "--only", default="", metavar="K/N", help="a part of the cases, by their ids"
    )
    given = parser.parse_args()
    settings: Settings = load_settings()
    if given.edition:
        settings = settings.model_copy(update={"edition": given.edition, "index": given.index})
    assistant = Assistant.open(settings)
    cases = (case for case in load(given.cases) if not given.only or is_of(case.id, given.only))
    found = list(examples(cases, assistant))
    texts = [chunk.embedded for chunk in assistant.index.chunks]
    given.out.write_bytes(pickle.dumps((texts, found)))
    missing = sum(e.answered and all(c.label != 1 for c in e.candidates) for e in found)
    print(f"{len(found)} examples, {missing} answered ones without a right candidate")


if __name__ == "__main__":
    main()
