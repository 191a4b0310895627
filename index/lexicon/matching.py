"""A table of phrases, searched for the longest one at each place of a text, left to right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class PhraseTable(Generic[T]):
    """Phrases and what they stand for; one phrase may stand for several things.

    >>> table = PhraseTable([("区长", "principal"), ("副区长", "deputy")])
    >>> table.scan("问副区长")
    [(1, 4, ('deputy',))]
    """

    def __init__(self, pairs: Iterable[tuple[str, T]]) -> None:
        self._values: dict[str, tuple[T, ...]] = {}
        for phrase, value in pairs:
            values = self._values.setdefault(phrase, ())
            if value not in values:
                self._values[phrase] = (*values, value)
        self._lengths = _lengths_by_first(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, phrase: str) -> bool:
        return phrase in self._values

    def get(self, phrase: str) -> tuple[T, ...]:
        """What exactly this phrase stands for; empty if it is not in the table."""
        return self._values.get(phrase, ())

    def at(self, text: str, start: int) -> Iterator[tuple[int, tuple[T, ...]]]:
        """Every phrase that begins at `start`, longest first: its end and what it stands for."""
        for length in self._lengths.get(text[start], ()):
            end = start + length
            values = self._values.get(text[start:end])
            if values is not None and len(text) >= end and _whole_words(text, start, end):
                yield end, values

    def scan(self, text: str) -> list[tuple[int, int, tuple[T, ...]]]:
        """The longest phrases of `text` from left to right, none overlapping another."""
        found, position = [], 0
        while position < len(text):
            hit = next(self.at(text, position), None)
            if hit is None:
                position += 1
                continue
            end, values = hit
            found.append((position, end, values))
            position = end
        return found


def _lengths_by_first(phrases: Iterable[str]) -> dict[str, tuple[int, ...]]:
    lengths: dict[str, set[int]] = {}
    for phrase in phrases:
        lengths.setdefault(phrase[0], set()).add(len(phrase))
    return {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}


def _whole_words(text: str, start: int, end: int) -> bool:
    """Whether no Latin word is cut: "mayor" is not in "mayoral"."""
    return not (_joined(text, start) or _joined(text, end))


def _joined(text: str, at: int) -> bool:
    return 0 < at < len(text) and _latin(text[at - 1]) and _latin(text[at])


def _latin(character: str) -> bool:
    return character.isascii() and character.isalpha()
