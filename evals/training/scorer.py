"""Train the scorer of candidates and write it where the assistant reads it.

    python -m evals.training.scorer EXAMPLES.pickle … [--out assistant/scorer.json]

Prints, by five-fold cross-validation over questions, how often the best candidate of a place is
right and how often something is shown where nothing is right, beside the hand-made rule.
"""

from __future__ import annotations

import argparse
import json
import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import GroupKFold

from assistant.scorer import SHIPPED
from evals.training.example import Example

_FOLDS = 5
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
    rows, labels, owners = [], [], []
    for n, example in enumerate(found):
        for candidate in example.candidates:
            rows.append([candidate.row.get(name, 0.0) for name in names])
            labels.append(candidate.label)
            owners.append(n)
    return names, np.array(rows), np.array(labels), np.array(owners)


def cross_validated(
    rows: Floats, labels: npt.NDArray[np.int64], groups: npt.NDArray[np.int64]
) -> Floats:
    """Each row's probability from a model that has not seen its question."""
    out = np.zeros(len(labels))
    for training, rest in GroupKFold(_FOLDS).split(rows, labels, groups):
        usable = training[labels[training] >= 0]
        model = _model(0).fit(rows[usable], labels[usable])
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
    roots, depth = [], 0
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
            depth = max(depth, int(node["depth"]))
    baseline = float(np.ravel(model._baseline_prediction)[0])
    return {"names": names, "baseline": baseline, "depth": depth, "roots": roots, **table}


def main() -> None:
    """Train on all examples given and write the trees."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("examples", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, default=SHIPPED)
    given = parser.parse_args()
    found: list[Example] = []
    for path in given.examples:
        found.extend(pickle.loads(path.read_bytes())[1])
    names, rows, labels, owners = table_of(found)
    print(f"{len(found)} examples, {len(labels)} candidates, {(labels == 1).sum()} right")
    questions = {case: n for n, case in enumerate(dict.fromkeys(e.case for e in found))}
    groups = np.array([questions[found[n].case] for n in owners])
    describe("rule", rows[:, names.index("rule")], found, owners)
    describe("trees", cross_validated(rows, labels, groups), found, owners)
    usable = labels >= 0
    model = _model(0).fit(rows[usable], labels[usable])
    given.out.write_text(json.dumps(stored(model, names), ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
