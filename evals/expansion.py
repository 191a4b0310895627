"""What a language model's other words for a question gain: ``python -m evals.expansion``.

Asks the colloquial tune cases. Prints how many of the gold stretches are among the first 1, 5 and
10 chunks when the question is ranked by its own words, with the model's words, with its
hypothetical provision, and with both; then how many questions are answered right without help,
with help for every question, and with help where the question would be refused. Needs
``ANZE_LLM_BASE_URL`` and ``ANZE_LLM_MODEL``.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import mean, median

import numpy as np

from assistant.candidates import Finder
from assistant.library import Library
from assistant.llm.expansion import PROVISION, WORDS
from assistant.query import Query
from assistant.rereading import Rereader
from assistant.seeking import refused_at_sight
from assistant.service import Assistant, composer_of, rereader_of
from assistant.settings import Settings, Use, load_settings
from evals.asker import question_of
from evals.case import CASES, Case, Place, load, span
from evals.comparison import compare
from evals.helped import Helped, RecordedExpander, Replies
from evals.run import Result, run
from evals.spans import Text
from index.retriever import Hit

_FILES = ("colloquial.jsonl", "hotline.jsonl")
_DEPTHS = (1, 5, 10)
WAYS: Mapping[str, tuple[str, ...]] = {
    "question alone": (),
    "and words": (WORDS,),
    "and provision": (PROVISION,),
    "and both": (WORDS, PROVISION),
}


def sample(cases: int) -> list[Case]:
    """The first *cases* of the tune part by the hash of their ids."""
    found = load(CASES / name for name in _FILES)
    alone = [case for case in found if case.part == "tune" and not case.history]
    return sorted(alone, key=lambda case: hashlib.sha256(case.id.encode()).hexdigest())[:cases]


class Measured:
    """The sample, asked of one assistant.

    Args:
        settings: with a language model.
        replies: where what it writes is kept.
    """

    def __init__(self, settings: Settings, replies: Replies) -> None:
        self.assistant = Assistant.open(settings)
        composer = composer_of(settings)
        rereader = rereader_of(settings.model_copy(update={"llm_expand": Use.ALWAYS}))
        if composer is None or rereader is None:
            raise SystemExit("先设置 ANZE_LLM_BASE_URL 和 ANZE_LLM_MODEL。")
        self.composer, self.rereader, self.replies = composer, rereader, replies

    def expander(self, names: Sequence[str]) -> RecordedExpander:
        """What writes other words and lets those called *names* rank."""
        return RecordedExpander(self.rereader.expander, self.replies, names)

    def asked(self, case: Case) -> tuple[Query, Library] | None:
        """The case as understood; None where nothing is looked for by ranking."""
        library = self.assistant.library(case.as_of)
        query = self.assistant.understanding.read(question_of(case), library)
        is_sought = refused_at_sight(query) is None and not query.bare_address
        return (query, library) if is_sought and query.scopes else None

    def recall(self, case: Case, names: Sequence[str]) -> list[float] | None:
        """The share of gold stretches among the first chunks, for each depth."""
        asked = self.asked(case) if case.gold else None
        if asked is None:
            return None
        query, library = asked
        further = self.expander(names).further(query.text, self.composer.begin()) if names else ()
        finder = Finder(query, library, further)
        inside = np.logical_or.reduce([finder.inside(scope) for scope in query.scopes])
        hits = finder.search.within(inside, max(_DEPTHS))
        documents = {document.id: document for document in library.documents}
        gold = [(entry, *entry.alternatives) for entry in case.gold]
        return [
            mean(_is_in(hits[:depth], stretches, documents) for stretches in gold)
            for depth in _DEPTHS
        ]

    def answered(self, cases: Sequence[Case], names: Sequence[str], use: Use) -> list[Result]:
        """The answers with help where *use* says, scored."""
        plain = self.rereader
        helper = Rereader(plain.follow_ups, Use.OFF, self.expander(names), use)
        asker = Helped(self.assistant, self.composer, helper)
        return list(run(cases, asker).results)


def _is_in(hits: Iterable[Hit], stretches: Sequence[Place], documents: Mapping[str, Text]) -> bool:
    """Whether a chunk of *hits* overlaps one of *stretches*."""
    places = [(place.document, found) for place in stretches if (found := span(place, documents))]
    for hit in hits:
        provision = documents[hit.chunk.document_id].by_id[hit.chunk.provision_id]
        start, end = provision.start + hit.chunk.start, provision.start + hit.chunk.end
        if any(hit.chunk.document_id == d and start < e and s < end for d, (s, e) in places):
            return True
    return False


def main(cases: int, replies: Path) -> None:
    """Print both tables."""
    measured = Measured(load_settings(), Replies(replies))
    asked = sample(cases)
    print("| ranked by | " + " | ".join(f"recall@{depth}" for depth in _DEPTHS) + " |")
    for way, names in WAYS.items():
        found = [row for case in asked if (row := measured.recall(case, names))]
        print(
            f"| {way} | "
            + " | ".join(f"{mean(column):.3f}" for column in zip(*found, strict=True))
            + " |"
        )
    print(f"{len(found)} of {len(asked)} cases have gold and are looked for")
    plain = measured.answered(asked, (), Use.OFF)
    print(f"right without help: {right(plain)} of {len(plain)}")
    for use in (Use.ALWAYS, Use.REFUSED):
        for way, names in list(WAYS.items())[1:]:
            helped = measured.answered(asked, names, use)
            change = compare(plain, helped)
            better, worse = len(change.became_right), len(change.became_wrong)
            print(f"right with help ({use}, {way}): {right(helped)}, +{better} -{worse}")
    tell_cost(list(measured.replies.known.values()))


def right(results: Sequence[Result]) -> int:
    """How many are answered right."""
    return sum(result.scores.correct for result in results)


def tell_cost(entries: Sequence[Mapping[str, float]]) -> None:
    """Print how long the replies took, and how many tokens."""
    spent = sorted(entry["ms"] / 1000 for entry in entries)
    p95 = spent[int(0.95 * (len(spent) - 1))]
    tokens = [(entry["in"], entry["out"]) for entry in entries if entry["in"] is not None]
    print(f"{len(spent)} replies: median {median(spent):.1f} s, p95 {p95:.1f} s", end="; ")
    print("tokens in {:.0f}, out {:.0f} on average".format(*map(mean, zip(*tokens, strict=True))))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=64)
    parser.add_argument("--replies", type=Path, default=Path("var/expansions.jsonl"))
    arguments = parser.parse_args()
    main(arguments.cases, arguments.replies)
