"""What stands at the addresses that a question names: whole, or its heading alone."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.evidence import Evidence, Group
from assistant.governing import in_full
from assistant.locate import resolve_in_question
from assistant.numbered import joined
from assistant.query import Query, Scope
from index.address import Address
from index.provision import Document, Provision
from index.units import Unit

#: 第五章标题, 第五章叫什么: the name of a part is asked for.
_ASKS_TITLE = re.compile("标题|题目|(?:章|部分|节)名|叫(?:什么|啥)|名(?:称|字)")


def addressed(scope: Scope, query: Query) -> list[Provision]:
    together = [joined(document, query.addresses) for document in scope.documents]
    if any(together):
        return [provision for provision in together if provision is not None]
    before = Address.first_words(query.text)
    resolved = [
        resolve_in_question(document, replace(address, document=""), before)
        for document in scope.documents
        for address in query.addresses
    ]
    return [provision for provision in resolved if provision is not None]


def titles(scope: Scope, query: Query, found: list[Provision]) -> Group | None:
    """The headings of *found*, where nothing but these is asked for: 第五章的标题."""
    if not _ASKS_TITLE.search(query.core):
        return None
    headed = [p for p in found if p.heading and p.text.startswith(p.heading)]
    titles = tuple(Evidence(Unit(p, 0, len(p.heading))) for p in headed)
    return Group(scope, titles, 1.0) if titles else None


def provisions_in_full(scope: Scope, found: list[Provision]) -> Group | None:
    evidence = [
        part for provision in found for part in in_full(document_of(scope, provision), provision)
    ]
    return Group(scope, tuple(evidence), 1.0) if evidence else None


def document_of(scope: Scope, provision: Provision) -> Document:
    return next(d for d in scope.documents if d.id == provision.document_id)
