"""A question about several sanctions or posts at once, as one question about each.

诫勉和降职的时间差多少, 区委书记和区长各自向谁报告: no sentence speaks of both, so that each is
looked for by itself and the answers are put together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from assistant.query import Ask, Query
from assistant.values import wanted

_MOST = 4
_APART = re.compile(
    "各自|分别|各是|各要|各有|各得|差多少|差几|相差|谁多|谁少|谁更|哪个[更长多短少]|比较|对比|区别|不同"
)


def of_each(query: Query) -> list[Query]:
    """One question for each thing that *query* sets side by side; empty where it sets none."""
    each = list(_of_sanctions(query)) or list(_of_posts(query))
    return each if 1 < len(each) <= _MOST else []


def _of_sanctions(query: Query) -> Iterator[Query]:
    # What a sanction brings with it (不得提拔) is asked about, and sets nothing side by side.
    decisive = [term for term in query.terms if term.decides and term.word[0] not in "不取"]
    if wanted(query.kinds) is None or len(decisive) < 2:
        return
    for one in decisive:
        kept = tuple(term for term in query.terms if term not in decisive or term is one)
        yield replace(query, terms=kept)


def _of_posts(query: Query) -> Iterator[Query]:
    posts = {mention.office.id: mention for mention in query.bearers}
    apart = query.asks(Ask.COMPARE) or bool(_APART.search(query.text))
    if len(posts) < 2 or not apart or query.asks(Ask.LIST):
        return
    for mention in posts.values():
        yield replace(query, bearers=(mention,))
