"""Questions about the documents themselves: is it in force, since when, which one is a draft.

They are answered from what is known about a document, with the sentence that shows it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

from assistant.evidence import Evidence, Group, Selection
from assistant.query import Ask, Query, Scope
from assistant.standing import sentence_of_standing, verdict
from index.lexical import simplify
from index.provision import Authority, Document, Metadata, Standing

Kind = Callable[[Metadata, date], bool]


def _has(standing: Standing) -> Kind:
    return lambda metadata, day: metadata.standing_on(day) is standing


#: What people call the kinds of document, the most telling first.
_KINDS: tuple[tuple[str, Kind], ...] = (
    ("报道|报纸|新闻|媒体", lambda m, _: m.authority is Authority.PRESS_REPORT),
    ("征求意见|草案|草稿|讨论稿|(?:没|未|没有)生效", _has(Standing.DRAFT)),
    ("过期|失效|到期|作废", _has(Standing.LAPSED)),
    ("废止|取代", _has(Standing.SUPERSEDED)),
    ("现行|有效|生效|管用", lambda m, day: m.binds_on(day)),
)
#: A character within a clause, and one that ends it; questions come with half-width marks.
_IN, _OUT = "[^，。？?,.]", "[，。？?,.]"
#: A word this heavy asks for something, unless it is one of the document's own names.
_TELLING = 0.55


def about_documents(query: Query) -> Selection | None:
    """The evidence on the standing of documents, where nothing else is asked; else None."""
    kind = _which(query.text)
    if kind is not None:
        return _selection(query, lambda document: kind(document.metadata, query.as_of))
    if not query.asks(Ask.STANDING) or query.bare_address or not query.named_places:
        return None
    named = [term.word for term in query.terms if term.weight > _TELLING]
    titles = [_names(d) for scope in query.scopes for d in scope.documents]
    if not named or not all(any(word in title for title in titles) for word in named):
        return None
    return _selection(query, lambda document: all(word in _names(document) for word in named))


def _which(text: str) -> Kind | None:
    """The kind of document that *text* looks for (哪份是草案, 过期的是哪几份), or None."""
    for words, kind in _KINDS:
        asked_last = rf"(?:{words}){_IN}{{0,4}}(?:是|有)哪{_IN}{{0,6}}(?:{_OUT}|$)"
        is_one = rf"哪{_IN}{{0,8}}(?:是|算|属于|已经?|还|没|不再)"
        asked_first = rf"{is_one}{_IN}{{0,8}}(?:{words}){_IN}{{0,3}}(?:{_OUT}|$)"
        if re.search(f"{asked_first}|{asked_last}", text):
            return kind
    return None


def _names(document: Document) -> str:
    return simplify(" ".join((document.metadata.title, *document.metadata.aliases)))


def _selection(query: Query, wanted: Callable[[Document], bool]) -> Selection | None:
    groups, silent = [], []
    for scope in query.scopes:
        evidence = tuple(_evidence(query, scope, wanted))
        if evidence:
            groups.append(Group(scope, evidence, 1.0))
        else:
            silent.append(scope)
    return Selection(tuple(groups), tuple(silent)) if groups else None


def _evidence(query: Query, scope: Scope, wanted: Callable[[Document], bool]) -> Iterator[Evidence]:
    for document in filter(wanted, scope.documents):
        unit = sentence_of_standing(document, query.as_of)
        if unit is not None:
            yield Evidence(unit, verdict=verdict(document.metadata, query.as_of))
