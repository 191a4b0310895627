"""The assistant of this process with a language model that helps to understand and words nothing.

So what is measured is the understanding alone. What the model writes is kept in a file, since a
small one takes seconds for each question: a second run asks only what is new.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.ask import answering
from assistant.compose.generative import Composer, Writing
from assistant.draft import Draft
from assistant.library import Library
from assistant.llm.expansion import Expander
from assistant.llm.follow_ups import FollowUpReader
from assistant.llm.work import Work
from assistant.models import Answer
from assistant.query import Query
from assistant.rereading import Rereader
from assistant.service import Assistant
from evals.asker import question_of
from evals.case import Case
from evals.in_process import InProcess
from evals.served import Documents, Reply
from index.errors import AnzeError


class Replies:
    """What a model wrote, by a digest of what it was asked, with tokens and milliseconds.

    Args:
        path: a file with one reply a line; it grows.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        self.known: dict[str, dict[str, Any]] = {
            entry["key"]: entry for entry in map(json.loads, lines)
        }

    def get(self, *asked: str) -> dict[str, Any] | None:
        """The reply to what was *asked*, if there is one."""
        return self.known.get(_key(asked))

    def keep(self, work: Work, written: dict[str, str], *asked: str) -> None:
        """Keep what was *written*, unless the model failed."""
        if work.fault is not None:
            return
        usage = {"in": work.usage.tokens_in, "out": work.usage.tokens_out}
        key = _key(asked)
        entry = {"key": key, **usage, "ms": work.milliseconds, "written": written}
        self.known[key] = entry
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")


def _key(asked: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(asked).encode()).hexdigest()[:24]


class RecordedExpander(Expander):
    """An expander whose texts are kept.

    Args:
        expander: what asks the model.
        replies: where its texts are kept.
        names: which of the texts rank.
    """

    def __init__(self, expander: Expander, replies: Replies, names: Sequence[str]) -> None:
        super().__init__(expander.prompt)
        self._replies = replies
        self._names = names

    def written(self, asked: str, work: Work) -> dict[str, str]:
        """The texts by name, from the model or as it wrote them once."""
        key = (self.prompt.digest, asked)
        kept = self._replies.get(*key)
        if kept is not None:
            return dict(kept["written"])
        written = super().written(asked, work)
        self._replies.keep(work, written, *key)
        return written

    def further(self, asked: str, work: Work) -> tuple[str, ...]:
        """The texts that rank."""
        return tuple(
            text for name, text in self.written(asked, work).items() if name in self._names
        )


class RecordedFollowUps(FollowUpReader):
    """A reader of follow-ups whose questions are kept.

    Args:
        reader: what asks the model.
        replies: where its questions are kept.
    """

    def __init__(self, reader: FollowUpReader, replies: Replies) -> None:
        super().__init__(reader.prompt)
        self._replies = replies

    def written(self, asked: str, before: Sequence[str], work: Work) -> str:
        """The whole question, from the model or as it wrote it once."""
        key = (self.prompt.digest, *before, asked)
        kept = self._replies.get(*key)
        if kept is not None:
            return str(kept["written"].get("question", ""))
        written = super().written(asked, before, work)
        self._replies.keep(work, {"question": written}, *key)
        return written


class _Silent(Composer):
    """Begins the work with a model, and leaves answers in the regulations' words."""

    def reworded(
        self, query: Query, draft: Draft, library: Library, work: Work
    ) -> tuple[Draft, Writing | None]:
        return draft, None


class Helped:
    """The assistant with help, as something to ask.

    Args:
        assistant: without help.
        composer: what begins the work with the model.
        rereader: what the model helps with; None for no help.
    """

    way = "in-process"

    def __init__(self, assistant: Assistant, composer: Composer, rereader: Rereader | None) -> None:
        self._assistant = assistant
        self._composer = _Silent(composer.endpoint, composer.prompt)
        self._rereader = rereader

    def documents(self) -> Documents:
        """The documents of the index."""
        return InProcess(self._assistant).documents()

    def ask(self, case: Case) -> Reply:
        """The answer; what the assistant refuses to take in is a fault."""
        question = question_of(case)
        library = self._assistant.library(question.as_of)
        understanding = self._assistant.understanding
        try:
            *_, answer = answering(question, library, understanding, self._composer, self._rereader)
        except AnzeError as error:
            return Reply(fault=str(error))
        assert isinstance(answer, Answer)
        return Reply.model_validate(answer.model_dump())

    def confidence(self, case: Case) -> None:
        """Nothing besides what the answer says."""
