"""The list that governs a question: an office's duties, the cases of a rule, in full."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.additions import duties_in_common, with_reference
from assistant.asked import (
    asks_for_list,
    counted_so,
    counts_up,
    each_bearer,
    is_keywords,
    number_of_items,
    of_list,
    opened_as_asked,
    opens_cases_only,
    wants_number,
    wants_passage,
    wants_value_each,
    without_speech,
)
from assistant.bearers import ANOTHERS, MENTIONED, OPENED, WIDER, above, fit_of_list
from assistant.duties import duties_in_text
from assistant.evidence import Evidence, Group
from assistant.listing import (
    has_list,
    in_full,
    is_itemised,
    is_passage,
    items_of,
    opening,
)
from assistant.outline import is_made_of_sections, names_of_items, number_stated, wants_names
from assistant.query import Ask, Query, Scope
from assistant.terms import coverage, shares_wording
from assistant.values import holds, wanted
from index.address import Level
from index.provision import Document, Provision
from index.subjects import offices_in

__all__ = [
    "Found",
    "best_list",
    "best_lists",
    "duties_in_text",
    "governing_list",
    "has_list",
    "in_full",
    "list_answer",
    "opening",
]

#: Least share of the question's weight that a list's heading and opening words must cover.
LIST_NEEDED = 0.60
#: Where the list's items must hold the value asked for as well.
_VALUES_NEEDED = 0.45
_MOST_VALUED = 0.5
#: A passage longer than this is about more than its heading says.
_LONGEST_PASSAGE = 600
#: Tells lists apart that cover the question equally.
_WORDING_BONUS, _HEADING_BONUS, _NATURE_BONUS, _COUNT_BONUS = 0.02, 0.06, 0.05, 0.08
_COUNTED_SO = 0.9
#: A list of cases is none of the manners (方式) in which they are dealt with.
_OF_CASES = 0.5
#: What a list is worth that names no bearer at all, where the question has words of its own.
_UNSAID = 0.85
_NO_LISTS = frozenset(
    {Level.BOOK, Level.SUBBOOK, Level.CHAPTER, Level.SECTION, Level.PREFACE, Level.CLOSING}
)
_OPENS = re.compile("下列|以下|如下|：|职责|责任|义务")
_SHARED = re.compile("共同|加上|连同|全部|所有|除了|还有")


@dataclass(frozen=True)
class Found:
    """A list that was found.

    Args:
        rank: by which it is compared with others.
        depth: how deep it lies; of equals the deeper is meant.
        document, provision: where it stands.
        score: the share of the question that it covers.
        suits: how well its bearer suits the office asked about.
    """

    rank: float
    depth: int
    document: Document
    provision: Provision
    score: float
    suits: float


@dataclass(frozen=True)
class _Score:
    """What a list is worth.

    Args:
        value: the share of the question that it covers, times `suits`.
        suits: how well its bearer suits the office asked about.
        rank: `value` with what tells lists apart that cover the question equally.
    """

    value: float
    suits: float
    rank: float


def list_answer(scope: Scope, query: Query, within: list[Provision]) -> Group | None:
    """The whole list that answers, or None.

    Args:
        scope: the place.
        query: the question.
        within: provisions that the question named; empty for all.
    """
    asked, query = query, without_speech(of_list(query), scope.documents)
    if not asks_for_list(query):
        return _with_values(scope, query, within) if wants_value_each(query) else None
    each = each_bearer(query)
    if len(each) < 2:
        found = _of_one(scope, each[0] if each else query, within, wider=True)
    else:
        # how many items there are is said of each post's list by itself
        together = None if wants_number(query) else _named_together(scope, query, within)
        found = together or _of_several(scope, each, within)
    return with_reference(scope, replace(query, core=asked.core), _literally(query, found))


def _literally(query: Query, found: Group | None) -> Group | None:
    """The list, unless a post is set in marks (“综合协调负责人”) that it does not call so."""
    quoted = [m.words for m in query.bearers if re.search(f"[“‘「]{m.words}[”’」]", query.core)]
    said = " ".join(e.unit.text for e in found.evidence) if found is not None else ""
    return found if all(words in said for words in quoted) else None


def _of_one(scope: Scope, query: Query, within: list[Provision], *, wider: bool) -> Group | None:
    """The list of the very office asked about, its duties in running text, a wider office's."""
    best = best_list(scope, query, within, wider=False)
    own = _shown(scope, query, best)
    if not query.bearers or (best is not None and best.suits >= OPENED):
        return own
    found = duties_in_text(scope, query, wider=False)
    if found is not None or own is not None or not wider:
        return found or own
    others = [
        duties_in_text(scope, query, wider=True),
        governing_list(scope, query, within, wider=True),
    ]
    if others[1] is not None and offices_in(others[1].evidence[0].unit.text):
        others.reverse()  # of equals a list headed by the wider post
    return max((g for g in others if g is not None), key=lambda g: g.score, default=None)


