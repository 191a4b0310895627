"""The words by which regulations lay duties on somebody and impose sanctions, as patterns."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from functools import lru_cache

from index.lexicon.loading import LexiconError, read_entries, read_yaml
from index.lexicon.terms import sanctions

DUTIES, IMPOSED = "duties.yaml", "imposed.yaml"


@dataclass(frozen=True)
class DutyWords:
    """The lists of `duties.yaml`, as they stand there."""

    must: tuple[str, ...]
    bears: tuple[str, ...]
    does: tuple[str, ...]
    may: tuple[str, ...]
    cuts: tuple[str, ...]
    actors: tuple[str, ...]
    things: tuple[str, ...]
    acting: tuple[str, ...]
    linking: tuple[str, ...]
    duty_lists: tuple[str, ...]
    headed: tuple[str, ...]
    case_lists: tuple[str, ...]
    adverbs: tuple[str, ...]


@dataclass(frozen=True)
class Imposed:
    """How the sanction of one kind is written where it is imposed."""

    id: str
    words: tuple[str, ...]


@lru_cache(maxsize=1)
def duty_words() -> DutyWords:
    """The lists of `duties.yaml`.

    Raises:
        LexiconError: the file cannot be used.
    """
    return read_entries(DutyWords, [read_yaml(DUTIES, ("duties",))["duties"]], DUTIES)[0]


@lru_cache(maxsize=1)
def duty_patterns() -> dict[str, re.Pattern[str]]:
    """One pattern for each list of `duties.yaml`.

    Raises:
        LexiconError: the file cannot be used.
    """
    words = duty_words()
    return {f.name: _any(getattr(words, f.name), DUTIES) for f in fields(DutyWords)}


@lru_cache(maxsize=1)
def imposed_patterns() -> dict[str, re.Pattern[str]]:
    """Kind of sanction → how it is imposed.

    Raises:
        LexiconError: the file cannot be used, or names a kind that `sanctions.yaml` lacks.
    """
    entries = read_entries(Imposed, read_yaml(IMPOSED, ("imposed",))["imposed"], IMPOSED)
    known = {sanction.id for sanction in sanctions()}
    unknown = [entry.id for entry in entries if entry.id not in known]
    if unknown:
        raise LexiconError(f"词库文件 {IMPOSED}：sanctions.yaml 里没有“{'、'.join(unknown)}”。")
    return {entry.id: _any(entry.words, IMPOSED) for entry in entries}


@lru_cache(maxsize=1)
def imposed_any() -> re.Pattern[str]:
    """Where a sanction of any kind is imposed."""
    return re.compile("|".join(p.pattern for p in imposed_patterns().values()))


def _any(words: tuple[str, ...], file: str) -> re.Pattern[str]:
    try:
        return re.compile("|".join(f"(?:{word})" for word in words))
    except re.error as error:
        raise LexiconError(f"词库文件 {file}：“{'、'.join(words)}”写得不对：{error}。") from error
