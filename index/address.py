"""The address of a provision: parsed once from what people type, printed one way.

An address is a value. It says where in a document something stands (第二十条第（三）项) and, as
far as the writer said so, in which document (常办〔2018〕30号). It does not know whether such a
provision exists: `Document.resolve` does.

>>> str(Address.parse("常办[2018]30号第20条第3项"))
'常办〔2018〕30号第二十条第（三）项'
>>> str(Address.parse("成都清单二（四）3（2）"))
'成都清单第二部分（四）第3项第（2）目'
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from index.numerals import CHINESE_DIGITS, NUMERAL_CLASS, to_chinese, to_int


class AddressError(ValueError):
    """The text is not an address of a provision."""


class Level(StrEnum):
    """The kinds of place in a document, outermost first."""

    ANNEX = "annex"  # 附件
    PREFACE = "preface"  # what stands before the first numbered part: letter, preamble
    BOOK = "book"  # 编
    SUBBOOK = "subbook"  # 分编
    CHAPTER = "chapter"  # 章
    SECTION = "section"  # 节
    ARTICLE = "article"  # 条
    HEADING = "heading"  # an unnumbered heading, addressed by its words
    PART = "part"  # 一、
    DIVISION = "division"  # （一）, in a document without articles
    POINT = "point"  # 1.
    SUBPOINT = "subpoint"  # （1）
    PARAGRAPH = "paragraph"  # 款, unnumbered
    ITEM = "item"  # 项, （一） below an article
    SUBITEM = "subitem"  # 目, 1. below an item
    CLOSING = "closing"  # signature, date, imprint


OUTLINE_LEVELS = (Level.PART, Level.DIVISION, Level.POINT, Level.SUBPOINT)
#: Levels that people mix up when they cite from memory; `Document.resolve` lets them stand in
#: for one another once the exact reading has found nothing.
ENUMERATED_LEVELS = frozenset(
    {Level.ITEM, Level.SUBITEM, Level.DIVISION, Level.POINT, Level.SUBPOINT}
)

_SLUG_PREFIX = {
    Level.ANNEX: "annex",
    Level.PREFACE: "pre",
    Level.BOOK: "bk",
    Level.SUBBOOK: "sb",
    Level.CHAPTER: "ch",
    Level.SECTION: "se",
    Level.ARTICLE: "",
    Level.HEADING: "h",
    Level.PART: "",
    Level.DIVISION: "",
    Level.POINT: "",
    Level.SUBPOINT: "",
    Level.PARAGRAPH: "p",
    Level.ITEM: "i",
    Level.SUBITEM: "s",
    Level.CLOSING: "end",
}


@dataclass(frozen=True, order=True)
class Step:
    """One step of an address: a level and its number.

    Args:
        level: what is counted.
        number: its number, from 1; for headings their place in the document's order; from the end
            (最后一条), -1 and less.
        branch: M of 第N条之M, else 0.
        name: the words of a heading, else empty. Not compared: numbers are.
    """

    level: Level
    number: int = 1
    branch: int = 0
    name: str = ""

    @property
    def slug(self) -> str:
        """The step as a piece of a provision id: ``20``, ``17-1``, ``p2``, ``i3``."""
        if self.level in {Level.PREFACE, Level.CLOSING} and self.number == 1:
            return _SLUG_PREFIX[self.level]
        branch = f"-{self.branch}" if self.branch else ""
        return f"{_SLUG_PREFIX[self.level]}{self.number}{branch}"

    def __str__(self) -> str:
        return _print_step(self)


#: 倒数第一条: how a place is said that is counted from the end.
_END_UNITS = {
    Level.BOOK: "编",
    Level.SUBBOOK: "分编",
    Level.CHAPTER: "章",
    Level.SECTION: "节",
    Level.ARTICLE: "条",
    Level.PART: "部分",
    Level.DIVISION: "小节",
    Level.PARAGRAPH: "款",
}


def _print_step(step: Step) -> str:
    if step.number < 0:
        unit = _END_UNITS.get(step.level, "项")
        return f"倒数第{to_chinese(-step.number)}{unit}"
    chinese = to_chinese(step.number)
    branch = f"之{to_chinese(step.branch)}" if step.branch else ""
    forms = {
        Level.ANNEX: "附件" + (str(step.number) if step.number > 1 else ""),
        Level.PREFACE: step.name or "导语",
        Level.BOOK: f"第{chinese}编",
        Level.SUBBOOK: f"第{chinese}分编",
        Level.CHAPTER: f"第{chinese}章{branch}",
        Level.SECTION: f"第{chinese}节{branch}",
        Level.ARTICLE: f"第{chinese}条{branch}",
        Level.HEADING: step.name,
        Level.PART: f"第{chinese}部分",
        Level.DIVISION: f"（{chinese}）",
        Level.POINT: f"第{step.number}项",
        Level.SUBPOINT: f"第（{step.number}）目",
        Level.PARAGRAPH: f"第{chinese}款",
        Level.ITEM: f"第（{chinese}）项",
        Level.SUBITEM: f"第{step.number}目",
        Level.CLOSING: step.name or "结语",
    }
    return forms[step.level]


@dataclass(frozen=True)
class Address:
    """Steps from the document's root to a provision, and the document as far as named.

    Args:
        steps: outermost first. Chapters may be left out before an article, as people do.
        document: what the writer called the document (number, title, short name), or empty.
    """

    steps: tuple[Step, ...]
    document: str = ""

    @classmethod
    def parse(cls, text: str) -> Address:
        """The address that the whole of *text* writes.

        Raises:
            AddressError: something in *text* is neither a document's name nor a step.
        """
        plain = _plain(text)
        for start in range(len(plain) + 1):
            scanned = _scan(plain, start, bare=True)
            if scanned and scanned[1] == len(plain):
                return cls(scanned[0], _document_name(plain[:start]))
        raise AddressError(
            f"“{text}”不是条款号。请写成“第二十条第（三）项”或“第二部分（四）第3项”这样的形式。"
        )

    @classmethod
    def find(cls, text: str) -> list[Address]:
        """Every address that *text* mentions, in order; bare numbers are not taken for one."""
        return [address for address, _, _ in cls.find_spans(text)]

    @classmethod
    def find_spans(cls, text: str) -> Iterator[tuple[Address, int, int]]:
        """As `find`, with the stretch ``text[start:end]`` of each."""
        plain, position, inherited = _plain(text), 0, ""
        places = [i for i, character in enumerate(text) if not character.isspace()]
        while position < len(plain):
            item = _item_after_words(plain, position) and not _MARK.match(text, places[position])
            bare = item or _follows_number(plain, position) or _opens_outline(plain, position)
            scanned = _scan(plain, position, bare=bare)
            if scanned is None:
                position += 1
                continue
            steps, end = scanned
            if _counts_things(plain, position, end):
                position = end
                continue
            named = _document_before(plain[:position])
            inherited = named or inherited
            yield cls(steps, inherited), places[position], places[end - 1] + 1
            position = end

    @classmethod
    def first_words(cls, text: str) -> str:
        """What stands in *text* before the first address, all of it where there is none."""
        start = next((start for _, start, _ in cls.find_spans(text)), len(text))
        return text[:start]

    @property
    def slug(self) -> str:
        """The address as the tail of a provision id: ``20/i3``."""
        return "/".join(step.slug for step in self.steps)

    def within(self, *steps: Step) -> Address:
        """The address of something inside this one."""
        return replace(self, steps=self.steps + steps)

    def contains(self, other: Address) -> bool:
        """Whether *other* is this address or lies inside it, in the same document."""
        return self.document == other.document and [
            s.slug for s in other.steps[: len(self.steps)]
        ] == [s.slug for s in self.steps]

    def __lt__(self, other: Address) -> bool:
        return self._order() < other._order()

    def _order(self) -> tuple[str, list[tuple[int, int, int]]]:
        rank = list(Level)
        return self.document, [(rank.index(s.level), s.number, s.branch) for s in self.steps]

    def __str__(self) -> str:
        return self.document + _print_steps(self.steps)


def _print_steps(steps: tuple[Step, ...]) -> str:
    in_article = any(step.level is Level.ARTICLE for step in steps)
    printed = ""
    for before, step in zip((None, *steps), steps, strict=False):
        named = step.level is Level.HEADING
        joint = "·" if before is not None and named else ""
        text = str(step)
        if step.level is Level.PARAGRAPH and not in_article:
            text = f"第{to_chinese(step.number)}段"  # 款 is a word of texts in articles
        elif before is not None and before.level is Level.HEADING:
            # A heading ends in words, so a bare （二） or 第2项 may follow it directly.
            text = str(step)
        printed += joint + text
    return printed


_BRACKETS = str.maketrans("([［【〔{)]］】〕}", "（（（（（（））））））")
_NUMBER = re.compile(
    r"(?P<prefix>[\u4e00-\u9fff]{1,12}?)"
    r"(?:（(?P<year>(?:19|20)\d\d)年?）|(?P<bare_year>(?:19|20)\d\d)年)第?(?P<number>\d{1,5})号"
)


def _plain(text: str) -> str:
    """*text* with one kind of bracket and no blanks, for scanning only."""
    narrow = "".join(chr(ord(c) - 0xFEE0) if "０" <= c <= "９" else c for c in text)
    return re.sub(r"\s+", "", narrow.translate(_BRACKETS))


def canonical_number(text: str) -> str | None:
    """The document number in *text* in its printed form, or None.

    >>> canonical_number("请问常办[2018]30号")
    '请问常办〔2018〕30号'
    >>> canonical_number("常办（2018）第30号")
    '常办〔2018〕30号'
    """
    match = _NUMBER.search(_plain(text))
    if match is None:
        return None
    year = match["year"] or match["bare_year"]
    return f"{match['prefix']}〔{year}〕{int(match['number'])}号"


def _document_name(prefix: str) -> str:
    number = canonical_number(prefix)
    if number is not None:
        return number
    return prefix.strip("《》，,的：:")


def _document_before(prefix: str) -> str:
    """The document named immediately before an address in running text, or empty."""
    titled = re.search(r"《([^《》]+)》[^《》，。；、]{0,24}$", prefix)
    if titled:
        return titled[1]
    numbered = re.search(
        r"[\u4e00-\u9fff]{1,12}(?:（(?:19|20)\d\d年?）|(?:19|20)\d\d年)第?\d{1,5}号文?[的》]?$",
        prefix,
    )
    return canonical_number(numbered[0]) or "" if numbered else ""


_N = f"[{NUMERAL_CLASS}]+"
_UNITS = (
    "分编|编|章|小节|节|小条|条|大?部分|自然段|小段|段|款|大项|小项|项|目|大点|小点|点|大块|件事情?"
)
_STEP = re.compile(
    rf"""
    的?、?
    (?:
        第?(?P<unit_number>{_N})(?P<unit>{_UNITS})
            (?:之(?P<branch>{_N})(?![项款目]))?
      | (?:最后(?P<last>一)|倒数第(?P<from_end>{_N}))(?P<end_unit>{_UNITS})
      | 第?（(?P<bracketed>{_N})）(?P<bracket_unit>小?项|目|款|小?点|小?条|小节|部分)?
      | 第?（(?P<bracketed_half>{_N})(?P<half_unit>项|目|款|点)   # 第（三项, a bracket forgotten
      | (?P<listed>{_N})(?:、|\.|．)(?!\d)
      | 第?(?P<opening>{_N})(?=（{_N}）)
      | (?P<bare>{_N})(?=（|$|的|第)
    )
    """,
    re.VERBOSE,
)
#: 二（六）, 三、（四）: an outline's number opens an address in running text where another follows.
_OUTLINE = re.compile(rf"第?(?:\d{{1,2}}|[{CHINESE_DIGITS}]{{1,3}})、?（{_N}）")
_BEFORE_OUTLINE = re.compile(rf"[{NUMERAL_CLASS}第之年月.〔（]$")
_UNIT_LEVEL = {
    "编": Level.BOOK,
    "分编": Level.SUBBOOK,
    "章": Level.CHAPTER,
    "节": Level.SECTION,
    "条": Level.ARTICLE,
    "部分": Level.PART,
    "段": Level.PARAGRAPH,
    "自然段": Level.PARAGRAPH,
    "小段": Level.PARAGRAPH,
    "款": Level.PARAGRAPH,
    "小节": Level.DIVISION,
    "小条": Level.POINT,
    "大部分": Level.PART,
    "大块": Level.PART,
}
#: 第二部分第三大点: the next level below what stands before it.
_NEXT_LEVEL = frozenset({"大项", "大点"})


def _scan(plain: str, start: int, *, bare: bool) -> tuple[tuple[Step, ...], int] | None:
    """Steps from *start* on, as many as follow one another; None where none does.

    Without *bare* the first step must carry its unit (第…条): a number alone is no address.
    """
    steps: list[Step] = []
    position = start
    while position < len(plain):
        match = _STEP.match(plain, position)
        if match is None or (not steps and not bare and not _explicit(match)):
            break
        step = _read_step(match, steps)
        if step is None or (steps and not _may_follow(steps[-1], step)):
            break
        steps.append(step)
        position = match.end()
    return (tuple(steps), position) if steps else None


def _explicit(match: re.Match[str]) -> bool:
    """Whether a first step in running text is meant as an address: 第三条, 20条, 第二部分."""
    if match[0][0] in "的、":
        return False
    if match["unit"] in {"条", "款"}:
        return True
    if match["end_unit"] is not None:
        return True
    if match["unit"] is not None or match["bracket_unit"] is not None:
        return match[0].startswith("第")
    return False


_ITEM_AFTER_WORDS = re.compile(rf"（[{NUMERAL_CLASS}]+）(?:项|目)?(?:$|[的是讲写说原内规])")
#: A citation's mark as answers have it: 6个月[1].
_MARK = re.compile(r"[\[［【〔]\s*\d")


def _item_after_words(plain: str, position: int) -> bool:
    """Whether a bracketed number closes what is asked for by a heading's words: 约谈制度（二）."""
    before = plain[position - 1 : position]
    return "\u4e00" <= before <= "\u9fff" and bool(_ITEM_AFTER_WORDS.match(plain, position))


