"""What could answer a question in one place: sentences, whole lists, duties in running text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from assistant import known
from assistant.bearers import above
from assistant.evidence import Evidence
from assistant.features import (
    Found,
    Stretch,
    Weighing,
    compare,
    compare_everywhere,
    of_candidate,
    of_question,
)
from assistant.governing import best_lists, duties_in_text, has_list, in_full, opening
from assistant.library import Library
from assistant.listing import is_passage
from assistant.query import Ask, Query, Scope
from assistant.values import wanted
from index.known.questions import Asked
from index.lists import ITEMS
from index.provision import Document, Provision
from index.retriever import DEPTH, Hit, Search
from index.store import Index
from index.units import Unit, clauses, sentences

_DEPTH = 24
#: Of so many of the known questions that are most like it by meaning, and the one by words, so
#: many parts of the answer are candidates too; the first part of a list brings the list.
_LIKEST, _PARTS = 3, 2
#: How far above a hit a list is looked for.
_LISTS_ABOVE = 2
_MOST_LISTS = 16
#: What stands below a heading, without items, is a list of sentences up to this length.
_LONGEST_PASSAGE = 900


@dataclass(frozen=True)
class Candidate:
    """A possible answer and the numbers by which it is judged.

    Args:
        unit: the sentence or clause; None for a list.
        evidence: what would be shown, for a list; empty for a sentence.
        stretch: its words and surroundings.
        found: how the search found it.
        row: the numbers.
    """

    unit: Unit | None
    evidence: tuple[Evidence, ...]
    stretch: Stretch
    found: Found
    row: dict[str, float]


def asked_of(query: Query) -> str:
    """The words that are looked for."""
    return query.core or query.text


class Finder:
    """Hybrid search for one question in one place after another; it is ranked once.

    Args:
        query: the question.
        library: what the caller may read.
        further: texts that say in other words what is looked for; they rank, and judge nothing.
    """

    def __init__(self, query: Query, library: Library, further: Sequence[str] = ()) -> None:
        self._query = query
        self._further = further
        self._index = library.index
        self._library = library
        self._known: dict[str, known.Nearest] = {}

    @property
    def index(self) -> Index:
        """What is searched."""
        return self._index

    @cached_property
    def asked(self) -> str:
        """The words that are looked for."""
        return asked_of(self._query)

    @cached_property
    def search(self) -> Search:
        """The search over all places of the question."""
        query = self._query
        expanded = " ".join(v for term in query.terms for v in term.variants[1:])
        depth = DEPTH * len(query.scopes)
        return Search(self._index, self.asked, self.everywhere, expanded, depth, self._further)

    @cached_property
    def everywhere(self) -> npt.NDArray[np.bool_]:
        """Which chunks are of any of the question's documents, bool [chunks]."""
        ids = {document.id for scope in self._query.scopes for document in scope.documents}
        chunks = self._index.chunks
        return np.fromiter((chunk.document_id in ids for chunk in chunks), bool, len(chunks))

    def weighing(self, query: Query) -> Weighing:
        """The question's tokens by the terms of *query*: its own, or those of a part of it."""
        return Weighing.of(query, self.asked, self.search.reading.spans)

    def inside(self, scope: Scope) -> npt.NDArray[np.bool_]:
        """Which chunks are of the place's documents, bool [chunks]."""
        ids = {document.id for document in scope.documents}
        chunks = self._index.chunks
        return np.fromiter((chunk.document_id in ids for chunk in chunks), bool, len(chunks))

    def hits(self, scope: Scope) -> list[Hit]:
        """The chunks of the place's documents that fit the question best.

        Behind them come those that answered the questions most like it.
        """
        found = self.search.within(self.inside(scope), _DEPTH)
        held = {hit.position for hit in found}
        return [*found, *(self.search.at(n) for n in self._answering(scope) if n not in held)]

    def _answering(self, scope: Scope) -> list[int]:
        near = self.known(scope)
        asked = [one.known for one in (*near.by_meaning[:_LIKEST], *near.by_words[:1])]
        at = (
            self._index.chunk_at(known.document, part[0][0])
            for known in asked
            for part in known.answers[:_PARTS]
        )
        return list(dict.fromkeys(position for position in at if position is not None))

    @cached_property
    def _as_asked(self) -> Asked:
        return self._library.known.read(self.asked, self.search.reading.vector)

    def known(self, scope: Scope) -> known.Nearest:
        """The questions asked of the place's documents before that are most like this one."""
        if scope.place not in self._known:
            ids = [document.id for document in scope.documents]
            asked, before = self._as_asked, self._library.known
            self._known[scope.place] = known.Nearest(
                before.nearest_by_meaning(asked, ids, known.VOTERS),
                before.nearest_by_words(asked, ids, known.VOTERS),
                before.likeliest(asked, ids, known.LIKELIEST),
            )
        return self._known[scope.place]

    def position_of(self, provision: Provision) -> int | None:
        """The position of the provision's first chunk, where it has one."""
        return self._index.first_chunk.get(provision.id)

    def words_from(self, position: int) -> int:
        """Where a chunk's own words begin behind its context."""
        return len(self._index.chunks[position].context) + 1


