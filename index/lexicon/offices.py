"""Which posts and organs a text names, and what regulations call them.

    区长 → 政府主要负责人; 分管安全的副区长 → 政府分管安全生产负责人; 一把手 → both principals

The knowledge is data (`offices.yaml`); the longest phrase at a place wins, so that 副书记 is never
read as 书记.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from index.lexicon.loading import (
    LexiconError,
    check_choice,
    check_unique,
    read_entries,
    read_yaml,
    texts,
)
from index.lexicon.matching import PhraseTable
from index.lexicon.script import for_matching

FILE = "offices.yaml"
SIDES = ("party", "government", "both", "department", "group", "enterprise", "public")
#: Said instead of nothing where a placeholder may be left out.
_NOTHING = "∅"
_PLACEHOLDER = re.compile(r"【([^】]+)】")
_BUREAU_ENDINGS = ("局", "厅", "大队", "支队", "总队", "队", "所", "站")
_HEAD_TITLES = tuple(
    link + title
    for link in ("", "的")
    for title in ("主要负责人", "主要领导", "负责人", "一把手", "领导")
)


@dataclass(frozen=True)
class Office:
    """A post or an organ that regulations give duties to.

    Args:
        id: stable English name.
        name: how an answer calls it.
        side: whose it is, one of `SIDES`.
        as_written: what regulations call it, the usual words first.
        as_spoken: what people call it.
        english: its names in English.
        part_of: ids of wider posts, nearest first; their provisions hold where there is no own one.
        has_head: whether it is an organ whose head people name by it (应急局长).
        general: whether it only says that somebody is an official or a department (干部, 单位).
    """

    id: str
    name: str
    side: str
    as_written: tuple[str, ...]
    as_spoken: tuple[str, ...] = ()
    english: tuple[str, ...] = ()
    part_of: tuple[str, ...] = ()
    has_head: bool = False
    general: bool = False


@dataclass(frozen=True)
class OfficeMention:
    """An office that a text names by `words`, at ``text[start:end]``.

    Words that mean several offices (一把手) give one mention for each, with equal places.
    """

    office: Office
    start: int
    end: int
    words: str


_REMEMBERED = 16384


class Offices:
    """All offices; use `load`, which reads the file once."""

    def __init__(
        self,
        offices: Iterable[Office],
        placeholders: Mapping[str, tuple[str, ...]],
        ordinary: Iterable[str],
        not_before: str,
    ) -> None:
        self.all = tuple(_expanded(office, placeholders) for office in offices)
        self._by_id = {office.id: office for office in self.all}
        self._not_before = frozenset(not_before)
        self._check()
        pairs: list[tuple[str, Office | None]] = [(for_matching(word), None) for word in ordinary]
        pairs += [(for_matching(phrase), office) for phrase, office in self._phrases()]
        self._table = PhraseTable(pairs)
        #: Every question reads the same headings and sentences again.
        self._found = lru_cache(maxsize=_REMEMBERED)(self._find)

    @classmethod
    def load(cls) -> Offices:
        """The offices of the shipped file.

        Raises:
            LexiconError: the file is missing or cannot be used.
        """
        return _load()

    def __getitem__(self, id_: str) -> Office:
        return self._by_id[id_]

    def find(self, text: str) -> list[OfficeMention]:
        """The offices that `text` names, from left to right, longest words first."""
        return list(self._found(text))

    def _find(self, text: str) -> tuple[OfficeMention, ...]:
        plain, found, position = for_matching(text), [], 0
        while position < len(plain):
            hit = self._at(plain, position)
            if hit is None:
                position += 1
                continue
            end, offices = hit
            words = text[position:end]
            found += [OfficeMention(office, position, end, words) for office in offices]
            position = end
        return tuple(found)

    def _at(self, plain: str, start: int) -> tuple[int, list[Office]] | None:
        """The longest phrase that begins here; one that is an ordinary word has no offices."""
        for end, values in self._table.at(plain, start):
            if plain[end - 1] == "长" and plain[end : end + 1] in self._not_before:
                continue
            if None in values:
                return end, []
            return end, self._resolved(office for office in values if office is not None)
        return None

    def _resolved(self, offices: Iterable[Office]) -> list[Office]:
        """The offices meant; 党政主要负责人 stands for the two that it is made of."""
        found: dict[str, Office] = {}
        for office in offices:
            parts = office.part_of if office.id == BOTH_PRINCIPALS else (office.id,)
            found.update({part: self._by_id[part] for part in parts})
        return list(found.values())

    def broader(self, office: Office) -> list[Office]:
        """The wider posts that `office` belongs to, nearest first, each once."""
        found: dict[str, Office] = {}
        queue = list(office.part_of)
        while queue:
            id_ = queue.pop(0)
            if id_ not in found and id_ != office.id:
                found[id_] = self._by_id[id_]
                queue += self._by_id[id_].part_of
        return list(found.values())

    def _phrases(self) -> Iterator[tuple[str, Office]]:
        for office in self.all:
            for phrase in (office.name, *office.as_written, *office.as_spoken):
                yield phrase, office
            for phrase in office.english:
                yield phrase, office
                yield _plural(phrase), office
            if office.has_head:
                for phrase in _head_phrases(office):
                    yield phrase, self._by_id[HEAD]
                    yield phrase, office

    def _check(self) -> None:
        check_unique((office.id for office in self.all), FILE)
        for office in self.all:
            check_choice(office.side, SIDES, "side", f"{FILE}（{office.id}）")
            unknown = [id_ for id_ in office.part_of if id_ not in self._by_id]
            if unknown:
                raise LexiconError(
                    f"词库文件 {FILE}（{office.id}）：part_of 里的“{'、'.join(unknown)}”没有定义。"
                )


#: The head of any department, whichever it is.
HEAD = "department_principal"
#: Never mentioned itself: it stands for its parts.
BOTH_PRINCIPALS = "party_government_principals"


def _head_phrases(office: Office) -> Iterator[str]:
    """应急局 → 应急局长, 应急局局长, 应急局负责人, 应急局一把手."""
    for organ in dict.fromkeys((*office.as_written, *office.as_spoken)):
        for title in _HEAD_TITLES:
            yield organ + title
        if organ.endswith(_BUREAU_ENDINGS):
            yield organ + "长"
            yield organ + "的" + organ[-1] + "长"
            yield organ + organ[-1] + "长"
        if organ.endswith(("委", "办", "办公室")):
            yield organ + "主任"


def _plural(phrase: str) -> str:
    """Of the first noun: party secretaries, heads of the organization department."""
    noun, of, rest = phrase.partition(" of ")
    if not of:
        noun, of, rest = phrase.partition(" in charge")
    plural = noun.removesuffix("y") + "ies" if noun.endswith("y") else noun + "s"
    return plural + of + rest


@lru_cache(maxsize=1)
def _load() -> Offices:
    content = read_yaml(FILE, ("placeholders", "ordinary", "not_before", "offices"))
    return Offices(
        read_entries(Office, content["offices"], FILE),
        _read_placeholders(content["placeholders"]),
        texts(content["ordinary"], FILE, "ordinary"),
        str(content["not_before"]),
    )


def _read_placeholders(section: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(section, dict):
        raise LexiconError(f"词库文件 {FILE}：placeholders 应当是“键: 列表”的形式。")
    return {str(name): texts(words, FILE, str(name)) for name, words in section.items()}


def _expanded(office: Office, placeholders: Mapping[str, tuple[str, ...]]) -> Office:
    """The office with every placeholder in its phrases replaced by each of its words."""
    return replace(
        office,
        as_written=tuple(_expand_all(office.as_written, placeholders, office.id)),
        as_spoken=tuple(_expand_all(office.as_spoken, placeholders, office.id)),
    )


def _expand_all(
    phrases: Iterable[str], placeholders: Mapping[str, tuple[str, ...]], where: str
) -> Iterator[str]:
    found = (expanded for phrase in phrases for expanded in _expand(phrase, placeholders, where))
    yield from dict.fromkeys(found)


def _expand(phrase: str, placeholders: Mapping[str, tuple[str, ...]], where: str) -> Iterator[str]:
    """Every phrase that `phrase` stands for.

    Raises:
        LexiconError: it has a placeholder that the file does not define.
    """
    pieces = _PLACEHOLDER.split(phrase)
    unknown = [name for name in pieces[1::2] if name not in placeholders]
    if unknown:
        raise LexiconError(f"词库文件 {FILE}（{where}）：占位符没有定义：{'、'.join(unknown)}。")
    choices = [
        placeholders[piece] if number % 2 else (piece,) for number, piece in enumerate(pieces)
    ]
    for combination in itertools.product(*choices):
        yield "".join(word for word in combination if word != _NOTHING)
