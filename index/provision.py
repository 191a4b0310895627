"""Documents and their provisions: frozen values that the whole index is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

from index.address import ENUMERATED_LEVELS, OUTLINE_LEVELS, Address, Level, Step

#: Stands for each character that the received file has lost (U+25A1, the customary 缺字符).
ILLEGIBLE = "□"


class Standing(StrEnum):
    """Whether a text binds."""

    IN_FORCE = "in_force"
    DRAFT = "draft"
    LAPSED = "lapsed"
    SUPERSEDED = "superseded"


class Authority(StrEnum):
    """What kind of text it is."""

    LAW = "law"
    REGULATION = "regulation"
    NORMATIVE_DOCUMENT = "normative_document"
    DUTY_LIST = "duty_list"
    WORK_PLAN = "work_plan"
    PRESS_REPORT = "press_report"


class Audience(StrEnum):
    """Who may read it."""

    PUBLIC = "public"
    INTERNAL = "internal"


#: What an outline's numbers are called when they are cited from memory.
_NUMBERED = ENUMERATED_LEVELS | {Level.PART, Level.ARTICLE, Level.CHAPTER, Level.SECTION}


@dataclass(frozen=True)
class Metadata:
    """What is known about a document besides its text; the front matter of an edition file.

    Args:
        id: short, ASCII, stable: the head of every provision id.
        title: the document's own title, without 《》.
        number: its document number in the form 常办〔2018〕30号, or empty.
        issuer: who issued it.
        jurisdiction: the place it is for, by its full name; empty for the whole country.
        issued_on: the date of issue, or None where the file gives none.
        effective_on: when it came into force, where that differs or is stated.
        expires_on: the last day of its term, where it has one (a plan for one year).
        standing: as checked by the person who curated the edition.
        authority: the kind of text.
        audience: who may read it.
        standing_note: one Chinese sentence said before any answer from a text that does not
            bind; empty for texts in force.
        aliases: other names that people use for it.
        source: name of the received file.
        source_sha256: digest of the received file's bytes, hexadecimal.
    """

    id: str
    title: str
    number: str = ""
    issuer: str = ""
    jurisdiction: str = ""
    issued_on: date | None = None
    effective_on: date | None = None
    expires_on: date | None = None
    standing: Standing = Standing.IN_FORCE
    authority: Authority = Authority.NORMATIVE_DOCUMENT
    audience: Audience = Audience.PUBLIC
    standing_note: str = ""
    aliases: tuple[str, ...] = ()
    source: str = ""
    source_sha256: str = ""

    @property
    def begins_on(self) -> date | None:
        """The first day on which the text could bind: in force since, else issued; None if unknown.

        A work plan for a year begins with that year, as its ``effective_on`` says.
        """
        return self.effective_on or self.issued_on

    def begins_after(self, day: date) -> bool:
        """Whether the text was not there yet on *day*, or not yet in force."""
        return self.begins_on is not None and day < self.begins_on

    def standing_on(self, day: date) -> Standing:
        """The standing on *day*: a plan in force in its year has lapsed the year after.

        Before its first day a text keeps the standing that it began with, since none of the four
        says "not yet" (a draft is another thing); that it did not bind is `binds_on`'s to say.
        """
        if self.expires_on is None or self.standing not in {Standing.IN_FORCE, Standing.LAPSED}:
            return self.standing
        return Standing.IN_FORCE if day <= self.expires_on else Standing.LAPSED

    def binds_on(self, day: date) -> bool:
        """Whether the text itself is in force on *day*; a newspaper's account never is.

        Nor is a text before its first day.
        """
        return (
            self.authority is not Authority.PRESS_REPORT
            and not self.begins_after(day)
            and self.standing_on(day) is Standing.IN_FORCE
        )


@dataclass(frozen=True)
class Provision:
    """A node of a document's tree.

    Args:
        id: ``<document id>/<address slug>``, e.g. ``changzhou-2018/20/i3``.
        address: steps from the root; chapters are left out above an article.
        label: the number as printed (第二十条, （三）, 2、), empty where none is printed.
        heading: the node's own heading, empty where it has none.
        heading_path: labels and headings of the nodes above, outermost first.
        label_start: offset in `Document.text` where the label begins.
        start, end: the provision's words are ``Document.text[start:end]``, label excluded,
            everything below it included.
        lead_end: end of the node's own words, before its first child.
        parent: id of the node above, None at the top.
        children: ids of the nodes below, in order.
        text: ``Document.text[start:end]``.
    """

    id: str
    address: Address
    label: str
    heading: str
    heading_path: tuple[str, ...]
    label_start: int
    start: int
    end: int
    lead_end: int
    parent: str | None
    children: tuple[str, ...]
    text: str

    @property
    def level(self) -> Level:
        """The level of the address's last step."""
        return self.address.steps[-1].level

    @property
    def lead(self) -> str:
        """The node's own words, before its first child."""
        return self.text[: self.lead_end - self.start].rstrip()

    @property
    def is_leaf(self) -> bool:
        """Whether nothing stands below it."""
        return not self.children

    @property
    def document_id(self) -> str:
        """The id of the document that it belongs to."""
        return self.id.partition("/")[0]


