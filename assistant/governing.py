"""The list that governs a question: an office's duties, the cases of a rule, in full."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.bearers import OWN, WIDER_LEAST, above, fit, fit_of_list, offices_in, subject
from assistant.evidence import Evidence, Group
from assistant.query import Query, Scope
from assistant.terms import coverage, shares_wording
from assistant.units import Unit, sentences, whole
from index.address import Level
from index.provision import Document, Provision

#: Least share of the question's weight that a list's heading and opening words must cover.
LIST_NEEDED = 0.60
_MOST_SENTENCES = 12
_LONGEST_OPENING = 200
#: Tells lists apart that cover the question equally.
_WORDING_BONUS = 0.02
_ENUMERATED = frozenset(
    {Level.ITEM, Level.SUBITEM, Level.PART, Level.DIVISION, Level.POINT, Level.SUBPOINT}
)
_NO_LISTS = frozenset(
    {Level.BOOK, Level.SUBBOOK, Level.CHAPTER, Level.SECTION, Level.PREFACE, Level.CLOSING}
)


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
        if wider and not re.search("职责|责任|任务", f"{provision.heading}{provision.lead}"):
            continue  # a list that only mentions the wider post is none of its duties
        score = _score(query, document, provision, wider=wider)
        depth = len(provision.address.steps)
        if score >= LIST_NEEDED and (best is None or (score, depth) > best[:2]):
            best = (score, depth, document, provision)
    if best is None:
        return None
    score, _, document, provision = best
    linked = _duties_in_common(document, provision)
    also = (Evidence(linked),) if linked is not None else ()
    return Group(scope, (*in_full(document, provision), *also), min(1.0, score))


def best_lists(
    scope: Scope, query: Query, within: list[Provision], most: int = 5
) -> list[tuple[Document, Provision]]:
    """The lists whose opening words fit the question best, best first.

    Args:
        scope, query, within: as for `governing_list`.
        most: how many.
    """
    listed = list(_lists(scope, within))
    scored = [
        (_score(query, document, provision, wider=True), len(provision.address.steps), n)
        for n, (document, provision) in enumerate(listed)
    ]
    return [listed[n] for score, _, n in sorted(scored, reverse=True)[:most] if score > 0]


def _score(query: Query, document: Document, provision: Provision, *, wider: bool) -> float:
    words = opening(document, provision)
    covered = coverage(
        query.terms, f"{provision.heading} {words}", " ".join(provision.heading_path)
    )
    words_above = above(document, provision)
    suits = fit_of_list(query, provision.heading, words, words_above, wider=wider)
    return covered * suits + _WORDING_BONUS * shares_wording(query.core, words)


def _lists(scope: Scope, within: list[Provision]) -> Iterator[tuple[Document, Provision]]:
    for document in scope.documents:
        for provision in document.provisions:
            if provision.level in _NO_LISTS or not has_list(document, provision):
                continue
            if not within or any(w in (provision, *document.above(provision)) for w in within):
                yield document, provision


def has_list(document: Document, provision: Provision) -> bool:
    """Whether items stand below *provision*, or words below a heading of its own."""
    children = [document.by_id[child] for child in provision.children]
    listed = [c for c in children if c.level in _ENUMERATED or c.level is Level.HEADING]
    heads_text = bool(provision.heading) and provision.level in _ENUMERATED and bool(children)
    return len(listed) >= 2 or heads_text


def opening(document: Document, provision: Provision) -> str:
    """The words that open a list: its lead, and short paragraphs that stand before the items."""
    words = [provision.lead] if len(provision.lead) < _LONGEST_OPENING else []
    children = [document.by_id[child] for child in provision.children]
    if all(child.level is Level.PARAGRAPH for child in children):
        children = children[:1]  # no items: the paragraphs are the content, the first may head it
    for below in children:
        if below.level is not Level.PARAGRAPH or len(below.text) > _LONGEST_OPENING:
            break
        words.append(below.lead)
    return " ".join(words)


def in_full(document: Document, provision: Provision) -> Iterator[Evidence]:
    """The provision's own words and everything below it, each node a stretch of its own."""
    lead = whole(provision)
    if lead.text:
        label = provision.label if provision.is_leaf else ""
        yield Evidence(lead, label, opens=not provision.is_leaf)
    for part in document.below(provision):
        unit = whole(part)
        if unit.text:
            yield Evidence(unit, part.label, opens=not part.is_leaf or unit.text.endswith("："))


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
            for suits, sentence in _borne_by(query, provision, wider=wider):
                if suits >= WIDER_LEAST and coverage(query.terms, sentence.text) >= LIST_NEEDED:
                    found.append((suits, Evidence(sentence)))
    headed = [(s, e) for s, e in found if fit(query, "", (e.unit.provision.heading,)) == OWN]
    if any(offices_in(e.unit.provision.heading) for _, e in headed):
        found = [(s, e) for s, e in headed if offices_in(e.unit.provision.heading)]
    best = max((suits for suits, _ in found), default=0.0)
    kept = tuple(evidence for suits, evidence in found if suits == best)[:_MOST_SENTENCES]
    return Group(scope, kept, best) if kept and (wider or best == OWN) else None


def _borne_by(query: Query, provision: Provision, *, wider: bool) -> Iterator[tuple[float, Unit]]:
    """The provision's sentences, each with how well its bearer suits the office asked about.

    A sentence without a subject of its own goes on with that of the one before, and at first
    with the office that the provision's heading names.
    """
    bearer = provision.heading
    for sentence in sentences(provision):
        if sentence.text.rstrip("。") == provision.heading:
            continue
        bearer = subject(sentence.text) or bearer
        if offices_in(bearer):
            yield fit(query, "", (bearer,), wider=wider), sentence
