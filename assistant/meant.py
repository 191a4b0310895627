"""Which of the posts that a question names are meant, and which words only surround the question.

Who asks says who he is (我是区委书记的秘书), what the answer is for (领导等着要), what he
does not mean (书记不算) and what he means by way of example (就是管教育的这种). None
of that is asked about.
A body right before a post says only whose post it is: 政府分管安全的负责人, 人大常委会主任.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from assistant.query import Query
from index.lexicon.offices import OfficeMention, Offices

_CLAUSE = re.compile(r"[^，,。；;！!？?：:]+")
_ASKS_SOMETHING = re.compile(
    r"[哪啥谁几咋]|什么|怎|多[少久长]|吗|(\w)不\1|如何|职责|责任|任务|义务|清单|列|逐条|干嘛"
)
#: 我是…, 我在…, 我给…写: who asks, and what for.
_WHO_ASKS = re.compile("^(?:我|本人|俺|咱|我们)(?!们?(?:市|区|县|省|镇|乡|街道))")
_WHAT_FOR = re.compile(
    "急用|急要|急着|等着|等着要|要用|写材料|写.{0,4}用|汇报用|备课|交差|让我|叫我|要我|催我|"
    "^(?:谢|麻烦|辛苦|拜托)|整理一下|摘出来|发给我|参考"
)
_EXAMPLE = re.compile("^(?:就是|也就是|像|好比|比如|例如|譬如)|(?:这种|这类|之类|那种|那类)的?$")
#: 不限哪个城市, 跟那位不是一个人: how the question is to be taken.
_REMARK = re.compile(
    r"^\s*(?:不限|不论|不管|无论|甭管|别管|不分)[^，]*$|不是(?:同?一个人|一回事)\s*$"
)
_NOT_MEANT = re.compile(
    r"(?:不是(?:说|指|问)?|不含|不包括|不算|而非|除了|除开|除去|撇开|不同于|排除)[^，,。；、：:]{0,2}$"
)
#: （不是综合协调那位）: whom the question does not mean, set apart in brackets.
_IN_BRACKETS = re.compile("[（(](?:不是|不含|不包括|不算|除)[^（()）]*[）)]")
_JOINED = re.compile("(?:、|和|与|及|或者?|跟)?")
_LEFT_OUT = re.compile("^(?:们|本人)?(?:不算|除外|之外|以外|不在内|不说|不提|另算|撇开)")
_AS_EXAMPLE = re.compile(r"(?:比如说?|例如|譬如|好比|诸如)[^，,。；：:]{0,12}$")
_HOLDS_ANOTHER = re.compile("^(?:里面?|内部?|中|班子里)")
_ASKS = re.compile("^(?:来|想|请)?(?:问|咨询)|^的?(?:秘书|司机|助手|家属)")
#: A title that names no post by itself: whose it is says the body before it.
_BARE_TITLE = re.compile("^(?:主任|书记|主席|部长|负责人|领导|一把手|主要负责人|主要领导)$")
_POST = re.compile("负责人|书记|[部秘]长|主任|主席|成员|干部|主官|领导|人员")
_BETWEEN = re.compile("^(?:的|里|里的|里面的?|那边的?|中的?)?$")
#: Words for a rank that stand before a body as well as for one: 街道党工委, 镇（街道）书记.
_RANK = re.compile("^[镇乡街道（）()]+[里上]?$")


def asides(text: str) -> list[tuple[int, int]]:
    """The clauses of *text* that ask nothing and only surround the question."""
    bracketed = [match.span() for match in _IN_BRACKETS.finditer(text)]
    return [*bracketed, *_clauses_aside(text)]


def _clauses_aside(text: str) -> list[tuple[int, int]]:
    clauses = [(m.start(), m.end(), m[0]) for m in _CLAUSE.finditer(text)]
    if not any(_ASKS_SOMETHING.search(words) for _, _, words in clauses):
        return []
    asked = [bool(_ASKS_SOMETHING.search(words)) for _, _, words in clauses]
    first, last = asked.index(True), len(asked) - 1 - asked[::-1].index(True)
    found = []
    for n, (start, end, said) in enumerate(clauses):
        words = said.strip()
        remark = len(clauses) > 1 and _REMARK.search(words) and sum(asked) > asked[n]
        before = n < last and _WHO_ASKS.search(words) and not re.search("[哪啥谁几]|什么", words)
        behind = n > first and not asked[n] and _WHAT_FOR.search(words)
        example = n > 0 and len(clauses) > 1 and not asked[n] and _EXAMPLE.search(words)
        if before or behind or example or remark:
            found.append((start, end))
    return found


def without_asides(query: Query) -> Query:
    """*query* without the words and posts that stand only in what surrounds the question."""
    spans = asides(query.core)
    if not spans:
        return query
    kept = list(query.core)
    for start, end in spans:
        kept[start:end] = " " * (end - start)
    asked = "".join(kept)
    terms = tuple(term for term in query.terms if term.word in asked.lower())
    inside = {
        id(mention)
        for mention, (start, end) in _spans(query)
        if any(a <= start and end <= b for a, b in spans)
    }
    offices = tuple(m for m in query.offices if id(m) not in inside) or query.offices
    bearers = tuple(m for m in query.bearers if id(m) not in inside)
    return replace(
        query, core=asked, terms=terms, offices=offices, bearers=bearers or query.bearers
    )


def meant(query: Query) -> tuple[OfficeMention, ...]:
    """The offices asked about, without those excluded, given as examples, or only asking."""
    spans = _spans(query)
    places = sorted({span for _, span in spans})
    excluded = _excluded(query.core, places)
    mentioned = {span for span in places if _only_mentioned(query.core, *span)}
    bodies = _bodies_of_posts(query.core, spans)
    # 常委里头不是书记的: whoever holds others is meant where nobody else is left
    for left_out in (excluded | mentioned, excluded):
        dropped = bodies | {id(mention) for mention, span in spans if span in left_out}
        for mentions in (query.bearers, query.offices):
            kept = tuple(mention for mention in mentions if id(mention) not in dropped)
            if kept and query.bearers:
                return kept
    return query.bearers


def _spans(query: Query) -> list[tuple[OfficeMention, tuple[int, int]]]:
    """The offices named, each with its place in ``query.core``."""
    found: list[tuple[OfficeMention, tuple[int, int]]] = []
    position, last = 0, (-1, -1)
    for mention in query.offices:
        if (mention.start, mention.end) != last:
            position = max(query.core.find(mention.words, position), 0)
            last = mention.start, mention.end
            span = position, position + len(mention.words)
            position = span[1]
        found.append((mention, span))
    return found


def _excluded(text: str, spans: list[tuple[int, int]]) -> set[tuple[int, int]]:
    """The posts that are not meant, with those joined to one: 不是书记、区长的."""
    found: set[tuple[int, int]] = set()
    for n, (start, end) in enumerate(spans):
        joined = n > 0 and spans[n - 1] in found
        joined = joined and bool(_JOINED.fullmatch(text[spans[n - 1][1] : start]))
        if joined or _NOT_MEANT.search(text[:start]) or _LEFT_OUT.search(text[end:]):
            found.add((start, end))
    return found


def _only_mentioned(text: str, start: int, end: int) -> bool:
    before, behind = text[:start], text[end:]
    return bool(_AS_EXAMPLE.search(before) or _HOLDS_ANOTHER.search(behind) or _ASKS.search(behind))


def _bodies_of_posts(text: str, spans: list[tuple[OfficeMention, tuple[int, int]]]) -> set[int]:
    """Of a body and a post named in one breath the one that is not meant.

    政府分管安全的负责人 is the post, 街道党工委 the second body; 人大常委会主任 is a post that no
    regulation knows by 主任 alone, so that only the body is left.
    """
    groups: dict[tuple[int, int], list[OfficeMention]] = {}
    for mention, span in spans:
        groups.setdefault(span, []).append(mention)
    dropped: set[int] = set()
    places = sorted(groups)
    for left, right in pairwise(places):
        if right[0] < left[1] or not _BETWEEN.match(text[left[1] : right[0]]):
            continue
        bodies, posts = groups[left], groups[right]
        if _RANK.match(text[slice(*left)]):
            dropped.update(map(id, bodies))
        elif any(_POST.search(m.office.name) for m in posts) and not any(
            _POST.search(m.office.name) for m in bodies
        ):
            outside = not _of_one_house(bodies, posts)
            foreign = outside and _BARE_TITLE.match(text[slice(*right)])
            dropped.update(map(id, posts if foreign else bodies))
    return dropped


def _of_one_house(bodies: Iterable[OfficeMention], posts: Iterable[OfficeMention]) -> bool:
    """Whether the posts are posts of the bodies: a side of their own, or one that has both."""
    sides = {m.office.side for m in bodies}
    return any(m.office.side in sides or m.office.side == "both" for m in posts)


def wider_than_another(mentions: Iterable[OfficeMention]) -> set[str]:
    """Posts named that another post named belongs to: 工会主席 in 常委班子."""
    offices = Offices.load()
    return {o.id for mention in mentions for o in offices.broader(mention.office)}
