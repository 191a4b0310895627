"""Which of several whole answers is shown: what rules and trees found, or what was known before.

The sentences of a place are judged one by one, and rules put the answer together. Known questions
answer as a whole: exactly these items, or nothing at all. Each way is wrong where the other is
right, so small trees of their own, which have seen both on questions that neither had learnt from,
settle it: in 3,934 places of such questions 92.2 % were found right, and 93.9 % after that. What is
not likelier than what was found is never shown instead of it, and whatever is shown is made of the
documents' own sentences and proved like everything else.

``python -m evals.training.settling`` makes the trees.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.evidence import Evidence, Group
from assistant.known import Nearest, key_of
from assistant.listing import whole_aspect
from assistant.proposals import Proposal, Voices, places, proposals, spans_of
from assistant.query import Ask, Query, Scope
from assistant.scorer import Scorer
from assistant.sentences import Judged, names_unheard_of_sanction, opens_list
from assistant.worth import RIGHT, Span, of_list, shared, span_of
from index.provision import Document
from index.subjects import offices_in
from index.units import Unit, sentences

TREES = Path(__file__).with_name("settling.json")
#: So much likelier than what was found a refusal must be: four questions of five have an answer,
#: and among those that the trees learn from fewer. And so much likelier than none an answer must be
#: where nothing was found: a wrong answer is worse than none.
NONE_LIKELIER, SOME_LIKELIER = 0.2, 0.5
#: So much likelier than what was found another answer must be.
OTHER_LIKELIER = 0.1
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
    if not is_open(query, found, nearest, scored) or names_unheard_of_sanction(scope, query):
        return found
    weighed = proposals(found, nearest)
    rows = numbers(weighed, query, found, nearest, scored)
    likely = Scorer.load(TREES).probabilities(rows)
    for n, proposal in enumerate(weighed[1:], 1):
        if not proposal.spans:
            likely[n] -= NONE_LIKELIER
        elif not found:
            likely[n] -= SOME_LIKELIER
        elif query.asks(Ask.LIST) and _is_list(found) and _says_less(proposal, found):
            likely[n] = 0.0  # 规定了六项基本原则 names none of them
        else:
            likely[n] -= OTHER_LIKELIER
    best = int(likely.argmax())
    if not best:
        return found
    evidence = _evidence(scope, weighed[best].spans, scored)
    if not evidence:
        return None
    more = found is not None and len(found.evidence) > len(evidence)
    opens = all(opens_list(part.unit.text) for part in evidence)
    asks_who = query.asks(Ask.BODY) and not query.asks(Ask.LIST)
    if more and opens and not asks_who:
        return found  # …主要职责包括： says who has the duties, not what they are
    worth = float(likely[best])
    return Group(scope, evidence, max(worth, _FEW), worth, worth)


def _is_list(found: Group | None) -> bool:
    """Whether a list was found by what governs it, and not by its likelihood."""
    return found is not None and found.likely is None and len(spans_of(found)) >= _A_LIST


def _says_less(proposal: Proposal, found: Group | None) -> bool:
    """Whether it is one sentence, or a part of what was *found*."""
    own = spans_of(found)
    inside = (
        sum(shared(span, other) for other in own) >= span[2] - span[1] for span in proposal.spans
    )
    return len(proposal.spans) == 1 or all(inside)


def is_open(query: Query, found: Group | None, nearest: Nearest, scored: Sequence[Judged]) -> bool:
    """Whether there is anything to be settled.

    Of the places that nobody named, those where nothing was found are left alone.
    """
    if found is None and not query.named_places:
        return False
    is_reckoned = found is not None and found.is_reckoned
    return bool(nearest.by_meaning and scored and not is_reckoned)


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
    voices = Voices.of(nearest)
    own = spans_of(found)
    row = scored[0][1].row
    common = {
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
        "places": float(len(query.scopes)),
        **{name: row[name] for name in _OF_QUESTION},
    }
    return [
        common
        | _by_known(one, query, voices, nearest)
        | _by_text(one.spans, scored)
        | _beside_found(one, own)
        for one in weighed
    ]


def _by_known(
    proposal: Proposal, query: Query, voices: Voices, nearest: Nearest
) -> dict[str, float]:
    key = key_of(proposal.known) if proposal.known else None
    voters = [n for n, near in enumerate(nearest.by_meaning) if key_of(near.known) == key]
    by_words = [near.likeness for near in nearest.by_words if key_of(near.known) == key]
    told = next((one.near for one in nearest.by_answer if key_of(one.near.known) == key), None)
    near = nearest.by_meaning[voters[0]] if voters else told
    share = voices.votes[key][1] if key in voices.votes else 0.0
    probability = voices.told[key][1] if key in voices.told else 0.0
    beside = (
        share
        for known, share in voices.votes.values()
        if any(_begins_in(proposal.spans, place) for place in places(known))
    )
    return {
        "votes": share,
        "votes_sharp": voices.sharp.get(key, 0.0) if key else 0.0,
        "votes_words": voices.by_words.get(key, 0.0) if key else 0.0,
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
        and not any(shared(span_of(candidate.unit), span) for span in spans)
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
    both = sum(shared(one, other) for one in spans for other in own)
    return {
        "is_found": float(proposal.is_found),
        "is_none": float(not spans),
        "parts": float(len(spans)),
        "characters": float(length),
        "alike": both / max(length + found_length - both, 1),
        "inside_found": both / max(length, 1),
        "holds_found": both / max(found_length, 1),
    }


def _begins_in(spans: Sequence[Span], place: Span) -> bool:
    return any(d == place[0] and start <= place[1] < end for d, start, end in spans)


def _standing_at(span: Span, scored: Sequence[Judged]) -> Judged | None:
    """The likeliest sentence that stands there."""
    for likely, candidate in scored:
        if candidate.unit is None:
            continue
        own = span_of(candidate.unit)
        both = shared(own, span)
        if both and both >= _STANDS * min(own[2] - own[1], span[2] - span[1]):
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
