"""What a single line looks like: labelled, ended, standing by itself, with a bracket open.

`index.lines` types the lines of clean text for the parser; this module judges lines that may
still be cut, and only what joining them needs to know.
"""

from __future__ import annotations

import re
from functools import cache

from index.edits import HAN, alternatives
from index.numerals import NUMERAL_CLASS, to_int

_N = f"[{NUMERAL_CLASS}]"
#: 第三条 with a blank or nothing behind it; tight ones are labels only in texts that print all so.
_SPACED_UNIT = re.compile(rf"第{_N}+(?:分?编|章|节|条|部分)(?:之[一二三四五六七八九十]+)?(?: |$)")
_TIGHT_UNIT = re.compile(rf"第{_N}+(?:分?编|章|节|条|部分)(?:之[一二三四五六七八九十]+)?[：:、]?")
_LABELS = {
    # 一、 but not 三、四级, the rest of a sentence that the page has cut
    "comma": re.compile(rf"({_N}{{1,4}})、(?![一二三四五六七八九十]+[、级类届期条项次等])"),
    "parenthesis": re.compile(r"（([零〇一二三四五六七八九十百]{1,4})）"),
    "number": re.compile(r"（(\d{1,3})）"),
    "dot": re.compile(r"(\d{1,3})\.(?= |$)"),
    "half": re.compile(r"(\d{1,3})）"),
    "ordinal": re.compile(rf"第({_N}+)(?:，|、|,)"),
}
_CIRCLED = re.compile("[①-⑳⑴-⒇㈠-㈩❶-❿]")
_DATE = re.compile(
    rf"[（(]?(?:\d{{4}}|[二一][〇○零一二三四五六七八九]{{3}})年 ?{_N}{{1,3}}月(?: ?{_N}{{1,3}}日)?"
    rf"(?:[）)]|[{HAN}]{{0,4}}$)?$"
)
_ADOPTED = re.compile(
    rf"\d{{4}}年\d{{1,2}}月\d{{1,2}}日[ {HAN}]*(?:第.{{1,4}}次|通过|公布|发布|修正|修订)"
)
_NUMBER = re.compile(rf"^[{HAN} ]{{0,12}}[〔\[（(]\d{{4}}[〕\]）)] ?第? ?\d{{1,5}} ?号$")
_CLOSERS = "”’」』）)〕》】"
_ENDS = "。；：！？…;:!?"
_MID = "，、,—·《“‘（(〔「『"
_OPENING = {"》": "《", "”": "“", "）": "（", ")": "(", "〕": "〔"}


def label(text: str) -> tuple[str, int] | None:
    """The style and number of the list label that *text* begins with, or None.

    >>> label("（三）把"), label("2、适应"), label("第三条 为了"), label("三个必须")
    (('parenthesis', 3), ('comma', 2), None, None)
    """
    for style, pattern in _LABELS.items():
        match = pattern.match(text)
        if match:
            return _numbered(style, match[1])
    return None


def _numbered(style: str, numeral: str) -> tuple[str, int] | None:
    try:
        return style, to_int(numeral)
    except ValueError:
        return None


def is_labelled(text: str, *, tight_units: bool = False) -> bool:
    """Whether *text* begins with a label of any kind, so that nothing runs on into it."""
    unit = (_TIGHT_UNIT if tight_units else _SPACED_UNIT).match(text)
    return bool(unit or text[:1] == "■" or _CIRCLED.match(text) or label(text))


def is_provision(text: str) -> bool:
    """Whether *text* is an article with words behind its number: 第三条 为了."""
    unit = _SPACED_UNIT.match(text)
    return bool(unit and "条" in unit[0] and text[unit.end() :])


def has_tight_units(texts: list[str]) -> bool:
    """Whether the text prints 第一条为了 throughout, with no blank behind its articles."""
    spaced = sum(bool(_SPACED_UNIT.match(text)) for text in texts)
    tight = sum(bool(_TIGHT_UNIT.match(text)) for text in texts)
    return tight > 2 * spaced


@cache
def _standing() -> re.Pattern[str]:
    openings = alternatives("standing_openings")
    return re.compile(f"(?:{openings})(?:[：:]|[0-9一二三四五六七八九十 ]|$)")


def stands_alone(text: str) -> bool:
    """Whether *text* is a date, a document number, 附件：, 抄送： and so on."""
    fixed = _standing().match(text) or _DATE.match(text) or _NUMBER.match(text)
    return bool(fixed or _ADOPTED.match(text)) or text.startswith("〔联系方式")


def is_addressee(text: str) -> bool:
    """Whether *text* may name those whom a letter is for: 各镇（街道），区直及驻区各单位："""
    return text.endswith("：") and not re.search("[。；“《]", text)


def ends_whole(text: str) -> bool:
    """Whether *text* ends where a sentence may, closing quotation marks left aside."""
    return text.rstrip(_CLOSERS)[-1:] in tuple(_ENDS)


def ends_inside(text: str) -> bool:
    """Whether *text* ends with a mark that only stands within a sentence."""
    return text[-1:] in tuple(_MID)


def is_sentence(text: str) -> bool:
    """Whether *text* has a mark that titles and headings seldom have."""
    return bool(re.search("[，。；、：]", text))


def unclosed(text: str) -> list[str]:
    """The brackets that *text* opens and does not close, outermost first."""
    opened: list[str] = []
    for character in text:
        if character in _OPENING.values():
            opened.append(character)
        elif character in _OPENING and opened and opened[-1] == _OPENING[character]:
            opened.pop()
    return opened


def closes(text: str, bracket: str) -> bool:
    """Whether *text* closes a *bracket* that it did not open."""
    depth = 0
    closing = next(close for close, opening in _OPENING.items() if opening == bracket)
    for character in text:
        depth += (character == bracket) - (character == closing)
        if depth < 0:
            return True
    return False


@cache
def _document_kind() -> re.Pattern[str]:
    return re.compile(rf"(?:{alternatives('document_kinds')})》?(?:（[^（）]{{1,12}}）)?$")


def is_title(text: str) -> bool:
    """Whether *text* ends as a document's title does."""
    return bool(_document_kind().search(text)) and not re.search("[。；，]", text)


def is_cut_title(text: str) -> bool:
    """Whether *text* opens a title (关于…) and does not reach its end."""
    matter = re.sub("《[^《》]*》", "", text)
    return (
        "关于" in matter
        and len(text) <= 60
        and not re.search("[，。；：]", text)
        and not (_document_kind().search(matter))
    )
