"""What can be asked: the one seam between the cases and the assistant that is measured."""

from __future__ import annotations

from typing import Protocol

from assistant.models import Question
from evals.case import Case
from evals.served import Documents, Reply


class Asker(Protocol):
    """What can be asked. ``way`` names it in the report; safe to share between threads."""

    @property
    def way(self) -> str:
        """In-process or http."""

    def documents(self) -> Documents:
        """The documents that are served."""

    def ask(self, case: Case) -> Reply:
        """The reply to the case's question; a fault is a reply, too."""

    def confidence(self, case: Case) -> float | None:
        """How sure the assistant is of its answer, 0 to 1, where it can say so apart from it."""


def question_of(case: Case) -> Question:
    """The case as the assistant is asked it."""
    return Question(
        question=case.question,
        history=case.history,
        jurisdiction=case.jurisdiction,
        role=case.role,
        as_of=case.as_of,
    )
