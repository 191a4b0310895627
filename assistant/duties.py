"""Duties in running text: the stretches whose bearer is the office asked about.

A paragraph that gives duties to several offices is cut where the bearer changes, at full stops and
semicolons: 组织部门要…；…。宣传部门要…。 What has no subject of its own goes on with the one
before, and at first with the office that the heading names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from assistant.asked import listed_terms, of_list
from assistant.bearers import OWN, WIDER_LEAST, fit, subject
from assistant.evidence import Evidence, Group
from assistant.query import Query, Scope
from assistant.terms import Term, coverage
from index.lexicon.offices import Offices
from index.provision import Provision
from index.subjects import offices_in
from index.units import Unit, sentences

#: Least share of the question's weight that a stretch, with its heading, must cover.
DUTY_NEEDED = 0.60
_MOST_STRETCHES = 14
#: What may stand before the bearer: a time, a basis, a manner.
_AHEAD = re.compile(
    "(?:按照|根据|依据|为|经|在|从|每年|每季|每月|同时|对)[^，。；：]{0,24}，|同时，?"
)
_HEAD = 24
#: A sentence with a subject that is no office: 《规定》细化了…, 适用范围不仅包括….
_ABOUT_ANOTHER = re.compile("《|[^，。；：]{2,12}(?:是(?!否)|不仅|包括)")
_CLAUSE = re.compile(r"[^；]+；?")


@dataclass(frozen=True)
class Borne:
    """A stretch of a provision and whose duty it is.

    Args:
        bearer: the words that name the bearer.
        unit: the stretch.
        stated: whether the stretch names its bearer itself.
    """

    bearer: str
    unit: Unit
    stated: bool


def borne(provision: Provision) -> Iterator[Borne]:
    """The provision's words, cut where the bearer changes; what has no bearer is left out."""
    bearer = provision.heading
    for sentence in sentences(provision):
        if sentence.text.rstrip("。") == provision.heading:
            continue
        if _ABOUT_ANOTHER.match(sentence.text) and not _subject(sentence.text):
            bearer = ""
        open_: Borne | None = None
        for clause in _clauses(sentence):
            own = _subject(clause.text)
            if own and open_ is not None and offices_in(own) != offices_in(bearer):
                yield open_
                open_ = None
            bearer = own or bearer
            start = open_.unit.start if open_ is not None else clause.start
            stated = bool(own) or (open_ is not None and open_.stated)
            open_ = Borne(bearer, Unit(provision, start, clause.end), stated)
        if open_ is not None:
            yield open_


@lru_cache(maxsize=8192)
def _remembered(provision: Provision) -> tuple[Borne, ...]:
    """As `borne`; a provision never changes, and every question reads them all."""
    return tuple(borne(provision))


def _subject(text: str) -> str:
    """The bearer at the head of *text*, also behind a time or a reason: 每年初，安委会与…签订."""
    found = subject(text)
    behind = _AHEAD.match(text)
    start = behind.end() if behind and not found else 0
    first = next(iter(Offices.load().find(text[start : start + _HEAD])), None)
    if found or first is None or first.start:
        return found
    return text[start : start + first.end]


def _clauses(sentence: Unit) -> Iterator[Unit]:
    for match in _CLAUSE.finditer(sentence.text):
        yield Unit(sentence.provision, sentence.start + match.start(), sentence.start + match.end())


def duties_in_text(scope: Scope, query: Query, *, wider: bool) -> Group | None:
    """The stretches whose bearer is the office asked about, or None.

    With *wider* those of the nearest wider post that has any.
    """
    query = of_list(query)
    asked = {mention.office.id for mention in query.bearers}
    listed = listed_terms(query)
    found: list[tuple[float, int, Evidence]] = []
    for document in scope.documents:
        title = document.metadata.title
        for provision in document.provisions:
            for stretch in _remembered(provision):
                suits, covers = _suits(query, title, stretch, listed, wider=wider)
                if suits >= WIDER_LEAST and covers >= DUTY_NEEDED:
                    named = len(asked & offices_in(stretch.bearer))
                    found.append((suits, named, Evidence(stretch.unit)))
    headed = [f for f in found if fit(query, "", (f[2].unit.provision.heading,)) == OWN]
    if any(offices_in(e.unit.provision.heading) for _, _, e in headed):
        found = [f for f in headed if offices_in(f[2].unit.provision.heading)]
    best = max((suits for suits, _, _ in found), default=0.0)
    most = max((named for suits, named, _ in found if suits == best), default=0)
    kept = [e.unit for s, named, e in found if s == best and (named == most or most < 2)]
    kept = [unit for u in kept[:_MOST_STRETCHES] for unit in (*_led_by(u, kept, asked), u)]
    if not kept or (best < OWN and not wider):
        return None
    return Group(scope, tuple(map(Evidence, kept)), best)


def _led_by(unit: Unit, kept: list[Unit], asked: set[str]) -> Iterator[Unit]:
    """Sentences before the first of a provision's stretches that speak of the office as well.

    They have no bearer of their own: 深化各负有监管职责部门的监管责任。负有监管职责的部门要….
    """
    provision = unit.provision
    if any(other.provision == provision and other.start < unit.start for other in kept):
        return
    heading = [m for m in Offices.load().find(provision.heading) if not m.office.general]
    for sentence in sentences(provision):
        if sentence.start >= unit.start:
            return
        if not heading and not subject(sentence.text) and asked & offices_in(sentence.text):
            yield sentence


def _are_departments_concerned(bearer: str) -> bool:
    """Whether only 有关部门 are named: those that a rule concerns, not each that there is."""
    named = [Offices.load()[id_] for id_ in offices_in(bearer)]
    return all(office.general and office.side == "department" for office in named)


def _suits(
    query: Query, title: str, stretch: Borne, listed: list[Term], *, wider: bool
) -> tuple[float, float]:
    """How well the stretch's bearer suits the office asked about, and its words the question."""
    if not offices_in(stretch.bearer):
        return 0.0, 0.0
    suits = fit(query, "", (stretch.bearer,), wider=wider)
    if suits < WIDER_LEAST:
        return suits, 0.0
    if suits < OWN and _are_departments_concerned(stretch.bearer):
        return 0.0, 0.0
    provision = stretch.unit.provision
    around = f"{title} {provision.heading} {' '.join(provision.heading_path)}"
    if listed:
        said = f"{stretch.unit.text} {around}"
        return suits, max(term.found_in(said) for term in listed)
    return suits, coverage(query.terms, stretch.unit.text, around)
