"""``anze``: the command line of `assistant.cli` with ``eval`` and ``feedback`` added to it.

It stands here because imports go ``evals → assistant`` and never back. Only typer is imported at
the top, so that ``anze --help`` answers at once.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli import app, main
from evals.feedback_commands import feedback_app

if TYPE_CHECKING:
    from rich.console import Console

    from evals.case import Case
    from evals.run import Result, Run


app.add_typer(feedback_app, name="feedback")


class Part(StrEnum):
    """Which cases count."""

    TUNE = "tune"
    REPORT = "report"
    ALL = "all"


_HELP = "用题目评测回答：逐题提问、打分、汇总；正确率低于及格线时以状态 1 结束。"


@app.command("eval", help=_HELP)
def evaluate(
    files: Annotated[
        list[Path] | None, typer.Argument(help="题目文件（.jsonl）；不写则用自带的题目。")
    ] = None,
    url: Annotated[
        str | None, typer.Option(help="评测这个地址上的服务，例如 http://127.0.0.1:8000。")
    ] = None,
    part: Annotated[Part, typer.Option(help="调试题 tune、报告题 report 或全部 all。")] = Part.ALL,
    kind: Annotated[
        list[str] | None, typer.Option(help="只评测这一类题目，可重复，例如 period。")
    ] = None,
    sample: Annotated[
        int | None, typer.Option(min=1, help="只评测其中这么多题，各类按比例，每次都是同样的题。")
    ] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="结果写成 JSON。")] = None,
    csv_file: Annotated[Path | None, typer.Option("--csv", help="每题一行，写成 CSV。")] = None,
    junit_file: Annotated[Path | None, typer.Option("--junit", help="写成 JUnit XML。")] = None,
    html_file: Annotated[Path | None, typer.Option("--html", help="写成网页。")] = None,
    compare_file: Annotated[
        Path | None, typer.Option("--compare", help="与以前的 JSON 结果逐题比较。")
    ] = None,
    bar: Annotated[float, typer.Option(min=0, max=1, help="及格线：正确的题所占比例。")] = 0.97,
    workers: Annotated[int, typer.Option(min=1, max=32, help="同时提问的个数。")] = 1,
    worst: Annotated[int, typer.Option(min=0, help="列出最差的多少题。")] = 20,
) -> None:
    from rich.console import Console

    from evals.comparison import compare
    from evals.report import write_reports
    from evals.run import read_run
    from evals.terminal import show, show_comparison

    console = Console(width=None if Console().is_terminal else 120)
    old = read_run(compare_file) if compare_file else None  # a wrong file is told before the work
    run = _run(_cases(files, part, kind, sample), url, workers, Console(stderr=True))
    show(run, run.results, console, worst)
    _tell_skipped(run, console)
    comparison = compare(_of(old.results, part, kind), run.results) if old else None
    if comparison:
        show_comparison(comparison, console)
    write_reports(run, comparison, worst, json_file, csv_file, junit_file, html_file)
    _end(run, bar)


def _cases(
    files: list[Path] | None, part: Part, kinds: list[str] | None, count: int | None
) -> list[Case]:
    from evals.case import load, shipped_files
    from evals.sample import sample

    cases = [case for case in load(files or shipped_files()) if _counts(case, part, kinds)]
    return cases if count is None else sample(cases, count)


def _counts(case: Case, part: Part, kinds: list[str] | None) -> bool:
    return part in {Part.ALL, case.part} and (not kinds or case.kind in kinds)


def _of(results: tuple[Result, ...], part: Part, kinds: list[str] | None) -> list[Result]:
    return [result for result in results if _counts(result.case, part, kinds)]


def _run(cases: list[Case], url: str | None, workers: int, console: Console) -> Run:
    from rich.progress import Progress

    from assistant.settings import load_settings
    from evals.over_http import OverHttp
    from evals.run import run

    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("提问", total=len(cases))

        def advance() -> None:
            progress.advance(task)

        if url is None:
            from evals.in_process import InProcess

            return run(cases, InProcess.open(load_settings()), workers, advance)
        with OverHttp.open(url, load_settings().eval_key.get_secret_value()) as asker:
            return run(cases, asker, workers, advance)


def _tell_skipped(run: Run, console: Console) -> None:
    from collections import Counter

    for why, count in Counter(skipped.why for skipped in run.skipped).most_common():
        console.print(f"跳过 {count} 题：{why}。", markup=False, highlight=False, soft_wrap=True)


def _end(run: Run, bar: float) -> None:
    if not run.results:
        typer.echo("没有可以评测的题目。", err=True)
        raise typer.Exit(1)
    right = sum(result.scores.correct for result in run.results)
    if right / len(run.results) < bar:
        typer.echo(f"没有及格：正确 {right} / {len(run.results)}，及格线 {bar:.1%}。", err=True)
        raise typer.Exit(1)


if __name__ == "__main__":
    main()
