"""What a question finds: the evidence, or why there is none.

Where a language model helps to understand, there is a second try; what it finds is judged alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.beyond_search import is_within_reach
from assistant.candidates import Finder
from assistant.colophon import of_colophon
from assistant.evidence import Selection
from assistant.library import Library
from assistant.models import Question, Reason
from assistant.query import Ask, Query
from assistant.rereading import Help
from assistant.select import select
from assistant.settings import Use
from assistant.understand import Understanding
from assistant.validity import about_documents, asks_which_documents

#: Nothing was found, which another reading may change.
_NOTHING_FOUND = frozenset({Reason.NO_PROVISION, Reason.OUT_OF_SCOPE})


@dataclass(frozen=True)
class Found:
    """What was understood and found.

    Args:
        query: the question.
        selection: the evidence; None where nothing was looked for.
        reason: why it is refused; None where nothing speaks against an answer.
    """

    query: Query
    selection: Selection | None
    reason: Reason | None


def read(
    question: Question, library: Library, understanding: Understanding, help: Help | None
) -> Found:
    """What is asked; with a reason where that alone tells that it is refused.

    Raises:
        BadQuestion: an empty question, or a place that is none.
    """
    query = understanding.read(question, library)
    found = Found(query, None, refused_at_sight(query))
    if help is None:
        return found
    other = help.reread(Use.ALWAYS)
    if other is None and found.reason is Reason.UNCLEAR:
        other = help.reread(Use.REFUSED)
    return found if other is None or refused_at_sight(other) else Found(other, None, None)


def seek(asked: Query, library: Library, help: Help | None) -> Found:
    """The evidence for what is *asked*, or why there is none."""
    first = _look(asked, library, help.further(asked, Use.ALWAYS) if help else ())
    if help is None or first.reason not in _NOTHING_FOUND or asked.is_completed:
        return first
    return next((found for found in _others(asked, library, help) if not found.reason), first)


def _others(asked: Query, library: Library, help: Help) -> Iterator[Found]:
    """What is found when the question is understood in other ways."""
    other = help.reread(Use.REFUSED)
    if other is not None and not refused_at_sight(other):
        yield _look(other, library)
    further = help.further(asked, Use.REFUSED)
    if further:
        yield _look(asked, library, further)


def _look(query: Query, library: Library, further: Sequence[str] = ()) -> Found:
    selection = about_documents(query) or _of_colophon(query, library)
    selection = selection or select(query, library, further)
    return Found(query, selection, None if selection.groups else _why_nothing(query))


def _of_colophon(query: Query, library: Library) -> Selection | None:
    """What documents say of themselves, unless other words answered questions like this one."""
    found = of_colophon(query)
    if found is None:
        return None
    finder = Finder(query, library)
    kept = tuple(
        g for g in found.groups if not is_within_reach(finder.known(g.scope), library.index)
    )
    return found if len(kept) == len(found.groups) else None


def refused_at_sight(query: Query) -> Reason | None:
    """Why the question is refused without looking, or None."""
    if query.asks_contact:
        return Reason.PERSONAL_DATA
    if query.asks_opinion:
        return Reason.OUT_OF_SCOPE
    if query.uncovered and not query.scopes:
        return Reason.JURISDICTION_NOT_COVERED
    asks_of_document = query.addresses or query.asks(Ask.STANDING)
    if query.missing_documents and asks_of_document and not query.named_places:
        return Reason.NO_PROVISION
    if query.dangling:
        return Reason.UNCLEAR
    says_something = query.terms or query.offices or query.addresses or query.named_places
    return None if says_something or asks_which_documents(query.core) else Reason.UNCLEAR


def _why_nothing(query: Query) -> Reason:
    """Out of scope where no content word stands anywhere in the edition."""
    in_field = query.addresses or query.offices or any(term.decides for term in query.terms)
    if in_field or not query.terms or asks_which_documents(query.core):
        return Reason.NO_PROVISION
    known = any(term.known for term in query.terms)
    return Reason.NO_PROVISION if known else Reason.OUT_OF_SCOPE
