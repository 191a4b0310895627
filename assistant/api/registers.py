"""The registers over HTTP."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import Field

from assistant.api.calling import Reading
from assistant.api.problems import DOCUMENTED, nul_fault
from assistant.models import MAX_QUESTION, Model, Text
from assistant.records import MOST_RECORDS, DutyList, SanctionList

_Text = Annotated[Text, Field(max_length=MAX_QUESTION)]


class _Paged(Model):
    """A place, and which of the records found are wanted."""

    jurisdiction: Text | None = Field(default=None, max_length=40)
    limit: int = Field(default=50, ge=1, le=MOST_RECORDS)
    offset: int = Field(default=0, ge=0, le=1_000_000)


class DutyQuery(_Paged):
    """The query string of the duty register."""

    role: _Text = ""


class SanctionQuery(_Paged):
    """The query string of the sanction register."""

    kind: _Text = ""
    conduct: _Text = ""
    whom: _Text = ""


def router() -> APIRouter:
    """Both registers; each as the caller may read it."""
    api = APIRouter(responses=DOCUMENTED)
    api.get("/api/v1/duties")(duties)
    api.get("/api/v1/sanctions")(sanctions)
    return api


def duties(query: Annotated[DutyQuery, Query()], reader: Reading, request: Request) -> DutyList:
    """Who has to do what: the duties of a post, or all."""
    _check_nul(dict(request.query_params))
    return reader.duties(query.role, query.jurisdiction, query.limit, query.offset)


def sanctions(
    query: Annotated[SanctionQuery, Query()], reader: Reading, request: Request
) -> SanctionList:
    """What is imposed in which case, by kind, conduct and who is sanctioned."""
    _check_nul(dict(request.query_params))
    return reader.sanctions(
        query.kind, query.conduct, query.whom, query.jurisdiction, query.limit, query.offset
    )


def _check_nul(values: dict[str, Any]) -> None:
    faults = [nul_fault("query", name) for name, text in values.items() if "\0" in text]
    if faults:
        raise RequestValidationError(faults)
