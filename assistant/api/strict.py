"""Bodies taken as they are: nothing is converted kindly, a NUL character is a fault."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from assistant.api.problems import nul_fault
from assistant.models import Model


def strict_body(kind: type[Model]) -> Callable[[Request], Awaitable[None]]:
    """A dependency that refuses what the framework would convert: a number for a date, a form."""

    async def check(request: Request) -> None:
        sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if sent != "application/json":
            raise HTTPException(415)
        try:
            body = kind.model_validate_json(await request.body(), strict=True)
        except ValidationError as error:
            faults = [{**fault, "loc": ("body", *fault["loc"])} for fault in error.errors()]
            raise RequestValidationError(faults) from None
        check_nul("body", body.model_dump())

    return check


def check_nul(where: str, values: dict[str, Any]) -> None:
    """Refuse a text with a NUL character, wherever in *values* it stands.

    Raises:
        RequestValidationError: there is one; the fault names its field.
    """
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
