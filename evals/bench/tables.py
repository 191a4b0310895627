"""The figures as tables, on a terminal and in Markdown, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from pydantic import BaseModel, ConfigDict
from rich.table import Table

from evals.bench.growth import Point
from evals.bench.running import Measured

_COSTS = ("p50", "p95", "CPU p50", "holds", "of it mapped", "index", "disk")


class Report(BaseModel):
    """All that was measured in one run.

    Attributes:
        begun: when, ISO 8601.
        machine: processors, threads of the encoder, load when it began and when it ended.
        model: the encoder.
        ranked: ways over questions.
        grown: forms over sizes.
        skipped: what was left out, and why.
    """

    model_config = ConfigDict(frozen=True)

    begun: str
    machine: str
    model: str
    ranked: tuple[Measured, ...] = ()
    grown: tuple[Point, ...] = ()
    skipped: tuple[str, ...] = ()


class Grid(BaseModel):
    """A table before it is drawn: its title, the heads of its columns, its rows."""

    model_config = ConfigDict(frozen=True)

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def grids(report: Report) -> list[Grid]:
    """The report's tables: for each corpus and part what was found, then what it cost."""
    found: list[Grid] = []
    ordered = sorted(report.ranked, key=lambda row: (row.corpus, row.part))
    for (corpus, part), group in groupby(ordered, key=lambda row: (row.corpus, row.part)):
        rows = list(group)
        first = rows[0].measures
        count = next(iter(first.values())).count
        title = f"{corpus}, {part} part, {count} questions"
        found.append(Grid(title=title, heads=("", *first), rows=tuple(map(_found, rows))))
    for corpus, group in groupby(ordered, key=lambda row: row.corpus):
        once = {row.system: row for row in group}.values()
        found.append(
            Grid(title=f"{corpus}, cost", heads=("", *_COSTS), rows=tuple(map(_cost, once)))
        )
    return [*found, *_growth(report.grown)]


def _found(row: Measured) -> tuple[str, ...]:
    cells = (f"{e.value:.3f} ({e.low:.2f}–{e.high:.2f})" for e in row.measures.values())
    return (row.system, *cells)


def _cost(row: Measured) -> tuple[str, ...]:
    return (
        row.system,
        f"{row.p50:.0f} ms",
        f"{row.p95:.0f} ms",
        f"{row.computed:.0f} ms",
        f"{row.held:,.0f} MiB",
        f"{row.mapped:,.0f} MiB",
        f"{row.seconds:,.1f} s",
        f"{row.disk:,.1f} MiB",
    )


def _growth(points: Sequence[Point]) -> Iterable[Grid]:
    times = ("p50", "p95", "CPU p50")
    heads = ("size", "built in", "building holds", "holds", "of it mapped", "disk", *times, "")
    for form in dict.fromkeys(point.form for point in points):
        rows = tuple(_point(point) for point in points if point.form == form)
        yield Grid(title=f"{form}, as it grows", heads=heads, rows=rows)


def _point(point: Point) -> tuple[str, ...]:
    if point.broke:
        return (f"{point.size:,}", *["—"] * 8, point.broke)
    return (
        f"{point.size:,}",
        f"{point.seconds:,.1f} s",
        f"{point.making:,.0f} MiB",
        f"{point.held:,.0f} MiB",
        f"{point.mapped:,.0f} MiB",
        f"{point.disk:,.1f} MiB",
        f"{point.p50:.1f} ms",
        f"{point.p95:.1f} ms",
        f"{point.computed:.1f} ms",
        "",
    )


def markdown(report: Report) -> str:
    """The report for a page of documentation."""
    lines = [f"{report.begun}; {report.machine}; encoder {report.model}.", ""]
    for grid in grids(report):
        lines += [f"**{grid.title[:1].upper()}{grid.title[1:]}**", ""]
        lines += [_row(grid.heads), _row(["---"] + ["---:"] * (len(grid.heads) - 1))]
        lines += [*map(_row, grid.rows), ""]
    lines += [f"* {line}" for line in report.skipped]
    return "\n".join(lines).rstrip() + "\n"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def drawn(grid: Grid) -> Table:
    """One table for a terminal."""
    table = Table(*grid.heads, title=grid.title, box=None, pad_edge=False, title_justify="left")
    for column in table.columns:
        column.no_wrap = True
    for column in table.columns[1:]:
        column.justify = "right"
    for row in grid.rows:
        table.add_row(*row)
    return table
