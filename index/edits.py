"""What normalisation works on and what it leaves behind: lines with their origin, and edits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, NamedTuple

from index.lexicon.loading import FOLDER, parse_yaml

#: Han characters, the illegible ones included: the inside of a character class.
HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff〇□"
#: Punctuation that only Chinese text has: the inside of a character class.
CJK_PUNCTUATION = "，。；：！？、（）《》〈〉“”‘’〔〕【】「」『』…—·"
#: A Chinese list label without its blank: 一、 2、 （一） （1）.
LIST_NUMERAL = "一二三四五六七八九十百0-9"
_CONTEXT = 3  # characters shown on either side of a change


@dataclass(frozen=True)
class Edit:
    """One change to the received file.

    Args:
        rule: machine name of the rule.
        line: line of the received file, from 1, where it happened.
        before: what stood there, with a little context; never personal data.
        after: what stands there now, with the same context.
    """

    rule: str
    line: int
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """A line on its way through the rules.

    Args:
        text: what it says now.
        source: its line in the received file, from 1.
        width: how wide it was in the received file, in characters.
        indent: whether blanks stood before it there.
        gap: whether an empty line stood before it there.
        paged: whether a page ended before it there, as a page number showed.
    """

    text: str
    source: int
    width: int
    indent: bool = False
    gap: bool = False
    paged: bool = False

    @classmethod
    def received(cls, text: str, source: int) -> Line:
        """The line as it came, with blanks at its ends still on."""
        bare = text.rstrip()
        return cls(text, source, len(bare), indent=bare[:1].isspace())

    def saying(self, text: str) -> Line:
        """The same line with another text."""
        return self if text == self.text else replace(self, text=text)


class Step(NamedTuple):
    """What a rule gives back: the lines after it and the changes it made."""

    lines: list[Line]
    edits: list[Edit]


Rule = Callable[[list[Line]], Step]
Replacement = str | Callable[[re.Match[str]], str]


@cache
def words(name: str) -> tuple[str, ...]:
    """A word list of ``lexicon/normalise.yaml``; one given as plain text is cut in characters."""
    listed = _lists()[name]
    return tuple("".join(listed.split()) if isinstance(listed, str) else map(str, listed))


@cache
def _lists() -> dict[str, Any]:
    lists: dict[str, Any] = parse_yaml((FOLDER / "normalise.yaml").read_text(encoding="utf-8"))
    return lists


def alternatives(*names: str) -> str:
    """The words of the named lists as a pattern, longest first."""
    listed = {word for name in names for word in words(name)}
    return "|".join(map(re.escape, sorted(listed, key=lambda word: (-len(word), word))))


def rewrite(
    lines: Iterable[Line], rule: str, pattern: re.Pattern[str], replacement: Replacement
) -> Step:
    """Replaces *pattern* in each line, one edit for each place where that changes something."""
    rewritten, edits = [], []
    for line in lines:
        text, made = _rewrite_line(line, rule, pattern, replacement)
        rewritten.append(line.saying(text))
        edits += made
    return Step(rewritten, edits)


def _rewrite_line(
    line: Line, rule: str, pattern: re.Pattern[str], replacement: Replacement
) -> tuple[str, list[Edit]]:
    pieces, edits, position = [], [], 0
    for match in pattern.finditer(line.text):
        new = replacement(match) if callable(replacement) else match.expand(replacement)
        pieces += [line.text[position : match.start()], new]
        position = match.end()
        if new != match[0]:
            edits.append(_edit(line, rule, match.span(), new))
    return "".join([*pieces, line.text[position:]]), edits


def _edit(line: Line, rule: str, span: tuple[int, int], new: str) -> Edit:
    start, end = span
    head = line.text[max(0, start - _CONTEXT) : start]
    tail = line.text[end : end + _CONTEXT]
    return Edit(rule, line.source, f"{head}{line.text[start:end]}{tail}", f"{head}{new}{tail}")


def changed(line: Line, rule: str, text: str) -> list[Edit]:
    """The edits that turn *line* into *text* of the same length, one for each stretch."""
    edits, position = [], 0
    while position < len(text):
        end = position
        while end < len(text) and text[end] != line.text[end]:
            end += 1
        if end > position:
            edits.append(_edit(line, rule, (position, end), text[position:end]))
        position = max(end, position + 1)
    return edits


def in_order(lines: list[Line], rules: Iterable[Rule]) -> Step:
    """Runs *rules* one after the other, each on what the one before left."""
    edits: list[Edit] = []
    for rule in rules:
        lines, made = rule(lines)
        edits += made
    return Step(lines, edits)
