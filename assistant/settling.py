"""Which of several whole answers is shown: what rules and trees found, or what was known before.

The sentences of a place are judged one by one, and rules put the answer together. Known questions
answer as a whole: exactly these items, or nothing at all. Each way is wrong where the other is
right, so small trees of their own, which have seen both on questions that neither had learnt from,
settle it: of 1,901 such questions 93.0 % were found right, and 94.2 % after that. What is not
likelier than what was found is never shown instead of it, and whatever is shown is made of the
documents' own sentences and proved like everything else.

``python -m evals.training.settling`` makes the trees.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.evidence import Evidence, Group
from assistant.known import Nearest
from assistant.listing import whole_aspect
from assistant.query import Ask, Query, Scope
from assistant.scorer import Scorer
from assistant.sentences import Judged, names_unheard_of_sanction, opens_list
from assistant.worth import RIGHT, Span, of_list
from index.known.questions import Alternatives, Known
from index.provision import Document
from index.subjects import offices_in
from index.units import Unit, sentences

TREES = Path(__file__).with_name("settling.json")
#: So much likelier than what was found a refusal must be: four questions of five have an answer,
#: and among those that the trees learn from fewer.
_NONE_LIKELIER = 0.5
#: So many of the known answers that have most voices are weighed.
_MOST = 5
#: As `assistant.known` weighs votes; `_SHARP` listens to little more than the most alike.
_WIDTH, _SHARP, _WIDTH_BY_WORDS = 0.06, 0.025, 0.1
#: Two stretches are the same answer where each part has so much of it, and but so much is beside.
_HELD, _BESIDE, _MARKS = 0.8, 0.35, 12
#: So much of a sentence or of a part must be common to both, that one stands for the other.
_STANDS = 0.6
_FEW = 0.5
#: From so many items on a list says more than a sentence about it.
_A_LIST = 3
#: Numbers of a question, and of a candidate, that count here too (`assistant.features`).
_OF_QUESTION = (
    "asks_body",
    "asks_count",
    "asks_frequency",
    "asks_list",
    "asks_open",
    "asks_yes_no",
    "deciding",
    "heaviest",
    "length",
    "offices",
    "terms",
    "unknown_terms",
)
_OF_CANDIDATE = ("covered", "decided", "fit", "misfit", "offices_around", "soft_terms", "value_led")

#: What `settled` does: place, question, what was found, known questions, candidates → the answer.
Settle = Callable[[Scope, Query, Group | None, Nearest, Sequence[Judged]], Group | None]


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


def as_found(
    _scope: Scope,
    _query: Query,
    found: Group | None,
    _nearest: Nearest,
    _scored: Sequence[Judged],
) -> Group | None:
    """What was found, whatever was known before."""
    return found


def settled(
    scope: Scope,
    query: Query,
    found: Group | None,
    nearest: Nearest,
    scored: Sequence[Judged],
) -> Group | None:
    """What is shown in a place: *found*, or what is clearly likelier; None for no answer.

    Args:
        scope: the place.
        query: the question.
        found: what rules and trees found; None where they found nothing.
        nearest: the known questions of the place that are most alike.
        scored: the place's candidates, the likeliest first.
    """
    if not is_open(found, nearest, scored) or names_unheard_of_sanction(scope, query):
        return found
    weighed = proposals(found, nearest)
    rows = numbers(weighed, query, found, nearest, scored)
    likely = Scorer.load(TREES).probabilities(rows)
    for n, proposal in enumerate(weighed[1:], 1):
        if not proposal.spans:
            likely[n] -= _NONE_LIKELIER
        elif query.asks(Ask.LIST) and _is_list(found) and _says_less(proposal, found):
            likely[n] = 0.0  # 规定了六项基本原则 names none of them
    best = int(likely.argmax())
    if not best:
        return found
    evidence = _evidence(scope, weighed[best].spans, scored)
    if not evidence:
        return None
    more = found is not None and len(found.evidence) > len(evidence)
    if more and all(opens_list(part.unit.text) for part in evidence):
        return found  # …主要职责包括： says nothing of what follows
    worth = float(likely[best])
    return Group(scope, evidence, max(worth, _FEW), worth, worth)


def _is_list(found: Group | None) -> bool:
    """Whether a list was found by what governs it, and not by its likelihood."""
    return found is not None and found.likely is None and len(_spans_of(found)) >= _A_LIST


def _says_less(proposal: Proposal, found: Group | None) -> bool:
    """Whether it is one sentence, or a part of what was *found*."""
    own = _spans_of(found)
    inside = (
        sum(_shared(span, other) for other in own) >= span[2] - span[1] for span in proposal.spans
    )
    return len(proposal.spans) == 1 or all(inside)


def is_open(found: Group | None, nearest: Nearest, scored: Sequence[Judged]) -> bool:
    """Whether there is anything to be settled.

    Where nothing was found, none of the known answers is shown: of those that are likelier than no
    answer four in ten are wrong, and a wrong answer is worse than none.
    """
    return bool(nearest.by_meaning and scored and found and not found.is_reckoned)


def proposals(found: Group | None, nearest: Nearest) -> list[Proposal]:
    """What was found first, then the known answers with most voices, and none among them."""
    own = _spans_of(found)
    voices = _Voices.of(nearest)
    others = [known for known, _ in voices.ranked[:_MOST]]
    same = next((known for known in others if _is_same(known, own)), None)
    others = [known for known in others if known is same or not _is_alike(_places(known), own)]
    silent = next((known for known in others if not known.answers), None)
    weighed = [Proposal(own, same if own else silent, is_found=True)]
    weighed += [Proposal(_places(one), one) for one in others if one.answers and one is not same]
    if own:
        weighed.append(Proposal((), silent))
    return weighed


def numbers(
    weighed: Sequence[Proposal],
    query: Query,
    found: Group | None,
    nearest: Nearest,
    scored: Sequence[Judged],
) -> list[dict[str, float]]:
    """What is known of each of the *weighed* answers, for the trees.

    By known questions: the share of votes, sharply too and by words; the likeness of the most alike
    question of it, and what it has of the new one's words and posts; its voters and the best of
    their ranks; what the network says. By the text: the probabilities of its sentences, of the list
    that it is, and of the likeliest sentence outside. Against what was found: what they share. The
    same for all: what is best of each kind, and what is asked.
    """
    voices = _Voices.of(nearest)
    own = _spans_of(found)
    row = scored[0][1].row
    shared = {
        "nearest": nearest.by_meaning[0].likeness,
        "second": nearest.by_meaning[1].likeness if len(nearest.by_meaning) > 1 else 0.0,
        "nearest_words": nearest.by_words[0].likeness if nearest.by_words else 0.0,
        "none": sum(share for known, share in voices.votes.values() if not known.answers),
        "told_none": sum(p for known, p in voices.told.values() if not known.answers),
        "told_best": max((p for _, p in voices.told.values()), default=0.0),
        "votes_best": max((share for _, share in voices.votes.values()), default=0.0),
        "answers": float(len(voices.votes)),
        "top": scored[0][0],
        "found_parts": float(len(own)),
        "found_likely": -1.0 if found is None or found.likely is None else found.likely,
        "found_trust": found.trust if found else 0.0,
        "found_score": found.score if found else 0.0,
        **{name: row[name] for name in _OF_QUESTION},
    }
    return [
        shared
        | _by_known(one, query, voices, nearest)
        | _by_text(one.spans, scored)
        | _beside_found(one, own)
        for one in weighed
    ]


def _by_known(
    proposal: Proposal, query: Query, voices: _Voices, nearest: Nearest
) -> dict[str, float]:
    key = _key(proposal.known)
    voters = [n for n, near in enumerate(nearest.by_meaning) if _key(near.known) == key]
    by_words = [near.likeness for near in nearest.by_words if _key(near.known) == key]
    told = next((one.near for one in nearest.by_answer if _key(one.near.known) == key), None)
    near = nearest.by_meaning[voters[0]] if voters else told
    share = voices.votes[key][1] if key in voices.votes else 0.0
    probability = voices.told[key][1] if key in voices.told else 0.0
    beside = (
        share
        for known, share in voices.votes.values()
        if any(_holds(proposal.spans, place) for place in _places(known))
    )
    return {
        "votes": share,
        "votes_sharp": voices.sharp.get(key, 0.0),
        "votes_words": voices.by_words.get(key, 0.0),
        "votes_overlapping": sum(beside),
        "told": probability,
        "joint": (share + probability) / 2,
        "likeness": max((nearest.by_meaning[n].likeness for n in voters), default=0.0),
        "likeness_words": max(by_words, default=0.0),
        "likeness_told": told.likeness if told else 0.0,
        "voters": float(len(voters)),
        "rank": float(voters[0] if voters else len(nearest.by_meaning)),
        **_as_asked(query, near.known.text if near else ""),
    }


def _as_asked(query: Query, other: str) -> dict[str, float]:
    """What the question and a known one have in common, by words and by posts."""
    weights = sum(term.weight for term in query.terms)
    common = sum(term.weight * term.found_in(other) for term in query.terms)
    missed = (term.weight for term in query.terms if not term.found_in(other))
    own = {mention.office.id for mention in query.offices}
    theirs = offices_in(other)
    return {
        "words_asked": common / weights if weights else 1.0,
        "words_missed": max(missed, default=0.0),
        "posts_asked": len(own & theirs) / len(own | theirs) if own | theirs else 1.0,
    }


def _by_text(spans: Sequence[Span], scored: Sequence[Judged]) -> dict[str, float]:
    stand = [_standing_at(span, scored) for span in spans]
    likely = [judged[0] if judged else 0.0 for judged in stand] or [0.0]
    best = max(filter(None, stand), key=lambda judged: judged[0], default=None)
    outside = (
        p
        for p, candidate in scored
        if candidate.unit is not None
        and not any(_shared(_span(candidate.unit), span) for span in spans)
    )
    return {
        "likely_mean": sum(likely) / len(likely),
        "likely_least": min(likely),
        "likely_most": max(likely),
        "likely_list": _likely_list(spans, scored),
        "likely_outside": max(outside, default=0.0),
        **{name: best[1].row[name] if best else -1.0 for name in _OF_CANDIDATE},
    }


def _beside_found(proposal: Proposal, own: Sequence[Span]) -> dict[str, float]:
    spans = proposal.spans
    length = sum(end - start for _, start, end in spans)
    found_length = sum(end - start for _, start, end in own)
    both = sum(_shared(one, other) for one in spans for other in own)
    return {
        "is_found": float(proposal.is_found),
        "is_none": float(not spans),
        "parts": float(len(spans)),
        "characters": float(length),
        "alike": both / max(length + found_length - both, 1),
        "inside_found": both / max(length, 1),
        "holds_found": both / max(found_length, 1),
    }


_Key = tuple[str, tuple[Alternatives, ...]] | None


@dataclass(frozen=True)
class _Voices:
    """What known questions say, by answer.

    Args:
        votes, told: a question with the answer, and the share of votes for it or its probability.
        sharp, by_words: shares of votes.
    """

    votes: dict[_Key, tuple[Known, float]]
    told: dict[_Key, tuple[Known, float]]
    sharp: dict[_Key, float]
    by_words: dict[_Key, float]

    @classmethod
    def of(cls, nearest: Nearest) -> _Voices:
        """The voices of the most alike questions and of the network."""
        meaning = [(near.known, near.likeness) for near in nearest.by_meaning]
        words = [(near.known, near.likeness) for near in nearest.by_words]
        return cls(
            _votes(meaning, _WIDTH),
            {_key(o.near.known): (o.near.known, o.probability) for o in nearest.by_answer},
            {key: share for key, (_, share) in _votes(meaning, _SHARP).items()},
            {key: share for key, (_, share) in _votes(words, _WIDTH_BY_WORDS).items()},
        )

    @property
    def ranked(self) -> list[tuple[Known, float]]:
        """A question of each answer with votes and probability together, the greatest first."""
        total: dict[_Key, tuple[Known, float]] = {}
        for said in (self.votes, self.told):
            for key, (known, share) in said.items():
                total[key] = known, total.get(key, (known, 0.0))[1] + share
        return sorted(total.values(), key=lambda one: -one[1])


def _votes(near: Sequence[tuple[Known, float]], width: float) -> dict[_Key, tuple[Known, float]]:
    best = max((likeness for _, likeness in near), default=0.0)
    votes = [math.exp((likeness - best) / width) for _, likeness in near]
    found: dict[_Key, tuple[Known, float]] = {}
    for (known, _), vote in zip(near, votes, strict=True):
        share = found.get(_key(known), (known, 0.0))[1] + vote / sum(votes)
        found[_key(known)] = known, share
    return found


def _key(known: Known | None) -> _Key:
    return None if known is None else (known.document, known.answers)


def _places(known: Known) -> tuple[Span, ...]:
    """Where the answer stands first."""
    return tuple((known.document, *same[0]) for same in known.answers)


def _is_same(known: Known, spans: Sequence[Span]) -> bool:
    """Whether what is shown at *spans* is the known answer, in whichever words that say it."""
    used: list[Span] = []
    for same in known.answers:
        held = [
            place
            for place in ((known.document, *one) for one in same)
            if sum(_shared(place, span) for span in spans) >= _HELD * (place[2] - place[1])
        ]
        if not held:
            return False
        used += held
    length = sum(end - start for _, start, end in spans)
    # stretches of an answer may lie in one another
    beside = length - sum(min(sum(_shared(s, u) for u in used), s[2] - s[1]) for s in spans)
    return bool(spans) == bool(known.answers) and beside <= _BESIDE * length + _MARKS


def _is_alike(spans: Sequence[Span], own: Sequence[Span]) -> bool:
    """Whether nearly the same characters stand there: with a label before them, without a mark."""
    both = sum(_shared(one, other) for one in spans for other in own)
    length = sum(end - start for _, start, end in (*spans, *own)) - both
    return bool(spans and own) and both >= _HELD * length


def _spans_of(group: Group | None) -> tuple[Span, ...]:
    """What of *group* answers; what only opens a list where there is nothing else."""
    parts = group.evidence if group else ()
    said = [part for part in parts if not part.opens] or parts
    return tuple(_span(part.unit) for part in said)


def _span(unit: Unit) -> Span:
    start = unit.provision.start
    return unit.provision.document_id, start + unit.start, start + unit.end


def _shared(one: Span, other: Span) -> int:
    return max(0, min(one[2], other[2]) - max(one[1], other[1])) if one[0] == other[0] else 0


def _holds(spans: Sequence[Span], place: Span) -> bool:
    return any(d == place[0] and start <= place[1] < end for d, start, end in spans)


def _standing_at(span: Span, scored: Sequence[Judged]) -> Judged | None:
    """The likeliest sentence that stands there."""
    for likely, candidate in scored:
        if candidate.unit is None:
            continue
        own = _span(candidate.unit)
        shared = _shared(own, span)
        if shared and shared >= _STANDS * min(own[2] - own[1], span[2] - span[1]):
            return likely, candidate
    return None


def _likely_list(spans: Sequence[Span], scored: Sequence[Judged]) -> float:
    """The probability of the likeliest list that is so much the same."""
    answer = [(span,) for span in spans]
    for likely, candidate in scored:
        if candidate.unit is None and answer and of_list(candidate.evidence, answer) == RIGHT:
            return likely
    return 0.0


def _evidence(
    scope: Scope, spans: Sequence[Span], scored: Sequence[Judged]
) -> tuple[Evidence, ...]:
    """What stands at *spans*: a list as it is shown whole, anything else part by part."""
    answer = [(span,) for span in spans]
    for _, candidate in scored:
        is_list = candidate.unit is None and len(answer) > 1
        if is_list and of_list(candidate.evidence, answer) == RIGHT:
            return candidate.evidence
    documents = {document.id: document for document in scope.documents}
    found = (_unit(documents[name], start, end) for name, start, end in sorted(spans))
    units = [unit for unit in found if unit is not None]
    return tuple(Evidence(whole_aspect(unit, units)) for unit in units)


def _unit(document: Document, start: int, end: int) -> Unit | None:
    """The stretch [start, end) of the document in the smallest provision that holds it."""
    holders = [p for p in document.provisions if p.start <= start and end <= p.end]
    least = min(holders, key=lambda p: p.end - p.start, default=None)
    if least is None:
        return None
    said = sentences(least)
    begins = said[0].start if said else 0  # behind the label
    return Unit(least, max(start - least.start, begins), end - least.start)
