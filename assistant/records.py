"""The registers as models: what `GET /api/v1/duties` and `/api/v1/sanctions` return."""

from __future__ import annotations

from assistant.models import DocumentRef, Model

MOST_RECORDS = 200


class Place(Model):
    """Where words stand: ``text[start:end] == quote`` of the provision."""

    provision_id: str
    address: str
    document: DocumentRef
    heading_path: tuple[str, ...]
    quote: str
    start: int
    end: int


class HowOften(Model):
    """How often: ``times`` in one ``unit`` (half_yearly), ``per_year`` times a year.

    Args:
        bound: 1 for at least, -1 for at most, 0 where nothing is said.
        words: as written.
    """

    times: int | None
    unit: str
    bound: int
    per_year: int | None
    words: str


class HowLong(Model):
    """A length of time or a day; ``months`` and ``days`` are 0 where the words give none."""

    months: int
    days: int
    words: str


class HowMuch(Model):
    """A sum, multiple or share: ``unit`` is yuan, times or percent."""

    least: float | None
    most: float | None
    unit: str
    words: str


class Understood(Model):
    """What was typed, and what regulations call it.

    Args:
        typed: as it came.
        understood: names of the offices or of the kinds of sanction that it means.
        wider: names of wider offices that were taken where a document lacks the office itself.
    """

    typed: str
    understood: tuple[str, ...] = ()
    wider: tuple[str, ...] = ()


class DutyRecord(Model):
    """One duty; ``text`` is the citation's quote.

    Args:
        bearer: who, as the document names him.
        offices: the offices that this means.
        frequency: the first of ``frequencies``, or None.
        deadline: until when, or None.
    """

    bearer: str
    offices: tuple[str, ...]
    text: str
    frequency: HowOften | None
    frequencies: tuple[HowOften, ...]
    deadline: HowLong | None
    citation: Place


class DutyList(Model):
    """A page of the duty register, in the order of documents and of their text.

    Args:
        notices: why nothing was found: the place has no document, nobody is called that.
    """

    role: Understood
    duties: tuple[DutyRecord, ...]
    total: int
    notices: tuple[str, ...] = ()
    index_version: str
    timings_ms: dict[str, float]


class SanctionRecord(Model):
    """One sanction.

    Args:
        kinds: names of the kinds, in the order of the words.
        condition: the case, or None.
        consequence: what is imposed.
        whom: who is sanctioned as the document names him, or None.
        offices: the offices that this means.
        period, money: how long and how much, or None.
        citation: the case in a list of cases, else case and consequence.
        ruling: where the consequence stands, if in another provision than the citation.
    """

    kinds: tuple[str, ...]
    condition: str | None
    consequence: str
    whom: str | None
    offices: tuple[str, ...]
    period: HowLong | None
    money: HowMuch | None
    citation: Place
    ruling: Place | None


class SanctionList(Model):
    """A page of the sanction register, in the order of documents and of their text.

    Args:
        notices: why nothing was found: the place has no document, nobody is called that.
    """

    kind: Understood
    sanctions: tuple[SanctionRecord, ...]
    total: int
    notices: tuple[str, ...] = ()
    index_version: str
    timings_ms: dict[str, float]
