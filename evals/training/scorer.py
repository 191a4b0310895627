"""Train the scorer of candidates and write it where the assistant reads it.

    python -m evals.training.scorer EXAMPLES.pickle … [--quick] [--out assistant/scorer.json]
    python -m evals.training.scorer EXAMPLES.pickle … --alone --out assistant/scorer_alone.json
    python -m evals.training.scorer EXAMPLES.pickle … --quick --beside assistant/scorer.json

``--beside`` averages the new trees with others of the same numbers, which learnt from other
examples: together they err less than either.

Prints, by five-fold cross-validation over questions, how often the best candidate of a place is
right and how often something is shown where nothing is right, beside the hand-made rule.
"""

from __future__ import annotations

import argparse
import json
import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import GroupKFold

from assistant.features import compare, compare_everywhere
from assistant.known import NUMBERS, UNKNOWN
from assistant.scorer import SHIPPED
from evals.training.example import Example

_FOLDS = 5
#: What an example counts whose right candidates were taken away.
_BEREFT_WORTH = 0.5
_FEWEST_LEFT = 5
#: Shares of the best candidate's value, which another candidate now is.
_SHARES = ("found", "lexical")
_DIGITS = 6
Floats = npt.NDArray[np.float64]


def _model(seed: int) -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(
        max_iter=220,
        learning_rate=0.05,
        max_leaf_nodes=14,
        min_samples_leaf=30,
        l2_regularization=3.0,
        max_features=0.4,
        random_state=seed,
    )


def table_of(
    found: Sequence[Example],
) -> tuple[list[str], Floats, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Names, rows, labels and the example that each row belongs to."""
    names = sorted(next(e for e in found if e.candidates).candidates[0].row)
    each = [(n, candidate) for n, example in enumerate(found) for candidate in example.candidates]
    rows = np.empty((len(each), len(names)))  # lists of half a million rows take gigabytes
    for row, (_, candidate) in zip(rows, each, strict=True):
        row[:] = [candidate.row.get(name, 0.0) for name in names]
    labels = np.array([candidate.label for _, candidate in each])
    return names, rows, labels, np.array([n for n, _ in each])


def bereft(found: Sequence[Example]) -> Iterator[Example]:
    """The answered examples without what answers them: near misses, none of which is right.

    A question whose answer is not in the text looks like this; from the others alone the trees
    learn that the best candidate is mostly right.
    """
    for example in found:
        wrong = [c for c in example.candidates if c.label == 0]
        if not example.answered or not _FEWEST_LEFT <= len(wrong) < len(example.candidates):
            continue
        rows = [dict(candidate.row) for candidate in wrong]
        for name in _SHARES:
            best = max(row[name] for row in rows) or 1.0
            for row in rows:
                row[name] /= best
        compare(rows)
        compare_everywhere(rows)
        left = tuple(replace(c, row=row) for c, row in zip(wrong, rows, strict=True))
        yield replace(example, answered=False, candidates=left)


def unasked(names: Sequence[str], rows: Floats) -> Floats:
    """The *rows* of places of which something has been asked, as if nothing had.

    Most documents come without known questions: the trees must do as well as they can without.
    """
    alone = rows[rows[:, names.index("known_nearest")] >= 0]
    alone[:, [names.index(name) for name in NUMBERS]] = UNKNOWN
    return alone


@dataclass(frozen=True)
class Lessons:
    """What the trees learn from.

    Args:
        names: of the numbers.
        rows: of candidates that are right or wrong, float [candidates, names].
        labels: 1 or 0, int [candidates].
        near: rows of near misses, none of which is right, float [candidates, names].
    """

    names: list[str]
    rows: Floats
    labels: npt.NDArray[np.int64]
    near: Floats

    @classmethod
    def of(cls, found: Sequence[Example]) -> Lessons:
        """The lessons of some examples."""
        names, rows, labels, _ = table_of(found)
        usable = labels >= 0
        near = list(bereft(found))
        misses = table_of(near)[1] if near else rows[:0]
        return cls(names, rows[usable], labels[usable], misses)

    def alone(self) -> Lessons:
        """The same without what known questions say."""
        kept = [n for n, name in enumerate(self.names) if name not in NUMBERS]
        names = [self.names[n] for n in kept]
        return Lessons(names, self.rows[:, kept], self.labels, self.near[:, kept])

    def __add__(self, other: Lessons) -> Lessons:
        return Lessons(
            self.names,
            np.vstack([self.rows, other.rows]),
            np.concatenate([self.labels, other.labels]),
            np.vstack([self.near, other.near]),
        )


def fitted(lessons: Lessons) -> HistGradientBoostingClassifier:
    """The trees for some lessons."""
    names, rows, labels, near = lessons.names, lessons.rows, lessons.labels, lessons.near
    if "known_nearest" in names:
        asked = rows[:, names.index("known_nearest")] >= 0
        rows = np.vstack([rows, unasked(names, rows)])
        labels = np.concatenate([labels, labels[asked]])
        near = np.vstack([near, unasked(names, near)])
    weights = [np.ones(len(labels)), np.full(len(near), _BEREFT_WORTH)]
    told = np.concatenate([labels, np.zeros(len(near), np.int64)])
    return _model(0).fit(np.vstack([rows, near]), told, sample_weight=np.concatenate(weights))


def cross_validated(
    found: Sequence[Example], rows: Floats, labels: npt.NDArray[np.int64], owners: Any
) -> Floats:
    """Each row's probability from a model that has not seen its question."""
    questions = {case: n for n, case in enumerate(dict.fromkeys(e.case for e in found))}
    groups = np.array([questions[found[n].case] for n in owners])
    out = np.zeros(len(labels))
    for training, rest in GroupKFold(_FOLDS).split(rows, labels, groups):
        seen = [found[n] for n in dict.fromkeys(owners[training].tolist())]
        model = fitted(Lessons.of(seen))
        out[rest] = model.predict_proba(rows[rest])[:, 1]
    return out


def describe(name: str, scores: Floats, found: Sequence[Example], owners: Any) -> None:
    """Print how the best candidate of each place does at several thresholds."""
    best: dict[int, int] = {}
    for k, n in enumerate(owners):
        if n not in best or scores[k] > scores[best[n]]:
            best[n] = k
    flat = [c.label for e in found for c in e.candidates]
    answered = [n for n in best if found[n].answered]
    right = [n for n in answered if flat[best[n]] == 1]
    passable = [n for n in answered if flat[best[n]] == -1]
    empty = [n for n in best if not found[n].answered]
    print(
        f"{name}: best candidate right in {len(right) / len(answered):.3f}, passable in "
        f"{len(passable) / len(answered):.3f} of {len(answered)} places with an answer"
    )
    for threshold in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6):
        kept = sum(scores[best[n]] >= threshold for n in (*right, *passable)) / len(answered)
        wrong = sum(scores[best[n]] >= threshold for n in answered) / len(answered) - kept
        shown = sum(scores[best[n]] >= threshold for n in empty) / max(len(empty), 1)
        print(
            f"  from {threshold}: answered {kept:.3f}, wrongly {wrong:.3f}; "
            f"shown in {shown:.3f} of {len(empty)} places without an answer"
        )


