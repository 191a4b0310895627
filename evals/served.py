"""What the assistant that is measured said, and the documents that it answers from.

Read leniently: a newer server may say more than is known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict

from assistant.models import Reason, Status
from index.provision import Authority, Metadata, Standing


class _Lenient(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Cited(_Lenient):
    """One citation as the answer gave it."""

    provision_id: str
    address: str
    quote: str
    start: int
    end: int

    @property
    def document(self) -> str:
        """The id of the document."""
        return self.provision_id.partition("/")[0]


class ModelTrace(_Lenient):
    """What became of asking a language model, as the answer tells it."""

    model: str
    prompt: str | None = None
    prompts: dict[str, str] = {}
    tokens_in: int | None = None
    tokens_out: int | None = None
    used: int = 0
    replaced: int = 0
    dropped: int = 0
    fault: str | None = None


class Reply(_Lenient):
    """An answer, or the fault in its stead.

    Attributes:
        status: None where the question was not taken in or the server failed.
        fault: what was said in place of an answer.
        confidence: how sure the assistant was, 0 to 1, where it says so.
        trace: None where no language model was asked.
    """

    status: Status | None = None
    reason: Reason | None = None
    answer: str = ""
    citations: tuple[Cited, ...] = ()
    notices: tuple[str, ...] = ()
    index_version: str = ""
    timings_ms: dict[str, float] = {}
    confidence: float | None = None
    trace: ModelTrace | None = None
    fault: str = ""


class ProvisionText(_Lenient):
    """Where a provision stands in its document's text, and how its address is printed."""

    address: str
    start: int
    end: int


@dataclass(frozen=True)
class ServedDocument:
    """A document as served: metadata, text and provisions by id."""

    metadata: Metadata
    text: str
    by_id: Mapping[str, ProvisionText]

    @classmethod
    def of(cls, view: Mapping[str, Any]) -> ServedDocument:
        """The document in the reply to ``GET /api/v1/documents/{id}``."""
        expires = view.get("expires_on")
        metadata = Metadata(
            id=view["id"],
            title=view["title"],
            jurisdiction=view["jurisdiction"],
            standing=Standing(view["standing"]),
            authority=Authority(view["authority"]),
            expires_on=date.fromisoformat(expires) if expires else None,
        )
        nodes = {n["provision_id"]: ProvisionText.model_validate(n) for n in _nodes(view["tree"])}
        return cls(metadata, view["text"], nodes)


Documents = Mapping[str, ServedDocument]


def _nodes(tree: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    for node in tree:
        yield node
        yield from _nodes(node["children"])
