"""Clean text → typed lines: what each line's label says it is. Nothing is decided about nesting.

A line that fits no rule is TEXT; none is lost. Every character of the text, line ends included,
belongs to exactly one line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from index.numerals import NUMERAL_CLASS, to_int


class Kind(StrEnum):
    """What a line's label is written like."""

    BOOK = "第一编"
    SUBBOOK = "第一分编"
    CHAPTER = "第一章"
    SECTION = "第一节"
    ARTICLE = "第一条"
    COMMA = "一、"
    PARENTHESIS = "（一）"
    DOT = "1."
    NUMBER_COMMA = "1、"
    NUMBER_PARENTHESIS = "（1）"
    CIRCLED = "①"
    RUN_IN = "■ head　text"
    TEXT = "text"


ENUMERATIONS = frozenset(
    {
        Kind.COMMA,
        Kind.NUMBER_COMMA,
        Kind.PARENTHESIS,
        Kind.NUMBER_PARENTHESIS,
        Kind.DOT,
        Kind.CIRCLED,
    }
)
#: Styles that differ in the numeral only, so that one may stand for the other by mistake.
TWINS = (
    frozenset({Kind.COMMA, Kind.NUMBER_COMMA}),
    frozenset({Kind.DOT, Kind.NUMBER_COMMA}),
    frozenset({Kind.PARENTHESIS, Kind.NUMBER_PARENTHESIS}),
)


@dataclass(frozen=True)
class Line:
    """One line of a text and its label.

    Args:
        kind: what the label is written like.
        start: offset of the line's first character, the label's.
        body: offset of the first character behind the label and its blank.
        end: offset behind the line's last character, its line end excluded.
        label: as printed, empty where there is none.
        number: the label's number, 0 where there is none.
        branch: M of 第N条之M, else 0.
        text: the line's words, from ``body`` to ``end``.
    """

    kind: Kind
    start: int
    body: int
    end: int
    label: str
    number: int
    branch: int
    text: str

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands on the line, not even a label."""
        return not self.text and not self.label


_N = f"[{NUMERAL_CLASS}]+"
_CHINESE = "[零〇一二三四五六七八九十百千两]+"
# What follows 第十条 where a sentence merely begins with a reference to that article.
_REFERS = r"(?![第款项规的所和、，及与至到或]|之规定|以外|前款)"
_UNIT_KINDS = {
    "编": Kind.BOOK,
    "分编": Kind.SUBBOOK,
    "章": Kind.CHAPTER,
    "节": Kind.SECTION,
    "条": Kind.ARTICLE,
}
_UNIT = re.compile(
    rf"第\s?(?P<number>{_N})\s?(?P<unit>编|分编|章|节|条)(?:之(?P<branch>{_CHINESE}))?"
    rf"(?:[ \u3000]+|(?P<tight>[：:、]?)(?=$|[\u4e00-\u9fff《“（]){_REFERS})"
)
_LABELS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.COMMA, re.compile(rf"(?P<number>{_CHINESE})(?P<mark>、)[ \u3000]*")),
    (Kind.PARENTHESIS, re.compile(rf"[（(](?P<number>{_CHINESE})[）)][ \u3000、]*")),
    (Kind.NUMBER_PARENTHESIS, re.compile(r"[（(](?P<number>\d{1,3})[）)][ \u3000、]*")),
    (Kind.NUMBER_COMMA, re.compile(r"(?P<number>\d{1,3})、[ \u3000]*")),
    (Kind.DOT, re.compile(r"(?P<number>\d{1,3})[.．](?!\d)[ \u3000]*")),
    (Kind.CIRCLED, re.compile(r"(?P<number>[①-⑳])[ \u3000]*")),
)
_RUN_IN = re.compile(r"■ (?P<head>[^\u3000\n]{1,60})\u3000")


def scan(text: str) -> list[Line]:
    """The typed lines of *text*, in order; empty lines are TEXT lines without words."""
    lines, start = [], 0
    for raw in text.split("\n"):
        lines.append(_scan_line(raw, start))
        start += len(raw) + 1
    return lines


def _scan_line(raw: str, start: int) -> Line:
    end = start + len(raw)
    unit = _UNIT.match(raw)
    if unit:
        return _labelled(raw, start, _UNIT_KINDS[unit["unit"]], unit, unit["branch"])
    run_in = _RUN_IN.match(raw)
    if run_in:
        body = start + run_in.end()
        return Line(Kind.RUN_IN, start, body, end, run_in["head"], 0, 0, raw[run_in.end() :])
    for kind, pattern in _LABELS:
        match = pattern.match(raw)
        if match:
            return _labelled(raw, start, kind, match, None)
    return Line(Kind.TEXT, start, start, end, "", 0, 0, raw)


def _labelled(raw: str, start: int, kind: Kind, match: re.Match[str], branch: str | None) -> Line:
    try:
        number = _number(kind, match["number"])
    except ValueError:
        return Line(Kind.TEXT, start, start, start + len(raw), "", 0, 0, raw)
    return Line(
        kind,
        start,
        start + match.end(),
        start + len(raw),
        match[0].rstrip(),
        number,
        to_int(branch) if branch else 0,
        raw[match.end() :],
    )


def _number(kind: Kind, numeral: str) -> int:
    return ord(numeral) - ord("①") + 1 if kind is Kind.CIRCLED else to_int(numeral)
