"""What may be looked for: provisions with the numbers by which they are put in order.

The search brings them; `lookup.json` holds the trees that weigh their numbers, as
``python -m evals.training.lookup`` made them. The rules of `governing` and `definitions` are not
asked: where they are wrong, the items of one wrong list take all the first places.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.bearers import above
from assistant.candidates import Best, Finder, found_list, lead_of_item
from assistant.features import (
    Found,
    Stretch,
    Weighing,
    compare,
    compare_everywhere,
    of_candidate,
    of_question,
)
from assistant.governing import opening
from assistant.library import Library
from assistant.query import Query
from assistant.scorer import Scorer
from index.lexical import tokens
from index.provision import Provision
from index.retriever import Hit

SHIPPED = Path(__file__).with_name("lookup.json")
#: How many chunks are weighed, over all places and of each of several.
DEPTH, _DEPTH_EACH = 20, 8
#: What a provision is worth of which all words stand in one that is shown before it.
_SHOWN_BEFORE = 0.3


@dataclass(frozen=True)
class Contender:
    """A provision that may be looked for, and the best of its chunks that were found."""

    provision: Provision
    hit: Hit


def contenders(
    query: Query, finder: Finder, library: Library, depth: int = DEPTH
) -> list[Contender]:
    """All that may be looked for, what the search found best first.

    Args:
        query, finder, library: the question, its search, what the caller may read.
        depth: how many chunks the search brings, over all places.
    """
    hits: dict[str, Hit] = {}
    for hit in _hits(query, finder, depth):
        hits.setdefault(hit.chunk.provision_id, hit)
    return [Contender(library.provision(one), hit) for one, hit in hits.items()]


def _hits(query: Query, finder: Finder, depth: int) -> Iterator[Hit]:
    yield from finder.search.within(finder.everywhere, depth)
    if query.named_places and len(query.scopes) > 1:
        for scope in query.scopes:
            yield from finder.search.within(finder.inside(scope), _DEPTH_EACH)


def rows(
    query: Query, finder: Finder, library: Library, found: Sequence[Contender]
) -> list[dict[str, float]]:
    """The numbers of each contender, in the same order."""
    best = Best.of([one.hit for one in found])
    weighing = finder.weighing(query)
    table = [_row(one, query, finder, library, best, weighing) for one in found]
    compare(table)
    compare_everywhere(table)
    shared = of_question(query)
    by_id = {one.provision.id: row for one, row in zip(found, table, strict=True)}
    for one, row in zip(found, table, strict=True):
        row.update(shared | _kin(one.provision, by_id))
    return table


def _row(
    one: Contender,
    query: Query,
    finder: Finder,
    library: Library,
    best: Best,
    weighing: Weighing,
) -> dict[str, float]:
    provision, chunk = one.provision, one.hit.chunk
    document = library.document(provision.document_id)
    text, words_above = chunk.text, above(document, provision)
    if not provision.is_leaf:
        text = f"{provision.heading} {opening(document, provision)}".strip()
        words_above = words_above[1:] if provision.heading else words_above
    lead = lead_of_item(provision, document)
    stretch = Stretch(provision, text, lead, words_above, is_list=not provision.is_leaf)
    row = of_candidate(query, stretch, _found(one, finder, best), weighing)
    asked = set(tokens(finder.asked))
    own, whole = set(tokens(f"{provision.heading} {provision.lead}")), set(tokens(provision.text))
    row["said_here"] = len(asked & own) / max(len(asked), 1)
    row["said_below"] = len(asked & whole) / max(len(asked), 1)
    row["late"] = one.hit.late
    return row


def _found(one: Contender, finder: Finder, best: Best) -> Found:
    if one.provision.is_leaf:
        return best.found(one.hit, finder, 0, len(one.hit.chunk.text))
    return found_list(one.provision, one.hit, finder, best)


def _kin(provision: Provision, by_id: Mapping[str, dict[str, float]]) -> dict[str, float]:
    """What is right above and right below *provision* among the contenders."""
    parent = by_id.get(provision.parent or "")
    below = [by_id[child] for child in provision.children if child in by_id]
    return {
        "parent_found": parent["found"] if parent else 0.0,
        "parent_soft": parent["soft_around"] if parent else 0.0,
        "below": float(len(below)),
        "below_found": max((row["found"] for row in below), default=0.0),
        "below_soft": max((row["soft_around"] for row in below), default=0.0),
    }


def likeliest(
    query: Query, finder: Finder, library: Library, most: int
) -> list[tuple[Provision, float]]:
    """The *most* likely to be what is looked for, best first, each with what it is worth, 0 to 1.

    That is its probability; less for a provision that lies in one before it, which shows its
    words already.
    """
    found = contenders(query, finder, library, max(DEPTH, most))
    scores = Scorer.load(SHIPPED).probabilities(rows(query, finder, library, found))
    return ranked([one.provision for one in found], scores.tolist(), most)


def ranked(
    provisions: Sequence[Provision], scores: Sequence[float], most: int
) -> list[tuple[Provision, float]]:
    """The *most* best provisions, best first, the words of each shown once if others will do."""
    left = list(zip(provisions, scores, strict=True))
    first: list[tuple[Provision, float]] = []
    while left and len(first) < most:
        best = max(left, key=lambda pair: pair[1])
        first.append(best)
        left = [
            (other, score * _SHOWN_BEFORE if _lies_in(other, best[0]) else score)
            for other, score in left
            if other is not best[0]
        ]
    return first


def _lies_in(provision: Provision, other: Provision) -> bool:
    same = provision.document_id == other.document_id
    return same and other.start <= provision.start and provision.end <= other.end
