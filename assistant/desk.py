"""Where every question comes in, by whatever door: page, API, chat clients, agents."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from time import perf_counter

from assistant.audit.entry import Asked
from assistant.audit.log import AuditLog
from assistant.callers import Caller
from assistant.comparison import Comparison, ComparisonQuestion, ComparisonRow, Plan
from assistant.errors import AuditUnavailable
from assistant.metrics import Metrics
from assistant.models import Answer, Event, Feedback, FeedbackReceipt, Question
from assistant.rates import Rates
from assistant.service import Assistant, Reader


class Door(StrEnum):
    """The way by which a question came in."""

    PAGE = "page"
    REST = "rest"
    OPENAI = "openai"
    MCP = "mcp"


class Desk:
    """Takes questions of callers to what each of them may read, records and counts the answers.

    Args:
        assistant: what answers.
        log: where answers are recorded before they are given; None for nowhere.
        rates: what counts the questions of the page; other doors are counted before the desk
            (`assistant.api.throttle`), where the reply's headers can still tell what is left.
    """

    def __init__(
        self, assistant: Assistant, log: AuditLog | None = None, rates: Rates | None = None
    ) -> None:
        self.assistant = assistant
        self.metrics = Metrics(assistant)
        self._log = log
        self._rates = rates

    def reader(self, caller: Caller) -> Reader:
        """The edition as *caller* may read it."""
        return self.assistant.reader(caller.audience)

    def ask(self, question: Question, caller: Caller, door: Door) -> Answer:
        """The answer to *question*, or a refusal with its reason.

        Raises:
            BadQuestion: an empty question, or a place that is none.
            AuditUnavailable: the answer could not be recorded, so it is not given.
            TooManyRequests: the caller has asked the page too often.
        """
        *_, answer = self.asking(question, caller, door)
        assert isinstance(answer, Answer)
        return answer

    def asking(self, question: Question, caller: Caller, door: Door) -> Iterator[Event]:
        """What happens while *question* is answered; the last event is the answer.

        The answer is recorded before it is handed out. Whoever stops listening halfway has read
        some of it: it is then finished for the record alone.

        Raises:
            BadQuestion: an empty question, or a place that is none.
            AuditUnavailable: the answer could not be recorded, so it is not given.
            TooManyRequests: the caller has asked the page too often.
        """
        if self._rates and door is Door.PAGE:
            self._rates.spend(caller)
        events = self._recording(question, caller, door)
        try:
            while (event := next(events, None)) is not None:
                yield event
        finally:
            for _ in events:
                pass

    def compare(self, asked: ComparisonQuestion, caller: Caller, door: Door) -> Comparison:
        """What each of the places says to one question.

        Raises:
            BadQuestion: an empty question, a place or an office that is none, too many places.
            AuditUnavailable: an answer could not be recorded, so it is not given.
            TooManyRequests: the caller has asked too often.
        """
        *_, comparison = self.comparing(asked, caller, door)
        assert isinstance(comparison, Comparison)
        return comparison

    def comparing(
        self, asked: ComparisonQuestion, caller: Caller, door: Door
    ) -> Iterator[Plan | ComparisonRow | Comparison]:
        """Which places are asked, each as it is answered, at the end the whole comparison.

        Every place counts as a question, and is recorded as one.

        Raises:
            BadQuestion: an empty question, a place or an office that is none, too many places.
            AuditUnavailable: an answer could not be recorded, so it is not given.
            TooManyRequests: the caller has asked too often.
        """
        started = perf_counter()
        reader = self.reader(caller)
        plan = reader.plan(asked)
        counted_before = 0 if door is Door.PAGE else 1
        for _ in range(len(plan.questions) - counted_before):
            if self._rates:
                self._rates.spend(caller)
        yield plan
        rows: list[ComparisonRow] = []
        for place, question in plan.questions.items():
            *_, answer = self._recording(question, caller, door)
            assert isinstance(answer, Answer)
            rows.append(ComparisonRow(place=place, answer=answer))
            yield rows[-1]
        yield reader.conclude(asked, plan, rows, (perf_counter() - started) * 1000)

    def _recording(self, question: Question, caller: Caller, door: Door) -> Iterator[Event]:
        for event in self.reader(caller).asking(question):
            if isinstance(event, Answer):
                self._record(question, event, caller, door)
            yield event

    def _record(self, question: Question, answer: Answer, caller: Caller, door: Door) -> None:
        if self._log is not None:
            model = self.assistant.index.manifest.model
            started = perf_counter()
            try:
                self._log.record(Asked(question, answer, caller, door.value, model))
            except AuditUnavailable:
                self.metrics.not_recorded()
                raise
            self.metrics.recorded(perf_counter() - started)
        self.metrics.answered(answer, door.value, caller.name)

    def judge(self, feedback: Feedback, caller: Caller) -> FeedbackReceipt:
        """Keep what *caller* thinks of an answer that he was given; a second time replaces it.

        Raises:
            NotFound: there is no such answer, or another caller was given it.
            AuditUnavailable: answers are not recorded, or the feedback could not be written.
        """
        if self._log is None:
            raise AuditUnavailable(
                "没有开启审计记录，反馈无处可存。请管理员去掉 ANZE_AUDIT_URL=none 后重新启动服务。"
            )
        receipt = self._log.judge(feedback, caller)
        self.metrics.judged(feedback.helpful)
        return receipt
