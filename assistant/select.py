"""Query → the sentences and items that answer it, or none: here it is decided to refuse.

Ways that lead to an answer, tried in this order: a provision named by its address; whether the
document binds; the list that governs what is asked (an office's duties, the cases of a rule);
the sentence that says it. A candidate must cover the question's words, rare words above all; a
question for a period, a frequency, a sum or a date must find one, and a question about a sanction
must find that sanction. What no candidate covers is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from assistant.bearers import OPENED, above, fit, says_literally
from assistant.evidence import Evidence, Group, Selection
from assistant.governing import duties_in_text, governing_list, in_full
from assistant.library import Library
from assistant.locate import resolve_in_question
from assistant.query import Ask, Query, Scope
from assistant.standing import sentence_of_standing, verdict
from assistant.terms import coverage, shares_wording
from assistant.units import Unit, clauses, sentences, whole
from assistant.values import holds, is_exact, wanted
from index.address import Address, Level
from index.provision import Document, Provision
from index.retriever import DEPTH, Hit, Search

#: Least share of the question's weight that a sentence, with what stands above it, must cover.
SENTENCE_NEEDED = 0.62
CHECKED_NEEDED = 0.55
#: How much worse than the best another sentence of the same place may score and still be shown.
_ALIKE = 0.02
_MOST_SENTENCES = 8
#: How much worse than the best place's answer another place's may be where none was named.
_PLACES_ALIKE = 0.2
#: How much better a sentence must cover the question than a list does, to be shown instead.
_SENTENCE_BEATS_LIST = 0.15
_LITERAL_BONUS = 0.05
_WORDING_BONUS = 0.1
_DEFINING_BONUS = 0.1
_EXACT_BONUS = 0.05
_OTHER_BEARER = 0.7
_DEFINES = re.compile("是指|以下统称|以下简称|即：|即“|，即")
_DEPTH = 24
_NEARBY_NEEDED = 0.35
_ITEMS = frozenset({Level.ITEM, Level.SUBITEM, Level.POINT, Level.SUBPOINT, Level.DIVISION})
_CASES = re.compile("下列|以下(?:情形|行为|情况)")
_OPENS_LIST = re.compile("(?:以下|下列|如下|具体)[^。]{0,20}")


def select(query: Query, library: Library) -> Selection:
    """The evidence for *query* in each of its places."""
    groups, silent, nearby = [], [], []
    find = _Finder(query, library)
    for scope in query.scopes:
        group, near = _select_in(scope, query, find)
        if group is None:
            silent.append(scope)
            nearby.extend(near)
        else:
            groups.append(group)
    return Selection(_worthy(groups, query), tuple(silent), tuple(nearby[:3]))


def _worthy(groups: list[Group], query: Query) -> tuple[Group, ...]:
    """The places shown: all that were named; of unnamed ones those that answer as well."""
    if query.named_places or not groups:
        return tuple(groups)
    best = max(group.score for group in groups)
    return tuple(group for group in groups if group.score >= best - _PLACES_ALIKE)


def _select_in(scope: Scope, query: Query, find: _Finder) -> tuple[Group | None, list[Provision]]:
    within = _addressed(scope, query)
    if query.bare_address:
        return _in_full(scope, within), []
    if query.asks(Ask.STANDING) and not _asks_more(query):
        return _standing(scope, query), []
    sentence, nearby = _sentences(scope, query, find.hits(scope), within)
    listed = _list(scope, query, within) if _wants_list(query) else None
    if listed is not None and (
        sentence is None or listed.score >= sentence.score - _SENTENCE_BEATS_LIST
    ):
        return listed, []
    return sentence, nearby


# --- by address


def _addressed(scope: Scope, query: Query) -> list[Provision]:
    before = Address.first_words(query.text)
    resolved = [
        resolve_in_question(document, replace(address, document=""), before)
        for document in scope.documents
        for address in query.addresses
    ]
    return [provision for provision in resolved if provision is not None]


def _in_full(scope: Scope, found: list[Provision]) -> Group | None:
    evidence = [
        part for provision in found for part in in_full(_document_of(scope, provision), provision)
    ]
    return Group(scope, tuple(evidence), 1.0) if evidence else None


def _document_of(scope: Scope, provision: Provision) -> Document:
    return next(d for d in scope.documents if d.id == provision.document_id)


# --- standing


def _standing(scope: Scope, query: Query) -> Group | None:
    evidence = [
        Evidence(unit, verdict=verdict(document.metadata, query.as_of))
        for document in scope.documents
        if (unit := sentence_of_standing(document, query.as_of)) is not None
    ]
    return Group(scope, tuple(evidence), 1.0) if evidence else None


def _asks_more(query: Query) -> bool:
    """Whether the question is about more than the document itself."""
    return any(term.weight > 0.55 for term in query.terms)


# --- lists


def _wants_list(query: Query) -> bool:
    if wanted(query.kinds) not in {None, Ask.COUNT}:
        return False
    asks_one_thing = query.asks(Ask.BODY, Ask.YES_NO, Ask.DEFINITION, Ask.WHEN)
    return query.asks(Ask.LIST) or (bool(query.bearers) and not query.terms and not asks_one_thing)


def _list(scope: Scope, query: Query, within: list[Provision]) -> Group | None:
    """The list of the very office asked about, its duties in running text, a wider office's."""
    own = governing_list(scope, query, within, wider=False)
    if not query.bearers or (own is not None and own.score >= OPENED):
        return own
    found = duties_in_text(scope, query, wider=False)
    if found is not None or own is not None:
        return found or own
    others = (
        duties_in_text(scope, query, wider=True),
        governing_list(scope, query, within, wider=True),
    )
    return max((g for g in others if g is not None), key=lambda g: g.score, default=None)


