"""Names of people beside a telephone number: 局长王建国手机…, 我是李小明，请打…, …找张三.

A name is a surname with one or two characters, or with a title (王局长). Between it and the number
stand only blanks, marks, titles and words such as 电话, 联系, 请打; ordinary words are no names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import jieba.posseg

from index.edits import HAN, alternatives, words

#: Characters on one side of a number that are looked at.
REACH = 32
#: What stands between the number and the name, or between two names, has at most so many.
_LONGEST_GAP = 10
_FREQUENT, _VERY_FREQUENT = 500, 1000  # occurrences in the dictionary
_Name = tuple[int, int]


def names_near(text: str, start: int, end: int) -> Iterator[_Name]:
    """Where names stand in the line of *text* around the number at ``[start:end]``."""
    line = max(text.rfind("\n", 0, start) + 1, start - REACH)
    stop = text.find("\n", end)
    yield from _before(text, line, start)
    yield from _after(text, end, min(len(text) if stop < 0 else stop, end + REACH))


def _before(text: str, line: int, at: int) -> Iterator[_Name]:
    """Names that end before *at*, the nearest first."""
    while name := _last_name(text, line, at):
        yield name
        at = name[0]


def _last_name(text: str, line: int, at: int) -> _Name | None:
    shortest = _gaps()["before"].search(text, line, at)
    first = shortest.start() if shortest else at
    for end in range(at, max(first, at - _LONGEST_GAP) - 1, -1):
        if not _gaps()["whole"].fullmatch(text, end, at):
            continue
        found = _titled_name(text, line, end) or _name_to(text, line, end)
        if found:
            return found
    return None


def _titled_name(text: str, line: int, end: int) -> _Name | None:
    """王局长, 李女士: a surname and a title."""
    match = _gaps()["titled"].search(text, line, end)
    if match and _is_edge(text[line:end], match.start() - line):
        return match.start(), end
    return None


def _name_to(text: str, line: int, end: int) -> _Name | None:
    """The name that ends at *end*, the longer one first."""
    for length in (4, 3, 2):
        start = end - length
        if start < line or not _gaps()["name"].fullmatch(text, start, end):
            continue
        introduced = bool(_gaps()["introduced"].search(text, line, start))
        if _is_ordinary(text[start:end], introduced):
            continue
        if introduced or _is_edge(text[line:end], start - line):
            return start, end
    return None


def _after(text: str, at: int, stop: int) -> Iterator[_Name]:
    """Names that begin behind *at*, the nearest first."""
    while name := _first_name(text, at, stop):
        yield name
        at = name[1]


def _first_name(text: str, at: int, stop: int) -> _Name | None:
    gap = _gaps()["whole"].match(text, at, stop)
    start = gap.end() if gap else at
    if start - at > _LONGEST_GAP:
        return None
    if titled := _gaps()["titled_next"].match(text, start, stop):
        return titled.span()
    introduced = bool(_gaps()["introduced"].search(text, at, start))
    for length in (4, 3, 2):
        end = start + length
        if end <= stop and _is_name_at(text, start, end, stop, introduced):
            return start, end
    return None


def _is_name_at(text: str, start: int, end: int, stop: int, introduced: bool) -> bool:
    """Whether a name stands at ``[start:end]``, behind the number and before *stop*."""
    if not _gaps()["name"].fullmatch(text, start, end) or _is_ordinary(text[start:end], introduced):
        return False
    if introduced:
        return end - start == 2 or _is_edge(text[start:stop], end - start)
    ends = end == stop or _gaps()["ends"].match(text, end, stop)
    return bool(ends) and not _is_ordinary(text[start : start + 2], introduced)  # 严禁在


def _is_edge(text: str, place: int) -> bool:
    """Whether the dictionary cuts *text* at *place*."""
    at = 0
    for word in jieba.cut(text, HMM=False):
        if at >= place:
            break
        at += len(word)
    return at == place


def _is_ordinary(word: str, introduced: bool) -> bool:
    """Whether *word* is no name; one behind 我是 or 局长 may be a rarer word: 高明."""
    if word in words("not_names") or word.endswith(words("not_name_endings")):
        return True
    frequency = jieba.dt.FREQ.get(word, 0)
    if introduced:
        return bool(frequency >= _VERY_FREQUENT)
    return bool(frequency >= _FREQUENT or (frequency and not _tag(word).startswith("nr")))


def _tag(word: str) -> str:
    tags = jieba.posseg.dt.word_tag_tab
    if not tags:
        jieba.posseg.lcut(word)
    return str(tags.get(word, ""))


@cache
def _gaps() -> dict[str, re.Pattern[str]]:
    surname = rf"(?:{'|'.join(words('compound_surnames'))}|[{''.join(words('surnames'))}])"
    title = rf"(?:常务|正|副|代){{0,2}}(?:{alternatives('titles')})"
    link = rf"(?:{alternatives('contact_labels', 'mail_labels', 'person_labels', 'name_links')})"
    introducing = rf"(?:{title}|{alternatives('introducing')})[\s：:，,（(“]*"
    gap = rf"(?:[\s，,、；;：:/（()）“”\"'·\-—]|{title}|{link}|{alternatives('introducing')})*"
    name = rf"{surname}[{HAN}·]{{1,2}}"
    flags = re.IGNORECASE
    return {
        "whole": re.compile(gap, flags),
        "before": re.compile(rf"{gap}$", flags),
        "titled": re.compile(rf"{surname}{title}$"),
        "titled_next": re.compile(rf"{surname}{title}"),
        "introduced": re.compile(rf"{introducing}$"),
        "name": re.compile(name),
        "ends": re.compile(rf"[^{HAN}]|{title}|{link}|[的说在收转吧呢]"),
    }
