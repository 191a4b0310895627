"""Looking a rule up: by address, document number or title, and by words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from assistant.candidates import Finder
from assistant.colophon import of_colophon
from assistant.contenders import likeliest
from assistant.errors import BadQuestion, NotFound
from assistant.library import Library
from assistant.locate import locate
from assistant.models import MAX_QUESTION, Question, SearchResult
from assistant.numbered import numbered_item
from assistant.query import Ask, Query, Scope
from assistant.understand import Understanding
from assistant.validity import about_documents
from index.lexical import tokens
from index.provision import Document, Provision

_MOST = 50
#: From so many characters on, place and document left out, what is typed is no single word.
_SENTENCE = 8
_CHINESE = re.compile("[\u4e00-\u9fff]")
#: What only a provision has for its id, or nothing has.
_ID = re.compile("[A-Za-z0-9-]+(?:/[A-Za-z0-9-]+)+")


def look_up(
    text: str,
    jurisdiction: str | None,
    limit: int,
    library: Library,
    understanding: Understanding,
) -> list[SearchResult]:
    """Provisions for *text*, best first: what is addressed, then what the words find.

    With a place given only that place's documents come, whatever *text* names besides. Where
    *text* is only an address, what has that address comes and nothing else; where nothing of it
    stands anywhere and it is no Chinese either, nothing comes.

    Raises:
        BadQuestion: *text* is empty or too long, or *limit* is out of range.
        UnknownJurisdiction: *jurisdiction* is no place.
    """
    if not text.strip() or len(text) > MAX_QUESTION:
        raise BadQuestion(f"请输入要查的内容，不超过{MAX_QUESTION}个字。", "q")
    if not 1 <= limit <= _MOST:
        raise BadQuestion(f"limit 应在 1 到 {_MOST} 之间。", "limit")
    query = understanding.read(Question(question=text, jurisdiction=jurisdiction), library)
    here = library.documents
    if jurisdiction and jurisdiction.strip():
        here = understanding.documents_of(jurisdiction, library)
        query = replace(query, scopes=_within(query.scopes, here))
    named = [*_typed(text, library, here), *_addressed(query), *_numbered(query), *_stated(query)]
    found = [] if _is_only_address(text, query) else [*_found(query, library, limit)]
    terms = _asked(query)
    results: dict[str, SearchResult] = {}
    for provision, score in named:
        if provision.id not in results and provision.text:
            results[provision.id] = _result(provision, score, terms, library)
    for provision, score in sorted(found, key=lambda pair: -pair[1]):
        if provision.id not in results and provision.text:
            near = not _holds(provision, terms)
            results[provision.id] = _result(provision, score, terms, library, near=near)
    return list(results.values())[:limit]


def _within(scopes: Iterable[Scope], here: Sequence[Document]) -> tuple[Scope, ...]:
    """*scopes* with those of their documents only that are among *here*."""
    ids = {document.id for document in here}
    kept = (
        replace(scope, documents=tuple(d for d in scope.documents if d.id in ids))
        for scope in scopes
    )
    return tuple(scope for scope in kept if scope.documents)


def _is_only_address(text: str, query: Query) -> bool:
    """Whether nothing is looked for but a provision by its id or its address."""
    if _ID.fullmatch(text.strip()):
        return True
    return bool(query.addresses) and not (query.terms or query.offices)


def _asked(query: Query) -> list[str]:
    """The words to look for in a provision: as typed, and as regulations write them."""
    words = query.core if query.addresses else query.core or query.text
    variants = (v for term in query.terms for v in term.variants)
    posts = (v for m in query.offices for v in (m.office.name, *m.office.as_written))
    return [*tokens(words), *variants, *posts]


def _holds(provision: Provision, terms: Iterable[str]) -> bool:
    """Whether the provision, or a heading above it, has one of *terms*."""
    return any(
        marks(words, terms)
        for words in (provision.text, provision.heading, *provision.heading_path)
    )


def _typed(
    text: str, library: Library, here: Sequence[Document]
) -> Iterator[tuple[Provision, float]]:
    """The provision of *here* that the whole of *text* is the address of, if it is one."""
    try:
        yield locate(text.strip(), library, here), 3.0
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


def _stated(query: Query) -> Iterator[tuple[Provision, float]]:
    """The lines in which documents say of themselves what is asked; most are in no chunk."""
    selection = about_documents(query) or of_colophon(query)
    for group in selection.groups if selection else ():
        yield from ((part.unit.provision, 1.2) for part in group.evidence)


def _is_question(query: Query) -> bool:
    """Whether more is typed than one word, so that it can be judged what would answer it."""
    several = len(query.terms) + len(query.offices) > 1
    return several or query.kinds != (Ask.OPEN,) or len(query.core) >= _SENTENCE


def _found(query: Query, library: Library, limit: int) -> Iterator[tuple[Provision, float]]:
    finder = Finder(query, library)
    words = finder.asked
    unknown = not _CHINESE.search(words) and not library.index.lexical.scores(words).any()
    if unknown or not query.scopes:
        return
    if _is_question(query):
        yield from likeliest(query, finder, library, limit)
        return
    asked = set(tokens(words))
    for hit in finder.search.within(finder.everywhere, 2 * limit):
        provision = library.provision(hit.chunk.provision_id)
        own = asked & set(tokens(f"{provision.heading} {provision.lead}"))
        # A provision that says it in its own words goes before one that only has it below.
        yield provision, hit.score * (1 + len(own) / len(asked) if asked else 1)


def _result(
    provision: Provision,
    score: float,
    terms: Iterable[str],
    library: Library,
    *,
    near: bool = False,
) -> SearchResult:
    return SearchResult(
        provision_id=provision.id,
        address=str(provision.address),
        document=library.ref(provision.document_id),
        heading_path=provision.heading_path,
        text=provision.text,
        marks=marks(provision.text, terms),
        score=round(score, 4),
        near=near,
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
