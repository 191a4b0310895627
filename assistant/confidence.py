"""How likely an answer is to be right and whole, from what selection found.

The scorer judges single candidates and is surer than answers turn out to be: an answer may lack a
part, or name one place too many. A logistic regression over a few signs of the selection, made by
``python -m evals.training.confidence`` on questions that the scorer has not seen, says what its
probabilities are worth.
"""

from __future__ import annotations

import json
import math
from functools import lru_cache
from pathlib import Path

from assistant.evidence import Selection

SHIPPED = Path(__file__).with_name("confidence.json")
#: Probabilities nearer to 0 or 1 say no more than these.
_LEAST = 0.01


def signs(selection: Selection) -> list[float]:
    """What the confidence is reckoned from.

    Returns:
        log-odds of the least likely judged place, or 0; whether a place was not judged by the
        scorer (a list, an address); the least score of a place; whether there are several places;
        whether something asked was not found.
    """
    likely = [group.likely for group in selection.groups if group.likely is not None]
    least = min(max(min(likely, default=0.5), _LEAST), 1 - _LEAST)
    return [
        math.log(least / (1 - least)),
        float(len(likely) < len(selection.groups)),
        min((group.score for group in selection.groups), default=0.0),
        float(len(selection.groups) > 1),
        float(bool(selection.unanswered or selection.silent)),
    ]


def confidence(selection: Selection) -> float:
    """The probability, 0 to 1, that the answer made of *selection* is right and whole."""
    offset, weights = _weights()
    odds = offset + sum(w * x for w, x in zip(weights, signs(selection), strict=True))
    return round(1 / (1 + math.exp(-odds)), 4)


@lru_cache(maxsize=1)
def _weights() -> tuple[float, list[float]]:
    stored = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return float(stored["offset"]), [float(weight) for weight in stored["weights"]]
