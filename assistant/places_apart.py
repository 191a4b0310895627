"""What a question says of each of several places: 静安点名几处，湛江怎么挂牌 asks two things.

A clause that names one place alone speaks of no other; so does a post that stands right behind a
place's name where each of the places has its own (静安的街镇领导和湛江的镇班子成员). The rest is
said of all of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.query import Ask, Query, Scope, bearers, ordered
from assistant.terms import Term
from index.lexicon.offices import OfficeMention

Span = tuple[int, int]

_CLAUSE = re.compile(r"[^，,。；;？?！!]+")
#: How far behind a place's name its post stands: 成都那边的常委.
_NEAR = 4
#: From this weight on words of a place's own say what is asked of it.
_SAYS = 0.4


@dataclass(frozen=True)
class Wording:
    """What is looked for: as the fields of `Query` of the same names."""

    core: str
    kinds: tuple[Ask, ...]
    terms: tuple[Term, ...]
    offices: tuple[OfficeMention, ...]

    @property
    def bearers(self) -> tuple[OfficeMention, ...]:
        """The offices whose own duties are asked about."""
        return bearers(self.offices, self.kinds, self.terms)


def differs(one: Query, whole: Query) -> bool:
    """Whether something else is looked for in one place than in all."""
    return (one.terms, one.offices, one.kinds) != (whole.terms, whole.offices, whole.kinds)


def of_place(query: Query, scope: Scope, own: Wording) -> Query:
    """*query* of one place in the words that are its own; in all where these ask nothing."""
    says = sum(term.weight for term in own.terms) >= _SAYS or own.offices
    asks = own.kinds != (Ask.OPEN,) or query.kinds == own.kinds
    if not (says and asks) or (query.terms and not own.terms):
        return replace(query, scopes=(scope,))
    kinds = own.kinds
    if Ask.COMPARE in query.kinds:
        kinds = ordered((*kinds, Ask.COMPARE))
    own = replace(own, kinds=kinds)
    return replace(
        query,
        scopes=(scope,),
        core=own.core,
        kinds=kinds,
        terms=own.terms,
        offices=own.offices,
        bearers=own.bearers,
    )


def texts_by_place(
    text: str, places: Mapping[str, Sequence[Span]], posts: Sequence[Span]
) -> dict[str, str]:
    """Place → *text* with blanks for what is said of the others alone.

    Args:
        text: the question.
        places: where each place is named in it.
        posts: where posts are.

    Returns:
        empty where nothing is said of one place alone.

    >>> texts_by_place("静安几处，成都呢", {"静安": [(0, 2)], "成都": [(5, 7)]}, [])
    {'静安': '静安几处，   ', '成都': '    ，成都呢'}
    """
    owned = [*_clauses(text, places), *_posts(text, places, posts)]
    if len(places) < 2 or not owned:
        return {}
    return {
        place: _blanked(text, [span for owner, span in owned if owner != place]) for place in places
    }


def _clauses(text: str, places: Mapping[str, Sequence[Span]]) -> list[tuple[str, Span]]:
    """The clauses that name one place alone, with it."""
    found = []
    for clause in _CLAUSE.finditer(text):
        named = [
            place
            for place, spans in places.items()
            if any(clause.start() <= start < clause.end() for start, _ in spans)
        ]
        if len(named) == 1:
            found.append((named[0], clause.span()))
    return found


def _posts(
    text: str, places: Mapping[str, Sequence[Span]], posts: Sequence[Span]
) -> list[tuple[str, Span]]:
    """The posts right behind the names of places, with these, where each place has its own."""
    found = []
    posts = _joined(posts)
    for place, spans in places.items():
        own = [(a, end) for a, b in spans for start, end in posts if 0 <= start - b <= _NEAR]
        own = [one for one in own if not _holds_another(one, place, places)]
        own = [(a, b) for a, b in own if _CLAUSE.fullmatch(text[a:b])]
        if not own:
            return []
        found.append((place, own[0]))
    starts = {start for _, (start, _) in found}
    return found if len(starts) == len(found) else []


def _holds_another(span: Span, place: str, places: Mapping[str, Sequence[Span]]) -> bool:
    """Whether another place is named in *span*: of 常州跟成都的党委 the post is that of both."""
    others = (a for name, spans in places.items() if name != place for a, _ in spans)
    return any(span[0] <= start < span[1] for start in others)


def _joined(posts: Sequence[Span]) -> list[Span]:
    """*posts* with those that touch as one: 街镇 and 领导 of 街镇领导."""
    joined: list[Span] = []
    for start, end in sorted(posts):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _blanked(text: str, spans: Sequence[Span]) -> str:
    kept = list(text)
    for start, end in spans:
        kept[start:end] = " " * (end - start)
    return "".join(kept)
