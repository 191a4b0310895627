"""The REST calls over `Assistant`. Their names are a promise to outside programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import Field, StrictStr, ValidationError
from starlette.exceptions import HTTPException

from assistant.api.calling import AtDesk, Called, Reading
from assistant.api.problems import DOCUMENTED, nul_fault
from assistant.desk import Door
from assistant.models import (
    MAX_QUESTION,
    Answer,
    DocumentList,
    DocumentView,
    Health,
    Model,
    ProvisionView,
    Question,
    Readiness,
    SearchResults,
)


class SearchQuery(Model):
    """The query string of a search."""

    q: StrictStr = Field(min_length=1, max_length=MAX_QUESTION)
    jurisdiction: StrictStr | None = Field(default=None, max_length=40)
    limit: int = Field(default=10, ge=1, le=50)


async def _strict_question(request: Request) -> None:
    """Refuse what the framework would kindly convert: a number for a date, a form for JSON."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise HTTPException(415)
    try:
        question = Question.model_validate_json(await request.body(), strict=True)
    except ValidationError as error:
        faults = [{**fault, "loc": ("body", *fault["loc"])} for fault in error.errors()]
        raise RequestValidationError(faults) from None
    _check_nul("body", question.model_dump(include={"question", "jurisdiction", "history"}))


def _strict_search(request: Request) -> None:
    _check_nul("query", dict(request.query_params))


def _check_nul(where: str, values: dict[str, Any]) -> None:
    faults = [nul_fault(where, *place) for place, text in _texts(values) if "\0" in text]
    if faults:
        raise RequestValidationError(faults)


def _texts(value: Any) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """All texts in *value* with their places."""
    if isinstance(value, str):
        yield (), value
        return
    pairs: Any = ()
    if isinstance(value, dict):
        pairs = value.items()
    elif isinstance(value, list | tuple):
        pairs = enumerate(value)
    for key, part in pairs:
        for place, text in _texts(part):
            yield (key, *place), text


def router() -> APIRouter:
    """All calls; each answers from what its caller may read."""
    api = APIRouter(responses=DOCUMENTED)
    api.post("/api/v1/ask", dependencies=[Depends(_strict_question)])(ask)
    api.get("/api/v1/search", dependencies=[Depends(_strict_search)])(search)
    api.get("/api/v1/documents")(documents)
    api.get("/api/v1/documents/{document_id}")(document)
    api.get("/api/v1/provisions/{provision_id:path}")(provision)
    api.get("/healthz")(healthz)
    api.get("/readyz")(readyz)
    return api


def ask(question: Question, desk: AtDesk, caller: Called) -> Answer:
    """Answer a question, or refuse it with a reason."""
    return desk.ask(question, caller, Door.REST)


def search(query: Annotated[SearchQuery, Query()], reader: Reading) -> SearchResults:
    """Look provisions up, best first."""
    return reader.search(query.q, query.jurisdiction, query.limit)


def documents(reader: Reading) -> DocumentList:
    """List the documents."""
    return reader.documents()


def document(document_id: str, reader: Reading) -> DocumentView:
    """One document with its whole text and its tree of provisions."""
    return reader.document(document_id)


def provision(provision_id: str, reader: Reading) -> ProvisionView:
    """One provision in its place."""
    return reader.provision(provision_id)


def healthz() -> Health:
    """The process answers."""
    return Health()


def readyz(reader: Reading) -> Readiness:
    """An index is loaded, and which."""
    return reader.readiness()
