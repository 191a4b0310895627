"""A follow-up → the whole question, by a language model that may use nothing but what was said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import closing

from assistant.llm.faults import ModelFault
from assistant.llm.fields import read, schema
from assistant.llm.work import Work
from index.privacy import hide
from prompts import Prompt

QUESTION = "question"
_SHAPE = schema([QUESTION])
#: The asker's earlier turns that are shown, and characters of each.
MOST_TURNS, MOST_SHOWN = 3, 150
#: Characters that a whole question may have.
MOST = 120
_CHINESE = re.compile("[\u4e00-\u9fff]")


class FollowUpReader:
    """Completes follow-ups. What it writes must be judged before it is asked.

    Args:
        prompt: how the model is asked.
    """

    def __init__(self, prompt: Prompt) -> None:
        self.prompt = prompt

    def written(self, asked: str, before: Sequence[str], work: Work) -> str:
        """The whole question as the model writes it; empty where it failed.

        Args:
            asked: the follow-up.
            before: what the asker said before, in order.
        """
        turns = "；".join(_shown(turn) for turn in before[-MOST_TURNS:])
        given = {"turns": turns, "question": _shown(asked)}
        try:
            with closing(work.write(self.prompt, given, _SHAPE)) as pieces:
                found = read(pieces, [QUESTION], MOST + 1).get(QUESTION, "")
        except ModelFault:
            return ""
        return found if len(found) <= MOST and _CHINESE.search(found) else ""


def _shown(turn: str) -> str:
    """A turn as the model sees it: on one line, without personal data, cut."""
    return hide(" ".join(turn.split()))[:MOST_SHOWN]
