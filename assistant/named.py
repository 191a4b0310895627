"""Documents by what they are called: number, title, other names, place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from index.lexical import simplify
from index.provision import Document

_LEAST = 2
_BRACKETS = str.maketrans({**dict.fromkeys("〔［【(（[", "("), **dict.fromkeys("〕］】)）]", ")")})


def matching(documents: Iterable[Document], text: str) -> list[Document]:
    """The documents in whose names every word of *text* stands; all for an empty text."""
    words = [_plain(word) for word in text.split()]
    return [d for d in documents if all(word in _plain("\n".join(_names(d))) for word in words)]


def called(documents: Iterable[Document], text: str) -> list[Document]:
    """The documents whose number holds *text*, or a name of which begins with it."""
    typed = _plain(text)
    if len(typed) < _LEAST:
        return []
    return [d for d in documents if _is_called(d, typed)]


def _is_called(document: Document, typed: str) -> bool:
    known = document.metadata
    if typed in _plain(known.number):
        return True
    return any(_plain(name).startswith(typed) for name in (known.title, *known.aliases))


def _names(document: Document) -> tuple[str, ...]:
    known = document.metadata
    return (known.number, known.title, known.jurisdiction, *known.aliases)


@lru_cache(maxsize=100_000)
def _plain(text: str) -> str:
    return re.sub(r"[\s《》]", "", simplify(text).translate(_BRACKETS)).lower()
