"""The pieces of the page that its scripts fetch: what was found, documents, their trees."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from assistant.api.calling import Reading
from assistant.errors import BadQuestion, NotFound
from assistant.models import DocumentSummary, SearchResult
from assistant.named import called, matching
from assistant.service import Reader
from ui.catalogue import Shelf, inside, shelf_page
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
    known = {document.id: document for document in reader.documents().documents}
    named = [d for d in called(known.values(), typed) if not place or d.jurisdiction in ("", place)]
    try:
        results = _search(reader, typed, place)
    except BadQuestion as error:
        return HTMLResponse(calm(str(error)))
    return HTMLResponse(found_list(Found(named[:_DOCUMENTS], results, known), words))


def _search(reader: Reader, typed: str, place: str) -> tuple[SearchResult, ...]:
    try:
        return reader.search(typed, place or None, _RESULTS).results
    except NotFound:
        return ()


def documents(request: Request, reader: Reading) -> HTMLResponse:
    """The documents that ``q`` names, from ``start`` on."""
    words, typed = _words(request), _typed(request, "q")[:MOST_TYPED]
    fitting = matching(reader.documents().documents, typed)
    return HTMLResponse(shelf_page(_shelf(fitting, typed, request.query_params, words), words))


def _shelf(
    fitting: list[DocumentSummary], typed: str, given: Mapping[str, str], words: Words
) -> Shelf:
    start = given.get("start", "0")
    first = int(start) if re.fullmatch("[0-9]{1,6}", start) else 0
    kept = urlencode({"q": typed, "lang": words.language})
    return Shelf(fitting, min(first, len(fitting)), f"/documents?{kept}&start={{start}}")


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
