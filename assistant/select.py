"""Query → the sentences and items that answer it, or none: here it is decided to refuse.

Ways that lead to an answer, tried in this order: a provision named by its address; whether the
document binds; the list that governs what is asked (an office's duties, the cases of a rule);
the sentence that says it. A candidate must cover the question's words, rare words above all; a
question for a period, a frequency, a sum or a date must find one, and a question about a sanction
must find that sanction. What no candidate covers is refused.
"""

from __future__ import annotations

from dataclasses import replace

from assistant.asked import (
    asks_for_list,
    of_list,
    wants_counted,
    wants_headings,
    wants_number,
    wants_value_each,
)
from assistant.candidates import Candidate, Finder, candidates
from assistant.definitions import definition, manners
from assistant.each import of_each
from assistant.evidence import Evidence, Group, Selection
from assistant.governing import in_full, list_answer, wants_headed
from assistant.library import Library
from assistant.locate import resolve_in_question
from assistant.numbered import joined, numbered_item
from assistant.query import Ask, Query, Scope
from assistant.sentences import answer_in_sentences
from assistant.standing import sentence_of_standing, verdict
from assistant.together import answered_together
from index.address import Address
from index.provision import Document, Provision

#: How much worse than the best place's answer another place's may be where none was named.
_PLACES_ALIKE = 0.2
#: From this score of a sentence on a place's answer is shown whatever the best place's.
_LIKELY_ITSELF = 0.5
#: How much better a sentence must cover the question than a list does, to be shown instead.
_SENTENCE_BEATS_LIST = 0.15


def select(query: Query, library: Library) -> Selection:
    """The evidence for *query* in each of its places."""
    finder = Finder(query, library)
    each = [_select(one, finder) for one in of_each(query)]
    if each and all(selection.groups for selection in each):
        return _merged(each)
    return _select(query, finder)


def _select(query: Query, finder: Finder) -> Selection:
    groups, silent, nearby = [], [], []
    found = _candidates(query, finder)
    for scope in query.scopes:
        group, near = _select_in(scope, query, found.get(scope.place, []))
        if group is None:
            silent.append(scope)
            nearby.extend(near)
        else:
            groups.append(group)
    return Selection(_worthy(groups, query), tuple(silent), tuple(nearby[:3]))


def _merged(each: list[Selection]) -> Selection:
    """What was found for each thing asked about, together, place by place."""
    by_place: dict[str, Group] = {}
    for group in (group for selection in each for group in selection.groups):
        before = by_place.get(group.scope.place)
        known = before.evidence if before else ()
        evidence = tuple(dict.fromkeys((*known, *group.evidence)))
        by_place[group.scope.place] = Group(group.scope, evidence, group.score)
    silent = {scope.place: scope for selection in each for scope in selection.silent}
    left = tuple(scope for place, scope in silent.items() if place not in by_place)
    return Selection(tuple(by_place.values()), left)


def _candidates(query: Query, finder: Finder) -> dict[str, list[Candidate]]:
    """What might answer, by place; nothing is looked for where an address says it all."""
    if query.bare_address:
        return {}
    within = [addressed(scope, query) for scope in query.scopes]
    found = candidates(query, finder, within)
    return {scope.place: place for scope, place in zip(query.scopes, found, strict=True)}


def _worthy(groups: list[Group], query: Query) -> tuple[Group, ...]:
    """The places shown: all that were named; of unnamed ones those that answer as well."""
    if query.named_places or not groups:
        return tuple(groups)
    best = max(group.score for group in groups)
    return tuple(
        group
        for group in groups
        if group.score >= best - _PLACES_ALIKE
        or (group.likely is not None and group.score >= _LIKELY_ITSELF)
    )


def _select_in(
    scope: Scope, query: Query, found: list[Candidate]
) -> tuple[Group | None, list[Provision]]:
    within = addressed(scope, query)
    if query.bare_address:
        return _in_full(scope, within or numbered_item(scope, query)), []
    if query.asks(Ask.STANDING) and not _asks_more(query):
        return _standing(scope, query), []
    stated = definition(scope, query) or manners(scope, query)
    if stated is not None:
        return stated, []
    sentence, nearby = answer_in_sentences(scope, query, found)
    listed = list_answer(scope, query, within) if _wants_list(query) else None
    if listed is not None and (
        sentence is None or listed.score >= sentence.score - _SENTENCE_BEATS_LIST
    ):
        return listed, []
    if listed is None and _asks_duties_only(query):
        return None, nearby  # what the text says of others in passing is no list of duties
    several = answered_together(scope, query)
    if several is not None and (
        sentence is None or several.score >= sentence.score - _SENTENCE_BEATS_LIST
    ):
        return several, []
    return sentence, nearby


# --- by address


def addressed(scope: Scope, query: Query) -> list[Provision]:
    together = [joined(document, query.addresses) for document in scope.documents]
    if any(together):
        return [provision for provision in together if provision is not None]
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
    if query.asks(Ask.LIST) and of_list(query).bearers:
        return True  # 征求意见稿要求党工委落实哪些责任
    return any(term.weight > 0.55 for term in query.terms)


# --- lists


def _wants_list(query: Query) -> bool:
    if not asks_for_list(query):
        return wants_value_each(query)
    asks_one_thing = query.asks(Ask.BODY, Ask.YES_NO, Ask.DEFINITION, Ask.WHEN)
    duties = bool(query.bearers) and not of_list(query).terms and not asks_one_thing
    named = wants_headings(query) or wants_number(query) or wants_counted(query)
    return query.asks(Ask.LIST) or duties or named or wants_headed(query)


def _asks_duties_only(query: Query) -> bool:
    """Whether a post's duties are asked for and nothing else."""
    asked = of_list(query)
    others = query.asks(Ask.BODY, Ask.YES_NO, Ask.DEFINITION, Ask.WHEN, Ask.TEXT)
    return query.asks(Ask.LIST) and bool(asked.bearers) and not asked.terms and not others
