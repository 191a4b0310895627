"""New questions → the trees that settle which whole answer is shown (``assistant/settling.json``).

    python -m evals.training.settling examples OUT.jsonl CASES.jsonl …
    python -m evals.training.settling learn EXAMPLES.jsonl …

The examples must be made before anything has learnt from the questions: as soon as they are known,
votes and trees are right about them, and nothing is to be settled. A question of one part gives for
each place that it names a row for each whole answer that might be shown (`assistant.proposals`),
told right or wrong as `anze eval` would if that place alone had been asked about. ``learn`` also
tells what would be right of each file's questions if the others alone were learnt from, by how much
likelier than what was found a refusal must be.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier

from assistant.askings import askings
from assistant.candidates import Finder
from assistant.each import of_each, of_things
from assistant.evidence import Group
from assistant.in_place import find
from assistant.known import Nearest
from assistant.library import Library
from assistant.models import Status
from assistant.proposals import proposals
from assistant.query import Query, Scope
from assistant.sentences import Judged, names_unheard_of_sanction
from assistant.service import Assistant
from assistant.settings import load_settings
from assistant.settling import OTHER_LIKELIER, SOME_LIKELIER, TREES, is_open, numbers
from assistant.worth import Span
from evals import metrics
from evals.case import Case, load
from evals.in_process import InProcess
from evals.score import citable, gold
from evals.served import Documents
from evals.spans import characters, union
from evals.training.known import read_as
from evals.training.scorer import stored
from index.provision import Audience

_TREES: dict[str, Any] = {
    "max_iter": 200,
    "learning_rate": 0.05,
    "max_leaf_nodes": 8,
    "min_samples_leaf": 20,
    "l2_regularization": 2.0,
    "random_state": 0,
}
#: How much likelier than what was found a refusal must be.
_NONE_LIKELIER = (0.0, 0.2, 0.4, 0.6)


def examples(cases: Sequence[Case], assistant: Assistant) -> Iterator[dict[str, Any]]:
    """A row for each whole answer that might be shown to each of *cases*, what was found first."""
    documents = InProcess(assistant).documents()
    for case in cases:
        query = read_as(case, assistant) if case.part == "tune" and case.checked else None
        if query is None or query.addresses or not query.named_places:
            continue
        library = Library(assistant.index, Audience.INTERNAL, case.as_of or date.today())
        alone = (one for one in query.apart or (query,) if not _asks_several(one))
        for one in alone:
            for n, (place, rows) in enumerate(_proposed(one, library)):
                told = {"case": case.id, "place": f"{place.place}#{n}", "kind": case.kind}
                for row, spans in rows:
                    yield told | {"right": is_right(case, place, spans, documents), "row": row}


def _asks_several(query: Query) -> bool:
    return bool(of_each(query) or of_things(query) or askings(query))


def _proposed(
    query: Query, library: Library
) -> list[tuple[Scope, list[tuple[dict[str, float], tuple[Span, ...]]]]]:
    """For each place the numbers of what might be shown, and where it stands."""
    given: list[tuple[Scope, list[tuple[dict[str, float], tuple[Span, ...]]]]] = []

    def record(
        scope: Scope,
        query: Query,
        found: Group | None,
        nearest: Nearest,
        scored: Sequence[Judged],
    ) -> Group | None:
        if is_open(query, found, nearest, scored) and not names_unheard_of_sanction(scope, query):
            weighed = proposals(found, nearest)
            spans = (proposal.spans for proposal in weighed)
            rows = numbers(weighed, query, found, nearest, scored)
            given.append((scope, list(zip(rows, spans, strict=True))))
        return found

    find(query, Finder(query, library), settle=record)
    return given


def is_right(case: Case, scope: Scope, spans: Sequence[Span], documents: Documents) -> bool:
    """Whether *spans* are a right answer of a place to *case*; without any it is refused."""
    own = {document.id for document in scope.documents}
    parts = [
        [place for place in part if any(d in own for d, _ in place)]
        for part in gold(case, documents)
    ]
    parts = [part for part in parts if part]
    wanted = Status.ANSWERED if parts else Status.REFUSED
    status = Status.ANSWERED if spans else Status.REFUSED
    cited = union(characters(name, documents[name].text, *place) for name, *place in spans)
    answering = wanted is Status.ANSWERED is status
    allowed = frozenset(one for one in citable(case, documents) if one[0] in own)
    precision = metrics.citation_precision(cited, allowed) if answering else None
    recall = metrics.citation_recall(cited, parts) if answering else None
    return metrics.is_correct(wanted, status, recall, precision, 0)


@dataclass(frozen=True)
class Lessons:
    """Rows of proposals, n of them.

    Args:
        names: what each number is.
        rows: float [n, names].
        right: whether each is right, bool [n].
        cases: the number of its question, int [n]; what was found comes first.
        files: the number of its file, int [n].
    """

    names: list[str]
    rows: npt.NDArray[np.float64]
    right: npt.NDArray[np.bool_]
    cases: npt.NDArray[np.int64]
    files: npt.NDArray[np.int64]


def read(paths: Sequence[Path]) -> Lessons:
    """The examples in *paths*; a file of one writer's questions has their ids' first part."""
    told = [json.loads(line) for path in paths for line in path.read_text().splitlines()]
    names = sorted(told[0]["row"])
    case = {name: n for n, name in enumerate(dict.fromkeys(map(_asked, told)))}
    file = {name: n for n, name in enumerate(dict.fromkeys(map(_writer, told)))}
    return Lessons(
        names,
        np.array([[one["row"][name] for name in names] for one in told]),
        np.array([one["right"] for one in told]),
        np.array([case[_asked(one)] for one in told]),
        np.array([file[_writer(one)] for one in told]),
    )


def _asked(one: dict[str, Any]) -> tuple[str, str]:
    return one["case"], one["place"]


def _writer(one: dict[str, Any]) -> str:
    return str(one["case"]).rpartition("-")[0]


def learn(rows: npt.NDArray[np.float64], right: npt.NDArray[np.bool_]) -> Any:
    """Trees that tell how likely an answer is right."""
    return HistGradientBoostingClassifier(**_TREES).fit(rows, right)


def validated(given: Lessons) -> Iterator[str]:
    """What is right when each file is judged by what the others taught, as lines to print."""
    likely = np.zeros(len(given.right))
    for file in np.unique(given.files):
        own = given.files == file
        model = learn(given.rows[~own], given.right[~own])
        likely[own] = model.predict_proba(given.rows[own])[:, 1]
    starts = np.flatnonzero(np.diff(given.cases, prepend=-1))
    found = given.right[starts]
    possible = np.logical_or.reduceat(given.right, starts)
    yield f"{len(starts)} questions, found right {found.mean():.4f}, possible {possible.mean():.4f}"
    ends = [*starts[1:], len(likely)]
    none = given.rows[:, given.names.index("is_none")] > 0
    silent = np.repeat(none[starts], np.diff([*starts, len(likely)]))  # nothing was found
    refusals = none & ~silent
    likely -= SOME_LIKELIER * (silent & ~none)
    others = ~none & ~silent
    others[starts] = False
    likely -= OTHER_LIKELIER * others
    for least in _NONE_LIKELIER:
        worth = likely - least * refusals
        shown = np.array([a + worth[a:b].argmax() for a, b in zip(starts, ends, strict=True)])
        right = given.right[shown]
        yield (
            f"a refusal from {least:.1f} more: right {right.mean():.4f}, "
            f"mended {(right & ~found).sum()}, spoilt {(found & ~right).sum()}"
        )


def main() -> None:
    """Make examples, or learn from them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    steps = parser.add_subparsers(dest="step", required=True)
    make = steps.add_parser("examples")
    make.add_argument("out", type=Path)
    make.add_argument("cases", type=Path, nargs="+")
    teach = steps.add_parser("learn")
    teach.add_argument("examples", type=Path, nargs="+")
    teach.add_argument("--out", type=Path, default=TREES)
    given = parser.parse_args()
    if given.step == "examples":
        found = examples(load(given.cases), Assistant.open(load_settings()))
        with given.out.open("w", encoding="utf-8") as out:
            out.writelines(f"{json.dumps(one)}\n" for one in found)
        return
    lessons = read(given.examples)
    print(*validated(lessons), sep="\n")
    trees = stored(learn(lessons.rows, lessons.right), lessons.names)
    given.out.write_text(json.dumps(trees), encoding="utf-8")


if __name__ == "__main__":
    main()
