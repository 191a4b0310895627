"""What a place says in the words of another that was asked about beside it.

Regulations of one matter are written after one another. Where one of the places compared answers
surely in a sentence, the sentence of another that says it in the same words answers for that one,
though the question's own words find it hardly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.candidates import Finder
from assistant.evidence import Evidence, Group, Selection
from assistant.library import Library
from assistant.query import Query, Scope
from assistant.vetoes import has_what_is_asked
from index.lexical import tokens
from index.units import Unit, clauses, sentences

#: From this probability on what was found in one place says what to look for in another.
_SURE = 0.4
#: What says it in the same words may lack a word that no document has; not a sanction.
_LIKELY = 0.49
#: The share of the shorter sentence's character pairs that the other must have.
_ALIKE = 0.45
#: How much better it must be than any other of the place.
_AHEAD = 1.25
#: How many of the provisions nearest to a sentence are looked at.
_DEPTH = 8
#: What has fewer pairs is alike by chance.
_SHORTEST = 15
#: More sentences than these are a list; so many are looked for elsewhere at most.
_FEW = 3


def with_parallels(query: Query, selection: Selection, library: Library) -> Selection:
    """*selection* with the places that say in the same words what others of it say surely.

    A place that was silent, or gave a whole list where the others gave a sentence, may gain one.

    Args:
        query: the question; of it each place has its own where `Query.apart` says so.
        selection: what was found in each place by itself.
        library: what the caller may read.
    """
    models = [part.unit for group in selection.groups if _is_sure(group) for part in group.evidence]
    lists = [group.scope for group in selection.groups if len(group.evidence) > _FEW]
    wanting = (*selection.silent, *lists)
    if not models or not wanting:
        return selection
    finders = [
        Finder(replace(query, core=model.text, terms=(), scopes=wanting), library)
        for model in models[:_FEW]
    ]
    own = {one.scopes[0].place: one for one in query.apart}
    groups = {group.scope.place: group for group in selection.groups}
    for scope in wanting:
        near = dict.fromkeys(unit for finder in finders for unit in _near(finder, scope))
        unit = _parallel(own.get(scope.place, query), scope, list(near), models)
        if unit is not None:
            groups[scope.place] = Group(scope, (Evidence(unit),), _SURE)
    in_order = (groups[scope.place] for scope in query.scopes if scope.place in groups)
    silent = tuple(scope for scope in selection.silent if scope.place not in groups)
    return replace(selection, groups=tuple(in_order), silent=silent)


def _is_sure(group: Group) -> bool:
    return group.likely is not None and group.likely >= _SURE and len(group.evidence) <= _FEW


def _near(finder: Finder, scope: Scope) -> Iterator[Unit]:
    """The sentences of the place's provisions that are nearest to what the finder looks for."""
    documents = {document.id: document for document in scope.documents}
    for hit in finder.hits(scope)[:_DEPTH]:
        provision = documents[hit.chunk.document_id].by_id[hit.chunk.provision_id]
        for sentence in sentences(provision):
            yield from clauses(sentence)


def _parallel(
    query: Query, scope: Scope, near: Sequence[Unit], models: Sequence[Unit]
) -> Unit | None:
    """The sentence of the place that says what one of *models* says, or None."""
    documents = {document.id: document for document in scope.documents}
    alike = sorted(
        (
            (max(_likeness(model.text, unit.text) for model in models), unit)
            for unit in near
            if has_what_is_asked(query, unit, documents[unit.provision.document_id], _LIKELY)
        ),
        key=lambda pair: -pair[0],
    )
    if not alike or alike[0][0] < _ALIKE:
        return None
    is_ahead = len(alike) < 2 or alike[0][0] >= _AHEAD * alike[1][0]
    return alike[0][1] if is_ahead else None


def _likeness(one: str, other: str) -> float:
    """The share of the shorter's character pairs that the longer has, 0 to 1."""
    pairs = sorted((set(tokens(one)), set(tokens(other))), key=len)
    return len(pairs[0] & pairs[1]) / len(pairs[0]) if len(pairs[0]) >= _SHORTEST else 0.0