def _of_several(scope: Scope, each: list[Query], within: list[Provision]) -> Group | None:
    """What there is for each of the offices, in the order asked; a wider post's for none."""
    own = [g for q in each if (g := _of_one(scope, q, within, wider=False)) is not None]
    if not own:
        wide = [g for q in each if (g := _of_one(scope, q, within, wider=True)) is not None]
        return max(wide, key=lambda g: g.score, default=None)
    evidence = dict.fromkeys(e for group in own for e in group.evidence)
    return Group(scope, tuple(evidence), max(group.score for group in own))


def _named_together(scope: Scope, query: Query, within: list[Provision]) -> Group | None:
    """The list or the sentence that names all the offices asked about as its bearers."""
    groups = [{m.office.id for m in q.bearers} for q in each_bearer(query)]
    own = governing_list(scope, query, within, wider=False)
    for found in (own, duties_in_text(scope, query, wider=False)):
        named = offices_in(found.evidence[0].unit.text[:80]) if found is not None else frozenset()
        if all(group & named for group in groups):
            return found
    return None


def governing_list(
    scope: Scope, query: Query, within: list[Provision], *, wider: bool
) -> Group | None:
    """The whole list whose heading or opening words cover the question best, or None.

    Args:
        scope: the place.
        query: the question.
        within: provisions that the question named; empty for all.
        wider: whether the duties of a wider post than the one asked about will do.
    """
    query = of_list(query)
    return _shown(scope, query, best_list(scope, query, within, wider=wider))


def _shown(scope: Scope, query: Query, best: Found | None) -> Group | None:
    """The list with all its items, with the sentence that adds shared duties where asked."""
    if best is None:
        return None
    linked = duties_in_common(best.document, best.provision)
    asked = linked is not None and _SHARED.search(query.core)
    also = (Evidence(linked),) if linked is not None and asked else ()
    stated = number_stated(best.document, best.provision) if wants_number(query) else ()
    names = (
        names_of_items(best.document, best.provision)
        if wants_names(query, best.document, best.provision)
        else ()
    )
    evidence = stated or names or (*in_full(best.document, best.provision), *also)
    return Group(scope, evidence, min(1.0, best.rank if best.suits > WIDER else best.score))


def best_list(scope: Scope, query: Query, within: list[Provision], *, wider: bool) -> Found | None:
    """The list that fits the question best, as far as it fits well enough.

    Args:
        scope, query, within, wider: as for `governing_list`.
    """
    best: Found | None = None
    if not (query.terms or query.bearers or within):
        return None  # nothing tells which list is meant
    for document, provision in _lists(scope, query, within):
        if wider and not re.search("职责|责任|任务", f"{provision.heading}{provision.lead}"):
            continue  # a list that only mentions the wider post is none of its duties
        if wider and any(offices_in(i.heading) for i in items_of(document, provision)):
            continue  # what each of them does holds for nobody else
        score = _score(query, document, provision, wider=wider)
        depth = len(provision.address.steps)
        if score.rank < LIST_NEEDED or (best and (score.rank, depth) <= (best.rank, best.depth)):
            continue
        best = Found(score.rank, depth, document, provision, score.value, score.suits)
    return best


