"""A question about several sanctions or posts at once, as one question about each.

诫勉和降职的时间差多少, 区委书记和区长各自向谁报告: no sentence speaks of both, so that each is
looked for by itself and the answers are put together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import jieba.posseg

from assistant.asked import each_bearer, of_list
from assistant.phrases import asks_which_prevails
from assistant.query import Ask, Query, ordered
from assistant.terms import Term
from assistant.values import wanted
from index.lexicon.offices import OfficeMention
from index.lexicon.terms import sanctions

_MOST = 7
_JOIN = "(?:和|与|跟|同|、|以及|还是)"
_APART = re.compile(
    "各自|分别|各是|各要|各有|各得|差多少|差几|相差|谁多|谁少|谁更|哪个[更长多短少]|比较|对比|区别|不同"
)
#: 各干什么, 谁管…谁管…, 怎么分工 ask of each only where posts stand side by side.
_OF_EACH = re.compile(
    "各(?![级类种地区项方位个界处科局委办乡镇村街市县部行单辖职相有领分党政])|谁|一个.{1,10}一个|哪头|哪样|"
    "(?:怎么|如何|咋)?分工|差别|差异|差在|一样|一致|相同|对照|次数|频[率次]|职责|要求"
)
#: 各 is said of those named together; 谁 chooses one of them unless it is whom each one …
_EACH = re.compile("各自?|分别")
_WHICH_ONE = re.compile("(?:谁|哪一?[个位家])(?:来|更|最)?")
#: How far apart two posts that are set side by side may stand: 党委管哪头、政府管哪头.
_BETWEEN = re.compile(
    rf"[^，,。；;？?]{{0,8}}?(?:{_JOIN}|(?<=\w)\s+(?=\w))[^，,。；;？?]{{0,3}}|\s+"
)
#: As `_OF_EACH`, for things of any kind: less is clear of them.
_ASKS_EACH = re.compile(
    "各(?![级类种地区项方位个界处科局委办乡镇村街市县部行单辖职相有领分党政])|分别|一码事|一回事|一样"
)
#: A kind (原则, 制度, 清单) is named in so many characters.
_KIND = 2
_IDLE = " 、和与跟同及的?？吗呢"
_JOINS = re.compile("和|与|跟|同|及|、|以及|还是")
#: Kinds of words, as jieba tells them, that name a thing.
_NAMING = ("n", "v", "a", "j", "l", "i", "b", "m", "q", "f", "s", "z", "eng")
_STOPS = re.compile(
    "是|有|要|上|说|算|会|能|该|得|做|没有|没|问|里|各自|相同|一样|不同|差|叫|中|内"
)
#: Before a post: it is told or asked, and does not stand beside the others.
_TOWARDS = re.compile("[向给对]$")
_THERE = "(?:那边|这边|那头|那里|他们)?"


@dataclass(frozen=True)
class One:
    """The question about one of the things set side by side.

    Args:
        words: what the asker calls it.
        query: the question about it alone.
        named: the term that names it; None for a post.
        of_post: whether it is about a post, of whose duties alone the answer may be.
    """

    words: str
    query: Query
    named: Term | None = None
    of_post: bool = False


@dataclass(frozen=True)
class Group:
    """The posts that some words of a question may mean.

    Args:
        mentions: the posts.
        place: where the words stand in ``core``.
    """

    mentions: tuple[OfficeMention, ...]
    place: tuple[int, int]


def of_each(query: Query) -> list[One]:
    """One question for each thing that *query* sets side by side; empty where it sets none."""
    if asks_which_prevails(query.core):
        return []  # one rule decides between them
    each = list(_of_sanctions(query))
    beside = _side_by_side(query)
    if _sets_side_by_side(query) or are_joined(query, each):
        each = each or list(_of_posts(query, beside) if beside else _of_bearers(query))
    else:
        each = list(_of_posts(query, beside)) if _OF_EACH.search(query.text) else []
    return each if 1 < len(each) <= _MOST else []


def are_beside(query: Query) -> bool:
    """Whether the question sets posts side by side."""
    return bool(_side_by_side(query))


def of_things(query: Query) -> list[One]:
    """One question for each of the things, whatever they are, that *query* asks about apart.

    巡查结果与考核结果的通报对象分别是谁 asks about two results; empty where nothing is joined so.
    """
    if asks_which_prevails(query.core):
        return []
    runs = _joined_chunks(query.core)
    apart = [match.span() for match in re.finditer(r"\S+", query.core)]
    chunks = max(runs, key=len, default=apart)
    asks_each = _sets_side_by_side(query) or _ASKS_EACH.search(query.core)
    if not ((asks_each and runs) or _are_named_alone(query.core, chunks)):
        return []
    if not 1 < len(chunks) <= _MOST:
        return []
    return [_about_chunk(query, chunk, chunks) for chunk in chunks]


def _are_named_alone(core: str, chunks: Sequence[tuple[int, int]]) -> bool:
    """Whether *core* is nothing but names of one kind: 属地监管原则 分工监管原则."""
    names = [core[slice(*chunk)] for chunk in chunks]
    alike = len({name[-2:] for name in names}) == 1
    return alike and min(map(len, names), default=0) > _KIND and not _cut(core, chunks).strip(_IDLE)


def _about_chunk(query: Query, chunk: tuple[int, int], chunks: Sequence[tuple[int, int]]) -> One:
    others = [other for other in chunks if other != chunk]
    left = " ".join(query.core[slice(*other)] for other in others)
    core = _cut(query.core, others).replace("的的", "的")
    words = query.core[slice(*chunk)]
    kept = tuple(t for t in query.terms if t.word not in left.lower() or t.word in core.lower())
    offices = tuple(m for m in query.offices if m.words not in left or m.words in core)
    own = replace(query, core=core, terms=kept, offices=offices)
    own = replace(own, bearers=tuple(m for m in query.bearers if m in offices))
    return One(words, _of_one(own))


def _joined_chunks(core: str) -> list[list[tuple[int, int]]]:
    """The runs of words in *core* that 和, 与, 、 or blanks join, each with its place."""
    tokens, at = [], 0
    for token in jieba.posseg.cut(core):
        tokens.append((at, at + len(token.word), token.word, token.flag))
        at += len(token.word)
    runs: list[list[tuple[int, int]]] = []
    for n, (_, _, word, _) in enumerate(tokens):
        if not _JOINS.fullmatch(word):
            continue
        before, behind = _chunk(tokens[:n][::-1], ends=True), _chunk(tokens[n + 1 :], ends=False)
        if not before or not behind:
            continue
        first, second = (before[-1][0], before[0][1]), (behind[0][0], behind[-1][1])
        if runs and runs[-1][-1] == first:
            runs[-1].append(second)
        else:
            runs.append([first, second])
    return runs


Token = tuple[int, int, str, str]


def _chunk(tokens: Sequence[Token], *, ends: bool) -> list[Token]:
    """The words at the head of *tokens* that name one thing: nouns, verbs and what goes with them.

    Args:
        tokens: the words from the joining one on, outwards.
        ends: whether they stand before it, so that 的 may end them (管政法的和管宣传的).
    """
    found: list[Token] = []
    for n, token in enumerate(tokens):
        is_last = token[2] == "的" and (ends and n == 0)
        if not is_last and (not token[3].startswith(_NAMING) or _STOPS.fullmatch(token[2])):
            break
        found.append(token)
    return found


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


def _of_posts(query: Query, groups: Sequence[Group]) -> Iterator[One]:
    """The question for each of *groups*, the mentions of a post that are set side by side."""
    if query.asks(Ask.LIST) and not of_list(query).terms:
        return  # the lists of all of them are shown whole
    joined = {id(mention) for group in groups for mention in group.mentions}
    rest = tuple(m for m in query.offices if id(m) not in joined)
    for group in groups:
        others = [other.place for other in groups if other is not group]
        own_words = {mention.words for mention in group.mentions}
        about = replace(query, bearers=group.mentions)
        for one in each_bearer(about) if len(own_words) == 1 else [about]:
            own = replace(one, offices=(*one.bearers, *rest), core=_cut(query.core, others))
            yield One(one.bearers[0].words, _of_one(own), of_post=True)


def _of_bearers(query: Query) -> Iterator[One]:
    """The question for each post whose duties are asked for, however they stand."""
    if query.asks(Ask.LIST):
        return
    each = each_bearer(query)
    words = [one.bearers[0].words for one in each]
    for own, one in zip(words, each, strict=True):
        others = [other for other in words if other != own and other not in own]
        yield One(own, replace(one, core=_without(query.core, others)))


def _of_one(query: Query) -> Query:
    """*query* about one post without the words that set several side by side.

    What each has to do about one thing (各管什么) is no list: a sentence of its duties says it.
    """
    core, kinds = query.core, query.kinds
    if of_list(query).terms:
        left = [kind for kind in kinds if kind not in {Ask.LIST, Ask.COMPARE}]
        kinds = ordered(left or [Ask.OPEN])
    if not _EACH.search(core) and Ask.BODY in kinds and _WHICH_ONE.search(core):
        core = _WHICH_ONE.sub("", core)
        kinds = ordered([k for k in kinds if k is not Ask.BODY] or [Ask.OPEN])
    return replace(query, core=_EACH.sub("", core, count=1), kinds=kinds)


def _cut(core: str, places: Sequence[tuple[int, int]]) -> str:
    """*core* without what stands at *places* and the words that join it."""
    for start, end in sorted(places, reverse=True):
        before, behind = core[:start], re.sub(f"^{_THERE}", "", core[end:])
        led = re.sub(f"{_JOIN}$", "", before)
        core = led + (behind if led != before else re.sub(f"^{_JOIN}", "", behind))
    return core


def _without(core: str, others: Sequence[str]) -> str:
    """*core* without the other things and the words that join them."""
    for words in others:
        found = re.escape(words)
        core = re.sub(f"{_JOIN}{found}|{found}{_JOIN}|{found}", "", core, count=1)
    return core


def _side_by_side(query: Query) -> list[Group]:
    """The posts that the question joins (区委书记和区长, 党委和政府), each with what it may mean.

    Words that touch name one post together (街镇党政领导).
    """
    runs: list[list[Group]] = [[]]
    for (start, end), placed in groupby(_placed(query), key=lambda one: one[0]):
        mentions = tuple(mention for _, mention in placed)
        if _TOWARDS.search(query.core[:start]):
            continue
        last = runs[-1][-1] if runs[-1] else None
        if last is not None and start == last.place[1]:
            runs[-1][-1] = Group((*last.mentions, *mentions), (last.place[0], end))
        elif any(mention.office.general for mention in mentions):
            continue
        elif last is not None and _BETWEEN.fullmatch(query.core[last.place[1] : start]):
            runs[-1].append(Group(mentions, (start, end)))
        else:
            runs.append([Group(mentions, (start, end))])
    longest = max(runs, key=len)
    return longest if len(longest) > 1 else []


def _placed(query: Query) -> Iterator[tuple[tuple[int, int], OfficeMention]]:
    """The offices named, each with its place in ``query.core``."""
    position, last, place = 0, (-1, -1), (-1, -1)
    for mention in query.offices:
        if (mention.start, mention.end) != last:
            at = query.core.find(mention.words, position)
            last = mention.start, mention.end
            place = (at, at + len(mention.words))
            position = max(position, place[1])
        if place[0] >= 0:
            yield place, mention
