"""``anze key``: add, list, remove. Like `assistant.cli`, it imports late what is heavy."""

from __future__ import annotations

import json
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from assistant.keys import Key

app = typer.Typer(name="key", help="管理访问密钥（文件由 ANZE_KEYS 指定）。", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。")]
Name = Annotated[str, typer.Argument(help="密钥的名称，例如 热线一班。")]


class For(StrEnum):
    """What the holder may read."""

    PUBLIC = "public"
    INTERNAL = "internal"


_AUDIENCES = {For.PUBLIC: "只看公开文件", For.INTERNAL: "可看内部文件"}


@app.command(help="新建一个密钥并显示一次，之后无法再查看。")
def add(
    name: Name,
    audience: Annotated[
        For, typer.Option(help="public 只看公开文件，internal 也看内部文件。")
    ] = For.PUBLIC,
    rate: Annotated[str, typer.Option(help="提问频率上限，例如 60/minute。")] = "",
    until: Annotated[str | None, typer.Option(help="最后一天有效的日期，2026-12-31 这样。")] = None,
    as_json: AsJson = False,
) -> None:
    from assistant.keys import changing, write_ring
    from index.provision import Audience

    path = _path()
    with changing(path) as old:
        ring, secret = old.with_new(name, Audience(audience), rate, _day(until))
        write_ring(path, ring)
    if as_json:
        _print_json({**ring.keys[-1].model_dump(mode="json", exclude={"sha256"}), "key": secret})
        return
    typer.echo(f"已新建密钥 {name}（{_AUDIENCES[audience]}）。只显示这一次，请立即保存：", err=True)
    typer.echo(secret)


@app.command("list", help="列出全部密钥；不显示密钥本身。")
def list_(as_json: AsJson = False) -> None:
    from assistant.keys import is_exposed, read_ring

    path = _path()
    keys = read_ring(path).keys
    if as_json:
        _print_json([key.model_dump(mode="json", exclude={"sha256"}) for key in keys])
    else:
        for key in keys:
            typer.echo(_line(key))
    if is_exposed(path):
        typer.echo(f"注意：{path} 可被其他用户读写，请运行 chmod 600 {path}。", err=True)


@app.command(help="删除一个密钥；正在运行的服务立即不再接受它。")
def remove(name: Name) -> None:
    from assistant.keys import changing, write_ring

    path = _path()
    with changing(path) as ring:
        write_ring(path, ring.without(name))
    typer.echo(f"已删除密钥 {name}。")


def _line(key: Key) -> str:
    state = "有效" if key.is_good(date.today()) else "已过期"
    until = f"至 {key.until}" if key.until else "长期"
    rate = key.rate or "不另设频率"
    audience = _AUDIENCES[For(key.audience)]
    return f"{key.name}  {audience}  {rate}  {until}  {key.created} 新建  {state}"


def _path() -> Path:
    from assistant.errors import SettingsError
    from assistant.settings import load_settings

    path = load_settings().keys
    if path is None:
        raise SettingsError("没有设置 ANZE_KEYS。请写成 ANZE_KEYS=var/keys.json anze key … 这样。")
    return path


def _day(text: str | None) -> date | None:
    from assistant.errors import SettingsError

    try:
        day = date.fromisoformat(text) if text else None
    except ValueError as error:
        raise SettingsError(f"“{text}”不是日期，应写成 2026-12-31 这样。") from error
    if day and day < date.today():
        raise SettingsError(f"{day} 已经过去了。")
    return day


def _print_json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))