# --- sentences


class _Finder:
    """Hybrid search for one question in one place after another; it is ranked once.

    Args:
        query: the question.
        library: what the caller may read.
    """

    def __init__(self, query: Query, library: Library) -> None:
        self._query = query
        self._index = library.index

    @cached_property
    def _search(self) -> Search:
        query = self._query
        expanded = " ".join(v for term in query.terms for v in term.variants[1:])
        scopes = query.scopes
        allowed = np.logical_or.reduce([self._inside(scope) for scope in scopes])
        depth = DEPTH * len(scopes)
        return Search(self._index, query.core or query.text, allowed, expanded, depth)

    def _inside(self, scope: Scope) -> npt.NDArray[np.bool_]:
        ids = {document.id for document in scope.documents}
        chunks = self._index.chunks
        return np.fromiter((chunk.document_id in ids for chunk in chunks), bool, len(chunks))

    def hits(self, scope: Scope) -> list[Hit]:
        """The chunks of the place's documents that fit the question best."""
        return self._search.within(self._inside(scope), _DEPTH)


def _sentences(
    scope: Scope, query: Query, hits: list[Hit], within: list[Provision]
) -> tuple[Group | None, list[Provision]]:
    scored = sorted(_scored(scope, query, hits, within), key=lambda pair: -pair[0])
    nearby = [unit.provision for _, unit in scored[:1]]
    nearby = nearby if scored and scored[0][0] >= _NEARBY_NEEDED else []
    fitting = [
        (score, unit)
        for score, unit in scored
        if _has_what_is_asked(query, unit, _document_of(scope, unit.provision))
    ]
    if not fitting or fitting[0][0] < _needed(query) or not (query.terms or query.offices):
        return None, nearby
    best = fitting[0][0]
    chosen = [unit for score, unit in fitting if score >= best - _ALIKE][:_MOST_SENTENCES]
    evidence = [e for unit in _in_order(scope, chosen) for e in _standing_alone(scope, query, unit)]
    return Group(scope, tuple(dict.fromkeys(evidence)), min(1.0, best)), []


def _needed(query: Query) -> float:
    """How much a sentence must cover: less where a value or a sanction has to be there as well."""
    checked = wanted(query.kinds) is not None or any(term.decides for term in query.terms)
    return CHECKED_NEEDED if checked else SENTENCE_NEEDED


def _lead_of_item(provision: Provision, document: Document) -> str:
    """The words that open the list an item is in: they hold what all its items share."""
    if provision.level not in _ITEMS or provision.parent is None:
        return ""
    lead = document.by_id[provision.parent].lead
    return lead if lead.endswith("：") else ""


