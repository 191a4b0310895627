"""What is learnt from: a question, and what might answer it, told right or wrong."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Candidated:
    """A candidate with what it is worth.

    Args:
        label: 1 right, 0 wrong, -1 neither: passable, or part of the right list.
        position: its chunk in the index; -1 where not known.
        start, end: its words in the chunk's embedded text.
        words_from: where the chunk's own words begin.
        is_list: whether it is a whole list.
        row: its numbers.
        words: its text.
    """

    label: int
    position: int
    start: int
    end: int
    words_from: int
    is_list: bool
    row: dict[str, float]
    words: str


@dataclass(frozen=True)
class Example:
    """A question in one place.

    Args:
        case: the id of its case.
        question: the words that are searched for.
        answered: whether the place's documents answer it.
        candidates: everything that might.
    """

    case: str
    question: str
    answered: bool
    candidates: tuple[Candidated, ...]


def is_of(case: str, part: str) -> bool:
    """Whether a case is, by its id, of the part K of N that ``K/N`` names; of "" none is."""
    number, _, parts = part.partition("/")
    return bool(parts) and int(hashlib.sha256(case.encode()).hexdigest(), 16) % int(parts) == int(
        number
    )
