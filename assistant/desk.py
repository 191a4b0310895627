"""Where every question comes in, by whatever door: page, API, chat clients, agents."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from assistant.callers import Caller
from assistant.models import Answer, Event, Question
from assistant.service import Assistant, Reader


class Door(StrEnum):
    """The way by which a question came in."""

    PAGE = "page"
    REST = "rest"
    OPENAI = "openai"
    MCP = "mcp"


class Desk:
    """Takes questions of callers to what each of them may read.

    Args:
        assistant: what answers.
    """

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant

    def reader(self, caller: Caller) -> Reader:
        """The edition as *caller* may read it."""
        return self.assistant.reader(caller.audience)

    def ask(self, question: Question, caller: Caller, door: Door) -> Answer:
        """The answer to *question*, or a refusal with its reason.

        Raises:
            BadQuestion: an empty question, or a place that is none.
        """
        *_, answer = self.asking(question, caller, door)
        assert isinstance(answer, Answer)
        return answer

    def asking(self, question: Question, caller: Caller, door: Door) -> Iterator[Event]:
        """What happens while *question* is answered; the last event is the answer.

        Raises:
            BadQuestion: an empty question, or a place that is none.
        """
        yield from self.reader(caller).asking(question)
