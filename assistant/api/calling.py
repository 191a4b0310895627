"""What every route asks of the request: who calls, and what he may read."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Depends, HTTPException, Request

from assistant.callers import Caller
from assistant.desk import Desk
from assistant.service import Reader
from index.provision import Audience


def desk_of(request: Request) -> Desk:
    """The application's desk."""
    return cast(Desk, request.app.state.desk)


def caller_of(request: Request) -> Caller:
    """Who calls, as `assistant.api.auth` has settled it."""
    return cast(Caller, request.state.caller)


AtDesk = Annotated[Desk, Depends(desk_of)]
Called = Annotated[Caller, Depends(caller_of)]


def internal_only(caller: Called) -> Caller:
    """The caller, who may read everything.

    Raises:
        HTTPException: 403, he may not.
    """
    if caller.audience is not Audience.INTERNAL:
        raise HTTPException(403)
    return caller


def reader_of(desk: AtDesk, caller: Called) -> Reader:
    """The edition as the caller may read it."""
    return desk.reader(caller)


Internal = Annotated[Caller, Depends(internal_only)]
Reading = Annotated[Reader, Depends(reader_of)]
