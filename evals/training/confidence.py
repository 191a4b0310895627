"""Fit what the assistant says of its own answers to how often they are right.

    anze eval CASES.jsonl … --part tune --json RUN.json
    python -m evals.training.confidence RUN.json … [--out assistant/confidence.json]

The cases must be unknown to the scorer, whose probabilities on what it was trained on are worth
nothing here. Prints the expected calibration error by five-fold cross-validation.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from assistant.confidence import SHIPPED, signs
from assistant.library import Library
from assistant.seeking import refused_at_sight
from assistant.select import select
from assistant.service import Assistant
from assistant.settings import load_settings
from evals.asker import question_of
from evals.calibration import expected_calibration_error
from evals.run import Result, read_run
from index.provision import Audience

_FOLDS = 5
_DIGITS = 4


def observed(
    results: Iterable[Result], assistant: Assistant
) -> tuple[list[list[float]], list[bool]]:
    """The signs of each answer that was given, and whether it was right."""
    rows, right = [], []
    for result in results:
        case = result.case
        if case.part != "tune" or result.reply.status != "answered":
            continue
        library = Library(assistant.index, Audience.INTERNAL, case.as_of or date.today())
        query = assistant.understanding.read(question_of(case), library)
        if refused_at_sight(query) is None:
            rows.append(signs(select(query, library)))
            right.append(result.scores.correct)
    return rows, right


def main() -> None:
    """Fit and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, default=SHIPPED)
    given = parser.parse_args()
    results = [result for path in given.runs for result in read_run(path).results]
    rows, right = observed(results, Assistant.open(load_settings()))
    x, y = np.array(rows), np.array(right)
    model = LogisticRegression(C=1.0)
    likely = cross_val_predict(model, x, y, cv=_FOLDS, method="predict_proba")[:, 1]
    pairs = list(zip(likely.tolist(), right, strict=True))
    error = expected_calibration_error(pairs)
    print(f"{len(y)} answers, {y.mean():.3f} right; expected calibration error {error:.3f}")
    model.fit(x, y)
    stored = {
        "offset": round(float(model.intercept_[0]), _DIGITS),
        "weights": [round(float(weight), _DIGITS) for weight in model.coef_[0]],
    }
    given.out.write_text(json.dumps(stored), encoding="utf-8")


if __name__ == "__main__":
    main()