def candidates(
    query: Query, finder: Finder, within: Sequence[list[Provision]]
) -> list[list[Candidate]]:
    """Everything that might answer, with its numbers, for each of the question's places.

    Args:
        query: the question.
        finder: its search.
        within: for each place the provisions that the question named; empty for all.
    """
    found = [
        list(_in_place(scope, query, finder, named))
        for scope, named in zip(query.scopes, within, strict=True)
    ]
    shared = of_question(query)
    for scope, place in zip(query.scopes, found, strict=True):
        asked = known.numbers(finder.known(scope), [(one.unit, one.evidence) for one in place])
        for one, row in zip(place, asked, strict=True):
            one.row.update(row)
        compare([candidate.row for candidate in place])
    everywhere = [candidate.row for place in found for candidate in place]
    compare_everywhere(everywhere)
    for row in everywhere:
        row.update(shared)
    return found


def _in_place(
    scope: Scope, query: Query, finder: Finder, within: list[Provision]
) -> Iterator[Candidate]:
    hits = finder.hits(scope)
    best = Best.of(hits)
    weighing = finder.weighing(query)
    documents = {document.id: document for document in scope.documents}
    yield from _sentences(query, finder, weighing, hits, best, documents, within)
    yield from _lists(scope, query, finder, weighing, hits, best, within)


@dataclass(frozen=True)
class Best:
    """The best scores among the hits, by which the others are measured."""

    score: float
    lexical: float

    @classmethod
    def of(cls, hits: list[Hit]) -> Best:
        """The best among *hits*; 1 where there is none."""
        return cls(
            max((hit.score for hit in hits), default=1.0),
            max((hit.lexical for hit in hits), default=0.0) or 1.0,
        )

    def found(self, hit: Hit, finder: Finder, start: int, end: int) -> Found:
        """How *hit* found the stretch [start, end) of its chunk's words."""
        words_from = len(hit.chunk.context) + 1
        return Found(
            hit.position,
            finder.search.matches([hit.position])[0],
            words_from + start,
            words_from + end,
            words_from,
            hit.score / self.score,
            hit.similarity or 0.0,
            hit.lexical / self.lexical,
        )


# --- sentences


def _sentences(
    query: Query,
    finder: Finder,
    weighing: Weighing,
    hits: list[Hit],
    best: Best,
    documents: dict[str, Document],
    within: list[Provision],
) -> Iterator[Candidate]:
    seen: set[tuple[str, int]] = set()
    for hit in hits:
        document = documents[hit.chunk.document_id]
        provision = document.by_id[hit.chunk.provision_id]
        if not is_within(document, provision, within):
            continue
        words_above = above(document, provision)
        lead = lead_of_item(provision, document)
        for unit in _units_in(provision, hit):
            if (provision.id, unit.start) in seen:
                continue
            seen.add((provision.id, unit.start))
            stretch = Stretch(provision, unit.text, lead, words_above)
            start = max(unit.start - hit.chunk.start, 0)
            found = best.found(hit, finder, start, unit.end - hit.chunk.start)
            row = of_candidate(query, stretch, found, weighing)
            yield Candidate(unit, (), stretch, found, row)


