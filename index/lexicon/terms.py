"""Sanctions, words for time, set phrases, and everyday words: what they mean in regulations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from index.lexicon.loading import LexiconError, check_choice, check_unique, read_entries, read_yaml
from index.lexicon.matching import PhraseTable
from index.lexicon.script import for_matching
from index.numerals import CHINESE_DIGITS

T = TypeVar("T")
SANCTION_KINDS = (
    "accountability", "discipline", "supervision", "veto", "administrative", "criminal", "reward",
)  # fmt: skip
TIME_KINDS = ("frequency", "duration", "deadline", "asks")
ASKED_FOR = ("frequency", "duration", "count", "date", "deadline", "rank")


@dataclass(frozen=True)
class Sanction:
    """A kind of sanction, of measure before one, or of reward.

    Args:
        id: stable English name.
        name: as regulations write it.
        kind: one of `SANCTION_KINDS`.
        other_words: what people say for it.
        english: its names in English.
        part_of: id of the wider kind, or empty.
    """

    id: str
    name: str
    kind: str
    other_words: tuple[str, ...] = ()
    english: tuple[str, ...] = ()
    part_of: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """All that a text may call it."""
        return (self.name, *self.other_words, *self.english)


@dataclass(frozen=True)
class TimeWord:
    """A word for a frequency, a duration or a date, or one that asks for it.

    Args:
        id: stable English name.
        name: as regulations write it.
        kind: one of `TIME_KINDS`.
        other_words: other ways to write or say it.
        per_year: of a frequency: times a year.
        months: of a unit of duration: its months.
        days: of a unit of duration: its days.
        asks_for: of a question word: one of `ASKED_FOR`.
    """

    id: str
    name: str
    kind: str
    other_words: tuple[str, ...] = ()
    per_year: int | None = None
    months: int | None = None
    days: int | None = None
    asks_for: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """All that a text may call it."""
        return (self.name, *self.other_words)


@dataclass(frozen=True)
class Abbreviation:
    """A set phrase (三个必须) and what it stands for.

    Args:
        name: as regulations write it.
        means: its long forms; texts differ.
        spellings: other ways to write it.
        parts: its members one by one.
    """

    name: str
    means: tuple[str, ...]
    spellings: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """All that a text may call it."""
        return (self.name, *self.spellings)


@dataclass(frozen=True)
class Synonym:
    """Everyday words and the words of regulations to search for beside them."""

    say: tuple[str, ...]
    write: tuple[str, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """All that a text may call it."""
        return self.say


@dataclass(frozen=True)
class TermMention(Generic[T]):
    """A term that a text names by `words`, at ``text[start:end]``."""

    term: T
    start: int
    end: int
    words: str


class Terms(Generic[T]):
    """Terms of one kind, and the places of a text that name them.

    Args:
        entries: each term with the words for it.
        counted: whether words of one character count only after a number (2年, not 天气).
    """

    def __init__(
        self, entries: Iterable[tuple[T, tuple[str, ...]]], *, counted: bool = False
    ) -> None:
        entries = tuple(entries)
        self._counted = counted
        self.all = tuple(term for term, _ in entries)
        self._table = PhraseTable(
            (for_matching(word), term) for term, words in entries for word in words
        )

    def __iter__(self) -> Iterator[T]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    def find(self, text: str) -> list[TermMention[T]]:
        """The longest words from left to right; one that has several senses gives them all."""
        return [
            TermMention(term, start, end, text[start:end])
            for start, end, terms in self._table.scan(for_matching(text))
            for term in terms
            if not self._counted or end - start > 1 or _number_before(text, start)
        ]


def _number_before(text: str, start: int) -> bool:
    before = text[:start].rstrip()[-1:]
    return before.isdecimal() or (bool(before) and before in CHINESE_DIGITS)


@lru_cache(maxsize=1)
def sanctions() -> Terms[Sanction]:
    """The kinds of sanction and reward.

    Raises:
        LexiconError: the file cannot be used.
    """
    file = "sanctions.yaml"
    entries = read_entries(Sanction, read_yaml(file, ("sanctions",))["sanctions"], file)
    check_unique((entry.id for entry in entries), file)
    ids = {entry.id for entry in entries}
    for entry in entries:
        check_choice(entry.kind, SANCTION_KINDS, "kind", f"{file}（{entry.id}）")
        if entry.part_of and entry.part_of not in ids:
            raise LexiconError(f"词库文件 {file}（{entry.id}）：没有定义“{entry.part_of}”。")
    return Terms((entry, entry.words) for entry in entries)


@lru_cache(maxsize=1)
def time_words() -> Terms[TimeWord]:
    """The words for time.

    Raises:
        LexiconError: the file cannot be used.
    """
    file = "time.yaml"
    entries = read_entries(TimeWord, read_yaml(file, ("time_words",))["time_words"], file)
    check_unique((entry.id for entry in entries), file)
    for entry in entries:
        check_choice(entry.kind, TIME_KINDS, "kind", f"{file}（{entry.id}）")
        if (entry.kind == "asks") != bool(entry.asks_for):
            raise LexiconError(f"词库文件 {file}（{entry.id}）：asks_for 属于 kind: asks 的词。")
        if entry.asks_for:
            check_choice(entry.asks_for, ASKED_FOR, "asks_for", f"{file}（{entry.id}）")
    return Terms(((entry, entry.words) for entry in entries), counted=True)


@lru_cache(maxsize=1)
def abbreviations() -> Terms[Abbreviation]:
    """The set phrases.

    Raises:
        LexiconError: the file cannot be used.
    """
    file = "abbreviations.yaml"
    section = read_yaml(file, ("abbreviations",))["abbreviations"]
    entries = read_entries(Abbreviation, section, file)
    check_unique((entry.name for entry in entries), file)
    return Terms((entry, entry.words) for entry in entries)


@lru_cache(maxsize=1)
def synonyms() -> Terms[Synonym]:
    """The everyday words.

    Raises:
        LexiconError: the file cannot be used.
    """
    file = "synonyms.yaml"
    entries = read_entries(Synonym, read_yaml(file, ("synonyms",))["synonyms"], file)
    return Terms((entry, entry.words) for entry in entries)


def search_words(text: str) -> list[str]:
    """The words of regulations to search for beside those of `text`, each once, in its order.

    >>> search_words("瞒着不报会怎样")
    ['瞒报', '隐瞒不报', '谎报', '问责', '责任追究', '处分', '追究']
    """
    found: dict[int, list[str]] = {}
    for mention in synonyms().find(text):
        found.setdefault(mention.start, []).extend(mention.term.write)
    for abbreviation in abbreviations().find(text):
        means = (abbreviation.term.name, *abbreviation.term.means)
        found.setdefault(abbreviation.start, []).extend(means)
    return list(dict.fromkeys(word for start in sorted(found) for word in found[start]))
