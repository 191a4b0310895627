"""Whether a confidence can be believed: pure functions over ``(confidence, correct)`` pairs."""

from __future__ import annotations

from collections.abc import Sequence

from evals.case import Frozen

Pair = tuple[float, bool]
_SIDE = 240
_EDGE = 34


class Bin(Frozen):
    """The answers whose confidence lies in ``[low, high)``; the last bin holds 1, too.

    Attributes:
        confidence: their mean confidence.
        accuracy: the share of them that is right.
    """

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


class RiskPoint(Frozen):
    """What happens when only answers of at least *threshold* are given.

    Attributes:
        coverage: the share of the questions that is then answered.
        risk: the share of those answers that is wrong.
    """

    threshold: float
    coverage: float
    risk: float


def reliability(pairs: Sequence[Pair], bins: int = 10) -> list[Bin]:
    """The bins that hold anything, each ``1/bins`` wide, lowest first."""
    found = []
    for at in range(bins):
        inside = [pair for pair in pairs if min(int(pair[0] * bins), bins - 1) == at]
        if inside:
            found.append(_bin(inside, at / bins, (at + 1) / bins))
    return found


def _bin(pairs: Sequence[Pair], low: float, high: float) -> Bin:
    return Bin(
        low=low,
        high=high,
        count=len(pairs),
        confidence=sum(confidence for confidence, _ in pairs) / len(pairs),
        accuracy=sum(correct for _, correct in pairs) / len(pairs),
    )


def expected_calibration_error(pairs: Sequence[Pair], bins: int = 10) -> float | None:
    """``Σ n_b/n · |accuracy_b - confidence_b|``, 0 (honest) to 1; None without pairs."""
    if not pairs:
        return None
    gaps = (b.count * abs(b.accuracy - b.confidence) for b in reliability(pairs, bins))
    return sum(gaps) / len(pairs)


def risk_coverage(pairs: Sequence[Pair]) -> list[RiskPoint]:
    """One point for each confidence that occurs, the surest first; equals go together."""
    ordered = sorted(pairs, key=lambda pair: -pair[0])
    points = []
    wrong = 0
    for taken, (confidence, correct) in enumerate(ordered, 1):
        wrong += not correct
        if taken == len(ordered) or ordered[taken][0] < confidence:
            coverage, risk = taken / len(ordered), wrong / taken
            points.append(RiskPoint(threshold=confidence, coverage=coverage, risk=risk))
    return points


def area_under_risk(pairs: Sequence[Pair]) -> float | None:
    """The mean risk over all coverages, 0 to 1, smaller is better; None without pairs.

    ``Σ (coverage_i - coverage_{i-1}) · risk_i`` over the points of `risk_coverage`.
    """
    if not pairs:
        return None
    area, before = 0.0, 0.0
    for point in risk_coverage(pairs):
        area += (point.coverage - before) * point.risk
        before = point.coverage
    return area


def reliability_svg(pairs: Sequence[Pair], bins: int = 10) -> str:
    """The reliability diagram: confidence to the right, share correct upwards."""
    top = max((b.count for b in reliability(pairs, bins)), default=1)
    bars = "".join(
        f'<circle cx="{_x(b.confidence):.1f}" cy="{_y(b.accuracy):.1f}" '
        f'r="{3 + 7 * (b.count / top) ** 0.5:.1f}" class="dot"><title>'
        f"把握 {b.confidence:.0%}，正确 {b.accuracy:.0%}，{b.count} 题</title></circle>"
        for b in reliability(pairs, bins)
    )
    diagonal = f'<line x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}" class="ideal"/>'
    return _svg("把握与正确率", "把握", "正确率", diagonal + bars)


def risk_coverage_svg(pairs: Sequence[Pair]) -> str:
    """The risk–coverage curve: share answered to the right, share wrong upwards."""
    points = " ".join(f"{_x(p.coverage):.1f},{_y(p.risk):.1f}" for p in risk_coverage(pairs))
    return _svg(
        "作答比例与错误率", "作答比例", "错误率", f'<polyline points="{points}" class="line"/>'
    )


def _x(value: float) -> float:
    return _EDGE + value * _SIDE


def _y(value: float) -> float:
    return _EDGE / 2 + (1 - value) * _SIDE


def _svg(title: str, across: str, upwards: str, inside: str) -> str:
    width, height = _SIDE + 1.5 * _EDGE, _SIDE + 1.7 * _EDGE
    ticks = "".join(
        f'<text x="{_x(v)}" y="{_y(0) + 14}" text-anchor="middle">{v:.0%}</text>'
        f'<text x="{_EDGE - 4}" y="{_y(v) + 4}" text-anchor="end">{v:.0%}</text>'
        for v in (0, 0.5, 1)
    )
    frame = f'<path d="M{_x(0)} {_y(1)}V{_y(0)}H{_x(1)}" class="axis"/>'
    names = (
        f'<text x="{_x(0.5)}" y="{_y(0) + 32}" text-anchor="middle">{across}</text>'
        f'<text x="{_x(0) + 6}" y="{_y(1) + 4}">{upwards}</text>'
    )
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{title}"><title>{title}</title>{frame}{ticks}{names}{inside}</svg>'
    )
