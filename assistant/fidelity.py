"""Whether a sentence that a language model wrote says nothing but what its quotations say."""

from __future__ import annotations

from collections.abc import Sequence

_GLUE = frozenset("，。；：、的了")


def faithful(text: str, quotes: Sequence[str], asked: str = "") -> bool:
    """Whether every character of *text* stands in *quotes*, is asked, or only joins."""
    return set(text) <= set("".join(quotes)) | set(asked) | _GLUE
