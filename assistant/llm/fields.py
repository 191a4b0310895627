"""What a model writes → the named lines of text in it, however it wrote them.

Read are a JSON object, fenced or not, and lines of the form ``name: words``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from langchain_core.utils.json import parse_partial_json

_THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)
_FENCE = re.compile(r"```(?:json)?")
#: Characters of names, braces and blanks around the texts.
_AROUND = 60


def schema(names: Sequence[str]) -> dict[str, Any]:
    """The JSON schema of an object with a text under each of *names*."""
    return {
        "type": "object",
        "properties": {name: {"type": "string"} for name in names},
        "required": list(names),
        "additionalProperties": False,
    }


def read(pieces: Iterable[str], names: Sequence[str], most: int) -> dict[str, str]:
    """The texts under *names*, each on one line; those that are missing are left out.

    Args:
        pieces: the reply as it comes; no more of it is read than could be kept.
        most: characters kept of each text.
    """
    text = ""
    for piece in pieces:
        text += piece
        if len(text) > most * len(names) + _AROUND:
            break
    text = _FENCE.sub("", _THOUGHT.sub("", text)).strip()
    found = _of_json(text) if "{" in text else _of_lines(text, names)
    texts = {name: " ".join(str(found.get(name) or "").split())[:most] for name in names}
    return {name: words for name, words in texts.items() if words}


def _of_json(text: str) -> dict[str, Any]:
    try:
        read = parse_partial_json(text[text.index("{") :])
    except ValueError:
        return {}
    return {k: v for k, v in read.items() if isinstance(v, str)} if isinstance(read, dict) else {}


def _of_lines(text: str, names: Sequence[str]) -> dict[str, Any]:
    pattern = re.compile(rf"^\W*({'|'.join(names)})\W*[:：]\s*(.+)$", re.MULTILINE)
    return {name: words.strip(" \"'“”") for name, words in pattern.findall(text)}
