"""How sure the figures are: intervals, percentiles and the test for paired changes."""

from __future__ import annotations

import random
from collections.abc import Sequence
from math import comb, floor, sqrt

from pydantic import BaseModel, ConfigDict

#: The normal quantile that leaves 2.5 % on either side.
_Z = 1.959963984540054
_SEED = 20_180_408
_ROUNDS = 1_000


class Estimate(BaseModel):
    """A share or mean, the bounds of its 95 % interval, and over how many it was taken."""

    model_config = ConfigDict(frozen=True)

    value: float
    low: float
    high: float
    count: int


def wilson(hits: int, total: int) -> Estimate | None:
    """A share and its Wilson score interval, each 0 to 1; None over nothing.

    Centre ``(p + z²/2n) / (1 + z²/n)``, half width ``z·√(p(1-p)/n + z²/4n²) / (1 + z²/n)``.
    """
    if total == 0:
        return None
    share = hits / total
    scale = 1 + _Z**2 / total
    centre = (share + _Z**2 / (2 * total)) / scale
    half = _Z * sqrt(share * (1 - share) / total + _Z**2 / (4 * total**2)) / scale
    low, high = max(0.0, centre - half), min(1.0, centre + half)
    return Estimate(value=share, low=min(low, share), high=max(high, share), count=total)


def share(outcomes: Sequence[bool]) -> Estimate | None:
    """The share of what is true in *outcomes*, with its Wilson interval."""
    return wilson(sum(outcomes), len(outcomes))


def bootstrap(values: Sequence[float]) -> Estimate | None:
    """A mean and its percentile bootstrap interval (1,000 draws, fixed seed); None over nothing."""
    if not values:
        return None
    draw = random.Random(_SEED)
    size = len(values)
    means = sorted(sum(draw.choices(values, k=size)) / size for _ in range(_ROUNDS))
    mean = sum(values) / size
    low, high = means[round(_ROUNDS * 0.025)], means[round(_ROUNDS * 0.975) - 1]
    return Estimate(value=mean, low=min(low, mean), high=max(high, mean), count=size)


def percentile(values: Sequence[float], percent: float) -> float | None:
    """The value below which *percent* of 100 lie, with linear interpolation; None over nothing."""
    if not values:
        return None
    ordered = sorted(values)
    place = (len(ordered) - 1) * percent / 100
    below = floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def mcnemar(became_right: int, became_wrong: int) -> float:
    """The exact two-sided p value of McNemar's test, 0 to 1.

    Under "nothing changed" each question that changed sides is a coin toss:
    ``p = min(1, 2·Σ_{k≤min(b,c)} C(b+c, k) / 2^(b+c))``.
    """
    changed = became_right + became_wrong
    tail = sum(comb(changed, k) for k in range(min(became_right, became_wrong) + 1))
    return float(min(1.0, 2 * tail / 2**changed))
