"""What was understood of a question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assistant.terms import Term
from index.address import Address
from index.lexicon.offices import OfficeMention
from index.provision import Document


class Ask(StrEnum):
    """The kind of thing that is asked for; the values are the keys of ``questions.yaml``."""

    TEXT = "text"
    STANDING = "standing"
    COMPARE = "compare"
    FREQUENCY = "frequency"
    PERIOD = "period"
    MONEY = "money"
    SHARE = "share"
    DATE = "date"
    LIST = "list"
    NUMBER = "number"
    COUNT = "count"
    WHEN = "when"
    BODY = "body"
    DEFINITION = "definition"
    YES_NO = "yes_no"
    OPEN = "open"


def ordered(kinds: Iterable[Ask]) -> tuple[Ask, ...]:
    """*kinds*, each once, in the order of `Ask`; OPEN only where there is no other."""
    found = set(kinds)
    return tuple(kind for kind in Ask if kind in found and (kind is not Ask.OPEN or len(found) < 2))


def bearers(
    offices: tuple[OfficeMention, ...], kinds: tuple[Ask, ...], terms: tuple[Term, ...]
) -> tuple[OfficeMention, ...]:
    """The offices whose own duties are asked about."""
    if Ask.BODY in kinds or any(term.decides for term in terms):
        return ()
    special = tuple(mention for mention in offices if not mention.office.general)
    return special or (offices if Ask.LIST in kinds and not terms else ())


@dataclass(frozen=True)
class Scope:
    """The documents of one place, answered together.

    Args:
        place: the jurisdiction's name; empty for the whole country.
        documents: what is searched for it.
    """

    place: str
    documents: tuple[Document, ...]


@dataclass(frozen=True)
class Query:
    """A question, understood.

    Args:
        text: the question in simplified characters, a follow-up completed.
        core: the same without place, document and polite words: what is looked for.
        kinds: what is asked for, the most telling kind first.
        terms: the words that carry the question's content, weighted.
        scopes: the places asked about, with their documents.
        named_places: whether the question (or the asker's setting) named a place.
        uncovered: places named for which there is no document.
        borrowed: places without a document of their own → the place around them that answers.
        offices: the posts and bodies named.
        bearers: those of them whose own duties are asked about; a post that is only the object of
            a rule (局长被免职) or a word for any official is none.
        addresses: the provisions named.
        missing_documents: documents named that the edition lacks.
        bare_address: whether nothing is asked but the words of the addresses.
        asks_opinion: whether a judgement is asked for, which no rule gives, or the assistant's own
            instructions.
        dangling: whether it points back at something said before where nothing was.
        asks_contact: whether somebody's particulars are asked for, or given.
        as_of: the day for which the answer is to hold.
        read_as: what the typed words were read as; empty where nothing but script, blanks
            and marks is read otherwise.
        about_asker: whether the office of the asker was put into it.
        is_completed: whether a language model completed it; `read_as` is what it was completed to.
        leaves_out_contact: whether somebody's particulars were asked for besides.
        apart: the question of each place by itself, where it says something of one place alone;
            else empty.
    """

    text: str
    core: str
    kinds: tuple[Ask, ...]
    terms: tuple[Term, ...]
    scopes: tuple[Scope, ...]
    named_places: bool
    uncovered: tuple[str, ...]
    borrowed: Mapping[str, str]
    offices: tuple[OfficeMention, ...]
    bearers: tuple[OfficeMention, ...]
    addresses: tuple[Address, ...]
    missing_documents: tuple[str, ...]
    bare_address: bool
    asks_opinion: bool
    dangling: bool
    asks_contact: bool
    as_of: date
    read_as: str = ""
    leaves_out_contact: bool = False
    about_asker: bool = False
    is_completed: bool = False
    apart: tuple[Query, ...] = ()

    def asks(self, *kinds: Ask) -> bool:
        """Whether any of *kinds* is asked for."""
        return any(kind in self.kinds for kind in kinds)
