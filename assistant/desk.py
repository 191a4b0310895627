"""Where every question comes in, by whatever door: page, API, chat clients, agents."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from assistant.callers import Caller
from assistant.models import Answer, Event, Question
from assistant.rates import Rates
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
        rates: what counts the questions of the page; other doors are counted before the desk
            (`assistant.api.throttle`), where the reply's headers can still tell what is left.
    """

    def __init__(self, assistant: Assistant, rates: Rates | None = None) -> None:
        self.assistant = assistant
        self._rates = rates

    def reader(self, caller: Caller) -> Reader:
        """The edition as *caller* may read it."""
        return self.assistant.reader(caller.audience)

    def ask(self, question: Question, caller: Caller, door: Door) -> Answer:
        """The answer to *question*, or a refusal with its reason.

        Raises:
            BadQuestion: an empty question, or a place that is none.
            TooManyRequests: the caller has asked the page too often.
        """
        *_, answer = self.asking(question, caller, door)
        assert isinstance(answer, Answer)
        return answer

    def asking(self, question: Question, caller: Caller, door: Door) -> Iterator[Event]:
        """What happens while *question* is answered; the last event is the answer.

        Raises:
            BadQuestion: an empty question, or a place that is none.
            TooManyRequests: the caller has asked the page too often.
        """
        if self._rates and door is Door.PAGE:
            self._rates.spend(caller)
        yield from self.reader(caller).asking(question)