def best_lists(
    scope: Scope, query: Query, within: list[Provision], most: int = 5
) -> list[tuple[Document, Provision]]:
    """The lists whose opening words fit the question best, best first.

    Args:
        scope, query, within: as for `governing_list`.
        most: how many.
    """
    query = of_list(query)
    listed = list(_lists(scope, query, within))
    scored = [
        (_score(query, document, provision, wider=True).rank, len(provision.address.steps), n)
        for n, (document, provision) in enumerate(listed)
    ]
    return [listed[n] for score, _, n in sorted(scored, reverse=True)[:most] if score > 0]


def _score(query: Query, document: Document, provision: Provision, *, wider: bool) -> _Score:
    listed = is_itemised(document, provision) or (bool(query.bearers) and not provision.is_leaf)
    words = opening(document, provision) if listed else ""
    if is_made_of_sections(document, provision) and not query.bearers:
        words = ""  # what the first paragraph of a whole section mentions heads no list of it
    said = f"{provision.heading} {words}"
    around = f"{document.metadata.title} {' '.join(provision.heading_path)}"
    covered = coverage(query.terms, said, around)
    if not listed and covered >= LIST_NEEDED:  # below its heading the words may be anywhere
        covered = coverage(query.terms, said, f"{around} {provision.text}")
    number = number_of_items(query)
    counted = number is not None and number == len(items_of(document, provision))
    if counted and counted_so(query, said):
        covered = max(covered, _COUNTED_SO)  # 七项制度: no other list is so many of these
    words_above = above(document, provision)
    suits = fit_of_list(query, provision.heading, words, words_above, wider=wider)
    if suits == OPENED and not _OPENS.search(words):
        suits = MENTIONED
    if suits == ANOTHERS and query.terms and not offices_in(f"{said} {' '.join(words_above)}"):
        suits = _UNSAID
    value = covered * suits * (_OF_CASES if opens_cases_only(query, words) else 1)
    rank = value + _WORDING_BONUS * shares_wording(query.core, words)
    rank += _HEADING_BONUS * shares_wording(query.core, provision.heading)
    rank += _COUNT_BONUS * counted
    return _Score(value, suits, rank + _NATURE_BONUS * opened_as_asked(query, said))


def _lists(
    scope: Scope, query: Query, within: list[Provision]
) -> Iterator[tuple[Document, Provision]]:
    passages = not query.bearers and wants_passage(query)
    for document in scope.documents:
        for provision in document.provisions:
            if provision.level in _NO_LISTS:
                continue
            if is_itemised(document, provision) or (
                query.bearers and has_list(document, provision)
            ):
                pass
            elif not (passages or counts_up(query, provision.text)) or not is_passage(
                document, provision, _LONGEST_PASSAGE
            ):
                continue
            if not within or any(w in (provision, *document.above(provision)) for w in within):
                yield document, provision


def wants_headed(query: Query) -> bool:
    """Whether a question without 哪些 may be one for what a heading holds: 一票否决 后果.

    So is one that compares a thing and no value of it: 一票否决有什么不同.
    """
    bare = query.kinds == (Ask.OPEN,) and is_keywords(query)
    compared = query.kinds == (Ask.COMPARE,) and not query.bearers
    return (bare or compared) and bool(of_list(query).terms)


# --- lists whose items hold the value asked for


def _with_values(scope: Scope, query: Query, within: list[Provision]) -> Group | None:
    """The list most of whose items hold a value of the type asked for, case by case."""
    need = wanted(query.kinds)
    best: tuple[float, Document, Provision] | None = None
    for document, provision in _lists(scope, query, within):
        items = items_of(document, provision)
        valued = [i for i in items if need is not None and holds(need, i.text, query.core)]
        if len(items) < 2 or len(valued) < _MOST_VALUED * len(items):
            continue
        score = _score(query, document, provision, wider=False).rank
        if score >= _VALUES_NEEDED and (best is None or score > best[0]):
            best = score, document, provision
    return Group(scope, tuple(in_full(*best[1:])), 1.0) if best is not None else None
