"""A follow-up → the whole question: the last one with what the follow-up replaces in it.

成都呢, 那政府呢 and 第二十五条呢 say nothing but what is replaced; 一年几次 asks another thing of
the same matter; a question that stands by itself keeps only the place that was talked of.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.library import Library
from assistant.names import (
    Names,
    Span,
    named_documents,
    without_addresses,
    without_names,
    without_offices,
)
from assistant.query import Ask
from assistant.validity import asks_which_documents
from index.address import Address
from index.lexical import simplify
from index.lexicon.terms import sanctions

#: A longer follow-up is a question of its own.
_LONGEST = 30
#: So is one that says so much beside its names without 呢 or 那: 统战部长，归他管的有几件、都是啥.
_MOST_BESIDE = 8
_TELLING = 0.3
_REFERS = re.compile("呢|那")
#: Asks the last question again of what stands beside it: 常州有没有类似的说法.
_LIKEWISE = re.compile(
    "(?:也?(?:有没有|有无|是不是|是否)?也?有?)(?:类似|相同|同样|一样|相应|相近|差不多)的?"
    "(?:说法|规定|要求|条文|条款|做法|制度|内容|提法|讲究)(?:吗|没有|没|么)?"
    "|也?(?:有没有|有无|有)(?:这|那)(?:个|种|项|条|样|一?套)的?"
    "(?:说法|规定|要求|条文|条款|做法|制度|内容|提法|讲究)?(?:吗|没有|没|么|不)?"
)
#: Nothing but whom or what the last question is asked of now: 退休的呢, 单位呢.
_ALSO = re.compile("(?!那|换|如果)[^，,。？?那]{2,5}呢[？?]?")
#: A bare name (房管呢); 退休的呢, 没完成呢 say more than a name.
_BESIDE = re.compile("([^的了没不过完]{2,4})呢[？?]?$")
_KIND_OF_BODY = re.compile("部门$|局$|委员会$|办公室$|机关$")
_DAY = re.compile(r"\d{4}年\d{1,2}月\d{1,2}[日号]|\d{1,2}月\d{1,2}[日号]")


class FollowUps:
    """Completes follow-ups.

    Args:
        names: what finds names and words.
        read: how a turn of the asker's is read, as it was meant.
    """

    def __init__(self, names: Names, read: Callable[[str], str], library: Library) -> None:
        self._names = names
        self._read = read
        self._library = library

    def completed(self, asked: str, before: Sequence[str]) -> str:
        """*asked* as a whole question.

        Args:
            asked: the question as it was meant.
            before: what the asker said before, in order, as typed.
        """
        if not before or asks_which_documents(asked):
            return asked
        bare = _LIKEWISE.sub("呢", asked)
        if not self._is_elliptic(bare):
            return self._in_same_place(before, asked)
        previous = self._read(simplify(before[-1].strip()))
        return self._replaced(self.completed(previous or asked, before[:-1]), bare)

    def _in_same_place(self, before: Sequence[str], asked: str) -> str:
        """*asked* with the place that was talked of, unless it names a place or a document."""
        if self._names.places(asked) or any(named_documents(asked, self._library)):
            return asked
        for turn in reversed([simplify(words) for words in before]):
            spans = self._names.places(turn)
            if spans:
                return f"{'、'.join(turn[start:end] for start, end in spans)}，{asked}"
        return asked

    def _is_elliptic(self, asked: str) -> bool:
        """Whether *asked* says nothing but a place, an office or an address, as 成都呢 does."""
        if len(asked) > _LONGEST:
            return False
        names = self._names
        if _ALSO.fullmatch(asked) and names.phrases.kinds(asked) == (Ask.OPEN,):
            return True
        mentions = names.gazetteer.find(asked)
        bare = without_addresses(without_names(asked, mentions, ()))
        named = mentions or names.offices.find(bare) or Address.find(asked)
        bare = _DAY.sub(" ", without_offices(bare, names.offices.find(bare)))
        left = [term for term in names.terms(bare) if term.weight > _TELLING]
        refers = bool(_REFERS.search(asked))
        asks = names.phrases.kinds(bare) != (Ask.OPEN,)
        if asks and not refers:
            return not named and not left
        if named and not refers and len(re.findall(r"\w", bare)) > _MOST_BESIDE:
            return False
        only_sanction = refers and bool(left) and all(term.decides for term in left)
        return only_sanction or (bool(named) and not left) or (asks and not left)

    def _replaced(self, previous: str, asked: str) -> str:
        """*previous* with its place, office or address replaced by that in *asked*."""
        text = previous
        if _addresses(asked) and not _addresses(previous):
            # 第二十五条呢 after another kind of question asks for that article of the same place.
            text = " ".join(previous[start:end] for start, end in self._names.places(previous))
        for find in (self._names.places, self._names.posts, _addresses, _sanctions, _days):
            new, old = find(asked), find(text)
            if not new:
                continue
            words = asked[new[0][0] : new[0][1]]
            if find == self._names.posts:
                words = self._same_rank(text, old, words)
            start, end = old[0] if old else (len(text),) * 2 if find == _addresses else (0, 0)
            text = text[:start] + words + text[end:]
        posts = self._names.posts(previous)
        if text == previous and _ALSO.fullmatch(asked) and posts and not asked.startswith("的"):
            beside = _BESIDE.match(asked)
            if beside is not None:  # 房管呢 behind 建管部门…: another of the same kind
                start, end = posts[0]
                kind = _KIND_OF_BODY.search(previous[start:end])
                return previous[:start] + beside[1] + (kind[0] if kind else "") + previous[end:]
        if text == previous and _ALSO.fullmatch(asked):
            return f"{previous} {asked}"  # 退休的呢: the same, asked of others
        if text == previous:  # 一年几次 after a question about a meeting asks another thing of it
            text = f"{self._names.phrases.asking.sub(' ', previous)} {asked}"
        return text

    def _same_rank(self, previous: str, old: list[Span], words: str) -> str:
        """*words*, or the post in that body of the rank asked about before: 区委书记 → 那政府呢."""
        offices = self._names.offices
        before = offices.find(previous[slice(*old[0])]) if old else []
        now = offices.find(words)
        if not before or not now or now[0].office.part_of:
            return words
        side = now[0].office.side
        rank = before[0].office.id.removeprefix(before[0].office.side)
        peers = (o for o in offices.all if o.side == side and o.id == f"{side}{rank}")
        return next((peer.as_written[0] for peer in peers), words)


def _sanctions(text: str) -> list[Span]:
    return [(mention.start, mention.end) for mention in sanctions().find(text)]


def _addresses(text: str) -> list[Span]:
    return [(start, end) for _, start, end in Address.find_spans(text)]


def _days(text: str) -> list[Span]:
    return [match.span() for match in _DAY.finditer(text)]
