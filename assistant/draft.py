"""A composed answer before it is verified."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from index.provision import Provision


@dataclass(frozen=True)
class Quote:
    """A stretch of a provision that a statement leans on: ``provision.text[start:end]``."""

    provision: Provision
    start: int
    end: int
    words: str


@dataclass(frozen=True)
class DraftStatement:
    """A sentence and what it leans on.

    Args:
        text: the sentence as it will be shown, without its numbers.
        quotes: the stretches that carry it; none means that it will be dropped.
        prefix: what stands before it on its line (the item's label), no part of the claim.
    """

    text: str
    quotes: tuple[Quote, ...]
    prefix: str = ""


@dataclass(frozen=True)
class DraftGroup:
    """The statements for one place.

    Args:
        heading: the place's name where several places are answered, else empty.
        statements: in the order shown; read once where a model is still writing them.
    """

    heading: str
    statements: Iterable[DraftStatement]


@dataclass(frozen=True)
class Draft:
    """A whole answer before verification.

    Args:
        opening: one line before the places, on how they compare; empty for one place.
        groups: place by place.
        notices: what is said before the substance: drafts, lapsed plans.
        gaps: what is said behind it: which parts of the question are not covered.
        in_table: whether the places are laid side by side, one a row.
        silent: the places asked about whose documents do not say it; shown in a table.
    """

    opening: str
    groups: tuple[DraftGroup, ...]
    notices: tuple[str, ...]
    gaps: tuple[str, ...] = ()
    in_table: bool = False
    silent: tuple[str, ...] = ()
