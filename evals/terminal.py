"""The run as tables on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from evals.comparison import Comparison
from evals.run import Result, Run
from evals.statistics import Estimate
from evals.summary import GROUPINGS, Summary, faults, grouped, summary, worst
from evals.written import written

_COLUMNS = ("题数", "正确", "95% 区间", "精确", "完整", "事实", "状态", "p50 ms", "p95 ms")


def show(run: Run, results: Sequence[Result], console: Console, worst_count: int) -> None:
    """Print the tables by part, kind, style and document, then the worst cases."""
    for name, grouping in GROUPINGS.items():
        console.print(_table(name, list(grouped(results, grouping))))
    whole = summary("合计", results)
    console.print(_table("合计", [whole]))
    console.print(_remarks(whole), highlight=False, soft_wrap=True)
    model = written(results)
    if model:
        console.print(model.sentence(), markup=False, highlight=False, soft_wrap=True)
    for result in worst(results, worst_count):
        console.print(f"✗ {_line(result)}", markup=False, highlight=False, soft_wrap=True)
    console.print(_origin(run), markup=False, highlight=False, soft_wrap=True)


def show_comparison(comparison: Comparison, console: Console) -> None:
    """Print which questions changed sides."""
    for mark, cases in (("变对", comparison.became_right), ("变错", comparison.became_wrong)):
        for case in cases:
            console.print(
                f"{mark}  {case.id}  {case.question}", markup=False, highlight=False, soft_wrap=True
            )
    console.print(comparison.sentence(), markup=False, highlight=False, soft_wrap=True)


def _table(name: str, groups: Sequence[Summary]) -> Table:
    table = Table(name, *_COLUMNS, box=None, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
    for column in table.columns:
        column.no_wrap = True
    for group in groups:
        table.add_row(group.name, *_cells(group))
    table.add_section()
    return table


def _cells(group: Summary) -> list[str]:
    interval = f"{group.correct.low:.1%}–{group.correct.high:.1%}" if group.correct else "—"
    figures = (group.correct, group.precision, group.recall, group.fact_recall, group.status_right)
    correct, *others = map(_percent, figures)
    times = [f"{time:.0f}" if time is not None else "—" for time in (group.p50, group.p95)]
    return [str(group.count), correct, interval, *others, *times]


def _percent(estimate: Estimate | None) -> str:
    return f"{estimate.value:.1%}" if estimate else "—"


def _remarks(whole: Summary) -> str:
    length = f"{whole.length.value:.0f}" if whole.length else "—"
    return (
        f"拒答：精确 {_percent(whole.refusal_precision)}，完整 {_percent(whole.refusal_recall)}，"
        f"理由对 {_percent(whole.reason_right)}。"
        f"有下列错误的回答：引文与原文不符 {whole.fabricated}，引了别处的文件 {whole.wrong_place}，"
        f"条款号不对 {whole.wrong_address}，没有说明效力 {whole.wrong_standing}。"
        f"平均长度 {length} 字。"
    )


def _line(result: Result) -> str:
    return f"{result.case.id}  {result.case.question}  →  {'；'.join(faults(result))}"


def _origin(run: Run) -> str:
    return (
        f"索引 {run.index_version}，代码 {run.commit or '不明'}，题目 {run.cases_sha256[:12]}，"
        f"{run.way}，用时 {run.seconds:.1f} 秒。"
    )
