"""One case and one reply → scores, and the passages that a report lays side by side."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from assistant.models import Status
from evals import metrics
from evals.case import Case, Frozen, Gold, Place, span
from evals.served import Cited, Documents, Reply
from evals.spans import Characters, characters, pieces, union, widen


class Passage(Frozen):
    """A stretch of a document, cut into what is right and what is not.

    Attributes:
        pieces: ``(words, right)``; of a cited stretch what may be cited is right, of a gold
            stretch what was cited.
    """

    title: str
    address: str
    pieces: tuple[tuple[str, bool], ...]


class Scores(Frozen):
    """What was measured on one reply; None where a measure cannot be taken."""

    correct: bool
    status_right: bool
    reason_right: bool | None
    precision: float | None
    recall: float | None
    fact_recall: float | None
    missing_facts: tuple[str, ...]
    unwanted: tuple[str, ...]
    fabricated: int
    wrong_place: int
    wrong_address: int
    wrong_standing: int
    length: int


def score(case: Case, reply: Reply, documents: Documents, today: date) -> Scores:
    """What the reply is worth.

    Args:
        documents: those that were served; every span of the case stands in them.
        today: the day that counts where the case names none.
    """
    cited = _cited(reply.citations, documents)
    answering = case.status is Status.ANSWERED and reply.status is Status.ANSWERED
    precision = metrics.citation_precision(cited, citable(case, documents)) if answering else None
    recall = metrics.citation_recall(cited, gold(case, documents)) if answering else None
    missing = metrics.missing_facts(reply.answer, case.facts) if answering else ()
    unwanted = metrics.unwanted_words(reply.answer, case.absent) if answering else ()
    fabricated = metrics.fabricated_quotes(reply.citations, documents)
    faults = len(missing) + len(unwanted) + fabricated
    return Scores(
        correct=metrics.is_correct(case.status, reply.status, recall, precision, faults),
        status_right=reply.status is case.status,
        reason_right=_reason_right(case, reply),
        precision=precision,
        recall=recall,
        fact_recall=metrics.fact_recall(missing, case.facts) if answering else None,
        missing_facts=missing,
        unwanted=unwanted,
        fabricated=fabricated,
        wrong_place=_wrong_places(case, reply, documents),
        wrong_address=metrics.wrong_addresses(reply.citations, documents),
        wrong_standing=metrics.wrong_standings(reply, documents, case.as_of or today),
        length=len(reply.answer),
    )


def expected_passages(case: Case, reply: Reply, documents: Documents) -> tuple[Passage, ...]:
    """The gold stretches, with what was not cited told apart."""
    cited = _cited(reply.citations, documents)
    return tuple(_gold_passage(entry, cited, documents) for entry in case.gold)


def cited_passages(case: Case, reply: Reply, documents: Documents) -> tuple[Passage, ...]:
    """The cited stretches, with what does not bear on the question told apart."""
    right = citable(case, documents)
    return tuple(_cited_passage(citation, right, documents) for citation in reply.citations)


def _reason_right(case: Case, reply: Reply) -> bool | None:
    refused = case.status is Status.REFUSED and reply.status is Status.REFUSED
    return metrics.reason_right(reply.reason, case.reasons) if refused else None


def _wrong_places(case: Case, reply: Reply, documents: Documents) -> int:
    if not case.gold:
        return 0
    places = {documents[place.document].metadata.jurisdiction for place in case.places}
    return metrics.wrong_places(reply.citations, places, documents)


def gold(case: Case, documents: Documents) -> list[list[Characters]]:
    """What must be cited: for each part the characters of each place that says it."""
    return [[_of(place, documents) for place in (e, *e.alternatives)] for e in case.gold]


def citable(case: Case, documents: Documents) -> Characters:
    """What may be cited: the whole sentences of all that must and of what is allowed beside it."""
    return union(_of(place, documents, whole_sentence=True) for place in case.places)


def _of(place: Place, documents: Documents, whole_sentence: bool = False) -> Characters:
    found = span(place, documents)
    if found is None:
        return frozenset()
    text = documents[place.document].text
    return characters(place.document, text, *(widen(text, *found) if whole_sentence else found))


def _cited(citations: Iterable[Cited], documents: Documents) -> Characters:
    return union(
        characters(c.document, documents[c.document].text, *_stretch(c, documents))
        for c in citations
        if c.document in documents
    )


def _stretch(citation: Cited, documents: Documents) -> tuple[int, int]:
    place = documents[citation.document].by_id.get(citation.provision_id)
    return (place.start + citation.start, place.start + citation.end) if place else (0, 0)


def _cited_passage(citation: Cited, right: Characters, documents: Documents) -> Passage:
    document = documents.get(citation.document)
    if document is None:
        cut: tuple[tuple[str, bool], ...] = ((citation.quote, False),)
        return Passage(title=citation.document, address=citation.address, pieces=cut)
    cut = pieces(citation.document, document.text, *_stretch(citation, documents), right)
    return Passage(title=document.metadata.title, address=citation.address, pieces=cut)


def _gold_passage(entry: Gold, cited: Characters, documents: Documents) -> Passage:
    places = (entry, *entry.alternatives)
    best = metrics.best_covered(cited, [_of(place, documents) for place in places])
    place = next(p for p in places if _of(p, documents) == best)
    document = documents[place.document]
    start, end = span(place, documents) or (0, 0)
    holders = [p for p in document.by_id.values() if p.start <= start < p.end]
    address = min(holders, key=lambda p: p.end - p.start).address if holders else ""
    cut = pieces(place.document, document.text, start, end, cited)
    return Passage(title=document.metadata.title, address=address, pieces=cut)
