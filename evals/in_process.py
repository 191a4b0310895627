"""The way to an assistant in this process."""

from __future__ import annotations

from assistant.service import Assistant
from assistant.settings import Settings
from evals.asker import question_of
from evals.case import Case
from evals.served import Documents, Reply, ServedDocument
from index.errors import AnzeError


class InProcess:
    """The assistant of this process, as the settings give it."""

    way = "in-process"

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    @classmethod
    def open(cls, settings: Settings) -> InProcess:
        """The assistant over the index that serves now.

        Raises:
            IndexUnavailable: there is no index, or it is damaged.
        """
        return cls(Assistant.open(settings))

    def documents(self) -> Documents:
        """The documents of the index."""
        ids = [document.id for document in self._assistant.documents().documents]
        views = (self._assistant.document(i).model_dump(mode="json") for i in ids)
        return {view["id"]: ServedDocument.of(view) for view in views}

    def ask(self, case: Case) -> Reply:
        """The answer; what the assistant refuses to take in is a fault."""
        try:
            answer = self._assistant.ask(question_of(case))
        except AnzeError as error:
            return Reply(fault=str(error))
        return Reply.model_validate(answer.model_dump())

    def confidence(self, case: Case) -> float | None:
        """As `Assistant.explain` says, where there is such a method."""
        explain = getattr(self._assistant, "explain", None)
        if explain is None:
            return None
        try:
            found = getattr(explain(question_of(case)), "confidence", None)
        except AnzeError:
            return None
        return None if found is None else float(found)
