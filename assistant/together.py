"""Several sentences of one article that answer a question of several parts together.

申诉怎么走，期间停不停 is answered by two sentences of one article; none covers the question alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.asked import of_list, parts_of, without_speech
from assistant.evidence import Evidence, Group
from assistant.query import Query, Scope
from assistant.terms import Term, coverage, shares_wording
from index.address import Level
from index.provision import Document, Provision
from index.units import Unit, sentences

#: Least share of the question's weight that the sentences must cover together.
TOGETHER_NEEDED = 0.70
#: Least share of one part of the question that its sentence must cover.
PART_NEEDED = 0.30
_WORDING_BONUS = 0.05
_BLOCKS = frozenset({Level.ARTICLE, Level.DIVISION, Level.POINT, Level.PARAGRAPH, Level.HEADING})


@dataclass(frozen=True)
class _Part:
    """A part of a question: its words, and the terms in them."""

    words: str
    terms: tuple[Term, ...]


def answered_together(scope: Scope, query: Query) -> Group | None:
    """The sentences of the one article that answer all parts of the question, or None.

    Args:
        scope: the place.
        query: the question.
    """
    query = without_speech(of_list(query), scope.documents)
    parts = [_Part(words, found) for words in parts_of(query) if (found := _terms(query, words))]
    if len(parts) < 2:
        return None
    best: tuple[float, list[Unit]] | None = None
    for document in scope.documents:
        for units in _blocks(document):
            covered, chosen = _chosen(query, parts, units)
            if len(chosen) > 1 and covered >= TOGETHER_NEEDED and (not best or covered > best[0]):
                best = covered, chosen
    if best is None:
        return None
    ordered = sorted(best[1], key=lambda u: u.provision.start + u.start)
    return Group(scope, tuple(map(Evidence, ordered)), best[0])


def _terms(query: Query, words: str) -> tuple[Term, ...]:
    return tuple(term for term in query.terms if term.word in words.lower())


def _blocks(document: Document) -> Iterator[list[Unit]]:
    """The sentences of each article without items, and of each paragraph that stands alone."""
    for provision in document.provisions:
        if provision.level not in _BLOCKS:
            continue
        below = [document.by_id[child] for child in provision.children]
        if provision.level is Level.PARAGRAPH and _in_article(document, provision):
            continue
        if all(child.level is Level.PARAGRAPH for child in below):
            yield [unit for node in (provision, *below) for unit in sentences(node)]


def _in_article(document: Document, provision: Provision) -> bool:
    return any(p.level is Level.ARTICLE for p in document.above(provision))


def _chosen(query: Query, parts: list[_Part], units: list[Unit]) -> tuple[float, list[Unit]]:
    """For each part of the question the sentence that answers it, and what they cover together."""
    chosen: dict[Unit, None] = {}
    for part in parts:
        scored = [
            (coverage(part.terms, u.text) + _WORDING_BONUS * shares_wording(part.words, u.text), -n)
            for n, u in enumerate(units)
        ]
        best, position = max(scored, default=(0.0, 0))
        if best < PART_NEEDED:
            return 0.0, []
        chosen[units[-position]] = None
    said = " ".join(unit.text for unit in chosen)
    return coverage(query.terms, said), list(chosen)
