"""How cost grows, as a picture: four panels over the number of provisions, both axes logarithmic.

Written by hand as SVG, so that it needs no library and no network; its colours follow the reader's
light or dark surroundings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape
from math import ceil, floor, log10

from evals.bench.growth import Point

_WIDTH, _HEIGHT = 860, 640
_LEFT, _TOP, _ACROSS, _DOWN = 64, 56, 330, 210
_NEXT = (430, 280)
_COLOURS = ("#2f6db5", "#b5532f", "#2f8f5b", "#8757a8", "#a8862a")
_DARK = ("#7fb2ee", "#f09a72", "#6fce98", "#c79be6", "#e0c068")

Value = Callable[[Point], float]
_PANELS: tuple[tuple[str, Value], ...] = (
    ("95 % of questions are answered within, ms", lambda point: point.p95),
    ("memory held while answering, MiB", lambda point: point.held),
    ("time to build, s", lambda point: point.seconds),
    ("on disk, MiB", lambda point: point.disk),
)


def chart(points: Sequence[Point]) -> str:
    """The picture as an SVG document; what broke is not in it."""
    drawn = [point for point in points if not point.broke]
    forms = list(dict.fromkeys(point.form for point in drawn))
    panels = [_panel(n, title, value, drawn, forms) for n, (title, value) in enumerate(_PANELS)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
            'aria-labelledby="title">',
            '<title id="title">What each form of the index costs as it grows</title>',
            f"<style>{_style(len(forms))}</style>",
            f'<rect class="paper" width="{_WIDTH}" height="{_HEIGHT}"/>',
            *panels,
            *_legend(forms),
            "</svg>\n",
        ]
    )


def _style(forms: int) -> str:
    lines = ["text{font:12px system-ui,sans-serif;fill:#333}.paper{fill:#fff}.grid{stroke:#ddd}"]
    lines += [_colour(n, colour) for n, colour in enumerate(_COLOURS[:forms])]
    dark = ["text{fill:#ddd}.paper{fill:#161b22}.grid{stroke:#444}"]
    dark += [_colour(n, colour) for n, colour in enumerate(_DARK[:forms])]
    return f"{''.join(lines)}@media(prefers-color-scheme:dark){{{''.join(dark)}}}"


def _colour(n: int, colour: str) -> str:
    return f".c{n}{{stroke:{colour};fill:none;stroke-width:2}}.d{n}{{fill:{colour}}}"


def _panel(
    number: int, title: str, value: Value, points: Sequence[Point], forms: Sequence[str]
) -> str:
    left, top = _LEFT + _NEXT[0] * (number % 2), _TOP + _NEXT[1] * (number // 2)
    across = _scale([point.size for point in points], left, left + _ACROSS)
    down = _scale([value(point) for point in points], top + _DOWN, top)
    parts = [f'<text x="{left}" y="{top - 10}">{escape(title)}</text>']
    parts += [_tick(across(10**n), top + _DOWN, _ACROSS, _power(n), "x") for n in across.powers]
    parts += [_tick(left, down(10**n), _ACROSS, _power(n), "y") for n in down.powers]
    for n, form in enumerate(forms):
        line = [(across(p.size), down(value(p))) for p in points if p.form == form]
        parts += _line(n, line)
    return "\n".join(parts)


class _Scale:
    """A logarithmic axis from whole powers of ten to whole powers of ten."""

    def __init__(self, low: int, high: int, start: float, end: float) -> None:
        self.powers = range(low, high + 1)
        self._low, self._span = low, max(high - low, 1)
        self._start, self._length = start, end - start

    def __call__(self, value: float) -> float:
        share = (log10(max(value, 10**self._low)) - self._low) / self._span
        return round(self._start + share * self._length, 1)


def _scale(values: Iterable[float], start: float, end: float) -> _Scale:
    above = [max(value, 0.1) for value in values] or [1.0]
    return _Scale(floor(log10(min(above))), ceil(log10(max(above))), start, end)


def _power(n: int) -> str:
    names = {3: "1k", 4: "10k", 5: "100k", 6: "1M"}
    return names.get(n, f"{10.0**n:g}")


def _tick(x: float, y: float, across: int, words: str, axis: str) -> str:
    if axis == "x":
        line = f'<line class="grid" x1="{x}" y1="{y}" x2="{x}" y2="{y - _DOWN}"/>'
        return f'{line}<text x="{x}" y="{y + 16}" text-anchor="middle">{words}</text>'
    line = f'<line class="grid" x1="{x}" y1="{y}" x2="{x + across}" y2="{y}"/>'
    return f'{line}<text x="{x - 6}" y="{y + 4}" text-anchor="end">{words}</text>'


def _line(n: int, points: Sequence[tuple[float, float]]) -> list[str]:
    path = " ".join(f"{x},{y}" for x, y in points)
    dots = [f'<circle class="d{n}" cx="{x}" cy="{y}" r="3"/>' for x, y in points]
    return [f'<polyline class="c{n}" points="{path}"/>', *dots]


def _legend(forms: Sequence[str]) -> Iterable[str]:
    for n, form in enumerate(forms):
        x = _LEFT + n * 155
        yield f'<circle class="d{n}" cx="{x}" cy="{_HEIGHT - 20}" r="5"/>'
        yield f'<text x="{x + 10}" y="{_HEIGHT - 16}">{escape(form)}</text>'
