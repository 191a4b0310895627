"""Whose duty an item is, and of what it is a case: the words above it that it cannot do without."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.bearers import subject
from assistant.conclusions import asserts
from assistant.evidence import Evidence
from assistant.library import Library
from assistant.query import Ask, Query
from index.address import Level
from index.lexicon.offices import Offices
from index.lists import ITEMS
from index.provision import Document, Provision
from index.subjects import offices_in
from index.units import Unit, at_semicolons, sentences, whole

_DUTIES = re.compile("职责|责任|任务|负责|履行|包括|分管|：$")
#: 向谁报告 asks for somebody whom the sentence itself names.
_NAMED_IN_SENTENCE = re.compile("(?:向|(?<![排交分派归落])给|对|找|被|跟|报)(?:谁|哪)")
#: 由…负责: the sentence names the bearer itself, though not at its head.
_BY_WHOM = re.compile(
    "由[^，。；]{2,40}(?:负责|担任|承担|牵头|分管|兼任|组织|会同|对|向|给予|责令|决定|批准|办理|依法)"
)
_CASES = re.compile("下列|以下(?:情形|行为|情况)")
_LONGEST_LEAD = 120
#: How far above a sentence its bearer is looked for.
_ABOVE = 2


def with_leads(
    query: Query, evidence: tuple[Evidence, ...], library: Library
) -> tuple[Evidence, ...]:
    """*evidence*, before each item that cannot stand alone the words above it."""
    shown = [e.unit for e in evidence if e.opens]
    led: list[Evidence] = []
    for part in evidence:
        document = library.document(part.unit.provision.document_id)
        lead = None if part.opens or part.label else _lead(query, document, part.unit)
        if lead is None or _is_shown(lead, [*shown, *(before.unit for before in led)]):
            led.append(part)
            continue
        shown.append(lead)
        label = part.unit.provision.label if lead.provision != part.unit.provision else ""
        led += [Evidence(lead, opens=True), Evidence(part.unit, label, verdict=part.verdict)]
    return tuple(led)


def _is_shown(lead: Unit, shown: list[Unit]) -> bool:
    return any(
        unit.provision == lead.provision and unit.start <= lead.start < unit.end for unit in shown
    )


def _lead(query: Query, document: Document, unit: Unit) -> Unit | None:
    """The opening words of the list of cases, else the words that name the bearer, or None."""
    return _opening_of_cases(document, unit) or _bearer_asked(query, document, unit)


def _opening_of_cases(document: Document, unit: Unit) -> Unit | None:
    """What holds in the case that the item is: an item that ends in 的 says nothing itself."""
    provision = unit.provision
    if provision.level not in ITEMS or provision.parent is None:
        return None
    if not re.search("的[。；]?$", unit.text):
        return None
    return next(filter(_opens_cases, _openings(document, provision)), None)


def _openings(document: Document, item: Provision) -> Iterator[Unit]:
    """What may open the list that *item* is in: its parent's words, or a paragraph before it."""
    parent = document.by_id[item.parent or ""]
    yield whole(parent)
    before = parent.children[: parent.children.index(item.id)]
    paragraphs = (document.by_id[i] for i in reversed(before))
    yield from (whole(p) for p in paragraphs if p.level is Level.PARAGRAPH)


def _opens_cases(words: Unit) -> bool:
    return words.text.endswith("：") or bool(_CASES.search(words.text))


def _bearer_asked(query: Query, document: Document, unit: Unit) -> Unit | None:
    """The words that name the bearer, where the answer is a post, or another than was taken for
    granted, or where it is asked how often a post has to do something."""
    if query.asks(Ask.BODY):
        if _NAMED_IN_SENTENCE.search(query.text):
            return None
        bearer = _bearer(document, unit)
        # 政法委书记…落实哪个办法 names the bearer already.
        return None if bearer is None or _is_the_one_asked(query, bearer) else bearer
    if not query.offices:
        return None
    bearer = _bearer(document, unit)
    if bearer is None or query.asks(Ask.FREQUENCY):
        return bearer
    return bearer if asserts(query.text) and not _is_asked(query, bearer) else None


def _is_asked(query: Query, bearer: Unit) -> bool:
    """Whether *bearer* names a post of the question, or a wider one."""
    offices = Offices.load()
    asked = {mention.office.id for mention in query.offices}
    wider = {office.id for m in query.offices for office in offices.broader(m.office)}
    return bool(offices_in(bearer.text) & (asked | wider))


def _is_the_one_asked(query: Query, bearer: Unit) -> bool:
    """Whether *bearer* names no post but those of the question."""
    named = offices_in(bearer.text)
    return named <= {mention.office.id for mention in query.offices}


def _bearer(document: Document, unit: Unit) -> Unit | None:
    """The nearest words before the sentence that name the post or the body whose duty it is."""
    by_whom = _BY_WHOM.search(unit.text)
    if subject(unit.text) or (by_whom and offices_in(by_whom[0])):
        return None
    before = _clause_with_subject(unit)
    if before is not None:
        return before
    for words in _above(document, unit):
        if offices_in(words.text):
            fits = len(words.text) <= _LONGEST_LEAD and _DUTIES.search(words.text)
            return words if fits else None
    return None


def _clause_with_subject(unit: Unit) -> Unit | None:
    """The clause earlier in the same sentence whose subject goes on: 市场监管部门要…；继续…."""
    start = max(unit.provision.text.rfind(stop, 0, unit.start) for stop in "。！？\n") + 1
    for part in reversed(at_semicolons(Unit(unit.provision, start, unit.start))):
        if subject(part.text):
            return part
    return None


def _above(document: Document, unit: Unit) -> Iterator[Unit]:
    """The heading before the sentence in its own provision, then the words of those above."""
    provision = unit.provision
    at = provision.text.find(provision.heading) if provision.heading else -1
    if at >= 0 and at + len(provision.heading) <= unit.start:
        yield Unit(provision, at, at + len(provision.heading))
    if provision.level not in ITEMS and provision.level is not Level.PARAGRAPH:
        return
    for parent in list(document.above(provision))[:_ABOVE]:
        yield from _words_of(document, parent)


def _words_of(document: Document, provision: Provision) -> Iterator[Unit]:
    """The own words of a provision: as they open a list, else its heading or first sentence."""
    own = sentences(provision)
    if own and len(provision.lead) <= _LONGEST_LEAD:
        yield whole(provision)
    elif own:
        yield own[0]
