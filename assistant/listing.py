"""The shape of lists: which provisions are one, how they open, and all that they hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.evidence import Evidence
from index.address import Level
from index.lists import ENUMERATED
from index.provision import Document, Provision
from index.units import Unit, sentences, whole

_LONGEST_OPENING = 200
#: 一是, 二是 at the head of a sentence or a clause.
_ASPECT = re.compile("(?:^|[。；：])\\s*([一二三四五六七八九十]是)")


def has_list(document: Document, provision: Provision) -> bool:
    """Whether items stand below *provision*, or words below a heading of its own."""
    heads_text = bool(provision.heading) and provision.level in ENUMERATED
    return is_itemised(document, provision) or (heads_text and not provision.is_leaf)


def is_itemised(document: Document, provision: Provision) -> bool:
    """Whether two items or more stand below *provision*."""
    children = (document.by_id[child] for child in provision.children)
    return sum(c.level in ENUMERATED or c.level is Level.HEADING for c in children) > 1


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


def is_passage(document: Document, provision: Provision, longest: int) -> bool:
    """Whether sentences or paragraphs stand below a heading, without items: a list all the same."""
    if not provision.heading or provision.level not in {*ENUMERATED, Level.HEADING}:
        return False
    if len(provision.text) > longest:
        return False
    if provision.is_leaf:
        said = [s for s in sentences(provision) if s.text.rstrip("。") != provision.heading]
        return bool(said)
    children = [document.by_id[child] for child in provision.children]
    return all(child.level is Level.PARAGRAPH for child in children)


def heading_of(document: Document, provision: Provision) -> Unit | None:
    """The provision's heading where it stands: before its words, or as its first sentence."""
    if not provision.heading:
        return None
    for node in (provision, *(document.by_id[i] for i in (provision.parent,) if i)):
        after = max(provision.label_start - node.start, 0)
        at = node.text.find(provision.heading, after)
        if at >= 0:
            return Unit(node, at, at + len(provision.heading))
    return None


def is_heading(document: Document, unit: Unit) -> bool:
    """Whether *unit* is nothing but the heading of its provision or of the one above it.

    （三）其他不履行职责的情形。 says no more than that: it is a provision of its own, and said.
    """
    said = unit.text.rstrip("。：")
    own = unit.provision
    above = [document.by_id[i] for i in (own.parent,) if i]
    heads = [own] if own.children or own.text.strip() != unit.text.strip() else []
    return any(said == provision.heading for provision in (*heads, *above))


def items_of(document: Document, provision: Provision) -> list[Provision]:
    """The enumerated or headed provisions right below."""
    children = (document.by_id[child] for child in provision.children)
    return [c for c in children if c.level in ENUMERATED or c.level is Level.HEADING]


def whole_aspect(unit: Unit, among: Sequence[Unit]) -> Unit:
    """One of several aspects counted up in running text, with all that is said of it.

    一是…。…。二是…。: what stands behind 一是 belongs to it up to 二是.

    Args:
        unit: the sentence.
        among: the sentences shown; one aspect alone may be meant by its first sentence.
    """
    provision = unit.provision
    starts = [m.start(1) for m in _ASPECT.finditer(provision.lead)]
    shown = [other for other in among if other.provision == provision and other.start in starts]
    if len(shown) < 2 or unit.start not in starts:
        return unit
    end = next((start for start in starts if start > unit.start), len(provision.lead))
    said = provision.lead[unit.start : end].rstrip()
    return Unit(provision, unit.start, unit.start + len(said))
