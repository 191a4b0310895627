"""Whether a question says nothing but what was said before: no place, post, number or word more."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.library import Library
from assistant.names import Names, named_documents
from assistant.query import Ask
from index.address import Address
from index.lexicon.terms import sanctions
from index.numerals import NUMERAL_CLASS, to_int

_NUMBER = re.compile(rf"[{NUMERAL_CLASS}万亿.]+|两")
_NOT = re.compile("[不没无未非勿莫别禁除]")
#: A word of less weight says nothing of what is asked.
_TELLING = 0.3


@dataclass(frozen=True)
class Named:
    """What a text names, kind by kind."""

    places: frozenset[str]
    offices: frozenset[str]
    addresses: frozenset[str]
    documents: frozenset[str]
    numbers: frozenset[str]
    sanctions: frozenset[str]

    @classmethod
    def of(cls, text: str, names: Names, library: Library) -> Named:
        """What *text*, in simplified characters, names."""
        documents, missing = named_documents(text, library)
        return cls(
            places=frozenset(m.place.name for m in names.gazetteer.find(text)),
            offices=frozenset(text[start:end] for start, end in names.posts(text)),
            addresses=frozenset(map(str, Address.find(text))),
            documents=frozenset((*(d.id for d in documents), *missing)),
            numbers=frozenset(map(_number, _NUMBER.findall(text))),
            sanctions=frozenset(mention.term.id for mention in sanctions().find(text)),
        )

    @property
    def kinds(self) -> tuple[frozenset[str], ...]:
        """Each kind's names but the places'."""
        return (self.offices, self.addresses, self.documents, self.numbers, self.sanctions)


def says_the_same(
    whole: str, asked: str, before: Sequence[str], names: Names, library: Library
) -> bool:
    """Whether *whole* can be what *asked* means after *before*.

    It keeps all that *asked* names and asks for, and takes the rest from what was said: the place
    from the last turn that names one. It negates nothing, and has no content word, that was not
    said; nor does it ask again what was asked before.

    Args:
        whole: what is to be asked instead.
        asked: the follow-up; like *before* in simplified characters, slips mended.
        before: what the asker said before, in order.
    """
    new, now = Named.of(whole, names, library), Named.of(asked, names, library)
    past = [Named.of(turn, names, library) for turn in before]
    for turn, named in zip(before, past, strict=True):
        if _bare(turn) in _bare(whole) and (named.places or not now.places):
            return False  # 成都呢 behind a question that names no place may hold all of it
    places = next((n.places for n in (now, *reversed(past)) if n.places), frozenset())
    if new.places - places or now.places - new.places:
        return False
    for kind, kept in enumerate(now.kinds):
        said = kept.union(*(turn.kinds[kind] for turn in past))
        if not kept <= new.kinds[kind] <= said:
            return False
    words = " ".join((*before, asked))
    if not set(_NOT.findall(asked)) <= set(_NOT.findall(whole)) <= set(_NOT.findall(words)):
        return False
    return _asks_for_it(whole, asked, names) and _terms(whole, names, words)


def _asks_for_it(whole: str, asked: str, names: Names) -> bool:
    """Whether *whole* holds the words of *asked* that tell something, and asks for the same."""
    wanted = set(names.phrases.kinds(asked)) - {Ask.OPEN}
    return wanted <= set(names.phrases.kinds(whole)) and _terms(asked, names, whole)


def _terms(text: str, names: Names, words: str) -> bool:
    """Whether the telling words of *text* stand in *words*."""
    return all(term.word in words for term in names.terms(text) if term.weight > _TELLING)


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _number(numeral: str) -> str:
    try:
        return str(to_int(numeral))
    except ValueError:
        return numeral
