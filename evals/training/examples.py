"""Cases → examples to learn from: each candidate of each question, told right, wrong or passable.

    python -m evals.training.examples OUT.pickle [--edition FOLDER --index FOLDER] CASES.jsonl …

Only cases of the tuning part are used; what the report is measured on is never learnt from.
"""

from __future__ import annotations

import argparse
import pickle
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from assistant.candidates import Candidate, Finder
from assistant.in_place import candidates_by_place
from assistant.library import Library
from assistant.query import Scope
from assistant.service import Assistant
from assistant.settings import Settings, load_settings
from assistant.worth import Span, of_list, of_sentence
from evals.case import Case, Gold, Place, load, span
from evals.training.example import Candidated, Example, is_of
from evals.training.known import asked_in, read_as
from index.known.metric import METRIC
from index.known.questions import KnownQuestions
from index.provision import Audience, Document


def examples(
    cases: Sequence[Case], assistant: Assistant, metric: Path = METRIC
) -> Iterator[Example]:
    """The examples of the tuning cases among *cases*, which one hand has written.

    To each of them all the others are unknown: at work a question comes from somebody else.
    The *metric* that compares questions should not have learnt from them, either.
    """
    index = assistant.index
    documents = {document.id: document for document in index.documents}
    usable = [case for case in cases if case.part == "tune" and case.checked]
    own = {asked_in(case, assistant) for case in usable} - {None}
    asked = KnownQuestions.shipped(index.documents, index.embeddings.reader, metric)
    known = asked.without(own)
    for case in usable:
        yield from _of_case(case, assistant, documents, known)


def _of_case(
    case: Case, assistant: Assistant, documents: dict[str, Document], known: KnownQuestions
) -> Iterator[Example]:
    query = read_as(case, assistant)
    if query is None:
        return
    library = Library(assistant.index, Audience.INTERNAL, case.as_of or date.today(), known)
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
    if candidate.unit is None:
        label = of_list(candidate.evidence, golds, allowed)
    else:
        label = of_sentence(candidate.unit, golds, allowed)
    return Candidated(
        label,
        found.position,
        found.start,
        found.end,
        found.words_from,
        candidate.unit is None,
        candidate.row,
        candidate.stretch.text,
    )


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
    parser.add_argument("--metric", type=Path, default=METRIC, help="of evals.training.metric")
    given = parser.parse_args()
    settings: Settings = load_settings()
    if given.edition:
        settings = settings.model_copy(update={"edition": given.edition, "index": given.index})
    assistant = Assistant.open(settings)
    found: list[Example] = []
    for path in given.cases:
        cases = [c for c in load([path]) if not given.only or is_of(c.id, given.only)]
        found.extend(examples(cases, assistant, given.metric))
    texts = [chunk.embedded for chunk in assistant.index.chunks]
    given.out.write_bytes(pickle.dumps((texts, found)))
    missing = sum(e.answered and all(c.label != 1 for c in e.candidates) for e in found)
    print(f"{len(found)} examples, {missing} answered ones without a right candidate")


if __name__ == "__main__":
    main()
