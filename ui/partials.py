"""The pieces of the page that its scripts fetch: what was found, documents, their trees."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from assistant.api.calling import Reading
from assistant.errors import BadQuestion, IndexUnavailable, NotFound, UnknownJurisdiction
from assistant.library import Library
from assistant.models import SearchResult
from assistant.named import called, matching
from index.address import Address
from index.lexical import simplify
from ui.catalogue import PAGE, Shelf, inside, shelf_page
from ui.found import Found, calm, found_list
from ui.way import Way
from ui.words import Words

#: What one looks up is short; longer texts are questions.
MOST_TYPED = 200
_RESULTS = 10
_DOCUMENTS = 3
_SAYS_SOMETHING = re.compile(r"\w")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def partials_router() -> APIRouter:
    """The routes; each answers with HTML, and with a calm sentence where there is nothing."""
    router = APIRouter(include_in_schema=False)
    router.get("/lookup")(lookup)
    router.get("/documents")(documents)
    router.get("/documents/{document_id}/inside")(inside_document)
    return router


def lookup(request: Request, reader: Reading) -> HTMLResponse:
    """What there is for ``q``, in ``place`` where that is given."""
    words, typed, place = _words(request), _typed(request, "q"), _typed(request, "place")
    if len(typed) > MOST_TYPED:
        return HTMLResponse(calm(words["lookup.too_long"].format(most=MOST_TYPED)))
    if not _SAYS_SOMETHING.search(typed):
        return HTMLResponse(calm(words["lookup.empty"]))
    try:
        results = reader.search(typed, place or None, _RESULTS).results
    except (UnknownJurisdiction, IndexUnavailable) as error:
        return HTMLResponse(calm(str(error)))
    except BadQuestion:  # nothing but words that ask
        return HTMLResponse(calm(words["lookup.empty"]))
    found = _found(reader.library(), typed, place, results)
    absent = "、".join(dict.fromkeys(map(str, Address.find(simplify(typed)))))
    if absent and not (found.results or found.documents):
        return HTMLResponse(calm(words["lookup.absent"].format(address=absent)))
    return HTMLResponse(found_list(found, words))


def _found(library: Library, typed: str, place: str, results: Sequence[SearchResult]) -> Found:
    here = (d for d in library.documents if not place or d.metadata.jurisdiction in ("", place))
    named = [library.summary(d) for d in called(here, typed)[:_DOCUMENTS]]
    ids = {result.document.id for result in results}
    return Found(named, results, {i: library.summary(library.document(i)) for i in ids})


def documents(request: Request, reader: Reading) -> HTMLResponse:
    """The documents that ``q`` names, from ``start`` on."""
    words, typed = _words(request), _typed(request, "q")[:MOST_TYPED]
    library = reader.library()
    fitting = matching(library.documents, typed)
    asked = request.query_params.get("start", "0")
    start = min(int(asked) if re.fullmatch("[0-9]{1,6}", asked) else 0, len(fitting))
    kept = urlencode({"q": typed, "lang": words.language})
    shown = [library.summary(document) for document in fitting[start : start + PAGE]]
    shelf = Shelf(shown, start, len(fitting), f"/documents?{kept}&start={start + PAGE}")
    return HTMLResponse(shelf_page(shelf, words))


def inside_document(document_id: str, request: Request, reader: Reading) -> HTMLResponse:
    """A document's tree, and what was changed in the received file."""
    words = _words(request)
    try:
        document, source = reader.document(document_id), reader.received(document_id)
    except NotFound as error:
        return HTMLResponse(calm(str(error)), status_code=404)
    return HTMLResponse(inside(document, source, words))


def _words(request: Request) -> Words:
    return Way.of(request.query_params).words


def _typed(request: Request, name: str) -> str:
    return _CONTROL.sub(" ", request.query_params.get(name, "")).strip()
