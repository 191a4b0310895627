"""Looking up in the registers of duties and sanctions, by post, kind, conduct and place."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.errors import BadQuestion
from assistant.library import Library
from assistant.models import MAX_QUESTION
from assistant.records import (
    MOST_RECORDS,
    DutyRecord,
    HowLong,
    HowMuch,
    HowOften,
    Place,
    SanctionRecord,
    Understood,
)
from assistant.refusals import places_covered
from assistant.terms import coverage
from assistant.understand import Understanding
from index.lexical import simplify
from index.lexicon.offices import Office, Offices
from index.lexicon.terms import sanctions
from index.provision import Audience
from index.quantities import Frequency, Money, Term
from index.register import Duty, Register, Sanction, register_of
from index.store import Index
from index.units import Unit

#: Least share of the words of a conduct, by weight, that a case must hold.
_CONDUCT_NEEDED = 0.6


class Registers:
    """The registers of what serves, made when first asked for.

    Safe to share between threads. Each audience reads a version of its own, so the last two that
    were asked for are kept.
    """

    def __init__(self) -> None:
        self._made: dict[str, dict[str, Register]] = {}
        self._making = threading.Lock()

    def of(self, index: Index) -> dict[str, Register]:
        """Document id → register, for all documents of *index*."""
        made = self._made.get(index.version)
        if made is not None:
            return made
        with self._making:
            if index.version not in self._made:
                made = {document.id: register_of(document) for document in index.documents}
                kept = list(self._made.items())[1 - len(Audience) :]
                self._made = {**dict(kept), index.version: made}
            return self._made[index.version]


@dataclass(frozen=True)
class Window:
    """Which of the records found are wanted.

    Args:
        limit: how many, 1 to `MOST_RECORDS`.
        offset: how many to leave out before them.

    Raises:
        BadQuestion: a number is out of range.
    """

    limit: int = 50
    offset: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= MOST_RECORDS:
            raise BadQuestion(f"limit 应在 1 到 {MOST_RECORDS} 之间。", "limit")
        if self.offset < 0:
            raise BadQuestion("offset 不能小于 0。", "offset")

    @property
    def slice(self) -> slice:
        """The window as a slice."""
        return slice(self.offset, self.offset + self.limit)


class RegisterSearch:
    """The registers as one reader may see them.

    Args:
        registers: document id → register.
        library: what the reader may read.
        understanding: what reads places and words.
    """

    def __init__(
        self, registers: dict[str, Register], library: Library, understanding: Understanding
    ) -> None:
        self._registers = registers
        self._library = library
        self._understanding = understanding

    def notices(self, jurisdiction: str | None, post: str, total: int) -> tuple[str, ...]:
        """Why nothing was found: the place has no document, or none speaks of the post.

        Raises:
            UnknownJurisdiction: *jurisdiction* is no place.
        """
        if not self._understanding.documents_of(jurisdiction, self._library):
            place = simplify((jurisdiction or "").strip())
            return (f"没有收录{place}的文件。{places_covered(self._library)}",)
        if post.strip() and not total and not self._offices(post):
            return (f"文件里没有“{post.strip()}”这个职务的说法，请换成文件里的职务，如 区长。",)
        return ()

    # --- duties

    def duties(
        self, role: str, jurisdiction: str | None, window: Window
    ) -> tuple[Understood, list[DutyRecord], int]:
        """The duties of *role* (all where it is empty): what was understood, the page, how many.

        Raises:
            BadQuestion: *role* is too long.
            UnknownJurisdiction: *jurisdiction* is no place.
        """
        _check_length(role, "role")
        offices = self._offices(role)
        found: list[Duty] = []
        wider: dict[str, None] = {}
        for document in self._understanding.documents_of(jurisdiction, self._library):
            held = self._registers[document.id].duties
            kept, taken = _borne_by(held, role, offices)
            found += kept
            wider.update(dict.fromkeys(taken))
        said = Understood(typed=role, understood=tuple(o.name for o in offices), wider=tuple(wider))
        return said, [self._duty(duty) for duty in found[window.slice]], len(found)

    def _offices(self, typed: str) -> list[Office]:
        """The offices that *typed* means, the names of places in it left out."""
        text = list(simplify(typed.strip()))
        plain = "".join(text)
        # 静安区长 is the 区长 of 静安: where a place's name hides the post, the whole is read.
        for start, end in self._understanding.names.places(plain):
            text[start:end] = " " * (end - start)
        lexicon = Offices.load()
        mentions = lexicon.find(plain) or lexicon.find("".join(text))
        return list({m.office.id: m.office for m in mentions}.values())

    def _duty(self, duty: Duty) -> DutyRecord:
        often = tuple(map(_how_often, duty.frequencies))
        return DutyRecord(
            bearer=duty.bearer,
            offices=_names(duty.offices),
            text=duty.unit.text,
            frequency=often[0] if often else None,
            frequencies=often,
            deadline=_how_long(duty.deadline),
            citation=self._place(duty.unit),
        )

    # --- sanctions

    def sanctions(
        self, kind: str, conduct: str, whom: str, jurisdiction: str | None, window: Window
    ) -> tuple[Understood, list[SanctionRecord], int]:
        """The sanctions of *kind*, for *conduct*, against *whom*; empty ones do not narrow.

        Raises:
            BadQuestion: one of them is too long.
            UnknownJurisdiction: *jurisdiction* is no place.
        """
        for field, text in (("kind", kind), ("conduct", conduct), ("whom", whom)):
            _check_length(text, field)
        named = {m.term.id: m.term.name for m in sanctions().find(simplify(kind))}
        offices = {office.id for office in self._offices(whom)}
        terms = self._understanding.names.terms(simplify(conduct))
        found = [
            sanction
            for document in self._understanding.documents_of(jurisdiction, self._library)
            for sanction in self._registers[document.id].sanctions
            if _is_of_kind(sanction, kind.strip(), set(named))
            and (not whom.strip() or _is_against(sanction, simplify(whom.strip()), offices))
            and (not conduct.strip() or coverage(terms, _case(sanction)) >= _CONDUCT_NEEDED)
        ]
        said = Understood(typed=kind, understood=tuple(named.values()))
        return said, [self._sanction(sanction) for sanction in found[window.slice]], len(found)

    def _sanction(self, sanction: Sanction) -> SanctionRecord:
        elsewhere = sanction.consequence.provision.id != sanction.unit.provision.id
        kinds = {kind.id: kind.name for kind in sanctions()}
        return SanctionRecord(
            kinds=tuple(kinds[kind] for kind in sanction.kinds),
            condition=sanction.condition.text if sanction.condition else None,
            consequence=sanction.consequence.text,
            whom=sanction.whom or None,
            offices=_names(sanction.offices),
            period=_how_long(sanction.period),
            money=_how_much(sanction.money),
            citation=self._place(sanction.unit),
            ruling=self._place(sanction.consequence) if elsewhere else None,
        )

    def _place(self, unit: Unit) -> Place:
        provision = unit.provision
        return Place(
            provision_id=provision.id,
            address=str(provision.address),
            document=self._library.ref(provision.document_id),
            heading_path=provision.heading_path,
            quote=unit.text,
            start=unit.start,
            end=unit.end,
        )


def _check_length(text: str, field: str) -> None:
    if len(text) > MAX_QUESTION:
        raise BadQuestion(f"{field} 太长，最多 {MAX_QUESTION} 个字。", field)


def _borne_by(
    duties: tuple[Duty, ...], role: str, offices: list[Office]
) -> tuple[list[Duty], list[str]]:
    """One document's duties of the role; those of the nearest wider office where it has none.

    Returns:
        the duties, and the names of wider offices that were taken.
    """
    if not role.strip():
        return list(duties), []
    if not offices:
        words = simplify(role.strip())
        return [duty for duty in duties if words in duty.bearer], []
    found: set[str] = set()
    taken: list[str] = []
    held = frozenset().union(*(duty.offices for duty in duties)) if duties else frozenset()
    for office in offices:
        if office.id in held:
            found.add(office.id)
            continue
        nearest = next((o for o in Offices.load().broader(office) if o.id in held), None)
        if nearest is not None:
            found.add(nearest.id)
            taken.append(nearest.name)
    return [duty for duty in duties if duty.offices & found], taken


def _is_of_kind(sanction: Sanction, typed: str, named: set[str]) -> bool:
    """Whether the sanction is of a kind named or of one below it, or follows upon such a one."""
    if not typed:
        return True
    if not named:
        return simplify(typed) in sanction.consequence.text
    if _with_narrower(frozenset(named)) & set(sanction.kinds):
        return True
    case = sanction.condition.text if sanction.condition else ""
    return any(mention.term.id in named for mention in sanctions().find(case))


def _with_narrower(ids: frozenset[str]) -> set[str]:
    """*ids* and those of all kinds below them."""
    wanted, before = set(ids), 0
    while len(wanted) != before:
        before = len(wanted)
        wanted |= {kind.id for kind in sanctions() if kind.part_of in wanted}
    return wanted


def _is_against(sanction: Sanction, typed: str, offices: set[str]) -> bool:
    if offices & sanction.offices or typed in sanction.whom:
        return True
    parts = [part for part in re.split("[、，\\s]+", typed) if part]
    return bool(parts) and all(part in _case(sanction) for part in parts)


def _case(sanction: Sanction) -> str:
    return f"{sanction.condition.text if sanction.condition else ''} {sanction.unit.text}"


def _names(offices: Iterable[str]) -> tuple[str, ...]:
    lexicon = Offices.load()
    return tuple(sorted(lexicon[id_].name for id_ in offices))


def _how_often(found: Frequency) -> HowOften:
    return HowOften(
        times=found.times,
        unit=found.unit,
        bound=found.bound,
        per_year=found.per_year,
        words=found.words,
    )


def _how_long(found: Term | None) -> HowLong | None:
    if found is None:
        return None
    return HowLong(months=found.months, days=found.days, words=found.words)


def _how_much(found: Money | None) -> HowMuch | None:
    if found is None:
        return None
    return HowMuch(least=found.least, most=found.most, unit=found.unit, words=found.words)
