"""What a model writes → sentences with the tokens of their evidence, as it writes them.

Read are a JSON object of the schema below, fenced or not, and plain lines with tokens in square
brackets; what a model thinks aloud before it (``<think>``) is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from langchain_core.utils.json import parse_partial_json

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
                    "text": {"type": "string"},
                    "evidence": {"type": "array", "items": {"type": "string"}},
                },
                "required": ["text", "evidence"],
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
_THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)
_FENCE = re.compile(r"^\s*```(?:json)?\s*")
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
    """

    def __init__(self, pieces: Iterable[str]) -> None:
        self._pieces = pieces
        self.text = ""

    def sentences(self) -> Iterator[Sentence]:
        """Each sentence as soon as it is whole."""
        told = 0
        for piece in self._pieces:
            self.text += piece
            if not piece.strip(" \t") or not re.search(r"[}\]】〕\n]", piece):
                continue
            whole = self._whole(ended=False)
            yield from whole[told:]
            told = max(told, len(whole))
        yield from self._whole(ended=True)[told:]

    def _whole(self, *, ended: bool) -> list[Sentence]:
        text = _FENCE.sub("", _THOUGHT.sub("", self.text).lstrip())
        if text.startswith(("{", "[{")):
            return _of_json(text.split("```")[0], ended=ended)
        lines = text.splitlines(keepends=True)
        if lines and not lines[-1].endswith("\n") and not ended:
            lines.pop()
        return [sentence for line in lines for sentence in _of_line(line)]


def _of_json(text: str, *, ended: bool) -> list[Sentence]:
    """The statements of a JSON reply that may have been cut off; the one under way is left out."""
    try:
        read = parse_partial_json(text)
    except ValueError:
        return []
    statements = read.get("statements") if isinstance(read, dict) else read
    if not isinstance(statements, list):
        return []
    is_whole = ended and text.rstrip().endswith(("}", "]"))
    return [found for entry in statements[: None if is_whole else -1] if (found := _entry(entry))]


def _entry(entry: Any) -> Sentence | None:
    if not isinstance(entry, dict) or not isinstance(entry.get("text"), str):
        return None
    named = entry.get("evidence")
    named = named if isinstance(named, list) else [named]
    tokens = tuple(token.strip("[]【】〔〕 ") for token in named if isinstance(token, str))
    text = _MARKS.sub("", entry["text"])  # some models write the tokens into the text, too
    inside = tuple(t for mark in _MARKS.findall(entry["text"]) for t in _BARE.findall(mark))
    return Sentence(text.strip(), tuple(dict.fromkeys((*tokens, *inside))))


def _of_line(line: str) -> Iterator[Sentence]:
    line = _BULLET.sub("", line).strip()
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
