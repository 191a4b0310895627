"""The REST calls over `Assistant`. Their names are a promise to outside programs."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import Field

from assistant.api.calling import AtDesk, Called, Reading
from assistant.api.problems import DOCUMENTED
from assistant.api.strict import refuse_nul, strict_body
from assistant.comparison import Comparison, ComparisonQuestion
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
    Text,
    Words,
)

_DocumentId = Annotated[str, Path(examples=["changzhou-2018"])]
_ProvisionId = Annotated[str, Path(examples=["changzhou-2018/20/i3"])]


class SearchQuery(Model):
    """The query string of a search."""

    q: Words = Field(min_length=1, max_length=MAX_QUESTION)
    jurisdiction: Text | None = Field(default=None, max_length=40)
    limit: int = Field(default=10, ge=1, le=50)


def _strict_search(request: Request) -> None:
    refuse_nul("query", dict(request.query_params))


def router() -> APIRouter:
    """All calls; each answers from what its caller may read."""
    api = APIRouter(responses=DOCUMENTED)
    api.post("/api/v1/ask", dependencies=[Depends(strict_body(Question))])(ask)
    api.post("/api/v1/compare", dependencies=[Depends(strict_body(ComparisonQuestion))])(compare)
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


def compare(question: ComparisonQuestion, desk: AtDesk, caller: Called) -> Comparison:
    """Ask several places the same; each answers from its own documents only."""
    return desk.compare(question, caller, Door.REST)


def search(query: Annotated[SearchQuery, Query()], reader: Reading) -> SearchResults:
    """Look provisions up, best first."""
    return reader.search(query.q, query.jurisdiction, query.limit)


def documents(reader: Reading) -> DocumentList:
    """List the documents."""
    return reader.documents()


def document(document_id: _DocumentId, reader: Reading) -> DocumentView:
    """One document with its whole text and its tree of provisions."""
    return reader.document(document_id)


def provision(provision_id: _ProvisionId, reader: Reading) -> ProvisionView:
    """One provision in its place."""
    return reader.provision(provision_id)


def healthz() -> Health:
    """The process answers."""
    return Health()


def readyz(reader: Reading) -> Readiness:
    """An index is loaded, and which; 503 while its vectors cannot be reached."""
    reader.check()
    return reader.readiness()