def _follows_number(plain: str, position: int) -> bool:
    """Whether a document's number ends right here, so that 二、（四）3 is an address in it."""
    return plain[position - 1 : position] == "号" and bool(_NUMBER.search(plain, 0, position))


def _opens_outline(plain: str, position: int) -> bool:
    """Whether an outline's numbers stand right here: 二（六）第5点, 三、（四）."""
    before = _BEFORE_OUTLINE.search(plain[:position])
    return before is None and bool(_OUTLINE.match(plain, position))


#: 一条不落, 一条一条, 一条条: each of them.
_ONE_BY_ONE = re.compile("一([条款])(?:不|一?\\1)")
_COUNTED = re.compile(
    r"条|(?:主要|具体|安全|生产|工作|岗位|法定)*"
    r"(?:职责|责任|措施|要求|意见|原则|制度|建议|任务|标准|举措)|[以之]?[上下内]"
    rf"|[里中当](?:头|面|中|间)?的?第[{NUMERAL_CLASS}]+[条款项]"  # of seven, the fourth
)
#: 党委主要职责 六条: what there are so many of stands before, and nothing behind but an ending.
_COUNTED_BEFORE = re.compile("(?:职责|责任|任务|情形|要求|制度|原则|措施|义务)$")
_ALL_OF_IT = re.compile("(?:全部|都|各|分别)?(?:是)?(?:什么|啥|哪些|有哪些)?[吗呢？?。]?$")
#: 至少写十条, 不超过5条, 列10条: how many there are to be.
_BOUND = re.compile(
    "(?:至少|最少|起码|至多|最多|不少于|不低于|不多于|不超过|超过|大约|大概|随便|只|列|(?<![以之目])前)"
    "[再要能给我写举说讲来挑选答有出]*$"
)
_SAYS = re.compile("的?(?:原文|全文|内容|规定)|[写说讲]")
#: 列出十条 where nothing follows that could be asked of an article.
_MAKES = re.compile("[举写编凑挑选来出成为够满]$")
_ENOUGH = re.compile(
    "$|[，。；！？,;!?、）”]|[就便]?(?:够|行|可以|好|足够|即可)|来|左右|以内|吧|给我"
)


