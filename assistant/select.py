"""Query → the sentences and items that answer it, or none: here it is decided to refuse.

Things set side by side (诫勉和降职, 区委书记和区长) and the parts of a question are looked for each
by itself where that tells more than the question as a whole; `in_place` finds what answers one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.askings import Asking, askings
from assistant.candidates import Finder, asked_of
from assistant.each import One, are_joined, of_each, of_things
from assistant.evidence import Evidence, Group, Selection
from assistant.in_place import DOUBTFUL, find
from assistant.library import Library
from assistant.parallel import with_parallels
from assistant.query import Ask, Query
from assistant.sentences import TRUSTED, VERY_SURE
from assistant.settling import as_found, settled
from assistant.validity import about_documents

#: From this on what answers a part of a question is shown beside the answer to the whole.
_SURE_PART = 0.7
#: A part of a question must have a word of this weight to be looked for by itself.
_SAYS = 0.3


def select(query: Query, library: Library, further: Sequence[str] = ()) -> Selection:
    """The evidence for *query* in each of its places.

    Args:
        query: the question.
        library: what the caller may read.
        further: texts that say in other words what is looked for; they only rank what is judged.
    """
    if query.apart:
        library.index.embeddings.read_ahead([asked_of(one) for one in query.apart])
        found = [select(one, library, further) for one in query.apart]
        return with_parallels(query, _side_by_side(found), library)
    each = of_each(query)
    things = [] if each else of_things(query)
    parts = askings(query)
    known = bool(parts) and _was_asked_before(query, library)
    asked_apart = [part.query for part in parts] if known else []
    several = [*(one.query for one in (*each, *things)), *asked_apart]
    if several:
        library.index.embeddings.read_ahead([asked_of(one) for one in (*several, query)])
    if each:
        found = [_about(one, _select_one(one, library)) for one in each]
        answered = [bool(selection.groups) for selection in found]
        if all(answered) or (any(answered) and are_joined(query, each)):
            left = (one.words for one, has in zip(each, answered, strict=True) if not has)
            return replace(_merged(found), unanswered=tuple(left))
    found = _all_trusted(things, library)
    if found and _differ(found):
        return _merged(found)
    apart = [find(one, Finder(one, library)) for one in asked_apart]
    sure = _sure_parts(parts, apart)
    alone = not (each or things or parts)
    finder = Finder(query, library, further)
    whole = find(query, finder, settle=settled if alone else as_found)
    if sure and len(sure) == len(parts) and not _tells_all(whole, parts):
        return _merged(list(sure.values()))
    if query.named_places:
        whole = with_parallels(query, whole, library)
    if not _speaks_of_any(each, whole):
        return replace(whole, groups=())
    return _in_parts(query, whole, parts, apart, library) if parts else whole


def _all_trusted(things: list[One], library: Library) -> list[Selection]:
    """What answers each of *things*; nothing where the scorer is not sure of each."""
    found: list[Selection] = []
    for one in things:
        own = _select_one(one, library)
        if not _is_trusted(own):
            return []
        found.append(own)
    return found


def _side_by_side(found: list[Selection]) -> Selection:
    """What was found in one place after another."""
    return Selection(
        tuple(group for one in found for group in one.groups),
        tuple(scope for one in found for scope in one.silent),
        tuple(provision for one in found for provision in one.nearby)[:3],
        tuple(dict.fromkeys(words for one in found for words in one.unanswered)),
    )


def _is_trusted(found: Selection, least: float = TRUSTED) -> bool:
    """Whether something was found in every place, and the scorer is sure of it."""
    sure = all(group.trust >= least for group in found.groups)
    return sure and bool(found.groups) and not found.silent


def _differ(found: Sequence[Selection]) -> bool:
    """Whether each of *found* says something that none before it says."""
    said: set[Evidence] = set()
    for one in found:
        own = {part for group in one.groups for part in group.evidence}
        if own <= said:
            return False
        said |= own
    return True


def _select_one(one: One, library: Library) -> Selection:
    return find(one.query, Finder(one.query, library), of_post=one.of_post)


def _about(one: One, found: Selection) -> Selection:
    """*found* without what does not name the sanction that it is to be about."""
    kept = tuple(g for g in found.groups if _speaks_of_any([one], replace(found, groups=(g,))))
    return replace(found, groups=kept)


def _speaks_of_any(each: list[One], whole: Selection) -> bool:
    """Whether what was found names one of the sanctions set side by side, where any are."""
    named = [one.named for one in each if one.named is not None]
    said = " ".join(part.unit.text for part in _shown([whole]))
    return not named or not said or any(term.found_in(said) for term in named)


def _in_parts(
    query: Query,
    whole: Selection,
    parts: list[Asking],
    apart: list[Selection],
    library: Library,
) -> Selection:
    """The answer to a question of several parts, with what *whole* leaves out of it.

    A part that the answer to the whole speaks of is answered; any other is looked for by itself,
    and named where nothing is found.

    Args:
        query: the question.
        whole: what was found for all of it.
        parts: the things asked.
        apart: what was found for each of them, where questions were asked before; else empty.
        library: what the caller may read.
    """
    least = _SURE_PART if whole.groups else VERY_SURE
    sure = {
        n: one
        for n, one in _sure_parts(parts, apart).items()
        if _is_trusted(one, least) and _has_words(parts[n]) and not parts[n].is_unheard_of
    }
    found = [whole] if whole.groups else []
    if not _tells_all(whole, parts):
        found += [one for one in sure.values() if _differ([*found, one])]
    places = {group.scope.place for group in whole.groups}
    open_: list[Asking] = []
    for n, part in enumerate(parts):
        if n in sure:
            continue
        stated = about_documents(part.query)
        is_said = not part.asks_for_itself or (whole.groups and part.is_said_in(_shown([whole])))
        if is_said and not stated:
            open_.append(part)
            continue
        own = stated or (apart[n] if apart else find(part.query, Finder(part.query, library)))
        kept = tuple(
            group
            for group in own.groups
            if (stated or part.is_said_in(group.evidence))
            and (query.named_places or not places or group.scope.place in places)
        )
        if kept:
            found.append(replace(own, groups=kept))
        elif part.is_unheard_of or not any(map(_is_likely, own.groups)):
            open_.append(part)
    if not found:
        return whole
    said = _shown(found)
    left = [part.words for part in open_ if not part.is_said_in(said)]
    return replace(_merged(found), unanswered=tuple(left))


def _tells_all(whole: Selection, parts: list[Asking]) -> bool:
    """Whether what answers the whole has every word of each part, and the scorer is sure of it.

    结果反馈给谁、通报给谁: one sentence says both, and 通报给谁 by itself would find another's.
    """
    said = _shown([whole])
    return _is_trusted(whole, _SURE_PART) and all(part.is_told_in(said) for part in parts)


def _sure_parts(parts: list[Asking], apart: list[Selection]) -> dict[int, Selection]:
    """What answers each of *parts* by itself, where the scorer is sure of it, by its number.

    Of a part without words of its own (组织部咋弄) it is a sentence: a list would be of the office.
    """
    return {
        n: one
        for n, one in enumerate(apart)
        if _is_trusted(one) and (_has_words(parts[n]) or len(_shown([one])) == 1)
    }


def _has_words(part: Asking) -> bool:
    """Whether the part says what it is about: a thing, or a post whose duties it asks for."""
    has_post = bool(part.query.bearers) and part.query.asks(Ask.LIST)
    return has_post or any(term.weight >= _SAYS for term in part.own)


def _was_asked_before(query: Query, library: Library) -> bool:
    """Whether questions were asked before about a place that is named."""
    ids = {document.id for scope in query.scopes for document in scope.documents}
    return query.named_places and library.known.has(ids)


def _is_likely(group: Group) -> bool:
    return group.likely is None or group.likely >= DOUBTFUL


def _shown(found: list[Selection]) -> list[Evidence]:
    return [part for one in found for group in one.groups for part in group.evidence]


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
