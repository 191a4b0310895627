"""Rule 8: sentences cut by a page, a column or a fixed width are put together again.

A wrong join hides a label or glues two paragraphs; a missed one leaves half a sentence. So lines
are joined only on evidence that the upper one is cut, and never where the lower one begins
something. Whatever decides can be seen in the result too, so that a second run finds nothing.
"""

from __future__ import annotations

import itertools
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache

import jieba
import jieba.posseg

from index.edits import Edit, Line, Step
from index.line_shapes import (
    closes,
    ends_inside,
    ends_whole,
    has_tight_units,
    is_addressee,
    is_cut_title,
    is_labelled,
    is_provision,
    is_sentence,
    is_title,
    label,
    stands_alone,
    unclosed,
)

_SHOWN = 8  # characters shown on either side of a join
_REACH = 4  # lines within which an open bracket must be closed
_BODY = 20  # characters from which an unended line with commas is body text, not a heading
_LONG = 40  # the same for a line without a label


@dataclass(frozen=True)
class _Page:
    """What is known of the whole text while two of its lines are judged.

    Args:
        titles: names that the text gives in 《》.
        whole: the lines of the text as they are.
        tight_units: whether articles are printed without a blank behind their number.
        full: from which width on a line was ended by the page, not by the writer; 0 where
            the text is not wrapped at a fixed width.
        parted: whether blank lines or indents show where paragraphs begin.
        headings: labelled lines that are headings, as their neighbours in number are.
    """

    titles: tuple[str, ...]
    whole: frozenset[str]
    tight_units: bool
    full: int
    parted: bool
    headings: frozenset[str]


def join_broken_lines(lines: list[Line]) -> Step:
    """Joins each line to the one above where that one is cut."""
    lines = _without_empty(lines)
    page = _survey(lines)
    joined: list[Line] = []
    edits: list[Edit] = []
    for place, line in enumerate(lines):
        ahead = [following.text for following in lines[place : place + _REACH]]
        if joined and _is_cut(joined[-1], line, ahead, page):
            edits.append(_edit(joined[-1], line))
            joined[-1] = replace(line, text=joined[-1].text + line.text, source=joined[-1].source)
        else:
            joined.append(line)
    return Step(joined, edits)


def _without_empty(lines: list[Line]) -> list[Line]:
    kept: list[Line] = []
    gap = False
    for line in lines:
        if line.text:
            kept.append(replace(line, gap=gap or line.gap))
        gap = not line.text
    return kept


def _edit(upper: Line, lower: Line) -> Edit:
    tail, head = upper.text[-_SHOWN:], lower.text[:_SHOWN]
    return Edit("broken_line", lower.source, f"{tail}⏎{head}", tail + head)


def _survey(lines: list[Line]) -> _Page:
    texts = [line.text for line in lines]
    full = _full_width(lines)
    return _Page(
        titles=tuple(sorted(set(re.findall("《([^《》]{8,})》", "\n".join(texts))))),
        whole=frozenset(text for text in texts if len(text) >= _SHOWN),
        tight_units=has_tight_units(texts),
        full=full,
        parted=_is_parted(lines, full),
        headings=frozenset(_headings(lines, full)),
    )


def _headings(lines: list[Line], full: int) -> Iterator[str]:
    """Labelled lines that end without a mark, as those numbered next to them do."""
    by_style: dict[str, list[tuple[int, Line]]] = {}
    for line in lines:
        if found := label(line.text):
            by_style.setdefault(found[0], []).append((found[1], line))
    for numbered in by_style.values():
        for before, (number, line), after in zip(
            [None, *numbered], numbered, [*numbered[1:], None], strict=False
        ):
            beside = [n for n in (before, after) if n and abs(n[0] - number) == 1]
            short = sum(not ends_whole(b.text) and not 0 < full <= b.width for _, b in beside)
            doubt = len(beside) - short + (0 < full <= line.width)
            if not ends_whole(line.text) and 0 < short >= doubt:
                yield line.text


def _is_parted(lines: list[Line], full: int) -> bool:
    """Whether most lines that end a paragraph early are followed by a blank line or an indent."""
    parted = [
        below.gap or below.indent
        for above, below in itertools.pairwise(lines)
        if above.width < full and ends_whole(above.text) and not is_labelled(below.text)
    ]
    return len(parted) > 1 and sum(parted) >= len(parted) * 0.6


def _full_width(lines: list[Line]) -> int:
    """From which width on lines were ended by the page, or 0."""
    widths = sorted(line.width for line in lines)
    widest = widths[int(len(widths) * 0.98)] if widths else 0
    if not 24 <= widest <= 60:
        return 0
    unended = [line.width for line in lines if not ends_whole(line.text)]
    wide = [width for width in unended if width >= widest * 0.74]
    if len(wide) < 5 or len(wide) < len(lines) / 4:
        return 0
    exact = sum(width >= widest - 3 for width in wide) >= len(wide) * 0.6
    return widest - 3 if exact else int(widest * 0.74)


