"""What a candidate is worth to a question whose whole answer is known: right, passable or wrong.

The same measure tells candidates of training questions right and wrong, and says at run time which
candidates would have answered a known question.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.evidence import Evidence
from index.units import Unit

#: A stretch: document, start and end in its text.
Span = tuple[str, int, int]
#: A part of an answer: the stretches that say it, any one of which is enough.
Part = Sequence[Span]

RIGHT, WRONG, PASSABLE = 1, 0, -1
#: Least share of a part that a sentence must hold, and of itself that must belong to it.
_HOLDS, _IS = 0.5, 0.35
#: One that holds a part whole may say more: a clause cannot always stand alone.
_WHOLE, _IS_OF_WHOLE = 0.95, 0.12
#: A sentence that belongs to a part almost whole is right although the part is longer.
_INSIDE = 0.8
#: From so many parts on the answer is a list, and a single item of it is none.
_A_LIST = 4
_LIST_RECALL, _LIST_PRECISION = 0.85, 0.7
_LIST_PASSABLE = 0.6


def of_sentence(unit: Unit, answer: Sequence[Part], allowed: Sequence[Span] = ()) -> int:
    """What a sentence is worth.

    Args:
        unit: the sentence, item or clause.
        answer: the whole answer, in parts.
        allowed: what may be shown beside it.

    Returns:
        RIGHT, WRONG or PASSABLE; an item of a longer list is passable.
    """
    own = span_of(unit)
    if any(_answers(own, span) for part in answer for span in part):
        return RIGHT if len(answer) < _A_LIST else PASSABLE
    passable = any(shared(own, other) >= _HOLDS * len(unit.text) for other in allowed)
    return PASSABLE if passable else WRONG


def of_list(
    evidence: Sequence[Evidence], answer: Sequence[Part], allowed: Sequence[Span] = ()
) -> int:
    """What a list that is shown whole is worth; arguments and result as in `of_sentence`."""
    spans = [span_of(part.unit) for part in evidence]
    reach = _reach(spans)
    every = [span for part in answer for span in part] + list(allowed)
    if not any(shared(reach, span) for span in every if span[0] == reach[0]):
        return WRONG
    held = [
        max(sum(shared(own, span) for own in spans) / (span[2] - span[1]) for span in part)
        for part in answer
    ]
    recall = sum(held) / len(held) if held else 0.0
    items = [s for s, part in zip(spans, evidence, strict=True) if not part.opens] or spans
    right = sum(min(sum(shared(own, span) for span in every), own[2] - own[1]) for own in items)
    precision = right / sum(own[2] - own[1] for own in items)
    if recall >= _LIST_RECALL and precision >= _LIST_PRECISION:
        return RIGHT
    return PASSABLE if min(recall, precision) >= _LIST_PASSABLE else WRONG


def span_of(unit: Unit) -> Span:
    """Where *unit* stands."""
    start = unit.provision.start
    return unit.provision.document_id, start + unit.start, start + unit.end


def _reach(spans: Sequence[Span]) -> Span:
    return spans[0][0], min(span[1] for span in spans), max(span[2] for span in spans)


def _answers(own: Span, part: Span) -> bool:
    both = shared(own, part)
    length, wanted = own[2] - own[1], part[2] - part[1]
    least = _IS_OF_WHOLE if both >= _WHOLE * wanted else _IS
    return (both >= _HOLDS * wanted and both >= least * length) or both >= _INSIDE * length


def shared(one: Span, other: Span) -> int:
    """How many characters two stretches have in common."""
    return max(0, min(one[2], other[2]) - max(one[1], other[1])) if one[0] == other[0] else 0
