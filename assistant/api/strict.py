"""Bodies taken at their word: what the framework would kindly convert is refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException

from assistant.api.problems import nul_fault


def strict_body(model: type[BaseModel]) -> Callable[[Request], Awaitable[None]]:
    """A dependency that refuses a number for a date, a form for JSON, a NUL in a text.

    Args:
        model: what the body is to be.
    """

    async def check(request: Request) -> None:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise HTTPException(415)
        try:
            body = model.model_validate_json(await request.body(), strict=True)
        except ValidationError as error:
            faults = [{**fault, "loc": ("body", *fault["loc"])} for fault in error.errors()]
            raise RequestValidationError(faults) from None
        refuse_nul("body", body.model_dump())

    return check


def refuse_nul(where: str, values: Mapping[str, Any]) -> None:
    """Refuse texts with a NUL character, wherever they stand in *values*.

    Raises:
        RequestValidationError: there is one.
    """
    faults = [nul_fault(where, *place) for place, text in _texts(dict(values)) if "\0" in text]
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
