"""Draft → Answer: the only place where citations are made. What cannot be shown is dropped.

A statement stands when each of its quotations is, character for character, a stretch of the
edition's provision, and every number, period, office and address in it stands in those words
(or, for what follows from a document's standing, in that document's own metadata). A sum stands
when the verifier, from the question and the quotation alone, arrives at the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from assistant.conclusions import conclusions
from assistant.draft import Draft, DraftStatement, Quote
from assistant.layout import Group, Said, table, titled_line
from assistant.library import Library
from assistant.models import Citation, Statement
from assistant.references import explanations
from assistant.standing import verdict
from index.address import Address
from index.lexicon.offices import Offices
from index.numerals import NUMERAL_CLASS, to_int

_NUMBER = re.compile(rf"\d+(?:\.\d+)?|(?<![\u4e00-\u9fff])[{NUMERAL_CLASS}]{{2,}}")
_QUANTITY = re.compile(
    rf"(?P<number>[{NUMERAL_CLASS}]+)(?P<unit>个月|年|月|日|天|小时|周|次|起|人|名|万元|元|条|款|项|%)"
)
#: Least share of a statement's character pairs that its quotations must hold.
_SUPPORT_NEEDED = 0.6


@dataclass
class Verified:
    """What was left of a draft, numbered.

    Args:
        statements, citations: as in `Answer`.
        lines: the answer's text, line by line.
        dropped: statements that did not stand.
    """

    statements: list[Statement] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)

    def cite(self, quote: Quote, library: Library) -> int:
        """The number of the citation of *quote*, a new one unless the same was made before."""
        provision = quote.provision
        for citation in self.citations:
            if (citation.provision_id, citation.start, citation.end) == (
                provision.id,
                quote.start,
                quote.end,
            ):
                return citation.n
        citation = Citation(
            n=len(self.citations) + 1,
            provision_id=provision.id,
            address=str(provision.address),
            document=library.ref(provision.document_id),
            heading_path=provision.heading_path,
            quote=quote.words,
            start=quote.start,
            end=quote.end,
        )
        self.citations.append(citation)
        return citation.n


def verify(draft: Draft, library: Library, asked: str = "") -> Verified:
    """The statements of *draft* that stand, with their citations made and the text written.

    Args:
        draft: what a composer says.
        library: the edition, as the caller may read it.
        asked: the question; what is reckoned from it and a quotation is worked out anew.
    """
    verified = Verified()
    for _ in verify_each(draft, library, asked, verified):
        pass
    return verified


def verify_each(
    draft: Draft, library: Library, asked: str, verified: Verified
) -> Iterator[Statement]:
    """Each statement of *draft* that stands, as soon as it is shown to; *verified* grows with it.

    So do the lines of the answer; only a table is written at the end, as a whole.
    """
    groups: list[Group] = []
    before = [*draft.notices, *filter(None, [draft.opening])]
    for group in draft.groups:
        standing: list[Said] = []
        for statement in group.statements:
            if not stands(statement, library, asked):
                verified.dropped.append(statement.text)
                continue
            numbers = tuple(verified.cite(quote, library) for quote in statement.quotes)
            verified.statements.append(Statement(text=statement.text, citations=numbers))
            said = Said(statement.prefix, statement.text, numbers)
            if not draft.in_table:
                verified.lines += before if not verified.lines else []
                verified.lines += titled_line(said, "" if standing else group.heading)
            standing.append(said)
            yield verified.statements[-1]
        if standing:
            groups.append((group.heading, standing))
    if groups:
        if draft.in_table:
            verified.lines = [*before, *table(groups, draft.silent, verified.citations)]
        verified.lines += draft.gaps


def stands(statement: DraftStatement, library: Library, asked: str = "") -> bool:
    """Whether the quotations are exact and carry every word of weight in the statement.

    What follows from the question and the quotation by reckoning stands where the same comes out
    here; any other result is a number that the quotation does not hold.
    """
    if not statement.quotes or not all(_is_exact(quote, library) for quote in statement.quotes):
        return False
    if _follows(statement, library, asked):
        return True
    claim = _without_verdict(statement, library)
    words = "\n".join(quote.words for quote in statement.quotes)
    return (
        _numbers(claim) <= _numbers(words)
        and _quantities(claim) <= _quantities(words)
        and _offices(claim) <= _offices(words)
        and _addresses_hold(claim, statement.quotes, words)
        and support(claim, words) >= _SUPPORT_NEEDED
    )


def _is_exact(quote: Quote, library: Library) -> bool:
    """Whether the edition, asked anew, holds these words at this place."""
    document = next((d for d in library.documents if d.id == quote.provision.document_id), None)
    provision = document.by_id.get(quote.provision.id) if document else None
    if document is None or provision is None or not quote.words.strip():
        return False
    start = provision.start + quote.start
    inside = 0 <= quote.start < quote.end <= len(provision.text)
    return inside and document.text[start : provision.start + quote.end] == quote.words


def _follows(statement: DraftStatement, library: Library, asked: str) -> bool:
    """Whether the statement, word for word, is what follows from the question and a quotation."""
    for quote in statement.quotes:
        document = library.document(quote.provision.document_id)
        provision = document.by_id[quote.provision.id]
        found = (
            *conclusions(asked, quote.words, library.as_of),
            *explanations(document, provision, quote.words),
        )
        if statement.text in found:
            return True
    return False


def _without_verdict(statement: DraftStatement, library: Library) -> str:
    """The claim without the sentence that follows from the cited document's metadata."""
    text = statement.text
    for quote in statement.quotes:
        metadata = library.document(quote.provision.document_id).metadata
        text = text.removeprefix(verdict(metadata, library.as_of))
    return text


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace(" ", "")


def _numbers(text: str) -> set[int | float]:
    return {_number(found) for found in _NUMBER.findall(_plain(text))} - {-1}


def _number(numeral: str) -> int | float:
    try:
        return float(numeral) if "." in numeral else to_int(numeral)
    except ValueError:
        return -1


def _quantities(text: str) -> set[tuple[int | float, str]]:
    return {(_number(m["number"]), m["unit"]) for m in _QUANTITY.finditer(_plain(text))}


def _offices(text: str) -> set[str]:
    return {mention.office.id for mention in Offices.load().find(text)}


def _addresses_hold(claim: str, quotes: Iterable[Quote], words: str) -> bool:
    """Whether every address in the claim is that of a cited provision or quoted with it."""
    quoted = {address.slug for address in Address.find(words)}
    cited = [quote.provision.address for quote in quotes]
    return all(
        address.slug in quoted
        or any(Address(address.steps).contains(Address(c.steps)) for c in cited)
        for address in Address.find(claim)
    )


def support(claim: str, words: str) -> float:
    """The share of the claim's character pairs that stand in the quoted words, 0 to 1."""
    said = re.sub(r"\W", "", _plain(claim))
    quoted = re.sub(r"\W", "", _plain(words))
    pairs = {said[i : i + 2] for i in range(len(said) - 1)}
    if not pairs:
        return 1.0 if said in quoted else 0.0
    return sum(pair in quoted for pair in pairs) / len(pairs)
