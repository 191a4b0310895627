"""How often something happened and over which span of time it is counted."""

from __future__ import annotations

import re
from typing import TypeVar

from index.numerals import NUMERAL_CLASS
from index.reckon import Count, Found, counts

T = TypeVar("T")

SENTENCE_STOPS = "；。？！;?!\n"
_WINDOWS = {
    "week": re.compile("周|星期|礼拜"),
    "month": re.compile(r"(?:[每这本上]个?|第?[一二三四五六七八九十\d]+个)月(?!\d)|全月|当月"),
    "quarter": re.compile("季"),
    "half": re.compile("半年"),
    "year": re.compile("(?<!半)年(?!底|终|末|初)"),
}
#: 今年2月和9月各一起, 3月、6月、9月各出1起: as many as there are months.
_EACH_MONTH = re.compile(
    rf"(?P<months>[{NUMERAL_CLASS}]{{1,3}}月份?(?:(?:[、和与及,，]|以及)[{NUMERAL_CLASS}]{{1,3}}月份?)+)"
    rf"都?各(?:自|发生|出|来|有)?(?:了|过)?(?P<number>[{NUMERAL_CLASS}]{{1,2}})(?P<unit>[起次])"
)

#: How serious an accident is, the least first: counts of one class say nothing of another.
_CLASSES = ("一般", "较大", "重大", "特别重大")
_CLASS = re.compile("(?P<name>特别重大|重大|较大|一般)(?P<above>及?以上)?")


def same_class(asked: str, counted: str) -> bool:
    """Whether an accident as *asked* is one of those that are *counted*; so where none says.

    >>> same_class("起重大事故", "起较大以上生产安全事故"), same_class("起一般事故", "起较大事故")
    (True, False)
    """
    told = [_CLASSES.index(match["name"]) for match in _CLASS.finditer(asked)]
    limits = [(_CLASSES.index(m["name"]), bool(m["above"])) for m in _CLASS.finditer(counted)]
    if not told or not limits:
        return True
    return any(one == least or (above and one > least) for one in told for least, above in limits)


def each_month(asked: str) -> list[Found[Count]]:
    """What happened so and so often in each of several months, added up."""
    found = []
    for match in _EACH_MONTH.finditer(asked):
        each = counts(f"{match['number']}{match['unit']}")
        if each:
            number = each[0].value.number * len(re.findall("月", match["months"]))
            total = Count(number, each[0].value.unit)
            found.append(Found(total, match.start(), match.end(), match[0]))
    return found


def same_window(asked: str, words: str, limit: Found[T]) -> bool:
    """Whether the question counts over the span of time over which the quotation counts."""
    window = _windows(words[_sentence_start(words, limit.start) : limit.start])[-1:]
    spoken = _windows(asked)
    return not window or not spoken or spoken == window


def _sentence_start(text: str, at: int) -> int:
    return max(text.rfind(stop, 0, at) for stop in SENTENCE_STOPS) + 1


def _windows(text: str) -> list[str]:
    """The spans of time over which a text counts, in the order in which they stand."""
    found = [(m.start(), name) for name, form in _WINDOWS.items() for m in form.finditer(text)]
    return [name for _, name in sorted(found)]
