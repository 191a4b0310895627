"""Page numbers and running headers, which stand between two pages and often within a sentence.

A number alone may as well be the label of an item or a cell of a table. So it goes only where the
numbers climb through the file and a page lies between them, or where they cut sentences.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from index.edits import Edit, Line, Step
from index.line_shapes import ends_whole, is_labelled, is_sentence, stands_alone

_DASH = "[-‐‑‒–—―−─－﹣~～]"
_HAN_NUMBER = "[0-9一二三四五六七八九十百]{1,4}"
_PAGE_OF = rf"第 ?{_HAN_NUMBER} ?页"
_TOTAL = rf"[（(]?共 ?{_HAN_NUMBER} ?页[）)]?"
#: - 3 -, — 2 —, 第3页 共9页: nothing else is written like this.
_UNMISTAKABLE = re.compile(
    rf"{_DASH}+ ?[0-9]{{1,4}} ?{_DASH}+"
    rf"|{_DASH}* ?{_PAGE_OF}(?:[ ,，/]*{_TOTAL})? ?{_DASH}*|{_TOTAL}[ ,，/]*{_PAGE_OF}"
)
_OF_ALL = re.compile(r"([1-9][0-9]{0,2}) ?[/／] ?([1-9][0-9]{0,2})")
_BARE = re.compile(r"([1-9][0-9]{0,2})")
_STEP = 5  # pages from one number of a series to the next
_PAGE = 8  # lines between two numbers, on average, from which they number pages
_PAGE_CHARACTERS = 400  # the same in characters, where lines are whole paragraphs
_CUT = 15  # characters from which a line can be seen to be cut
_HEADER = 30  # characters of a running header at most
_HEADER_LINES = 2


def drop_page_marks(lines: list[Line]) -> Step:
    """Page numbers and the headers beside them go, with the empty lines around them."""
    written = [place for place, line in enumerate(lines) if line.text]
    texts = [lines[place].text for place in written]
    marks = _page_numbers(texts)
    for _ in range(_HEADER_LINES):
        marks |= _running_headers(texts, marks)
    gone = {written[order] for order in marks}
    edits = [Edit("page_mark", lines[place].source, lines[place].text, "") for place in gone]
    after = {low for up, low in itertools.pairwise(written) if up in gone and low not in gone}
    dropped = gone | _around(lines, gone)
    kept = [
        replace(line, paged=True) if place in after else line
        for place, line in enumerate(lines)
        if place not in dropped
    ]
    return Step(kept, sorted(edits, key=lambda edit: edit.line))


def _around(lines: list[Line], gone: set[int]) -> set[int]:
    """The empty lines next to those that go: they are the page's, not the writer's."""
    empty: set[int] = set()
    for place in gone:
        for ahead in (range(place + 1, len(lines)), range(place - 1, -1, -1)):
            empty.update(itertools.takewhile(lambda other: not lines[other].text, ahead))
    return empty


def _page_numbers(texts: list[str]) -> set[int]:
    """Which of *texts* are page numbers."""
    found = {order for order, text in enumerate(texts) if _UNMISTAKABLE.fullmatch(text)}
    for series in _series(_numbered(texts, _OF_ALL)):
        if all(_is_share(texts[order]) for order in series) and len(_totals(texts, series)) == 1:
            found.update(series)
    for series in _series(_numbered(texts, _BARE)):
        if _are_pages(texts, series):
            found.update(series)
    return found


def _numbered(texts: list[str], shape: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    for order, text in enumerate(texts):
        if match := shape.fullmatch(text):
            yield order, int(match[1])


def _series(numbered: Iterable[tuple[int, int]]) -> Iterator[list[int]]:
    """Where two or more numbers climb, one after the other."""
    series: list[int] = []
    last = 0
    for order, number in numbered:
        if series and not last < number <= last + _STEP:
            if len(series) > 1:
                yield series
            series = []
        series.append(order)
        last = number
    if len(series) > 1:
        yield series


def _is_share(text: str) -> bool:
    number, total = re.split(r" ?[/／] ?", text)
    return int(number) <= int(total)


def _totals(texts: list[str], series: list[int]) -> set[str]:
    return {re.split(r" ?[/／] ?", texts[order])[1] for order in series}


def _are_pages(texts: list[str], series: list[int]) -> bool:
    """Whether a page lies between these numbers, or most of them stand within a sentence."""
    between = texts[series[0] + 1 : series[-1]]
    pages = len(series) - 1
    if len(between) >= pages * _PAGE or sum(map(len, between)) >= pages * _PAGE_CHARACTERS:
        return True
    cutting = sum(_cuts(texts, order) for order in series)
    return cutting > 1 and cutting * 2 >= len(series)


def _cuts(texts: list[str], order: int) -> bool:
    if not 0 < order < len(texts) - 1:
        return False
    above, below = texts[order - 1], texts[order + 1]
    cut = len(above) >= _CUT and is_sentence(above) and not ends_whole(above)
    return cut and not is_labelled(below) and is_sentence(below)


def _running_headers(texts: list[str], marks: set[int]) -> set[int]:
    """Short lines that recur beside page numbers; the one that opens the file is its title."""
    first = next((order for order in range(len(texts)) if order not in marks), 0)
    beside = {
        order
        for mark in marks
        for order in (mark - 1, mark + 1)
        if first < order < len(texts) and order not in marks and _may_be_header(texts[order])
    }
    times = Counter(_tight(texts[order]) for order in beside)
    return {order for order in beside if times[_tight(texts[order])] > 1}


def _may_be_header(text: str) -> bool:
    short = len(text) <= _HEADER and not re.search("[，。；：！？,;:!?]", text)
    return short and not is_labelled(text) and not stands_alone(text)


def _tight(text: str) -> str:
    return text.replace(" ", "")
