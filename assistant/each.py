"""A question about several sanctions or posts at once, as one question about each.

诫勉和降职的时间差多少, 区委书记和区长各自向谁报告: no sentence speaks of both, so that each is
looked for by itself and the answers are put together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.asked import each_bearer
from assistant.phrases import asks_which_prevails
from assistant.query import Ask, Query
from assistant.terms import Term
from assistant.values import wanted
from index.lexicon.offices import OfficeMention
from index.lexicon.terms import sanctions

_MOST = 4
_JOIN = "(?:和|与|跟|同|、|以及|还是)"
_APART = re.compile(
    "各自|分别|各是|各要|各有|各得|差多少|差几|相差|谁多|谁少|谁更|哪个[更长多短少]|比较|对比|区别|不同"
)


@dataclass(frozen=True)
class One:
    """The question about one of the things set side by side.

    Args:
        words: what the asker calls it.
        query: the question about it alone.
        named: the term that names it; None for a post.
    """

    words: str
    query: Query
    named: Term | None = None


def of_each(query: Query) -> list[One]:
    """One question for each thing that *query* sets side by side; empty where it sets none."""
    if asks_which_prevails(query.core):
        return []  # one rule decides between them
    sanctions_named = list(_of_sanctions(query))
    if not (_sets_side_by_side(query) or are_joined(query, sanctions_named)):
        return []
    each = sanctions_named or list(_of_posts(query))
    return each if 1 < len(each) <= _MOST else []


def _sets_side_by_side(query: Query) -> bool:
    return query.asks(Ask.COMPARE) or bool(_APART.search(query.text))


def are_joined(query: Query, each: list[One]) -> bool:
    """Whether the things stand side by side (诫勉和记过), so that one of them may be missing."""
    words = [one.words for one in each]
    near = (f"{re.escape(a)}[^，,。？?]{{0,3}}{_JOIN}" for a in words[:-1])
    return len(each) > 1 and all(re.search(found, query.core) for found in near)


def _of_sanctions(query: Query) -> Iterator[One]:
    decisive = list({_ids(t): t for t in query.terms if t.decides and sets_apart(t)}.values())
    if wanted(query.kinds) is None or len(decisive) < 2:
        return
    for one in decisive:
        kept = tuple(term for term in query.terms if term not in decisive or term is one)
        others = [term.word for term in decisive if term is not one]
        yield One(one.word, replace(query, terms=kept, core=_without(query.core, others)), one)


def _ids(term: Term) -> tuple[str, ...]:
    """The sanctions that the term names; 不服 and 申诉 are one."""
    return tuple(mention.term.id for mention in sanctions().find(term.word)) or (term.word,)


def sets_apart(term: Term) -> bool:
    """Whether the term names one sanction, not any (处理) nor what follows from one (不得提拔)."""
    named = [mention.term for mention in sanctions().find(term.word)]
    wide = {sanction.part_of for sanction in sanctions().all}
    return any(
        found.id not in wide and not (found.kind == "veto" and found.part_of) for found in named
    )


def _of_posts(query: Query) -> Iterator[One]:
    if query.asks(Ask.LIST):
        return
    each = each_bearer(replace(query, bearers=query.bearers or _side_by_side(query)))
    words = [one.bearers[0].words for one in each]
    for own, one in zip(words, each, strict=True):
        others = [other for other in words if other != own and other not in own]
        yield One(own, replace(one, core=_without(query.core, others)))


def _without(core: str, others: list[str]) -> str:
    """*core* without the other things and the words that join them."""
    for words in others:
        found = re.escape(words)
        core = re.sub(f"{_JOIN}{found}|{found}{_JOIN}|{found}", "", core, count=1)
    return core


def _side_by_side(query: Query) -> tuple[OfficeMention, ...]:
    """The offices that the question joins (区委书记和区长, 党委和政府), where it does."""
    found = query.offices
    for first, second in pairwise(found):
        joined = f"{re.escape(first.words)}{_JOIN}{re.escape(second.words)}"
        if re.search(joined, query.core):
            return (*(m for m in found if m.words in (first.words, second.words)),)
    return ()
