"""Lines that no search finds: the one that answered the known questions most like a new one.

What a document says of itself (文号, 主送, 落款) stands in lines that share hardly a word with any
question, and that are in no chunk. `assistant.colophon` knows their forms and the usual wordings;
questions that were asked before know many more.
"""

from __future__ import annotations

from assistant.evidence import Evidence, Group
from assistant.known import Nearest, agreed
from assistant.query import Scope
from index.provision import Document
from index.store import Index
from index.units import Unit

#: The answer must have so great a share of the votes, and the most alike question be so alike:
#: measured on 12,471 training questions with those of their own writers left out, 96 of the 120
#: that are answered so are right, and half of the others name a line that says the same.
_AGREED, _ALIKE = 0.5, 0.6
#: The same before anything else than what a document says of itself is looked for.
_SURELY_AGREED, _SURELY_ALIKE = 0.8, 0.75


def of_known_lines(scope: Scope, nearest: Nearest, index: Index) -> Group | None:
    """The lines in no chunk that answer, by most of the known questions; None where there are none.

    Args:
        scope: the place.
        nearest: the known questions of the place that are most like the new one.
        index: what can be searched.
    """
    if not nearest.by_meaning or nearest.by_meaning[0].likeness < _ALIKE:
        return None
    answer, share = agreed(nearest)
    document = next((d for d in scope.documents if answer and d.id == answer.document), None)
    if answer is None or document is None or not answer.answers or share < _AGREED:
        return None
    units = [_line(document, *same[0], index) for same in answer.answers]
    evidence = tuple(Evidence(unit) for unit in units if unit is not None)
    return Group(scope, evidence, share, share, share) if len(evidence) == len(units) else None


def is_within_reach(nearest: Nearest, index: Index) -> bool:
    """Whether the known questions that are most alike agree on words that a search finds."""
    if not nearest.by_meaning or nearest.by_meaning[0].likeness < _SURELY_ALIKE:
        return False
    answer, share = agreed(nearest)
    if answer is None or share < _SURELY_AGREED:
        return False
    places = [same[0] for same in answer.answers]
    return all(index.chunk_at(answer.document, start) is not None for start, _ in places)


def _line(document: Document, start: int, end: int, index: Index) -> Unit | None:
    """The stretch [start, end) of the document, where it is in a line that no chunk holds."""
    for provision in document.provisions:
        holds = provision.start <= start and end <= provision.end
        if holds and provision.is_leaf and provision.id not in index.first_chunk:
            return Unit(provision, start - provision.start, end - provision.start)
    return None
