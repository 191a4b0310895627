"""``anze feedback``: list, and export as candidate cases. The database is imported late."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType
from typing import Annotated

import typer

feedback_app = typer.Typer(help="查看反馈，把反馈变成待核对的评测题。", no_args_is_help=True)

Since = Annotated[str | None, typer.Option(help="从哪天起，例如 2026-11-21。")]
Unhelpful = Annotated[bool, typer.Option("--unhelpful", help="只要“没帮助”的。")]


@feedback_app.command("list", help="列出反馈，最早的在前。")
def list_(
    since: Since = None,
    unhelpful: Unhelpful = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。")] = False,
) -> None:
    reading, printing, _ = _modules()
    moment = reading.moment(since) if since else None
    found = reading.judgements(reading.open_log(), moment, False if unhelpful else None)
    if as_json:
        plain = [judgement.as_dict() for judgement in found]
        typer.echo(json.dumps(plain, ensure_ascii=False, indent=1, default=str))
    else:
        typer.echo("\n".join(map(printing.judgement_line, found)) or "没有反馈。")


@feedback_app.command(help="写成待核对的评测题，一行一题。核对以后去掉 checked 才会用于评测。")
def export(
    file: Annotated[Path, typer.Argument(help="写到哪个文件（.jsonl），原有内容会被替换。")],
    since: Since = None,
    unhelpful: Unhelpful = False,
) -> None:
    reading, _, candidates = _modules()
    moment = reading.moment(since) if since else None
    found = reading.judgements(reading.open_log(), moment, False if unhelpful else None)
    written = candidates.write_candidates(found, file)
    typer.echo(
        f"写了 {written} 道待核对的题：{file}。\n"
        "请逐题核对 status、gold、facts 和 kind，改对以后删去 "
        '"checked":false；没有核对的题 anze eval 会跳过。'
    )


def _modules() -> tuple[ModuleType, ModuleType, ModuleType]:
    """What reads, what prints and what makes cases; they bring the database's library in."""
    from assistant.audit import printing, reading
    from evals import candidates

    return reading, printing, candidates
