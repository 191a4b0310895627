"""What a language model may do to understand a question: complete a follow-up, put it otherwise.

A completed follow-up is asked only if it says nothing that was not said (`said`), and the answer
tells how the question was read. Other words for a question only rank what is then judged by the
question's own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.library import Library
from assistant.models import Question
from assistant.query import Query
from assistant.said import says_the_same
from assistant.settings import Use
from assistant.understand import Understanding
from index.lexical import simplify

if TYPE_CHECKING:  # a language model is loaded only where one is set
    from assistant.llm.expansion import Expander
    from assistant.llm.follow_ups import FollowUpReader
    from assistant.llm.work import Work


@dataclass(frozen=True)
class Rereader:
    """What a model is asked to understand, and when.

    Args:
        follow_ups: what completes follow-ups.
        completes: when it does.
        expander: what puts questions into other words.
        expands: when it does.
    """

    follow_ups: FollowUpReader
    completes: Use
    expander: Expander
    expands: Use


@dataclass(frozen=True)
class Help:
    """A model's help with one question.

    Args:
        rereader: what the model may be asked.
        work: what is asked of it for this question.
        question: as typed.
        library: what the asker may read.
        understanding: what reads questions.
    """

    rereader: Rereader
    work: Work
    question: Question
    library: Library
    understanding: Understanding

    def reread(self, use: Use) -> Query | None:
        """A follow-up as the model completes it; None where that is not to be asked.

        Args:
            use: where it comes to this: always, or because the question was refused.
        """
        before = [turn.content for turn in self.question.history if turn.role == "user"]
        if not before or self.rereader.completes is not use:
            return None
        asked = self.question.question
        whole = simplify(self.rereader.follow_ups.written(asked, before, self.work))
        if not whole or not self._is_said(whole, asked, before):
            return None
        other = self.question.model_copy(update={"question": whole})
        query = self.understanding.read(other, self.library)
        return replace(query, read_as=query.text, is_completed=True)

    def _is_said(self, whole: str, asked: str, before: list[str]) -> bool:
        mended = [self.understanding.repaired(turn, self.library) for turn in (asked, *before)]
        return says_the_same(whole, mended[0], mended[1:], self.understanding.names, self.library)

    def further(self, query: Query, use: Use) -> tuple[str, ...]:
        """What the question is in other words; nothing where that is not to be asked.

        Args:
            use: where it comes to this: always, or because nothing was found.
        """
        if self.rereader.expands is not use or query.bare_address:
            return ()
        return self.rereader.expander.further(query.text, self.work)
