"""The list that governs a question: an office's duties, the cases of a rule, in full."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.bearers import OWN, WIDER_LEAST, above, fit, fit_of_list, subject
from assistant.evidence import Evidence, Group
from assistant.query import Query, Scope
from assistant.terms import coverage
from assistant.units import Unit, sentences, whole
from index.address import Level
from index.provision import Document, Provision

#: Least share of the question's weight that a list's heading and opening words must cover.
LIST_NEEDED = 0.60
_MOST_SENTENCES = 8
_LONGEST_OPENING = 200
_ENUMERATED = frozenset(
    {Level.ITEM, Level.SUBITEM, Level.PART, Level.DIVISION, Level.POINT, Level.SUBPOINT}
)
_UNITS = frozenset({Level.BOOK, Level.SUBBOOK, Level.CHAPTER, Level.SECTION})


def governing_list(
    scope: Scope, query: Query, within: list[Provision], *, wider: bool
) -> Group | None:
    """The whole list whose heading or opening words cover the question best, or None.

    Args:
        scope: the place.
        query: the question.
        within: provisions that the question named; empty for all.
        wider: whether the duties of a wider post than the one asked about will do.
    """
    best: tuple[float, int, Document, Provision] | None = None
    for document, provision in _lists(scope, within):
        score = _score(query, document, provision, wider=wider)
        depth = len(provision.address.steps)
        if score >= LIST_NEEDED and (best is None or (score, depth) > best[:2]):
            best = (score, depth, document, provision)
    if best is None:
        return None
    score, _, document, provision = best
    return Group(scope, tuple(in_full(document, provision)), score)


def _score(query: Query, document: Document, provision: Provision, *, wider: bool) -> float:
    opening = _opening(document, provision)
    covered = coverage(
        query.terms, f"{provision.heading} {opening}", " ".join(provision.heading_path)
    )
    words_above = above(document, provision)
    return covered * fit_of_list(query, provision.heading, opening, words_above, wider=wider)


def _lists(scope: Scope, within: list[Provision]) -> Iterator[tuple[Document, Provision]]:
    for document in scope.documents:
        for provision in document.provisions:
            if provision.level in _UNITS or not has_list(document, provision):
                continue
            if not within or any(w in (provision, *document.above(provision)) for w in within):
                yield document, provision


def has_list(document: Document, provision: Provision) -> bool:
    """Whether items stand below *provision*, or words below a heading of its own."""
    children = [document.by_id[child] for child in provision.children]
    listed = [c for c in children if c.level in _ENUMERATED or c.level is Level.HEADING]
    heads_text = bool(provision.heading) and provision.level in _ENUMERATED and bool(children)
    return len(listed) >= 2 or heads_text


def _opening(document: Document, provision: Provision) -> str:
    """The words that open a list: its lead, and short paragraphs that stand before the items."""
    words = [provision.lead] if len(provision.lead) < _LONGEST_OPENING else []
    for child in provision.children:
        below = document.by_id[child]
        if below.level is not Level.PARAGRAPH or len(below.text) > _LONGEST_OPENING:
            break
        words.append(below.lead)
    return " ".join(words)


def in_full(document: Document, provision: Provision) -> Iterator[Evidence]:
    """The provision's own words and everything below it, each node a stretch of its own."""
    opening = whole(provision)
    if opening.text:
        yield Evidence(opening, opens=not provision.is_leaf)
    for part in document.below(provision):
        unit = whole(part)
        if unit.text:
            yield Evidence(unit, part.label, opens=not part.is_leaf or unit.text.endswith("："))
    linked = _duties_in_common(document, provision)
    if linked is not None:
        yield Evidence(linked)


def _duties_in_common(document: Document, provision: Provision) -> Unit | None:
    """The sentence beside the list that adds duties from elsewhere (除…外，还要…), or None."""
    if provision.parent is None or provision.level not in _ENUMERATED:
        return None
    parent = document.by_id[provision.parent]
    for sibling in (document.by_id[child] for child in parent.children):
        lead = sibling.lead
        if sibling.level is Level.PARAGRAPH and "除" in lead and "外" in lead and "履行" in lead:
            return whole(sibling)
    return None


def duties_in_text(scope: Scope, query: Query, *, wider: bool) -> Group | None:
    """Sentences whose subject is the office asked about, where duties stand in running text.

    With *wider* those of the nearest wider post that has any.
    """
    found: list[tuple[float, Evidence]] = []
    for document in scope.documents:
        for provision in document.provisions:
            for sentence in sentences(provision):
                suits = fit(query, subject(sentence.text), (), wider=wider)
                if suits >= WIDER_LEAST and coverage(query.terms, sentence.text) >= LIST_NEEDED:
                    found.append((suits, Evidence(sentence)))
    best = max((suits for suits, _ in found), default=0.0)
    kept = tuple(evidence for suits, evidence in found if suits == best)[:_MOST_SENTENCES]
    return Group(scope, kept, best) if kept and (wider or best == OWN) else None