def _is_cut(upper: Line, lower: Line, ahead: list[str], page: _Page) -> bool:
    """Whether *lower* continues *upper*."""
    above, below = upper.text, lower.text
    if is_labelled(below, tight_units=page.tight_units) and not _ends_bracket(above, below):
        return False
    if _cannot_begin(below):
        return not ends_whole(above)
    if ends_whole(above):
        return _runs_on_full(upper, lower, page)
    if _bracket_spans(above, ahead, page) or _names_title(above, below, page):
        return True
    if stands_alone(below) or stands_alone(above) or (is_title(above) and is_addressee(below)):
        return False
    return any(evidence(upper, lower, page) for evidence in _EVIDENCE)


def _ends_bracket(above: str, below: str) -> bool:
    """Whether 3） is the end of a bracket above, not a label."""
    return unclosed(above)[-1:] == ["（"] and bool(re.match(r"\d+）", below))


def _cannot_begin(text: str) -> bool:
    """Whether a line can not begin like this: with a closing mark or a particle (了, 的)."""
    return text[0] in "，。；：、！？）》”’〕%％" or _flags(text[:12])[0].startswith("u")


def _bracket_spans(above: str, ahead: list[str], page: _Page) -> bool:
    """Whether a bracket open in the upper line is closed below, before anything new begins."""
    opened = unclosed(above)
    if not opened:
        return False
    run = ""
    for text in ahead:
        if is_labelled(text, tight_units=page.tight_units):
            return False
        run += text
        if closes(run, opened[-1]):
            return True
    return False


def _names_title(above: str, below: str, page: _Page) -> bool:
    """Whether both lines together are another line, or hold a name that the text has in 《》."""
    joint = above + below
    return joint in page.whole or any(
        start < len(above) < start + len(title)
        for title in page.titles
        if (start := joint.find(title)) >= 0
    )


def _title_goes_on(upper: Line, lower: Line, _: _Page) -> bool:
    return is_cut_title(upper.text) and is_title(lower.text)


def _ends_inside(upper: Line, _lower: Line, _page: _Page) -> bool:
    return ends_inside(upper.text)


def _ends_in_particle(upper: Line, _: Line, page: _Page) -> bool:
    """Whether the upper line ends in a conjunction, a preposition or a particle (及其)."""
    if upper.text.endswith("等"):  # a heading may well end with it
        return False
    return _flags(upper.text[-12:])[-1][0] in "cpu" and upper.text not in page.headings


def _cuts_a_word(upper: Line, lower: Line, page: _Page) -> bool:
    """Whether a dictionary word lies across the line end: 具|体制度."""
    above, below = upper.text[-8:], lower.text[:8]
    short = len(upper.text) < _BODY and not lower.paged
    if short or is_title(upper.text) or upper.text in page.headings:
        return False
    position = 0
    for word in _tokenizer().cut(above + below, HMM=False):
        if position < len(above) < position + len(word):
            return True
        position += len(word)
    return False


def _is_body(upper: Line, lower: Line, page: _Page) -> bool:
    """Whether the upper line is body text without an end, and the lower one brings the end."""
    least = _BODY if label(upper.text) or is_labelled(upper.text) else _LONG
    long = len(upper.text) >= least and is_sentence(upper.text)
    goes_on = 0 < page.full <= lower.width
    brings_end = goes_on or (ends_whole(lower.text) and not is_addressee(lower.text))
    return long and brings_end and upper.text not in page.headings


def _fills_the_width(upper: Line, lower: Line, page: _Page) -> bool:
    if not 0 < page.full <= upper.width:
        return False
    if upper.text in page.headings:  # a heading too long for its line, or body text below it
        return not ends_whole(lower.text) and lower.width < page.full
    return not is_title(upper.text)


def _runs_over_a_page(upper: Line, lower: Line, page: _Page) -> bool:
    """Whether a page ended within a sentence of the body, as its number showed."""
    long = len(upper.text) >= _BODY and is_sentence(upper.text)
    body = long or is_provision(upper.text) or re.search("[，；：]", upper.text)
    whole = lower.indent or is_title(upper.text) or upper.text in page.headings
    return lower.paged and bool(body) and not whole and is_sentence(lower.text)


_EVIDENCE: tuple[Callable[[Line, Line, _Page], bool], ...] = (
    _ends_inside,
    _title_goes_on,
    _ends_in_particle,
    _cuts_a_word,
    _is_body,
    _fills_the_width,
    _runs_over_a_page,
)


def _runs_on_full(upper: Line, lower: Line, page: _Page) -> bool:
    """Whether a full line ends with a sentence by chance, in the middle of its paragraph."""
    full = bool(page.full) and upper.width >= page.full
    if not full or lower.gap or lower.indent or stands_alone(lower.text):
        return False
    return page.parted or upper.text.endswith("；")


@cache
def _tokenizer() -> jieba.Tokenizer:
    jieba.setLogLevel(logging.WARNING)
    return jieba.Tokenizer()


@cache
def _tagger() -> jieba.posseg.POSTokenizer:
    return jieba.posseg.POSTokenizer(_tokenizer())


def _flags(text: str) -> list[str]:
    """The parts of speech of *text*, one for each word."""
    return [pair.flag for pair in _tagger().cut(text)] or ["x"]
