"""Which is shown where rules and scorer disagree: the list that governs, or a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.each import are_beside
from assistant.evidence import Group
from assistant.query import Ask, Query
from assistant.sentences import VERY_SURE, Judged, is_trusted
from assistant.terms import coverage

#: How much less a likely sentence may cover than several that are to be shown instead.
_AS_MUCH = 0.05
#: From this probability of the best candidate on nothing else is shown instead.
_DECIDES = 0.7
#: From this on a sentence is shown instead of an unlikely list that it stands in and does not open.
_DECIDES_PART = 0.5
#: A list that is likelier than this may be what is asked for.
_UNLIKELY_LIST = 0.1
#: A list that is less likely than this, all its items too, is none that was asked for.
_UNHEARD_OF = 0.03
#: The same where so great a share of the questions most like it had no answer.
_IN_VAIN, _UNHEARD_OF_IN_VAIN = 0.7, 0.1
#: From this probability on a sentence is shown instead of a list that it is no part of, and though
#: a rule says that it lacks what is asked for.
SURE_OF_SENTENCE = 0.6


@dataclass(frozen=True)
class Support:
    """What the scorer thinks of a list that the rules chose.

    Args:
        whole: the probability of the likeliest list that is much the same.
        part: that of the likeliest sentence in it.
        opens: whether that sentence opens it.
    """

    whole: float
    part: float
    opens: bool


def support_of(listed: Group, scored: Sequence[Judged]) -> Support | None:
    """What the scorer thinks of *listed*; None where it has heard of nothing."""
    if not scored:
        return None
    units = {part.unit for part in listed.evidence}
    ids = {unit.provision.id for unit in units}
    whole, part, opens = 0.0, 0.0, False
    for likely, candidate in scored:
        if candidate.unit is None:
            own = {e.unit for e in candidate.evidence}
            if 2 * len(own & units) >= max(len(own), len(units)):
                whole = max(whole, likely)
        elif candidate.unit.provision.id in ids and likely > part:
            part, opens = (
                likely,
                candidate.unit.provision.id == listed.evidence[0].unit.provision.id,
            )
    return Support(whole, part, opens)


def is_preferred(
    query: Query, sentence: Group, listed: Group, support: Support, scored: Sequence[Judged]
) -> bool:
    """Whether the scorer is sure of another list, or of a part of what is *listed* and not of it.

    政府要把安全写进哪些规划 asks what one of the government's duties says, not for all of them.
    """
    likely, best = scored[0]
    if not is_trusted(likely, best) and likely < _DECIDES_PART:
        return False
    if best.unit is None:
        units = {part.unit for part in listed.evidence}
        if are_beside(query) and {e.unit for e in best.evidence} <= units:
            return False  # the list of one of the posts asked about
        return likely >= _DECIDES or support.whole < _UNHEARD_OF
    if len(listed.evidence) <= len(sentence.evidence) or support.whole >= _UNLIKELY_LIST:
        return False
    return likely >= _DECIDES or (likely >= _DECIDES_PART and not support.opens)


def heard_of(scored: Sequence[Judged]) -> float:
    """What a list by the rules must be worth to the scorer; more where it was asked in vain."""
    in_vain = bool(scored) and scored[0][1].row["known_no"] >= _IN_VAIN
    return _UNHEARD_OF_IN_VAIN if in_vain else _UNHEARD_OF


def is_overruled(stated: Group, scored: Sequence[Judged]) -> bool:
    """Whether the scorer is very sure of another sentence than was found by its form."""
    if not scored or scored[0][0] < VERY_SURE or not is_trusted(*scored[0]):
        return False
    units = {part.unit for part in stated.evidence}
    best = scored[0][1]
    return not units & ({best.unit} | {part.unit for part in best.evidence})


def says_as_much(query: Query, sentence: Group | None, several: Group) -> bool:
    """Whether a likely sentence has by itself what several of another article have together."""
    if sentence is None or (sentence.likely or 0.0) < SURE_OF_SENTENCE:
        return False
    elsewhere = {part.unit.provision.id for part in several.evidence}
    if any(part.unit.provision.id in elsewhere for part in sentence.evidence):
        return False
    said = " ".join(part.unit.text for part in sentence.evidence)
    return coverage(query.terms, said) >= several.score - _AS_MUCH


def is_surer(sentence: Group, listed: Group, query: Query) -> bool:
    """Whether the scorer is sure of a sentence that is no part of the list.

    A list that governs the few words of 政府每年还得一块报什么 by its bearer alone is none of what
    was asked where a sentence says it.
    """
    if query.asks(Ask.LIST, Ask.TEXT) and not query.asks(Ask.BODY):
        return False
    top = listed.evidence[0].unit.provision.id
    ids = {top, *(part.unit.provision.id for part in listed.evidence)}
    is_part = any(part.unit.provision.id in ids for part in sentence.evidence)
    return not is_part and (sentence.likely or 0.0) >= SURE_OF_SENTENCE
