"""Items that a question names by number, within a list (政府第7项职责) or a division; 前三条."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.asked import of_list
from assistant.evidence import Group
from assistant.governing import best_list
from assistant.listing import items_of
from assistant.query import Ask, Query, Scope
from assistant.standing import words_about_documents
from index.address import Address, Level
from index.numerals import NUMERAL_CLASS, to_int
from index.provision import Document, Provision

#: What is no item of a list.
_WHOLE_PARTS = frozenset({Level.BOOK, Level.SUBBOOK, Level.CHAPTER, Level.SECTION, Level.PART})
#: 前三条, 最后两项; 前一条 and 后一项 are what stands beside another.
_AT_AN_END = re.compile(
    rf"(?![前后][一1])(?:(?P<first>[前头]|(?:最前|开头)面?的?)|(?P<last>最后面?的?|末尾的?|[后末]))"
    rf"(?P<count>[{NUMERAL_CLASS}]{{1,2}})(?:[条项种点款类样]|件事?)"
)


def numbered_item(scope: Scope, query: Query) -> list[Provision]:
    """The item that a number means within the list that the question names: 政府第7项职责.

    Args:
        scope: the place.
        query: a question whose address has no other step than the item's.
    """
    steps = [a.steps[0] for a in query.addresses if len(a.steps) == 1]
    numbers = [step.number for step in steps if step.level not in _WHOLE_PARTS]
    query = replace(of_list(query), kinds=(Ask.LIST,))
    about = words_about_documents()  # 报道里政府职责第9条
    query = replace(query, terms=tuple(t for t in query.terms if t.word not in about))
    if len(numbers) != 1 or not (query.bearers or query.terms or query.offices):
        return []
    best = best_list(scope, of_list(query), [], wider=False)
    if best is None:
        return []
    items = items_of(best.document, best.provision)
    return [item for item in items if item.address.steps[-1].number == numbers[0]]


def joined(document: Document, addresses: tuple[Address, ...]) -> Provision | None:
    """The provision that two addresses said one after the other mean: 二（七）的第4条."""
    if len(addresses) != 2 or any(p.level is Level.ARTICLE for p in document.provisions):
        return None
    inner = [
        replace(s, level=Level.POINT) if s.level is Level.ARTICLE else s for s in addresses[1].steps
    ]
    return document.resolve(Address((*addresses[0].steps, *inner)))


def at_an_end(query: Query, group: Group) -> Group:
    """What of a list is asked for where only its first or last items are: 前三条, 最后两项.

    Args:
        query: the question.
        group: what was found; it is as it was where it has no more items than that.
    """
    asked = _AT_AN_END.search(query.text)
    if asked is None:
        return group
    steps = [part.unit.provision.address.steps for part in group.evidence if not part.opens]
    depth = min(map(len, steps), default=0)
    items, count = list(dict.fromkeys(one[:depth] for one in steps)), to_int(asked["count"])
    if not 0 < count < len(items):
        return group
    kept = items[:count] if asked["first"] else items[-count:]
    shown = (
        part
        for part in group.evidence
        if part.opens or part.unit.provision.address.steps[:depth] in kept
    )
    return replace(group, evidence=tuple(shown), is_reckoned=True)