def _units_in(provision: Provision, hit: Hit) -> Iterator[Unit]:
    for sentence in sentences(provision):
        only_heads = not provision.is_leaf and not re.search("[。；：]", sentence.text)
        if not only_heads and sentence.start < hit.chunk.end and sentence.end > hit.chunk.start:
            yield from clauses(sentence)


def lead_of_item(provision: Provision, document: Document) -> str:
    """The words that open the list an item is in: they hold what all its items share."""
    if provision.level not in ITEMS or provision.parent is None:
        return ""
    lead = document.by_id[provision.parent].lead
    return lead if lead.endswith("：") else ""


def is_within(document: Document, provision: Provision, within: Iterable[Provision]) -> bool:
    """Whether the provision lies in one of those named, where any are named."""
    named = list(within)
    return not named or any(w in (provision, *document.above(provision)) for w in named)


# --- lists


def _lists(
    scope: Scope,
    query: Query,
    finder: Finder,
    weighing: Weighing,
    hits: list[Hit],
    best: Best,
    within: list[Provision],
) -> Iterator[Candidate]:
    hit_of = {}
    for hit in reversed(hits):
        hit_of[hit.chunk.provision_id] = hit
    asked = bool(finder.known(scope).by_meaning)
    for document, provision in _list_provisions(scope, query, hits, within, passages=asked):
        stretch = Stretch(
            provision,
            f"{provision.heading} {opening(document, provision)}".strip(),
            "",
            above(document, provision)[1:],
            is_list=True,
        )
        found = found_list(provision, hit_of.get(provision.id), finder, best)
        row = of_candidate(query, stretch, found, weighing)
        yield Candidate(None, tuple(in_full(document, provision)), stretch, found, row)
    if query.bearers and wanted(query.kinds) is None:
        yield from _in_text(scope, query, finder, weighing, hit_of, best)


def _list_provisions(
    scope: Scope, query: Query, hits: list[Hit], within: list[Provision], *, passages: bool
) -> list[tuple[Document, Provision]]:
    """The lists that may be meant.

    Args:
        scope, query, hits, within: as for `_lists`.
        passages: whether what stands below a heading without items is one; the trees for places
            of which nothing has been asked have never seen such.
    """
    documents = {document.id: document for document in scope.documents}
    found: dict[str, tuple[Document, Provision]] = {}
    if query.asks(Ask.LIST) or query.bearers:
        for document, provision in best_lists(scope, query, within):
            found[provision.id] = document, provision
    for hit in hits:
        document = documents[hit.chunk.document_id]
        provision = document.by_id[hit.chunk.provision_id]
        for node in (provision, *list(document.above(provision))[:_LISTS_ABOVE]):
            is_list = has_list(document, node) or (
                passages and is_passage(document, node, _LONGEST_PASSAGE)
            )
            if is_list and is_within(document, node, within) and len(found) < _MOST_LISTS:
                found.setdefault(node.id, (document, node))
    return list(found.values())


def found_list(provision: Provision, hit: Hit | None, finder: Finder, best: Best) -> Found:
    """How the search found a list: by its first chunk where it is none of the hits."""
    if hit is not None:
        return best.found(hit, finder, 0, max(len(provision.lead), 1))
    position = finder.position_of(provision)
    if position is None:
        return Found()
    words_from = finder.words_from(position)
    end = words_from + max(len(provision.lead), 1)
    return Found(position, finder.search.matches([position])[0], words_from, end, words_from)


def _in_text(
    scope: Scope,
    query: Query,
    finder: Finder,
    weighing: Weighing,
    hit_of: dict[str, Hit],
    best: Best,
) -> Iterator[Candidate]:
    for wider in (False, True):
        group = duties_in_text(scope, query, wider=wider)
        if group is None:
            continue
        provision = group.evidence[0].unit.provision
        document = next(d for d in scope.documents if d.id == provision.document_id)
        text = f"{provision.heading} {group.evidence[0].unit.text}".strip()
        stretch = Stretch(provision, text, "", above(document, provision)[1:], is_list=True)
        found = found_list(provision, hit_of.get(provision.id), finder, best)
        row = of_candidate(query, stretch, found, weighing)
        row["fit"] = group.score
        yield Candidate(None, group.evidence, stretch, found, row)
        return
