"""What the endpoint was sent, and what a model would see in it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

#: A piece of evidence: its token, then its words.
_EVIDENCE = re.compile(r"^\[([A-HJKMNP-Z2-9]{4})\] ?(.+)$", re.MULTILINE)
_QUESTION = re.compile(r"^问题[：:](.+)$", re.MULTILINE)
#: A token that the assistant cannot have issued: there is neither I nor O, 0 nor 1 in its letters.
NEVER_ISSUED = "IO01"


@dataclass(frozen=True)
class Asked:
    """One request, as it came in.

    Args:
        path: e.g. ``/v1/chat/completions``.
        headers: by name in small letters.
        content: the body's bytes.
    """

    path: str
    headers: Mapping[str, str]
    content: bytes = b""

    @cached_property
    def body(self) -> Mapping[str, Any]:
        """The body as JSON; empty where it is none."""
        try:
            said = json.loads(self.content)
        except ValueError:
            return {}
        return said if isinstance(said, dict) else {}

    @property
    def model(self) -> str:
        """The model that was asked for."""
        return str(self.body.get("model", ""))

    @property
    def system(self) -> str:
        """The words of the system message."""
        return self._said_by("system")

    @property
    def user(self) -> str:
        """The words of the user's messages."""
        return self._said_by("user")

    @cached_property
    def evidence(self) -> Mapping[str, str]:
        """The words of each piece of evidence by its token, in the order shown."""
        return {found[1]: found[2].strip() for found in _EVIDENCE.finditer(self.user)}

    @property
    def question(self) -> str:
        """The question, where the user's message marks it; else all of that but the evidence."""
        rest = _EVIDENCE.sub("", self.user)
        marked = _QUESTION.search(rest)
        return (marked[1] if marked else rest).strip()

    @property
    def is_stream(self) -> bool:
        """Whether the reply is wanted piece by piece."""
        return self.body.get("stream") is True

    @property
    def is_structured(self) -> bool:
        """Whether the reply is wanted as JSON."""
        return "response_format" in self.body

    @property
    def counts_tokens(self) -> bool:
        """Whether a stream is to end with how many tokens went in and out."""
        return bool((self.body.get("stream_options") or {}).get("include_usage"))

    def _said_by(self, role: str) -> str:
        messages = self.body.get("messages", ())
        return "\n".join(_words(m.get("content")) for m in messages if m.get("role") == role)


@dataclass(frozen=True)
class Sentence:
    """A sentence as a model writes it, and the tokens that it gives for it."""

    text: str
    tokens: tuple[str, ...] = field(default=())

    def as_line(self) -> str:
        """The sentence in plain form: ``……。[TOKEN]``."""
        return self.text + "".join(f"[{token}]" for token in self.tokens)

    def as_json(self) -> str:
        """The sentence as an element of ``statements``."""
        return json.dumps({"text": self.text, "evidence": self.tokens}, ensure_ascii=False)


def _words(content: object) -> str:
    if isinstance(content, list):
        return "\n".join(part.get("text", "") for part in content)
    return content if isinstance(content, str) else ""
