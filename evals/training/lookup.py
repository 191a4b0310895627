"""Train what puts the results of a look-up in order: ``python -m evals.training.lookup``.

Reads tuning cases (the shipped ones and `five-*.jsonl`, unless files are given), brings for each
question that stands by itself what may be looked for, tells what is right, and writes trees over
the numbers to `assistant/lookup.json`. Prints, by five-fold cross-validation over the questions,
what the trees bring first. It takes some minutes; after a change of the encoder run it anew.
"""

from __future__ import annotations

import argparse
import json
import pickle
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import GroupKFold

from assistant.candidates import Finder
from assistant.contenders import SHIPPED, contenders, ranked, rows
from assistant.models import Question
from assistant.service import Assistant
from assistant.settings import load_settings
from evals.bench.corpus import asked_of, stands_alone
from evals.bench.measures import hit, ranks, recall, reciprocal_rank
from evals.bench.stretch import Stretch
from evals.case import Case, load, shipped_files
from evals.found import FIRST, holder, stretch_of
from evals.training.scorer import stored
from index.provision import Document, Provision

_FOLDS = 5
#: Least share of a wider provision that must be gold for it to be right as a whole.
_MOSTLY = 0.5
Gold = tuple[tuple[Stretch, ...], ...]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Lesson:
    """A question and what may be looked for.

    Args:
        case: the id of its case.
        file: the name of the file that the case is from.
        gold: what answers it.
        provisions: what may be looked for.
        labels: 1 right, 0 wrong, -1 neither: it holds what is right among much else.
        table: the numbers of the contenders.
    """

    case: str
    file: str
    gold: Gold
    provisions: tuple[Provision, ...]
    labels: tuple[int, ...]
    table: tuple[Mapping[str, float], ...]


def lessons(paths: Iterable[Path], assistant: Assistant) -> Iterator[Lesson]:
    """What the tuning cases of some files teach."""
    documents = {document.id: document for document in assistant.index.documents}
    for path in paths:
        for case in load([path]):
            known = all(place.document in documents for place in case.places)
            if case.part == "tune" and known and stands_alone(case):
                lesson = _lesson(case, path.name, assistant, documents)
                if lesson is not None:
                    yield lesson


def _lesson(
    case: Case, file: str, assistant: Assistant, documents: Mapping[str, Document]
) -> Lesson | None:
    library = assistant.library()
    query = assistant.understanding.read(Question(question=case.question), library)
    if query.bare_address or not query.scopes:
        return None
    finder = Finder(query, library)
    found = contenders(query, finder, library)
    gold = asked_of(case, documents).gold
    provisions = tuple(one.provision for one in found)
    return Lesson(
        case.id,
        file,
        gold,
        provisions,
        tuple(_label(provision, gold, documents) for provision in provisions),
        tuple(rows(query, finder, library, found)),
    )


def _label(provision: Provision, gold: Gold, documents: Mapping[str, Document]) -> int:
    own = stretch_of(provision)
    carried = [one for entry in gold for one in entry if own.carries(one)]
    if not carried:
        return 0
    homes = {home.id for one in carried if (home := holder(one, documents)) is not None}
    held = sum(own.common(one) for one in carried)
    return 1 if provision.id in homes or held >= _MOSTLY * len(own) else -1


# --- learning


def table_of(learnt: Sequence[Lesson]) -> tuple[list[str], Floats, npt.NDArray[np.int64]]:
    """The names of the numbers, the rows of all contenders, and their labels."""
    names = sorted(learnt[0].table[0])
    table = [[row[name] for name in names] for lesson in learnt for row in lesson.table]
    return names, np.array(table), np.array([n for lesson in learnt for n in lesson.labels])


def fitted(learnt: Sequence[Lesson], seed: int = 0) -> HistGradientBoostingClassifier:
    """The trees for some questions, each of which counts alike."""
    _, table, labels = table_of(learnt)
    weights = np.concatenate([np.full(len(ls.labels), 1 / len(ls.labels)) for ls in learnt])
    usable = labels >= 0
    model = HistGradientBoostingClassifier(
        max_iter=160,
        learning_rate=0.06,
        max_leaf_nodes=12,
        min_samples_leaf=25,
        l2_regularization=3.0,
        max_features=0.4,
        random_state=seed,
    )
    return model.fit(table[usable], labels[usable], sample_weight=weights[usable] * 32)


def cross_validated(learnt: Sequence[Lesson]) -> list[Floats]:
    """For each question its contenders' probabilities, from trees that have not seen it."""
    found: list[Floats] = [np.empty(0)] * len(learnt)
    cases = [lesson.case for lesson in learnt]
    for training, rest in GroupKFold(_FOLDS).split(cases, cases, cases):
        model = fitted([learnt[n] for n in training])
        for n in rest:
            found[n] = model.predict_proba(table_of([learnt[n]])[1])[:, 1]
    return found


def figures(learnt: Sequence[Lesson], scores: Sequence[Floats]) -> str:
    """What comes first when the contenders are ordered by *scores*."""
    measured = []
    for lesson, score in zip(learnt, scores, strict=True):
        order = ranked(lesson.provisions, score.tolist(), len(score))
        found = ranks([stretch_of(provision) for provision, _ in order], lesson.gold)
        entries = len(lesson.gold)
        first = recall(found, entries, FIRST), hit(found, FIRST), reciprocal_rank(found, 10)
        measured.append((*first, recall(found, entries, len(order))))
    means = np.mean(measured, axis=0)
    names = (f"R@{FIRST}", f"any@{FIRST}", "MRR@10", "all")
    return ", ".join(f"{name} {mean:.4f}" for name, mean in zip(names, means, strict=True))


def main() -> None:
    """Learn and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", type=Path, nargs="*")
    parser.add_argument("--out", type=Path, default=SHIPPED)
    parser.add_argument("--lessons", type=Path, help="kept there, and read from there if there")
    parser.add_argument("--quick", action="store_true", help="no cross-validation")
    given = parser.parse_args()
    if given.lessons and given.lessons.exists():
        learnt = pickle.loads(given.lessons.read_bytes())
    else:
        learnt = list(lessons(given.cases or _shipped(), Assistant.open(load_settings())))
        if given.lessons:
            given.lessons.write_bytes(pickle.dumps(learnt))
    print(f"{len(learnt)} questions")
    print(f"search alone: {figures(learnt, _as_found(learnt))}", flush=True)
    if not given.quick:
        print(f"trees that have not seen them: {figures(learnt, cross_validated(learnt))}")
    model, names = fitted(learnt), table_of(learnt)[0]
    given.out.write_text(json.dumps(stored(model, names), ensure_ascii=False), encoding="utf-8")


def _shipped() -> list[Path]:
    return [*shipped_files(), *sorted(Path(__file__).parent.glob("five-*.jsonl"))]


def _as_found(learnt: Sequence[Lesson]) -> list[Floats]:
    return [np.array([row["found"] for row in lesson.table]) for lesson in learnt]


if __name__ == "__main__":
    main()
