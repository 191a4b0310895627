"""Training questions → what the assistant knows to have been asked (``index/known``).

    python -m evals.training.known [--out QUESTIONS.jsonl] CASES.jsonl …

Only questions written for training are taken, never a case: what tunes or reports must be new to
the assistant. They are kept as the assistant reads them, without the place's name, for each
document of the places asked about. Afterwards ``python -m index.known`` makes their vectors.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from assistant.candidates import Finder
from assistant.errors import BadQuestion
from assistant.library import Library
from assistant.models import Question
from assistant.query import Query
from assistant.seeking import refused_at_sight
from assistant.service import Assistant
from assistant.settings import load_settings
from evals.case import Case, load, shipped_files, span
from index.known.questions import QUESTIONS
from index.provision import Audience, Document

#: One part of an answer: the words that say it, by document.
Part = dict[str, tuple[str, ...]]
#: Document and answer → the questions that it answers.
Lines = dict[tuple[str, tuple[tuple[str, ...], ...]], dict[str, None]]


def read_as(case: Case, assistant: Assistant) -> Query | None:
    """How the assistant reads the case's question; None where it looks nothing up for it."""
    library = Library(assistant.index, Audience.INTERNAL, case.as_of or date.today())
    question = Question(
        question=case.question, history=case.history, jurisdiction=case.jurisdiction
    )
    try:
        query = assistant.understanding.read(question, library)
    except BadQuestion:
        return None
    return None if refused_at_sight(query) is not None or query.bare_address else query


def asked_in(case: Case, assistant: Assistant) -> str | None:
    """The words that the assistant looks for; None where it looks for nothing."""
    query = read_as(case, assistant)
    if query is None:
        return None
    library = Library(assistant.index, Audience.INTERNAL, case.as_of or date.today())
    return Finder(query, library).asked


def lines(cases: Iterable[Case], assistant: Assistant, measured: set[str | None]) -> Lines:
    """What the cases ask of each document of their places, by answer.

    Args:
        cases: the training questions.
        assistant: reads them.
        measured: what must stay new to the assistant, as it reads it.
    """
    documents = {document.id: document for document in assistant.index.documents}
    found: Lines = {}
    for case in cases:
        query = read_as(case, assistant) if case.part == "tune" and case.checked else None
        if query is None:
            continue
        parts = [_part(case, n, documents) for n in range(len(case.gold))]
        words = query.core or query.text
        if words in measured:
            continue
        for document in (document for scope in query.scopes for document in scope.documents):
            answers = tuple(part[document.id] for part in parts if document.id in part)
            found.setdefault((document.id, answers), {})[words] = None
    return found


def _part(case: Case, n: int, documents: dict[str, Document]) -> Part:
    part: Part = {}
    for place in (case.gold[n], *case.gold[n].alternatives):
        if span(place, documents) is not None:
            part[place.document] = (*part.get(place.document, ()), place.text)
    return part


def written(found: Lines) -> Iterator[str]:
    """The lines of the file, in order."""
    for (document, answers), questions in sorted(found.items()):
        row = {
            "document": document,
            "answers": [same[0] if len(same) == 1 else list(same) for same in answers],
            "questions": sorted(questions),
        }
        yield json.dumps(row, ensure_ascii=False)


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, default=QUESTIONS)
    given = parser.parse_args()
    assistant = Assistant.open(load_settings())
    measured = {asked_in(case, assistant) for case in load(shipped_files())}
    found = lines(load(given.cases), assistant, measured)
    given.out.write_text("".join(f"{line}\n" for line in written(found)), encoding="utf-8")
    print(f"{len(found)} answers, {sum(map(len, found.values()))} questions")


if __name__ == "__main__":
    main()
