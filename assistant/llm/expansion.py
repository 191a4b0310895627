"""The caller's words → the regulations', by a language model; for ranking only."""

from __future__ import annotations

import re
from contextlib import closing

from assistant.llm.faults import ModelFault
from assistant.llm.fields import read, schema
from assistant.llm.work import Work
from index.privacy import hide
from prompts import Prompt

#: Words for a search, and a sentence as a regulation might write it.
WORDS, PROVISION = "words", "provision"
_NAMES = (WORDS, PROVISION)
_SHAPE = schema(_NAMES)
#: Characters kept of each, and shown of a question.
MOST, MOST_ASKED = 80, 300
_CHINESE = re.compile("[\u4e00-\u9fff]")


class Expander:
    """Says what is asked in other words. What it says ranks provisions and is never shown.

    Args:
        prompt: how the model is asked.
    """

    def __init__(self, prompt: Prompt) -> None:
        self.prompt = prompt

    def written(self, asked: str, work: Work) -> dict[str, str]:
        """The texts by name; none where the model failed or wrote no Chinese."""
        question = hide(" ".join(asked.split()))[:MOST_ASKED]
        try:
            with closing(work.write(self.prompt, {"question": question}, _SHAPE)) as pieces:
                found = read(pieces, _NAMES, MOST)
        except ModelFault:
            return {}
        return {name: text for name, text in found.items() if _CHINESE.search(text)}

    def further(self, asked: str, work: Work) -> tuple[str, ...]:
        """The texts to rank by beside the question's own words."""
        return tuple(self.written(asked, work).values())
