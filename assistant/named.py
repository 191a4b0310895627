"""Documents by what they are called: number, title, other names, place."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.models import DocumentSummary
from index.lexical import simplify

_LEAST = 2
_BRACKETS = str.maketrans({**dict.fromkeys("〔［【(（[", "("), **dict.fromkeys("〕］】)）]", ")")})


def matching(documents: Iterable[DocumentSummary], text: str) -> list[DocumentSummary]:
    """The documents in whose names every word of *text* stands; all for an empty text."""
    words = [_plain(word) for word in text.split()]
    return [d for d in documents if all(word in _plain("\n".join(_names(d))) for word in words)]


def called(documents: Iterable[DocumentSummary], text: str) -> list[DocumentSummary]:
    """The documents whose number holds *text*, or a name of which begins with it."""
    typed = _plain(text)
    if len(typed) < _LEAST:
        return []
    return [d for d in documents if typed in _plain(d.number) or _begins(d, typed)]


def _begins(document: DocumentSummary, typed: str) -> bool:
    return any(_plain(n).startswith(typed) for n in (document.title, *document.aliases))


def _names(document: DocumentSummary) -> tuple[str, ...]:
    return (document.number, document.title, document.jurisdiction, *document.aliases)


def _plain(text: str) -> str:
    return re.sub(r"[\s《》]", "", simplify(text).translate(_BRACKETS)).lower()