def _says_how_many(plain: str, start: int, end: int) -> bool:
    """Whether so many are asked for: 至少写十条, 列出十条. 列出20条原文 asks for an article."""
    if _BOUND.search(plain[:start]):
        return not _SAYS.match(plain, end)
    return bool(_MAKES.search(plain[:start]) and _ENOUGH.match(plain, end))


def _counts_things(plain: str, start: int, end: int) -> bool:
    """Whether 条 or 款 is a measure word here (有11条职责), not the unit of an address."""
    if plain[start] == "第" or plain[end - 1] not in "条款":
        return False
    if _ONE_BY_ONE.match(plain, start) or plain[start - 2 : start] in {"一条", "一款"}:
        return True
    if plain[start - 1 : start] in set("有共这那几哪各") or _COUNTED.match(plain, end):
        return True
    if _COUNTED_BEFORE.search(plain[:start]) and _ALL_OF_IT.match(plain, end):
        return True
    return _says_how_many(plain, start, end)


def _may_follow(before: Step, step: Step) -> bool:
    rank = list(Level)
    if step.level is Level.PARAGRAPH:
        return before.level is not Level.PARAGRAPH
    return rank.index(before.level) < rank.index(step.level)


def _read_step(match: re.Match[str], before: list[Step]) -> Step | None:
    try:
        return _typed_step(match, before)
    except ValueError:  # a run of numerals that is no number: 一二十
        return None


