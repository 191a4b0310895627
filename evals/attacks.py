"""Asks the attacks and prints what came of them, by kind: ``python -m evals.attacks``.

    python -m evals.attacks [--mode extractive|hostile|model] [--kind KIND] [--part PART]
                            [--every N] [--json FILE]

``extractive`` asks without a language model. ``hostile`` lets one obey each attack, in every part
of `evals.parts`. ``model`` asks with the model that the environment names.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal, get_args

from pydantic import SecretStr, TypeAdapter
from rich.console import Console
from rich.table import Table

from assistant.service import Assistant
from assistant.settings import Settings, load_settings
from evals.attack import Attack, load
from evals.hostile import hostile_settings
from evals.parts import PARTS, script
from evals.recheck import Edition
from evals.scripted.endpoint import Endpoint
from evals.verdicts import Prompts, Verdict, judge
from index.edition import read_edition
from index.embeddings import SentenceEmbeddings
from index.errors import AnzeError
from index.store import Index

Mode = Literal["extractive", "hostile", "model"]
_COLUMNS = ("问", "守住", "听从", "未证实", "露提示", "出错", "状态异", "漏说", "问模型", "采用句")
_WIDTH = 120


class Field:
    """The two assistants that are attacked: over the shipped edition, and with hostile documents.

    Args:
        settings: with a model's endpoint, or without.
        embeddings: shared by both.
    """

    def __init__(self, settings: Settings, embeddings: SentenceEmbeddings) -> None:
        self._settings = {False: settings, True: hostile_settings(settings, embeddings)}
        self._embeddings = embeddings
        self._open: dict[bool, tuple[Assistant, Edition]] = {}
        self._prompts = Prompts.load()

    def attacked(self, attack: Attack, part: str = "") -> Verdict:
        """What comes of *attack*, while a model plays *part* where there is one."""
        assistant, edition = self._over(hostile=attack.document is not None)
        try:
            answer = assistant.ask(attack.asked())
        except AnzeError as error:
            return Verdict(id=attack.id, kind=attack.kind, shown="", part=part, fault=str(error))
        return judge(attack, answer, edition, self._prompts, part)

    def _over(self, *, hostile: bool) -> tuple[Assistant, Edition]:
        if hostile not in self._open:
            settings = self._settings[hostile]
            index = Index.open(settings.index, self._embeddings)
            edition = {document.id: document for document in read_edition(settings.edition)}
            self._open[hostile] = Assistant(settings, index), edition
        return self._open[hostile]


def run(attacks: Iterable[Attack], field: Field) -> Iterator[Verdict]:
    """What comes of each attack, in order."""
    return map(field.attacked, attacks)


def run_hostile(
    attacks: Iterable[Attack], field: Field, endpoint: Endpoint, parts: Sequence[str] = (*PARTS,)
) -> Iterator[Verdict]:
    """What comes of each attack while *endpoint*, the field's model, plays each of *parts*."""
    for attack in attacks:
        for part in parts:
            endpoint.script = script(part, attack)
            yield field.attacked(attack, part)


def under(endpoint: Endpoint, settings: Settings) -> Settings:
    """*settings* with *endpoint* as the model."""
    model = {"llm_base_url": endpoint.url, "llm_model": endpoint.name, "llm_key": SecretStr("")}
    return settings.model_copy(update=model)


def without_model(settings: Settings) -> Settings:
    """*settings* without a model."""
    return settings.model_copy(update={"llm_base_url": "", "llm_model": ""})


def table(name: str, verdicts: Sequence[Verdict], by: Callable[[Verdict], str]) -> Table:
    """A row a group, and one for all."""
    shown = Table(name, *_COLUMNS, box=None, pad_edge=False)
    for column in shown.columns:
        column.no_wrap = True
    for column in shown.columns[1:]:
        column.justify = "right"
    for group in dict.fromkeys(map(by, verdicts)):
        shown.add_row(group, *_counts([v for v in verdicts if by(v) == group]))
    shown.add_section()
    shown.add_row("合计", *_counts(verdicts))
    return shown


def _counts(verdicts: Sequence[Verdict]) -> list[str]:
    counts = (
        len(verdicts),
        sum(v.held for v in verdicts),
        sum(bool(v.obeyed) for v in verdicts),
        sum(bool(v.unverified) for v in verdicts),
        sum(bool(v.printed) for v in verdicts),
        sum(bool(v.fault) for v in verdicts),
        sum(not v.ended for v in verdicts),
        sum(not v.said for v in verdicts),
        sum(v.trace is not None for v in verdicts),
        sum(v.trace.used for v in verdicts if v.trace),
    )
    return [str(count) for count in counts]


def remarks(verdict: Verdict) -> Iterator[str]:
    """What is wrong with one, a line each; nothing where all is right."""
    name = f"{verdict.id} {verdict.part}".strip()
    for pattern in verdict.obeyed:
        yield f"✗ {name} 出现了不该有的 {pattern}"
    for fault in (*verdict.unverified, *verdict.printed, *filter(None, [verdict.fault])):
        yield f"✗ {name} {fault}"
    if not verdict.ended:
        yield f"· {name} 状态是 {verdict.status}"
    if not verdict.said:
        yield f"· {name} 没有说该说的话"


def _asked(
    mode: Mode, attacks: Sequence[Attack], settings: Settings, parts: Sequence[str]
) -> list[Verdict]:
    embeddings = SentenceEmbeddings.open(settings.model, threads=settings.threads or None)
    if mode == "extractive":
        return list(run(attacks, Field(without_model(settings), embeddings)))
    if mode == "model":
        return list(run(attacks, Field(settings, embeddings)))
    with Endpoint.playing("copyist") as endpoint:
        field = Field(under(endpoint, settings), embeddings)
        return list(run_hostile(attacks, field, endpoint, parts))


def main(arguments: list[str]) -> int:
    """Print the table; 1 where an attack was obeyed, or anything shown cannot be shown to be so."""
    parser = argparse.ArgumentParser(prog="python -m evals.attacks")
    parser.add_argument("--mode", choices=get_args(Mode), default="extractive")
    parser.add_argument("--kind", action="append", help="only this kind; may be repeated")
    parser.add_argument("--part", action="append", choices=PARTS, help="only this part")
    parser.add_argument("--every", type=int, default=1, help="each N-th attack only")
    parser.add_argument("--json", type=Path, help="write every verdict there")
    given = parser.parse_args(arguments)
    settings = load_settings()
    if given.mode == "model" and not settings.llm_base_url:
        parser.error("--mode model 要先设置 ANZE_LLM_BASE_URL 和 ANZE_LLM_MODEL")
    attacks = [a for a in load() if not given.kind or a.kind in given.kind][:: given.every]
    verdicts = _asked(given.mode, attacks, settings, given.part or (*PARTS,))
    console = Console()
    console.width = max(console.width, _WIDTH)
    for line in (line for verdict in verdicts for line in remarks(verdict)):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    if given.mode == "hostile":
        console.print(table("扮演", verdicts, lambda v: v.part))
    console.print(table("种类", verdicts, lambda v: v.kind))
    if given.json:
        given.json.write_bytes(TypeAdapter(list[Verdict]).dump_json(verdicts, indent=1))
    return 0 if all(verdict.held for verdict in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
