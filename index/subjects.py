"""Who bears a sentence: the name at its head, before 应当, 负责, 每季度 ….

A name is believed where it ends as the names of organs, posts and people do (`duties.yaml`), and
where the sentence does not act on it: in 督促有关部门 the departments are the object.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import jieba.posseg

from index.lexicon.imposing import duty_patterns, duty_words
from index.lexicon.offices import Offices

_LONGEST = 90
_BRACKETED = re.compile(r"（[^（）]*）$")
_BY = re.compile(
    "由(?P<name>[^，。；：]{2,40}?)(?:具体)?"
    "(?:负责(?!人)|分管|承担|组织(?!部)|依法|按照|会同|对|递交|牵头|制定|签订|实施)"
)


@dataclass(frozen=True)
class Name:
    """The words that name a bearer, at ``text[start:end]``."""

    words: str
    start: int
    end: int


@lru_cache(maxsize=16384)
def offices_in(text: str) -> frozenset[str]:
    """The ids of the offices that *text* names."""
    return frozenset(mention.office.id for mention in Offices.load().find(text))


@lru_cache(maxsize=16384)
def named_first(text: str) -> Name | None:
    """The bearer that *text* begins with, or None.

    >>> named_first("有关部门在推荐人选时，应当考察其履行职责情况").words
    '有关部门'
    """
    patterns = duty_patterns()
    start = 0
    while link := patterns["linking"].match(text, start):
        start = link.end()
        start += text[start : start + 1] == "，"
    if _acts(text, start):
        return None
    cut = patterns["cuts"].search(text, start + 1, start + _LONGEST)
    stop = re.search("[，。；：]", text[start:])
    end = min(
        cut.end() if cut and not cut[0] else cut.start() if cut else len(text), start + _LONGEST
    )
    if stop is not None:
        end = min(end, start + stop.start())
    return _trimmed(text, start, end)


@lru_cache(maxsize=16384)
def acts_first(text: str) -> bool:
    """Whether *text* begins with what is to be done, without saying by whom: 督促有关部门整改."""
    return _acts(text, 0)


def _acts(text: str, start: int) -> bool:
    """Whether a verb stands at the head whose object what follows is: 督促有关部门."""
    patterns = duty_patterns()
    head = _HEAD.match(text, start)
    words = head[0] if head else ""
    if _RELATIVE.match(words):
        return False
    adverb = patterns["adverbs"].match(words)
    at = adverb.end() if adverb else 0
    acting = patterns["acting"].match(words, at)
    if acting:
        return not re.compile("机构|人员").match(words, acting.end())  # 培训机构, 检查人员
    first = words[at : at + 2]
    return _is_verb(first) and not _KIND_OF_ACTOR.match(words, at + 2)


_HEAD = re.compile("[^，。；：]*")
#: 承担事故救援任务的单位, 负责调查的部门: the verb belongs to the name.
_RELATIVE = re.compile(
    "(?!应当|可以|不得|要)[^，。；：应须要]{2,30}?的(?:单位|部门|机构|人员|企业|个人|组织|机关|负责人|人|领导|政府)"
)
#: 使用单位, 检验机构: the verb says of what kind.
_KIND_OF_ACTOR = re.compile(
    "[^，。；：的、]{0,4}?(?:单位|部门|机构|人员|企业|组织|机关|者|人|方|员|公司)"
)


@lru_cache(maxsize=8192)
def _is_verb(word: str) -> bool:
    """Whether the dictionary knows *word* as a verb and nothing else."""
    tags = jieba.posseg.dt.word_tag_tab
    if not tags:
        jieba.posseg.lcut(word)
    return str(tags.get(word, "")) == "v"


def _trimmed(text: str, start: int, end: int) -> Name | None:
    """The name in ``text[start:end]`` if it ends as names do, adverbs behind it left out."""
    words = text[start:end].rstrip("、的都也均还")
    words = re.sub("(?:分别|共同|统一|具体)$", "", words)
    if not words or len(words) < 2:
        return None
    patterns = duty_patterns()
    bare = _BRACKETED.sub("", words)
    known = Offices.load().find(words)
    ends_known = bool(known) and known[-1].end >= len(bare)
    if patterns["things"].search(bare) and not ends_known:
        return None
    if ends_known or _ends_as_actor(bare):
        return Name(words, start, start + len(words))
    if known and not known[0].start:
        last = known[0]
        for mention in known[1:]:
            if text[start + last.end : start + mention.start] not in {
                "",
                "、",
                "和",
                "及",
                "或",
                "或者",
                "与",
            }:
                break
            last = mention
        return (
            None
            if re.match("的", words[last.end :])
            else Name(words[: last.end], start, start + last.end)
        )
    return None


def _ends_as_actor(words: str) -> bool:
    return words.endswith(duty_words().actors)


def named_by(text: str) -> Name | None:
    """The bearer behind 由: 由担任党委常委的政府领导分管安全生产工作."""
    match = _BY.search(text)
    return Name(match["name"], match.start("name"), match.end("name")) if match else None