def _typed_step(match: re.Match[str], before: list[Step]) -> Step:
    in_article = any(step.level is Level.ARTICLE for step in before)
    deepest = before[-1].level if before else None
    if match["unit_number"] is not None:
        number, unit = match["unit_number"], match["unit"]
        branch = to_int(match["branch"]) if match["branch"] else 0
        return Step(_level(unit, in_article, deepest), to_int(number), branch)
    if match["end_unit"] is not None:
        number = match["last"] or match["from_end"]
        return Step(_level(match["end_unit"], in_article, deepest), -to_int(number))
    bracketed = match["bracketed"] or match["bracketed_half"]
    if bracketed is not None:
        return Step(_bracket_level(bracketed, in_article, deepest), to_int(bracketed))
    number = match["listed"] or match["opening"] or match["bare"]
    if in_article:
        return Step(Level.SUBITEM if deepest is Level.ITEM else Level.ITEM, to_int(number))
    return Step(Level.POINT if _arabic(number) and before else Level.PART, to_int(number))


def _level(unit: str, in_article: bool, deepest: Level | None) -> Level:
    if unit in _NEXT_LEVEL and not in_article:
        inside = OUTLINE_LEVELS.index(deepest) + 1 if deepest in OUTLINE_LEVELS else 0
        return OUTLINE_LEVELS[min(inside, len(OUTLINE_LEVELS) - 1)]
    return _UNIT_LEVEL.get(unit) or _item_level(unit, in_article, deepest)


def _item_level(unit: str, in_article: bool, deepest: Level | None) -> Level:
    if unit.lstrip("大小") in {"项", "点", "件事", "件事情"}:
        return Level.ITEM if in_article else Level.POINT
    return Level.SUBITEM if in_article or deepest is Level.ITEM else Level.SUBPOINT


def _bracket_level(number: str, in_article: bool, deepest: Level | None) -> Level:
    if in_article:
        return Level.SUBITEM if deepest is Level.ITEM else Level.ITEM
    return Level.SUBPOINT if _arabic(number) else Level.DIVISION


def _arabic(numeral: str) -> bool:
    return numeral.isdecimal()
