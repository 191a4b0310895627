"""Looking a rule up: by address, document number or title, and by words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import numpy as np

from assistant.errors import BadQuestion, NotFound
from assistant.library import Library
from assistant.locate import locate
from assistant.models import MAX_QUESTION, Question, SearchResult
from assistant.numbered import numbered_item
from assistant.query import Query
from assistant.understand import Understanding
from index.lexical import tokens
from index.provision import Provision
from index.retriever import search

_MOST = 50


def look_up(
    text: str,
    jurisdiction: str | None,
    limit: int,
    library: Library,
    understanding: Understanding,
) -> list[SearchResult]:
    """Provisions for *text*, best first: what is addressed, then what the words find.

    Raises:
        BadQuestion: *text* is empty or too long, or *limit* is out of range.
        UnknownJurisdiction: *jurisdiction* is no place.
    """
    if not text.strip() or len(text) > MAX_QUESTION:
        raise BadQuestion(f"请输入要查的内容，不超过{MAX_QUESTION}个字。", "q")
    if not 1 <= limit <= _MOST:
        raise BadQuestion(f"limit 应在 1 到 {_MOST} 之间。", "limit")
    query = understanding.read(Question(question=text, jurisdiction=jurisdiction), library)
    terms = [*tokens(query.core), *(v for t in query.terms for v in t.variants)]
    results: dict[str, SearchResult] = {}
    found = sorted(_found(query, library, limit), key=lambda pair: -pair[1])
    for provision, score in (*_typed(text, library), *_addressed(query), *_numbered(query), *found):
        if provision.id not in results and provision.text:
            results[provision.id] = _result(provision, score, terms, library)
    return list(results.values())[:limit]


def _typed(text: str, library: Library) -> Iterator[tuple[Provision, float]]:
    """The provision that the whole of *text* is the address of, if it is one."""
    try:
        yield locate(text.strip(), library), 3.0
    except NotFound:
        return


def _addressed(query: Query) -> Iterator[tuple[Provision, float]]:
    for scope in query.scopes:
        for document in scope.documents:
            for address in query.addresses:
                found = document.resolve(type(address)(address.steps))
                if found is not None:
                    yield found, 2.0


def _numbered(query: Query) -> Iterator[tuple[Provision, float]]:
    """The item that a number means in the list of a post: 区长第3项."""
    if query.bare_address:
        for scope in query.scopes:
            yield from ((item, 1.5) for item in numbered_item(scope, query))


def _found(query: Query, library: Library, limit: int) -> Iterator[tuple[Provision, float]]:
    wanted = {document.id for scope in query.scopes for document in scope.documents}
    chunks = library.index.chunks
    allowed = np.fromiter((c.document_id in wanted for c in chunks), bool, len(chunks))
    expanded = " ".join(v for term in query.terms for v in term.variants[1:])
    words = query.core or query.text
    asked = set(tokens(words))
    for hit in search(library.index, words, 2 * limit, allowed, expanded):
        provision = library.provision(hit.chunk.provision_id)
        own = asked & set(tokens(f"{provision.heading} {provision.lead}"))
        # A provision that says it in its own words goes before one that only has it below.
        yield provision, hit.score * (1 + len(own) / len(asked) if asked else 1)


def _result(
    provision: Provision, score: float, terms: Iterable[str], library: Library
) -> SearchResult:
    return SearchResult(
        provision_id=provision.id,
        address=str(provision.address),
        document=library.ref(provision.document_id),
        heading_path=provision.heading_path,
        text=provision.text,
        marks=marks(provision.text, terms),
        score=round(score, 4),
    )


def marks(text: str, terms: Iterable[str]) -> tuple[tuple[int, int], ...]:
    """The stretches of *text* that hold one of *terms*, overlapping ones joined."""
    words = sorted({term for term in terms if len(term) > 1}, key=len, reverse=True)
    if not words:
        return ()
    pattern = re.compile("(?=(" + "|".join(map(re.escape, words)) + "))", re.IGNORECASE)
    joined: list[tuple[int, int]] = []
    for match in pattern.finditer(text):
        start, end = match.span(1)
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
