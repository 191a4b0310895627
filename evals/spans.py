"""Stretches of text as sets of characters, so that overlap can be counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

#: One character of the edition: the document's id and the offset in its text.
Character = tuple[str, int]
Characters = frozenset[Character]
NOTHING: Characters = frozenset()


class Stretch(Protocol):
    """Something that begins and ends in a text."""

    @property
    def start(self) -> int:
        """Offset of the first character."""

    @property
    def end(self) -> int:
        """Offset behind the last character."""


class Text(Protocol):
    """A document as far as spans go: its words, and where its provisions stand in them."""

    @property
    def text(self) -> str:
        """The whole text."""

    @property
    def by_id(self) -> Mapping[str, Stretch]:
        """The provisions by their id."""


def widen(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch from the beginning of the sentence at *start* to the end of that at *end*.

    A sentence ends with its 。 or with its line.

    >>> widen("甲。乙丙。丁", 2, 3)
    (2, 5)
    """
    begin = max(text.rfind("。", 0, start), text.rfind("\n", 0, start)) + 1
    if end > start and text[end - 1] in "。\n":
        return begin, end
    stops = [at for at in (text.find("。", end), text.find("\n", end)) if at >= 0]
    if not stops:
        return begin, len(text)
    stop = min(stops)
    return begin, stop + 1 if text[stop] == "。" else stop


def characters(document: str, text: str, start: int, end: int) -> Characters:
    """The letters, digits and Han characters of a stretch: punctuation and breaks weigh nothing."""
    inside = range(max(start, 0), min(end, len(text)))
    return frozenset((document, at) for at in inside if text[at].isalnum())


def union(sets: Iterable[Characters]) -> Characters:
    """All characters of some sets."""
    return NOTHING.union(*sets)


def pieces(
    document: str, text: str, start: int, end: int, marked: Characters
) -> tuple[tuple[str, bool], ...]:
    """The stretch cut where *marked* begins or ends: ``(words, are they marked)``.

    Punctuation and white space go with what stands before them.
    """
    found: list[tuple[str, bool]] = []
    for at in range(max(start, 0), min(end, len(text))):
        is_marked = (document, at) in marked
        if found and (not text[at].isalnum() or found[-1][1] is is_marked):
            found[-1] = (found[-1][0] + text[at], found[-1][1])
        else:
            found.append((text[at], is_marked))
    return tuple(found)
