"""Whether what several places say agrees, as far as the values that were asked for tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum

from assistant.query import Ask
from assistant.values import values, wanted

_BESIDE_THE_VALUE = re.compile("^(?:不少于|不低于|至少)|(?:以内|之内|内)$")


class Agreement(StrEnum):
    """How the rules of several places compare."""

    SAME = "same"
    DIFFERENT = "different"
    OPEN = "open"

    @property
    def words(self) -> str:
        """What is said behind the names of the places."""
        return _WORDS[self]


_WORDS = {
    Agreement.SAME: "在所问的这一点上一致",
    Agreement.DIFFERENT: "在所问的这一点上不同",
    Agreement.OPEN: "的文件都有规定",
}


def agreement(kinds: tuple[Ask, ...], said: Sequence[Iterable[str]]) -> Agreement:
    """How the places compare; open where no values were asked for, or they only overlap.

    Args:
        kinds: what is asked for.
        said: for each place the words that answer.
    """
    found = [_values(kinds, words) for words in said]
    if all(found) and len(set(found)) == 1:
        return Agreement.SAME
    if all(found) and not frozenset.intersection(*found):
        return Agreement.DIFFERENT
    return Agreement.OPEN


def _values(kinds: tuple[Ask, ...], said: Iterable[str]) -> frozenset[str]:
    """The values of the type asked for, bare of 不少于 and the like: 至少1次 is 1次."""
    kind = wanted(kinds)
    if kind is None:
        return frozenset()
    found = (value for words in said for value in values(kind, words))
    return frozenset(_BESIDE_THE_VALUE.sub("", value) for value in found)
