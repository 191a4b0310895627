"""The names in a question: places, offices, documents and addresses, found and taken out of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from assistant.library import Library
from assistant.phrases import Phrases
from assistant.short_names import short_names
from assistant.terms import Term, Weights, content_terms
from index.address import Address, canonical_number
from index.lexical import simplify
from index.lexicon.offices import OfficeMention, Offices
from index.lexicon.places import Gazetteer, PlaceMention
from index.lexicon.words import is_word
from index.provision import Document, Metadata

Span = tuple[int, int]

_CITED_TITLE = re.compile(r"《([^《》]{2,60})》")
#: A law cited by its number without marks around its name: 安全生产法第一百一十四条.
_NAMED_LAW = re.compile(
    r"([\u4e00-\u9fff]{1,20}(?<![办方本该])(?:法|条例))第?[\d一二三四五六七八九十百千]+条"
)
#: The end of a place's name that is the beginning of a post: 静安区长, not 静安区长期.
_SHARED_WITH_POST = re.compile("[省市区县州盟旗镇乡]长(?![期远年久足处短])")


@dataclass(frozen=True)
class Names:
    """What finds names and words in a question.

    Args:
        weights: the rarity of words in the index.
        gazetteer, offices, phrases: the lexicon.
    """

    weights: Weights
    gazetteer: Gazetteer
    offices: Offices
    phrases: Phrases

    def places(self, text: str) -> list[Span]:
        """Where *text* names places."""
        return [(m.start, m.end) for m in self.gazetteer.find(text)]

    def posts(self, text: str) -> list[Span]:
        """Where *text* names offices outside the names of places."""
        bare = list(text)
        for start, end in self.places(text):
            bare[start:end] = " " * (end - start)
        return [(m.start, m.end) for m in self.offices.find("".join(bare))]

    def terms(self, core: str) -> tuple[Term, ...]:
        """The content words of a question that is bare of names."""
        return content_terms(core, self.phrases.asking, self.phrases.filler, self.weights)


def named_documents(
    text: str, library: Library, places: Collection[str] | None = None
) -> tuple[tuple[Document, ...], tuple[str, ...]]:
    """Documents named by number, title, alias or a short name, and names that the edition lacks.

    Args:
        text: in simplified characters.
        library: what the caller may read.
        places: the jurisdictions that *text* names; those whose names stand in it unless given.
    """
    found = [d for d in library.documents if _is_named(d.metadata, text)]
    called = list(short_names(without_names(text, (), found), library.documents, places))
    found.extend(one.document for one in called if one.document not in found)
    missing: list[str] = []
    number = canonical_number(text)
    numbers = [d.metadata.number for d in library.documents if d.metadata.number]
    if number and not any(number.endswith(known) for known in numbers):
        missing.append(number)
    for title in [*_CITED_TITLE.findall(text), *_NAMED_LAW.findall(text)]:
        if not any(_is_title_of(title, d.metadata) for d in library.documents) and not any(
            text[one.start : one.end] in title for one in called
        ):
            missing.append(f"《{title}》")
    return tuple(found), tuple(missing)


def joined_verbs(text: str, weights: Weights) -> str:
    """*text* with verbs whole that 了 parts, where the documents have them: 退了休, 免了职."""

    def joined(found: re.Match[str]) -> str:
        verb = found[1] + found[2]
        return verb if is_word(verb) and weights.knows(verb) else found[0]

    return re.sub("([\u4e00-\u9fff])了([\u4e00-\u9fff])", joined, text)


def without_names(
    text: str, mentions: Iterable[PlaceMention], documents: Iterable[Document]
) -> str:
    """*text* with blanks for the places and documents that it names."""
    kept = list(text)
    for mention in mentions:
        # 静安区长 is the 区长 of 静安: the last character belongs to the post as well.
        end = mention.end - bool(_SHARED_WITH_POST.match(text, mention.end - 1))
        kept[mention.start : end] = " " * (end - mention.start)
    for document in documents:
        for name in map(simplify, _names(document.metadata)):
            for found in re.finditer(f"《?{re.escape(name)}》?", text):
                kept[found.start() : found.end()] = " " * len(found[0])
    for one in short_names("".join(kept), documents):
        kept[one.start : one.end] = " " * (one.end - one.start)
    bare = "".join(kept)
    return re.sub(r"[\u4e00-\u9fff]{0,8}[〔\[(（【](?:19|20)\d\d[〕\])）】]第?\d+号", " ", bare)


def without_addresses(text: str) -> str:
    """*text* with blanks for its addresses."""
    kept = list(text)
    for _, start, end in Address.find_spans(text):
        kept[start:end] = " " * (end - start)
    return "".join(kept)


def without_offices(text: str, mentions: Iterable[OfficeMention]) -> str:
    """*text* with blanks for the offices that it names."""
    kept = list(text)
    for mention in mentions:
        kept[mention.start : mention.end] = " " * (mention.end - mention.start)
    return "".join(kept)


def _names(metadata: Metadata) -> list[str]:
    short = re.sub(r"^中华人民共和国|（[^（）]*）$", "", metadata.title)
    return [name for name in (metadata.title, short, *metadata.aliases) if name]


def _is_named(metadata: Metadata, text: str) -> bool:
    number = canonical_number(text)
    if metadata.number and number and number.endswith(metadata.number):
        return True
    names = [simplify(name) for name in _names(metadata)]
    if any(len(name) >= 3 and name in text for name in names):
        return True
    # 刑法 is two characters, and part of other words: only where an article of it is named.
    return any(re.search(rf"(?<![\u4e00-\u9fff]){re.escape(n)}(?:》)?第", text) for n in names)


def _is_title_of(cited: str, metadata: Metadata) -> bool:
    return any(cited in simplify(name) or simplify(name) in cited for name in _names(metadata))
