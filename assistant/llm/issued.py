"""Tokens that stand for the evidence shown to a model, new for every question.

A model can name evidence by its token only, and nobody who writes a document or a question can
know which tokens will be issued.
"""

from __future__ import annotations

import secrets
from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

#: Capitals and digits that are not taken for one another.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
LENGTH = 4

T = TypeVar("T", bound=Hashable)


class Issued(Generic[T]):
    """The tokens of one question.

    Args:
        things: what gets a token each.
        apart_from: a text in which none of the tokens may stand.
    """

    def __init__(self, things: Iterable[T], apart_from: str = "") -> None:
        self._things: dict[str, T] = {}
        for thing in things:
            self._things[self._new(apart_from)] = thing

    def _new(self, apart_from: str) -> str:
        while True:
            token = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
            if token not in self._things and token not in apart_from.upper():
                return token

    def items(self) -> Iterable[tuple[str, T]]:
        """Each token with what it stands for, in the order issued."""
        return self._things.items()

    def get(self, token: str) -> T | None:
        """What *token* stands for; None where it was not issued."""
        return self._things.get(token.upper())