@dataclass(frozen=True)
class Document:
    """One document of the edition: its metadata, its text and the tree over that text.

    Args:
        metadata: the front matter.
        text: the clean text that is quoted; nothing changes it after normalisation.
        provisions: all nodes in the order of the text.
        notes: what the parser had to decide, in Chinese, for a person to check.
    """

    metadata: Metadata
    text: str
    provisions: tuple[Provision, ...]
    notes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def id(self) -> str:
        """The document's id."""
        return self.metadata.id

    @cached_property
    def by_id(self) -> MappingProxyType[str, Provision]:
        """Provisions by their id."""
        return MappingProxyType({provision.id: provision for provision in self.provisions})

    def roots(self) -> Iterator[Provision]:
        """The top nodes, in order."""
        return (p for p in self.provisions if p.parent is None)

    def leaves(self) -> Iterator[Provision]:
        """The nodes without children, in order."""
        return (p for p in self.provisions if p.is_leaf)

    def above(self, provision: Provision) -> Iterator[Provision]:
        """The nodes above *provision*, nearest first."""
        while provision.parent is not None:
            provision = self.by_id[provision.parent]
            yield provision

    def below(self, provision: Provision) -> Iterator[Provision]:
        """All nodes below *provision*, in the order of the text."""
        for child in provision.children:
            yield self.by_id[child]
            yield from self.below(self.by_id[child])

    def at(self, offset: int) -> Provision | None:
        """The smallest provision whose words hold the character at *offset*."""
        holders = [p for p in self.provisions if p.start <= offset < p.end]
        return min(holders, key=lambda p: p.end - p.start, default=None)

    def resolve(self, address: Address) -> Provision | None:
        """The one provision that *address* means here, or None.

        The address may leave out levels (第二十条第三项 for 第二十条第一款第（三）项), name the
        first paragraph where the article has no others, give only some words of a heading, count
        from the end (最后一条), or mix up 项, 点 and 目, as people do; it must still fit one place
        only. In an outline without articles the numbers count: 第三点第（二）小点 is 三（二）.
        """
        counted = self._counted_from_start(address)
        if counted is None:
            return None
        return self._resolve(counted) or self._by_depth(counted)

    def _resolve(self, address: Address) -> Provision | None:
        for fits in (_fits_exactly, _fits_loosely):
            found = [p for p in self.provisions if _subsequence(address.steps, p.address, fits)]
            if len(found) == 1:
                return found[0]
            shallowest = min((len(p.address.steps) for p in found), default=0)
            found = [p for p in found if len(p.address.steps) == shallowest]
            if len(found) == 1:
                return found[0]
        return self._without_first_paragraph(address)

    def _counted_from_start(self, address: Address) -> Address | None:
        """*address* with numbers from the start for those from the end; None where it has none."""
        steps = list(address.steps)
        for n, step in enumerate(steps):
            if step.number >= 0:
                continue
            holder = self._resolve(replace(address, steps=tuple(steps[:n]))) if n else None
            if n and holder is None:
                return None
            inside = self.below(holder) if holder is not None else iter(self.provisions)
            alike = [p.address.steps[-1] for p in inside if _same_kind(step, p.address.steps[-1])]
            depths = [s for s in alike if s.level is alike[0].level]
            numbers = sorted({(s.number, s.branch) for s in depths})
            if len(numbers) < -step.number:
                return None
            number, branch = numbers[step.number]
            steps[n] = replace(step, number=number, branch=branch)
        return replace(address, steps=tuple(steps))

    def _by_depth(self, address: Address) -> Provision | None:
        """In an outline without articles: what the numbers mean, whatever units they were given."""
        steps = address.steps
        numbered = all(s.level in _NUMBERED and not s.branch for s in steps)
        named_parts = len(steps) > 1 or steps[0].level in {Level.CHAPTER, Level.PART}
        if not (numbered and named_parts) or len(steps) > len(OUTLINE_LEVELS):
            return None
        if any(p.level in {Level.ARTICLE, Level.CHAPTER} for p in self.provisions):
            return None
        levels = zip(steps, OUTLINE_LEVELS, strict=False)
        return self._resolve(
            replace(address, steps=tuple(Step(level, s.number) for s, level in levels))
        )

    def _without_first_paragraph(self, address: Address) -> Provision | None:
        first = Step(Level.PARAGRAPH, 1)
        if first not in address.steps:
            return None
        rest = tuple(step for step in address.steps if step != first)
        found = self._resolve(replace(address, steps=rest)) if rest else None
        if found is None:
            return None
        holder = next((p for p in (found, *self.above(found)) if p.level is Level.ARTICLE), found)
        has_paragraphs = any(
            self.by_id[child].level is Level.PARAGRAPH for child in holder.children
        )
        return None if has_paragraphs else found


def _same_kind(typed: Step, real: Step) -> bool:
    return typed.level is real.level or {typed.level, real.level} <= ENUMERATED_LEVELS


def _fits_exactly(typed: Step, real: Step) -> bool:
    if typed.level is Level.HEADING:
        return real.level is Level.HEADING and typed.name == real.name
    return (typed.level, typed.number, typed.branch) == (real.level, real.number, real.branch)


def _fits_loosely(typed: Step, real: Step) -> bool:
    if typed.level is Level.HEADING and real.name:
        return _is_spread_over(typed.name, real.name)
    both_enumerated = {typed.level, real.level} <= ENUMERATED_LEVELS
    return _fits_exactly(typed, real) or (both_enumerated and typed.number == real.number)


def _is_spread_over(short: str, long: str) -> bool:
    """Whether the characters of *short* all stand in *long*, in order (约谈警示制度)."""
    characters = iter(long)
    return all(c in characters for c in short)


def _subsequence(typed: Iterable[Step], real: Address, fits: Callable[[Step, Step], bool]) -> bool:
    """Whether *typed* fits steps of *real* in order, the last on the last."""
    typed_steps = list(typed)
    if not typed_steps or not fits(typed_steps[-1], real.steps[-1]):
        return False
    position = 0
    for step in typed_steps[:-1]:
        while position < len(real.steps) - 1:
            position += 1
            if fits(step, real.steps[position - 1]):
                break
        else:
            return False
    return True
