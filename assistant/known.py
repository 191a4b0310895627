"""What known questions say of candidates: which of them answered questions like this one.

The nearest known questions of a place vote, each for the candidates that would have answered it, or
for none where the place's documents do not say. They are evidence beside the candidate's own words:
whether it is shown the trees decide, and what is shown is proved like everything else.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.evidence import Evidence
from assistant.worth import PASSABLE, RIGHT, WRONG, Span, of_list, of_sentence
from index.known.questions import Alternatives, Known, Likely, Near
from index.units import Unit

#: How many of the nearest known questions vote.
VOTERS = 12
#: How many of the likeliest answers are told by the network beside them.
LIKELIEST = 5
#: A vote weighs e times less for each so much that its question is less alike than the most alike.
WIDTH, WIDTH_BY_WORDS = 0.06, 0.1
#: Every number where nothing is known of the place's documents.
UNKNOWN = -1.0
_PARTS = ("", "_votes", "_behind", "_nearest", "_no")
_NAMES = ("known", "known_words")
_MORE = ("known_part", "known_nearest_no")
NUMBERS = (*(name + part for name in _NAMES for part in _PARTS), *_MORE)

Shown = tuple[Unit | None, Sequence[Evidence]]


@dataclass(frozen=True)
class Nearest:
    """The known questions of a place that are most like a new one, the most alike first.

    Args:
        by_meaning, by_words: the most alike.
        by_answer: the likeliest answers, each with the most alike question of it.
    """

    by_meaning: Sequence[Near] = ()
    by_words: Sequence[Near] = ()
    by_answer: Sequence[Likely] = ()


#: By what questions with the same answer are told: document and answer.
Key = tuple[str, tuple[Alternatives, ...]]


@dataclass(frozen=True)
class Vote:
    """The votes for one answer.

    Args:
        known: the most alike of the questions that have it.
        likeness: how much it is alike.
        share: of all votes, 0 to 1.
    """

    known: Known
    likeness: float
    share: float


def key_of(known: Known) -> Key:
    """By what questions with the same answer are told."""
    return known.document, known.answers


def votes_of(near: Sequence[Near], width: float) -> dict[Key, Vote]:
    """The votes of *near*, the most alike first, by answer.

    Args:
        near: the most alike questions.
        width: a vote weighs e times less for each so much that its question is less alike than the
            most alike.
    """
    weights = [math.exp((one.likeness - near[0].likeness) / width) for one in near]
    total, found = sum(weights), dict[Key, Vote]()
    for one, weight in zip(near, weights, strict=True):
        key = key_of(one.known)
        vote = found.get(key, Vote(one.known, one.likeness, 0.0))
        found[key] = replace(vote, share=vote.share + weight / total)
    return found


def nothing_known() -> dict[str, float]:
    """The numbers of a candidate in a place of which nothing has been asked."""
    return dict.fromkeys(NUMBERS, UNKNOWN)


def agreed(nearest: Nearest) -> tuple[Known | None, float]:
    """A question with the answer that most votes by meaning are for, and its share of them.

    The question is None where there are no votes, or most are for no answer.
    """
    votes = _Votes.of(nearest.by_meaning, WIDTH)
    won = max(votes.answers, key=lambda vote: vote.share, default=None)
    return (None, votes.no) if won is None or won.share <= votes.no else (won.known, won.share)


def is_asked_about(row: Mapping[str, float]) -> bool:
    """Whether something has been asked of the candidate's place."""
    return row["known_nearest"] > UNKNOWN


def numbers(nearest: Nearest, shown: Sequence[Shown]) -> list[dict[str, float]]:
    """The numbers of each candidate of a place.

    Args:
        nearest: the known questions of the place that are most alike.
        shown: what each candidate would show: a sentence, or a list's evidence.

    Returns:
        For each candidate ``known``, the likeness of the most alike question that it answers;
        ``known_behind``, how far that is behind the most alike of all; ``known_votes``, its share
        of the votes, 0 to 1. The same for all candidates: ``known_nearest``, the greatest likeness,
        and ``known_no``, the share of votes for no answer. All this by meaning, and with
        ``known_words`` in front by words. By meaning also ``known_part``, as ``known`` where the
        candidate is a part of the answer, and ``known_nearest_no``, the likeness of the most alike
        question that the documents do not answer.
    """
    if not nearest.by_meaning:
        return [nothing_known() for _ in shown]
    meaning = _Votes.of(nearest.by_meaning, WIDTH)
    words = _Votes.of(nearest.by_words, WIDTH_BY_WORDS)
    return [_of_candidate(meaning, words, one) for one in shown]


@dataclass(frozen=True)
class _Votes:
    """The votes of the nearest known questions, by answer: many of them share one.

    Args:
        best: the greatest likeness.
        no: the share of votes for no answer.
        nearest_no: the greatest likeness of a question without one; 0 where there is none.
        answers: those for the others.
    """

    best: float
    no: float
    nearest_no: float
    answers: tuple[Vote, ...]

    @classmethod
    def of(cls, near: Sequence[Near], width: float) -> _Votes:
        """The votes of *near*, the most alike first."""
        votes = votes_of(near, width).values()
        silent = [vote for vote in votes if not vote.known.answers]
        return cls(
            near[0].likeness if near else 0.0,
            sum(vote.share for vote in silent),
            max((vote.likeness for vote in silent), default=0.0),
            tuple(vote for vote in votes if vote.known.answers),
        )


def _of_candidate(meaning: _Votes, words: _Votes, shown: Shown) -> dict[str, float]:
    asked = {key_of(vote.known): vote.known for vote in (*meaning.answers, *words.answers)}
    worth = {key: _worth(shown, known) for key, known in asked.items()}
    part = [v.likeness for v in meaning.answers if worth[key_of(v.known)] == PASSABLE]
    row = {"known_part": max(part, default=0.0), "known_nearest_no": meaning.nearest_no}
    for name, votes in zip(_NAMES, (meaning, words), strict=True):
        won = [vote for vote in votes.answers if worth[key_of(vote.known)] == RIGHT]
        own = max((vote.likeness for vote in won), default=0.0)
        share = sum(vote.share for vote in won)
        values = (own, share, votes.best - own, votes.best, votes.no)
        row |= {name + part: value for part, value in zip(_PARTS, values, strict=True)}
    return row


def _worth(shown: Shown, known: Known) -> int:
    unit, evidence = shown
    if unit is not None and unit.provision.document_id != known.document:
        return WRONG
    answer = [[_span(known, *place) for place in part] for part in known.answers]
    if not answer:
        return WRONG
    return of_list(evidence, answer) if unit is None else of_sentence(unit, answer)


def _span(known: Known, start: int, end: int) -> Span:
    return known.document, start, end