def stored(model: HistGradientBoostingClassifier, names: list[str]) -> dict[str, object]:
    """The trees in one table of nodes, as `assistant.scorer.Scorer` reads them."""
    table: dict[str, list[Any]] = {
        k: [] for k in ("feature", "threshold", "left", "right", "value")
    }
    roots: list[int] = []
    for (tree,) in model._predictors:
        start = len(table["feature"])
        roots.append(start)
        for node in tree.nodes:
            leaf = bool(node["is_leaf"])
            table["feature"].append(-1 if leaf else int(node["feature_idx"]))
            table["threshold"].append(0.0 if leaf else round(float(node["num_threshold"]), _DIGITS))
            table["left"].append(start + int(node["left"]))
            table["right"].append(start + int(node["right"]))
            table["value"].append(round(float(node["value"]), _DIGITS) if leaf else 0.0)
    baseline = float(np.ravel(model._baseline_prediction)[0])
    return {"names": names, "baseline": baseline, "roots": roots, **table}


def averaged(one: dict[str, Any], other: dict[str, Any]) -> dict[str, object]:
    """Two sets of trees as one, whose log-odds are the mean of theirs.

    Raises:
        ValueError: they know different numbers.
    """
    if one["names"] != other["names"]:
        raise ValueError("the trees do not know the same numbers")
    behind = len(one["feature"])
    moved = {key: [n + behind for n in other[key]] for key in ("left", "right", "roots")}
    return {
        "names": one["names"],
        "baseline": (one["baseline"] + other["baseline"]) / 2,
        **{key: one[key] + moved[key] for key in ("roots", "left", "right")},
        **{key: one[key] + other[key] for key in ("feature", "threshold")},
        "value": [round(value / 2, _DIGITS) for value in one["value"] + other["value"]],
    }


def main() -> None:
    """Train on all examples given and write the trees."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("examples", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, default=SHIPPED)
    parser.add_argument("--quick", action="store_true", help="no cross-validation")
    parser.add_argument("--alone", action="store_true", help="without what known questions say")
    parser.add_argument("--beside", type=Path, help="trees to be averaged with the new ones")
    given = parser.parse_args()
    read = (_read(path) for path in given.examples)
    if given.quick:  # a file at a time: the examples take far more memory than what is learnt
        lessons = reduce(add, (Lessons.of(found) for found in read))
    else:
        found = [example for some in read for example in some]
        names, rows, labels, owners = table_of(found)
        print(f"{len(found)} examples, {len(labels)} candidates, {(labels == 1).sum()} right")
        describe("rule", rows[:, names.index("rule")], found, owners)
        describe("trees", cross_validated(found, rows, labels, owners), found, owners)
        lessons = Lessons.of(found)
    print(f"{len(lessons.labels)} candidates, {lessons.labels.sum()} right")
    lessons = lessons.alone() if given.alone else lessons
    trees = stored(fitted(lessons), lessons.names)
    if given.beside:
        trees = averaged(json.loads(given.beside.read_text(encoding="utf-8")), trees)
    given.out.write_text(json.dumps(trees, ensure_ascii=False), encoding="utf-8")


def _read(path: Path) -> list[Example]:
    found: list[Example] = pickle.loads(path.read_bytes())[1]
    return found


if __name__ == "__main__":
    main()