def _has_what_is_asked(query: Query, unit: Unit, document: Document) -> bool:
    """Whether a value of the type asked for is there, and the sanctions asked about.

    For an item the words that open its list count as well (有下列行为之一的，处…罚款：).
    """
    need = wanted(query.kinds)
    led = f"{unit.text} {_lead_of_item(unit.provision, document)}"
    if need is not None and not holds(need, led, query.core):
        return False
    if need is not None and _CASES.search(unit.text) and not unit.provision.is_leaf:
        return False  # what it gives holds for the cases below it: they answer, with it before them
    if not query.terms and query.asks(Ask.BODY) and not says_literally(query, unit.text):
        return False  # 市委书记是谁 asks for a name, which no rule gives
    around = f"{' '.join(unit.provision.heading_path)} {led}"
    return all(term.found_in(around) == 1 for term in query.terms if term.decides)


def _scored(
    scope: Scope, query: Query, hits: list[Hit], within: list[Provision]
) -> Iterator[tuple[float, Unit]]:
    best_rank = max((hit.score for hit in hits), default=1.0)
    # A value about the very thing asked outweighs a bearer that is only the question's subject.
    least = _OTHER_BEARER if query.terms and wanted(query.kinds) is not None else 0.0
    seen: set[tuple[str, int]] = set()
    for hit in hits:
        document = next(d for d in scope.documents if d.id == hit.chunk.document_id)
        provision = document.by_id[hit.chunk.provision_id]
        if within and not any(w in (provision, *document.above(provision)) for w in within):
            continue
        words_above = above(document, provision)
        for unit in _units_in(provision, hit):
            if (provision.id, unit.start) in seen:
                continue
            seen.add((provision.id, unit.start))
            covered = coverage(query.terms, unit.text, " ".join(words_above))
            score = covered * max(fit(query, unit.text, words_above), least)
            score += _LITERAL_BONUS * says_literally(query, unit.text)
            score += _EXACT_BONUS * is_exact(wanted(query.kinds), unit.text)
            score += _DEFINING_BONUS * _defines(query, unit.text)
            score += _WORDING_BONUS * shares_wording(query.core, unit.text)
            yield score + 0.02 * hit.score / best_rank - 0.0001 * len(unit.text), unit


def _defines(query: Query, text: str) -> bool:
    """Whether a definition is asked for and *text* is one."""
    return query.asks(Ask.DEFINITION) and bool(_DEFINES.search(text))


def _units_in(provision: Provision, hit: Hit) -> Iterator[Unit]:
    for sentence in sentences(provision):
        only_heads = not provision.is_leaf and not re.search("[。；：]", sentence.text)
        if not only_heads and sentence.start < hit.chunk.end and sentence.end > hit.chunk.start:
            yield from clauses(sentence)


def _in_order(scope: Scope, units: Iterable[Unit]) -> list[Unit]:
    place = {document.id: n for n, document in enumerate(scope.documents)}
    return sorted(
        units, key=lambda u: (place[u.provision.document_id], u.provision.start + u.start)
    )


def _standing_alone(scope: Scope, query: Query, unit: Unit) -> Iterator[Evidence]:
    """The unit; where it only opens a list, the list with it."""
    provision, document = unit.provision, _document_of(scope, unit.provision)
    opens = unit.text.endswith("：") or _OPENS_LIST.search(unit.text) or query.asks(Ask.LIST)
    if opens and not provision.is_leaf and unit.end >= len(provision.lead):
        yield from in_full(document, provision)
        return
    lead = _lead_of_item(provision, document)
    need = wanted(query.kinds)
    if (
        need is not None
        and lead
        and (_CASES.search(lead) or not holds(need, unit.text, query.core))
    ):
        parent = document.by_id[provision.parent or ""]
        yield Evidence(whole(parent), opens=True)
        yield Evidence(unit, provision.label)
        return
    yield Evidence(unit)
    if opens and provision.level is Level.PARAGRAPH and provision.parent is not None:
        for item in _items_behind(document, provision):
            yield from in_full(document, item)


def _items_behind(document: Document, paragraph: Provision) -> Iterator[Provision]:
    """The items that stand right behind a paragraph and that it opens."""
    siblings = [document.by_id[i] for i in document.by_id[paragraph.parent or ""].children]
    for sibling in siblings[siblings.index(paragraph) + 1 :]:
        if sibling.level is Level.PARAGRAPH:
            if sibling.text.endswith("："):
                continue
            return
        yield sibling
