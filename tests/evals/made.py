"""A small edition, cases on it and an assistant that says what it is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evals.case import Case
from evals.served import Cited, Documents, ProvisionText, Reply, ServedDocument
from index.provision import Metadata, Standing

TEXT = "第一条　诫勉的，6个月内不得提拔。免职的，1年内不得重用。\n第二条　每季度开会1次。"
DRAFT = "一、每半年开会1次。"
PLACES = {
    "a/1": ProvisionText(address="第一条", start=4, end=29),
    "a/2": ProvisionText(address="第二条", start=34, end=42),
}
DOCUMENTS: Documents = {
    "a": ServedDocument(Metadata(id="a", title="甲办法", jurisdiction="甲市"), TEXT, PLACES),
    "b": ServedDocument(
        Metadata(id="b", title="乙草案", jurisdiction="乙市", standing=Standing.DRAFT),
        DRAFT,
        {"b/1": ProvisionText(address="一、", start=2, end=len(DRAFT))},
    ),
}


def case(name: str = "x-1", **changes: Any) -> Case:
    """A case whose gold is the first sentence of the first article."""
    fields: dict[str, Any] = {
        "id": name,
        "kind": "period",
        "question": "诫勉多久不得提拔",
        "gold": [{"document": "a", "text": "诫勉的，6个月内不得提拔。"}],
        "facts": [["6个月", "六个月"]],
    }
    return Case.model_validate(fields | changes)


def refused_case(name: str = "x-2", **changes: Any) -> Case:
    """A case that must be refused."""
    return case(
        name, **({"kind": "refuse_near", "status": "refused", "gold": [], "facts": []} | changes)
    )


def cited(quote: str, provision_id: str = "a/1", **changes: Any) -> Cited:
    """A citation of words that stand in the provision."""
    document = DOCUMENTS[provision_id.partition("/")[0]]
    place = document.by_id[provision_id]
    start = document.text[place.start : place.end].find(quote)
    fields = {
        "provision_id": provision_id,
        "address": place.address,
        "quote": quote,
        "start": start,
        "end": start + len(quote),
    }
    return Cited.model_validate(fields | changes)


def reply(*citations: Cited, answer: str | None = None, **changes: Any) -> Reply:
    """An answer made of the words that it cites."""
    words = "".join(c.quote for c in citations) if answer is None else answer
    fields = {"status": "answered", "answer": words, "citations": citations, "index_version": "v"}
    return Reply.model_validate(fields | changes)


REFUSAL = Reply.model_validate({"status": "refused", "reason": "no_provision", "answer": "没有"})


class FakeAsker:
    """Says to each case what it was given for it."""

    way = "fake"

    def __init__(self, replies: Mapping[str, Reply], sure: float | None = None) -> None:
        self.replies = replies
        self.sure = sure

    def documents(self) -> Documents:
        return DOCUMENTS

    def ask(self, case: Case) -> Reply:
        return self.replies[case.id]

    def confidence(self, case: Case) -> float | None:
        return self.sure
