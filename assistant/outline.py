"""A list in short: the names of its items, or how many they are."""

from __future__ import annotations

import re
from itertools import takewhile

from assistant.asked import number_of_items, wants_headings
from assistant.evidence import Evidence, Group
from assistant.listing import heading_of, items_of
from assistant.query import Query, Scope
from index.address import Level
from index.numerals import to_chinese
from index.provision import Document, Provision
from index.units import sentences

#: Counted items longer than this together are named; so are the sections of a longer text.
_LONGEST_ITEMS, _LONGEST_LIST = 600, 900


def wants_names(query: Query, document: Document, provision: Provision) -> bool:
    """Whether the headings of the items answer: asked for, or the items are sections."""
    if wants_headings(query):
        return True
    sections = is_made_of_sections(document, provision)
    counted = number_of_items(query) is not None and len(provision.text) > _LONGEST_ITEMS
    return not query.bearers and (counted or sections)


def named_by_number(scope: Scope, query: Query) -> Group | None:
    """The names of a part's items, where the names of so many things of its kind are asked for.

    七项制度叫什么 is answered by what stands below 强化7项制度, and not by a sentence that speaks
    of seven.
    """
    count = number_of_items(query)
    if count is None or not wants_headings(query):
        return None
    best: tuple[float, tuple[Evidence, ...]] = (0.0, ())
    for document in scope.documents:
        for provision in document.provisions:
            if len(items_of(document, provision)) != count or not _counts(count, provision.heading):
                continue
            fits = sum(t.weight for t in query.terms if t.found_in(provision.heading) == 1)
            if fits > best[0]:
                best = fits, names_of_items(document, provision)
    return Group(scope, best[1], 1.0, 1.0) if best[1] else None


def _counts(count: int, text: str) -> bool:
    """Whether *text* says of things that there are so many: 7项制度, 七项制度."""
    return bool(re.search(f"(?<!\\d)(?:{count}|{to_chinese(count)})(?:大|个)?[项条种类点个]", text))


def is_made_of_sections(document: Document, provision: Provision) -> bool:
    """Whether the items are sections with text of their own rather than items of a list."""
    if len(provision.text) < _LONGEST_LIST:
        return False
    items = items_of(document, provision)
    return all(item.heading for item in items)


def names_of_items(document: Document, provision: Provision) -> tuple[Evidence, ...]:
    """The headings of the items; nothing where any has none."""
    items = items_of(document, provision)
    units = [heading_of(document, item) for item in items]
    labels = [item.label if item.label != item.heading else "" for item in items]
    named = [Evidence(u, label) for u, label in zip(units, labels, strict=True) if u is not None]
    return tuple(named) if len(named) == len(items) else ()


def number_stated(document: Document, provision: Provision) -> tuple[Evidence, ...]:
    """The sentence before the items that states how many they are, else nothing."""
    count = len(items_of(document, provision))
    below = (document.by_id[child] for child in provision.children)
    paragraphs = takewhile(lambda node: node.level is Level.PARAGRAPH, below)
    for node in (*paragraphs, provision):
        for sentence in sentences(node):
            if _counts(count, sentence.text):
                return (Evidence(sentence),)
    return ()
