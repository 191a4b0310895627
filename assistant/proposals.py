"""The whole answers that may be shown of a place, to be weighed by `assistant.settling`.

What rules and trees found; what questions like the new one were answered with; and no answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evidence import Group
from assistant.known import WIDTH, WIDTH_BY_WORDS, Key, Nearest, key_of, votes_of
from assistant.worth import Span, shared, span_of
from index.known.questions import Known

#: So many of the known answers that have most voices are weighed.
_MOST = 5
#: As wide as this, votes listen to little more than the most alike (`assistant.known.WIDTH`).
_SHARP = 0.025
#: Two stretches are the same answer where each part has so much of it, and but so much is beside.
_HELD, _BESIDE, _MARKS = 0.8, 0.35, 12


@dataclass(frozen=True)
class Proposal:
    """A whole answer that may be shown.

    Args:
        spans: where it stands; empty for no answer.
        known: a question that was answered so; None where none like it was.
        is_found: whether it is what rules and trees found.
    """

    spans: tuple[Span, ...]
    known: Known | None
    is_found: bool = False


def proposals(found: Group | None, nearest: Nearest) -> list[Proposal]:
    """What was found first, then the known answers with most voices, and none among them."""
    own = spans_of(found)
    others = [known for known, _ in Voices.of(nearest).ranked[:_MOST]]
    same = next((known for known in others if _is_same(known, own)), None)
    others = [known for known in others if known is same or not _is_alike(places(known), own)]
    silent = next((known for known in others if not known.answers), None)
    weighed = [Proposal(own, same if own else silent, is_found=True)]
    weighed += [Proposal(places(one), one) for one in others if one.answers and one is not same]
    if own:
        weighed.append(Proposal((), silent))
    return weighed


@dataclass(frozen=True)
class Voices:
    """What known questions say, by answer.

    Args:
        votes, told: a question with the answer, and the share of votes for it or its probability.
        sharp, by_words: shares of votes.
    """

    votes: dict[Key, tuple[Known, float]]
    told: dict[Key, tuple[Known, float]]
    sharp: dict[Key, float]
    by_words: dict[Key, float]

    @classmethod
    def of(cls, nearest: Nearest) -> Voices:
        """The voices of the most alike questions and of the network."""
        votes = votes_of(nearest.by_meaning, WIDTH)
        sharp = votes_of(nearest.by_meaning, _SHARP)
        words = votes_of(nearest.by_words, WIDTH_BY_WORDS)
        return cls(
            {key: (vote.known, vote.share) for key, vote in votes.items()},
            {key_of(o.near.known): (o.near.known, o.probability) for o in nearest.by_answer},
            {key: vote.share for key, vote in sharp.items()},
            {key: vote.share for key, vote in words.items()},
        )

    @property
    def ranked(self) -> list[tuple[Known, float]]:
        """A question of each answer with votes and probability together, the greatest first."""
        total: dict[Key, tuple[Known, float]] = {}
        for said in (self.votes, self.told):
            for key, (known, share) in said.items():
                total[key] = known, total.get(key, (known, 0.0))[1] + share
        return sorted(total.values(), key=lambda one: -one[1])


def places(known: Known) -> tuple[Span, ...]:
    """Where the answer stands first."""
    return tuple((known.document, *same[0]) for same in known.answers)


def _is_same(known: Known, spans: Sequence[Span]) -> bool:
    """Whether what is shown at *spans* is the known answer, in whichever words that say it."""
    used: list[Span] = []
    for same in known.answers:
        held = [
            place
            for place in ((known.document, *one) for one in same)
            if sum(shared(place, span) for span in spans) >= _HELD * (place[2] - place[1])
        ]
        if not held:
            return False
        used += held
    length = sum(end - start for _, start, end in spans)
    # stretches of an answer may lie in one another
    beside = length - sum(min(sum(shared(s, u) for u in used), s[2] - s[1]) for s in spans)
    return bool(spans) == bool(known.answers) and beside <= _BESIDE * length + _MARKS


def _is_alike(spans: Sequence[Span], own: Sequence[Span]) -> bool:
    """Whether nearly the same characters stand there: with a label before them, without a mark."""
    both = sum(shared(one, other) for one in spans for other in own)
    length = sum(end - start for _, start, end in (*spans, *own)) - both
    return bool(spans and own) and both >= _HELD * length


def spans_of(group: Group | None) -> tuple[Span, ...]:
    """What of *group* answers; what only opens a list where there is nothing else."""
    parts = group.evidence if group else ()
    said = [part for part in parts if not part.opens] or parts
    return tuple(span_of(part.unit) for part in said)
