"""``anze audit``: list, show, purge. What opens the database is imported when a command runs."""

from __future__ import annotations

import json
from enum import StrEnum
from types import ModuleType
from typing import Annotated, Any

import typer

audit_app = typer.Typer(help="查看和清理问答记录（审计）。", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。")]


class Status(StrEnum):
    """How a question ended."""

    ANSWERED = "answered"
    REFUSED = "refused"


@audit_app.command("list", help="列出问答记录，最近的在前。")
def list_(
    since: Annotated[str | None, typer.Option(help="从哪天起，例如 2026-11-21。")] = None,
    caller: Annotated[str | None, typer.Option(help="谁问的（密钥的名称）。")] = None,
    status: Annotated[Status | None, typer.Option(help="已答 answered 或拒答 refused。")] = None,
    limit: Annotated[int, typer.Option(min=1, help="最多列出多少条。")] = 100,
    as_json: AsJson = False,
) -> None:
    reading, printing = _modules()
    found = reading.entries(
        reading.open_log(),
        reading.moment(since) if since else None,
        caller,
        status.value if status else None,
        limit,
    )
    if as_json:
        _print_json([entry.as_dict() for entry in found])
    else:
        typer.echo("\n".join(map(printing.entry_line, found)) or "没有记录。")


@audit_app.command(help="显示一条记录的全部内容。")
def show(
    answer_id: Annotated[str, typer.Argument(help="回答的编号。")], as_json: AsJson = False
) -> None:
    reading, printing = _modules()
    found = reading.entry(reading.open_log(), answer_id)
    if as_json:
        _print_json(found.as_dict())
    else:
        typer.echo(printing.entry_text(found))


@audit_app.command(help="删除某天以前的记录和反馈，不能恢复。")
def purge(
    before: Annotated[str, typer.Option(help="删除这天零点以前的，例如 2026-06-01。")],
    as_json: AsJson = False,
) -> None:
    reading, _ = _modules()
    deleted = reading.open_log().purge(reading.moment(before))
    if as_json:
        _print_json({"deleted": deleted})
    else:
        typer.echo(f"删除了 {deleted} 条记录。")


def _modules() -> tuple[ModuleType, ModuleType]:
    """What reads and what prints; both bring the database's library in."""
    from assistant.audit import printing, reading

    return reading, printing


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1, default=str))
