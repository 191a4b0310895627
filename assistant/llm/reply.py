"""What a model writes → sentences with the tokens of their evidence, as it writes them.

Read are a JSON object of the schema below, fenced or not, and plain lines with tokens in square
brackets; what a model thinks aloud before it (``<think>``) and says around it is passed over.
Nothing is read twice that could cost more the longer the reply is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from assistant.llm.issued import ALPHABET, LENGTH

#: The shape of a reply, for endpoints that can keep to a JSON schema.
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "statements": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    # in this order: a small model that begins with the text repeats the question
                    "evidence": {"type": "array", "items": {"type": "string"}},
                    "text": {"type": "string"},
                },
                "required": ["evidence", "text"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["statements"],
    "additionalProperties": False,
}

_ONE = rf"[{ALPHABET}]{{{LENGTH}}}"
_TOKEN = rf"[\[【〔]\s*{_ONE}(?:\s*[,，、]\s*{_ONE})*\s*[\]】〕]"
_BARE = re.compile(_ONE)
_MARKS = re.compile(rf"(?:{_TOKEN}\s*[。；;,，]?\s*)+")
_LEADING = re.compile(rf"\s*(?P<marks>(?:{_TOKEN}\s*)+)[:：]?(?P<text>[^\[【〔]+)")
#: A token in front that has lost its brackets: ``Y7YG 受到…``.
_UNMARKED = re.compile(rf"({_ONE})[\s:：]+(?=[\u4e00-\u9fff])")
_THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)
#: Where the statements of a JSON reply begin, whatever stands before them.
_BEGUN = re.compile(r'"statements"\s*:\s*\[|\[\s*(?=\{\s*")|(?=\{\s*"text")')
_GAP = re.compile(r"[\s,]*")
#: What may complete a sentence.
_CLOSES = re.compile(r"[}\]】〕\n]")
#: A line that only opens or closes a block.
_FRAME = re.compile(r"```.*|[\[\]{}, ]*")
_DECODER = json.JSONDecoder(strict=False)
_BULLET = re.compile(r"^\s*(?:[-*•]\s+|\d+[.、)]\s*)")


@dataclass(frozen=True)
class Sentence:
    """A sentence as a model wrote it.

    Args:
        text: without tokens.
        tokens: as written, whether they were issued or not.
    """

    text: str
    tokens: tuple[str, ...]


class Reading:
    """Reads one reply.

    Args:
        pieces: the reply as it comes.

    Attributes:
        text: what has come of it.
        words: the words of the sentences read in it, one after another.
        is_cut: whether it ended in the middle of its JSON.
    """

    def __init__(self, pieces: Iterable[str]) -> None:
        self._pieces = pieces
        self.text = self.words = ""
        self.is_cut = False
        self._lines = self._entries = 0

    def sentences(self) -> Iterator[Sentence]:
        """Each sentence as soon as it is whole."""
        for piece in self._pieces:
            self.text += piece
            if _CLOSES.search(piece):
                yield from self._noted(ended=False)
        yield from self._noted(ended=True)

    def _noted(self, *, ended: bool) -> Iterator[Sentence]:
        for sentence in self._new(ended=ended):
            self.words += sentence.text
            yield sentence

    def _new(self, *, ended: bool) -> Iterator[Sentence]:
        """The sentences that have become whole since the last time."""
        text = _THOUGHT.sub("", self.text)
        begun = _BEGUN.search(text)
        if begun:
            entries, end = _entries(text, begun.end())
            self.is_cut = ended and begun[0].endswith("[") and not text.startswith("]", end)
            told, self._entries = self._entries, len(entries)
            yield from filter(None, map(_entry, entries[told:]))
            return
        lines = text.splitlines(keepends=True)
        if lines and not lines[-1].endswith("\n") and not ended:
            lines.pop()
        told, self._lines = self._lines, len(lines)
        for line in lines[told:]:
            yield from _of_line(line)


def _entries(text: str, start: int) -> tuple[list[Any], int]:
    """The elements of a JSON list from *start* on, and where they end; one under way is left out.

    What is no JSON ends them, too, and so does an element that is nested too deep.
    """
    entries: list[Any] = []
    while True:
        gap = _GAP.match(text, start)
        start = gap.end() if gap else start
        try:
            entry, start = _DECODER.raw_decode(text, start)
        except (ValueError, RecursionError):
            return entries, start
        entries.append(entry)


def _entry(entry: Any) -> Sentence | None:
    if not isinstance(entry, dict) or not isinstance(entry.get("text"), str):
        return None
    named = entry.get("evidence")
    named = named if isinstance(named, list) else [named]
    tokens = tuple(token.strip("[]【】〔〕 ") for token in named if isinstance(token, str))
    said = " ".join(entry["text"].split())
    text = _MARKS.sub("", said)  # some models write the tokens into the text, too
    inside = tuple(t for mark in _MARKS.findall(said) for t in _BARE.findall(mark))
    return Sentence(text.strip(), tuple(dict.fromkeys((*tokens, *inside))))


def _of_line(line: str) -> Iterator[Sentence]:
    line = _BULLET.sub("", " ".join(line.split()))
    if _FRAME.fullmatch(line):
        return
    line = _UNMARKED.sub(r"[\1] ", line, count=1) if _UNMARKED.match(line) else line
    leading = _LEADING.fullmatch(line)
    if leading:
        yield Sentence(leading["text"].strip(), tuple(_BARE.findall(leading["marks"])))
        return
    start = 0
    for marks in _MARKS.finditer(line):
        yield Sentence(line[start : marks.start()].strip(), tuple(_BARE.findall(marks[0])))
        start = marks.end()
    if line[start:].strip():
        yield Sentence(line[start:].strip(), ())
