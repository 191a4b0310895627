"""The line that a clerk reads to a caller: document, address, and the point in its own words.

Pure functions; the words after the address are an exact stretch of the provision's text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.models import DocumentSummary
from index.numerals import to_chinese

#: Characters of a line at most: about what is said in one breath and held in mind.
MOST = 60
#: Characters that the words of the provision have at least.
_LEAST_WORDS = 16
#: From this length on, only the nearest heading of an address is said.
_MOST_NAME = 28
_LEAST_MEMBERS = 8
_SHORT_NAME = 8
_LONG_NAME = 16
_CLAUSE = re.compile(r"[^，。；：！？\n]+[，。；：！？]*")
_LINE_LABEL = re.compile(
    r"\s*(?:第[一二三四五六七八九十百零\d]+[编章节条](?:之[一二三四五六七八九十]+)?\s*"
    r"|[（(][一二三四五六七八九十百\d]+[）)]\s*|\d{1,3}[.．、]\s*|[一二三四五六七八九十]+、)?"
)
_HANGING = "，：、；"
_SENTENCE_END = "。；！？"

Span = tuple[int, int]


@dataclass(frozen=True)
class ReadAloud:
    """A line of at most `MOST` characters.

    Args:
        name: the document by its short name, with the address as it is spoken.
        words: ``text[start:end]`` of the provision.
        start, end: where *words* stand in the provision's text.
    """

    name: str
    words: str
    start: int
    end: int

    def __str__(self) -> str:
        return f"{self.name}：{self.words}" if self.words else self.name


def read_aloud(name: str, address: str, text: str, marks: Sequence[Span]) -> ReadAloud:
    """What to say of a provision, the marked words in it if they fit.

    Args:
        name: the document's short name.
        address: as printed.
        text: the provision's words.
        marks: stretches of *text* that were looked for.
    """
    spoken_name = _fitting(name, address)
    start, end = _stretch(text, marks, MOST - len(spoken_name) - 1)
    return ReadAloud(spoken_name, text[start:end], start, end)


def short_name(document: DocumentSummary) -> str:
    """What people call the document in speech: a short name with its place, else its title."""
    place = document.jurisdiction
    local = [name for name in document.aliases if place and name[:2] in place]
    fitting = [name for name in local if len(name) <= _SHORT_NAME]
    if fitting:
        return max(fitting, key=len)
    title = re.sub(r"^中华人民共和国|（[^（）]*）$|[《》]", "", document.title)
    return min([title, *local], key=len) if len(title) > _LONG_NAME else title


def spoken(address: str) -> str:
    """The address as one says it: 第二十条第（三）项 → 第二十条第三项."""
    plain = re.sub(r"第[（(]([^（）()]+)[）)]", r"第\1", address)
    plain = re.sub(r"[（(]([一二三四五六七八九十百]+)[）)]", r"第\1点", plain)
    plain = plain.replace("·", "，")
    return re.sub(r"(?<=第)\d+(?=[项目点])", lambda number: to_chinese(int(number[0])), plain)


def _fitting(name: str, address: str) -> str:
    """Name and address with room behind them; of an address that is too long, the near end."""
    if len(name) + len(address) > _MOST_NAME:
        name, address = name[:_LONG_NAME], address.rpartition("·")[2]
    said = spoken(address)
    return name + said[max(0, len(name) + len(said) - (MOST - _LEAST_WORDS - 1)) :]


def _stretch(text: str, marks: Sequence[Span], room: int) -> Span:
    """The clauses of *text*, at most *room* characters, that say most of what was looked for."""
    best = max(_candidates(text, room), key=lambda span: _worth(text, span, marks), default=(0, 0))
    start, end = best
    while end > start and text[end - 1] in _HANGING:
        end -= 1
    return start, end


def _candidates(text: str, room: int) -> Iterator[Span]:
    clauses = list(_clauses(text))
    for place, (start, first_end) in enumerate(clauses):
        if first_end - start > room:
            yield start, _cut(text, start, room)
            continue
        for clause_start, end in clauses[place:]:
            if end - start > room or "\n" in text[start:clause_start]:
                break
            yield start, end


def _clauses(text: str) -> Iterator[Span]:
    at = 0
    for line in text.split("\n"):
        label = _LINE_LABEL.match(line)
        skipped = label.end() if label else 0
        for clause in _CLAUSE.finditer(line, skipped):
            yield at + clause.start(), at + clause.end()
        at += len(line) + 1


def _cut(text: str, start: int, room: int) -> int:
    """Where a clause that is too long is left off: behind its last member that fits."""
    within = text[start : start + room]
    return start + (within.rfind("、") if within.rfind("、") >= _LEAST_MEMBERS else room)


def _worth(text: str, span: Span, marks: Sequence[Span]) -> tuple[float, ...]:
    """Larger for a stretch that is better said: what was looked for, whole sentences, few words."""
    start, end = span
    said = {text[low:high] for low, high in marks if start <= low and high <= end}
    before = text[:start].rstrip(" \t")
    begins = not before or before[-1] in "。；！？\n" or _opens_line(before)
    stops = text[end - 1] in _HANGING or text[end : end + 1] in _HANGING
    ends = end == len(text) or text[end - 1] in _SENTENCE_END or text[end : end + 1] == "\n"
    return (
        sum(map(len, said)),
        ends or stops,
        begins,
        ends,
        -start,
        start - end if ends else end - start,
    )


def _opens_line(before: str) -> bool:
    """Whether only a label stands between the line's beginning and here."""
    return _LINE_LABEL.fullmatch(before.rpartition("\n")[2]) is not None
