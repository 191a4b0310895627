"""anze duties, anze sanctions: the registers on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from assistant.records import DutyList, Place, SanctionList

_Limit = Annotated[int, typer.Option(min=1, max=200, help="最多显示几条。")]
_Offset = Annotated[int, typer.Option(min=0, help="从第几条之后开始。")]
_AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。")]
_Place = Annotated[str | None, typer.Option("--place", "-p", help="所在地方，例如 常州市。")]


def duties(
    role: Annotated[str, typer.Argument(help="岗位或部门，例如 区长；不写则列出全部。")] = "",
    place: _Place = None,
    limit: _Limit = 50,
    offset: _Offset = 0,
    as_json: _AsJson = False,
) -> None:
    """The duties of a post, with their provisions."""
    from assistant.service import Assistant
    from assistant.settings import load_settings

    found = Assistant.open(load_settings()).duties(role, place, limit, offset)
    typer.echo(found.model_dump_json(indent=1) if as_json else duties_text(found))


def sanctions(
    kind: Annotated[str, typer.Argument(help="处理方式，例如 诫勉；不写则列出全部。")] = "",
    conduct: Annotated[str, typer.Option(help="行为，例如 瞒报。")] = "",
    whom: Annotated[str, typer.Option(help="对谁，例如 党政领导干部。")] = "",
    place: _Place = None,
    limit: _Limit = 50,
    offset: _Offset = 0,
    as_json: _AsJson = False,
) -> None:
    """What is imposed in which case, with the provisions."""
    from assistant.service import Assistant
    from assistant.settings import load_settings

    assistant = Assistant.open(load_settings())
    found = assistant.sanctions(kind, conduct, whom, place, limit, offset)
    typer.echo(found.model_dump_json(indent=1) if as_json else sanctions_text(found))


def duties_text(found: DutyList) -> str:
    """The register as lines: bearer, words, how often, where it stands."""
    lines = [_head(found.role.typed, found.role.understood, found.total), *found.notices]
    for duty in found.duties:
        often = "；".join(f.words for f in duty.frequencies)
        lines.append(f"\n{duty.bearer}：{duty.text}")
        lines.append(f"    {_cited(duty.citation)}{f'  频次：{often}' if often else ''}")
    return "\n".join(lines)


def sanctions_text(found: SanctionList) -> str:
    """The register as lines: kinds, case and consequence, where they stand."""
    lines = [_head(found.kind.typed, found.kind.understood, found.total), *found.notices]
    for sanction in found.sanctions:
        lines.append(f"\n【{'、'.join(sanction.kinds)}】{sanction.condition or ''} → ")
        lines[-1] += sanction.consequence
        places = [p for p in (sanction.citation, sanction.ruling) if p is not None]
        lines.append("    " + "；".join(map(_cited, places)))
    return "\n".join(lines)


def _head(typed: str, understood: tuple[str, ...], total: int) -> str:
    if not typed:
        return f"共{total}条。"
    meant = f"（按“{'、'.join(understood)}”查）" if understood else ""
    return f"“{typed}”{meant}：{total}条。"


def _cited(place: Place) -> str:
    number = f"（{place.document.number}）" if place.document.number else ""
    return f"《{place.document.title}》{number}{place.address}"
