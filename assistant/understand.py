"""Question + history → Query: places, documents, offices, addresses and what is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import jieba

from assistant.errors import BadQuestion, UnknownJurisdiction
from assistant.library import Library
from assistant.models import Question
from assistant.phrases import Phrases
from assistant.query import Ask, Query, Scope
from assistant.terms import Term, Weights, content_terms
from index.address import Address, canonical_number
from index.lexical import simplify
from index.lexicon.offices import OfficeMention, Offices
from index.lexicon.places import Gazetteer, Place, PlaceMention
from index.privacy import find_personal_data
from index.provision import Document, Metadata
from index.store import Index

_CITED_TITLE = re.compile(r"《([^《》]{2,60})》")


@dataclass(frozen=True)
class Understanding:
    """Everything that reading a question needs, loaded once for an index.

    Args:
        weights: the rarity of words in the index.
        gazetteer, offices, phrases: the lexicon.
    """

    weights: Weights
    gazetteer: Gazetteer
    offices: Offices
    phrases: Phrases

    @classmethod
    def over(cls, index: Index) -> Understanding:
        """The understanding for questions to *index*."""
        jieba.setLogLevel("ERROR")
        jieba.initialize()
        return cls(
            Weights(index.chunks),
            Gazetteer.load(),
            Offices.load(),
            Phrases.load(),
        )

    def read(self, question: Question, library: Library) -> Query:
        """What *question* asks of the documents that *library* may show.

        Raises:
            BadQuestion: nothing but blanks.
            UnknownJurisdiction: the asker's place is no place.
        """
        asked = simplify(question.question.strip())
        if not asked:
            raise BadQuestion("问题是空的。请写出想问的事，例如“常州受到诫勉处理多久不得提拔”。")
        text = self._completed(asked, question, library)
        covered = self._covered(library)
        mentions = self.gazetteer.find(text, prefer=[place.name for place in covered.values()])
        documents, missing = self._named_documents(text, library)
        scopes, uncovered = self._scopes(mentions, documents, question, library, covered)
        bare = self._without_names(text, mentions, documents)
        addresses = tuple(Address.find(text))
        core = self._without_addresses(bare)
        offices = tuple(self.offices.find(core))
        terms = self._terms(_without(core, offices))
        return Query(
            text=text,
            core=" ".join(core.split()),
            kinds=self.phrases.kinds(core),
            terms=terms,
            scopes=scopes,
            named_places=bool(mentions or documents or question.jurisdiction),
            uncovered=uncovered,
            offices=offices,
            addresses=addresses,
            missing_documents=missing,
            bare_address=bool(addresses) and not terms,
            asks_contact=self.phrases.asks_contact(text) or bool(find_personal_data(asked)),
            as_of=library.as_of,
        )

    def check_jurisdiction(self, name: str | None, library: Library) -> Place | str | None:
        """The place that *name* gives: a place, or a jurisdiction of the edition by its name.

        Raises:
            UnknownJurisdiction: it is neither.
        """
        if name is None or not name.strip():
            return None
        if any(d.metadata.jurisdiction == name for d in library.documents):
            return name
        found = self.gazetteer.find(simplify(name))
        if not found:
            raise UnknownJurisdiction(f"不认识的地方“{name}”。请写地名全称，例如“常州市”，或留空。")
        return found[-1].place

    # --- places and documents

    def _covered(self, library: Library) -> dict[str, Place]:
        """Jurisdiction → place, for every jurisdiction of the edition."""
        covered = {}
        for document in library.documents:
            name = document.metadata.jurisdiction
            found = self.gazetteer.find(name) if name else []
            if found:
                covered[name] = found[-1].place
        return covered

    def _scopes(
        self,
        mentions: Iterable[PlaceMention],
        documents: tuple[Document, ...],
        question: Question,
        library: Library,
        covered: dict[str, Place],
    ) -> tuple[tuple[Scope, ...], tuple[str, ...]]:
        """The places to answer for, and those named that no document is for."""
        if documents:
            return _by_place(documents), ()
        given = self.check_jurisdiction(question.jurisdiction, library)
        places = list(dict.fromkeys(mention.place for mention in mentions))
        if not places and isinstance(given, str):
            return _by_place(_of(given, library)), ()
        if not places and isinstance(given, Place):
            places = [given]
        if not places:
            return _by_place(library.documents), ()
        found: list[Document] = []
        uncovered: list[str] = []
        for place in places:
            jurisdictions = self._jurisdictions_for(place, covered)
            found.extend(d for name in jurisdictions for d in _of(name, library))
            if not jurisdictions:
                uncovered.append(place.name)
        return _by_place(dict.fromkeys(found)), tuple(uncovered)

    def _jurisdictions_for(self, place: Place, covered: dict[str, Place]) -> list[str]:
        """The jurisdictions that answer for *place*: itself, else areas inside a city."""
        own = [name for name, known in covered.items() if known == place]
        if own or place.level == "province":
            return own
        return [
            name
            for name, known in covered.items()
            if self.gazetteer.is_within(known.name, place.name)
        ]

    def _named_documents(
        self, text: str, library: Library
    ) -> tuple[tuple[Document, ...], tuple[str, ...]]:
        """Documents named by number, title or alias, and names that the edition lacks."""
        found = [d for d in library.documents if _is_named(d.metadata, text)]
        missing: list[str] = []
        number = canonical_number(text)
        numbers = [d.metadata.number for d in library.documents if d.metadata.number]
        if number and not any(number.endswith(known) for known in numbers):
            missing.append(number)
        for title in _CITED_TITLE.findall(text):
            if not any(_is_title_of(title, d.metadata) for d in library.documents):
                missing.append(f"《{title}》")
        return tuple(found), tuple(missing)

    # --- words

    def _without_names(
        self, text: str, mentions: Iterable[PlaceMention], documents: Iterable[Document]
    ) -> str:
        kept = list(text)
        for mention in mentions:
            kept[mention.start : mention.end] = " " * (mention.end - mention.start)
        bare = "".join(kept)
        for document in documents:
            for name in sorted(_names(document.metadata), key=len, reverse=True):
                bare = bare.replace(f"《{name}》", " ").replace(name, " ")
        return re.sub(r"[\u4e00-\u9fff]{0,8}[〔\[(（【](?:19|20)\d\d[〕\])）】]第?\d+号", " ", bare)

    def _without_addresses(self, text: str) -> str:
        kept = list(text)
        for _, start, end in Address.find_spans(text):
            kept[start:end] = " " * (end - start)
        return "".join(kept)

    def _terms(self, core: str) -> tuple[Term, ...]:
        return content_terms(core, self.phrases.asking, self.phrases.filler, self.weights)

    # --- follow-ups

    def _completed(self, asked: str, question: Question, library: Library) -> str:
        """*asked*, or the last question with what *asked* replaces in it."""
        before = [turn.content for turn in question.history if turn.role == "user"]
        if not before or not self._is_elliptic(asked, library):
            return asked
        previous = simplify(before[-1].strip())
        shorter = question.model_copy(
            update={"question": previous or asked, "history": question.history[:-1]}
        )
        earlier = tuple(t for t in question.history if t.role == "user")[:-1]
        completed = self._completed(
            previous, shorter.model_copy(update={"history": earlier}), library
        )
        return self._replaced(completed, asked)

    def _is_elliptic(self, asked: str, library: Library) -> bool:
        """Whether *asked* says nothing but a place, an office or an address, as 成都呢 does."""
        if len(asked) > 30:
            return False
        mentions = self.gazetteer.find(asked)
        bare = self._without_addresses(self._without_names(asked, mentions, ()))
        named = mentions or self.offices.find(bare) or Address.find(asked)
        bare = _without(bare, self.offices.find(bare))
        left = [term for term in self._terms(bare) if term.weight > 0.3]
        asks = self.phrases.kinds(bare) != (Ask.OPEN,) and not re.search("呢|那", asked)
        return bool(named) and not left and not asks

    def _replaced(self, previous: str, asked: str) -> str:
        """*previous* with its place, office or address replaced by that in *asked*."""
        text = previous
        if _address_spans(asked) and not _address_spans(previous):
            # 第二十五条呢 after another kind of question asks for that article of the same place.
            text = " ".join(previous[start:end] for start, end in self._place_spans(previous))
        for find in (self._place_spans, self._office_spans, _address_spans):
            new, old = find(asked), find(text)
            if not new:
                continue
            words = asked[new[0][0] : new[0][1]]
            if find == self._office_spans:
                words = self._same_rank(text, old, words)
            start, end = old[0] if old else (len(text),) * 2 if find == _address_spans else (0, 0)
            text = text[:start] + words + text[end:]
        return text

    def _same_rank(self, previous: str, old: list[tuple[int, int]], words: str) -> str:
        """*words*, or the post in that body of the rank asked about before: 区委书记 → 那政府呢."""
        before = self.offices.find(previous[slice(*old[0])]) if old else []
        now = self.offices.find(words)
        if not before or not now or now[0].office.part_of:
            return words
        side = now[0].office.side
        rank = before[0].office.id.removeprefix(before[0].office.side)
        peers = (o for o in self.offices.all if o.side == side and o.id == f"{side}{rank}")
        return next((peer.as_written[0] for peer in peers), words)

    def _place_spans(self, text: str) -> list[tuple[int, int]]:
        return [(m.start, m.end) for m in self.gazetteer.find(text)]

    def _office_spans(self, text: str) -> list[tuple[int, int]]:
        bare = list(text)
        for start, end in self._place_spans(text):
            bare[start:end] = " " * (end - start)
        return [(m.start, m.end) for m in self.offices.find("".join(bare))]


def _without(text: str, mentions: Iterable[OfficeMention]) -> str:
    kept = list(text)
    for mention in mentions:
        kept[mention.start : mention.end] = " " * (mention.end - mention.start)
    return "".join(kept)


def _address_spans(text: str) -> list[tuple[int, int]]:
    return [(start, end) for _, start, end in Address.find_spans(text)]


def _of(jurisdiction: str, library: Library) -> list[Document]:
    return [d for d in library.documents if d.metadata.jurisdiction == jurisdiction]


def _by_place(documents: Iterable[Document]) -> tuple[Scope, ...]:
    places: dict[str, list[Document]] = {}
    for document in documents:
        places.setdefault(document.metadata.jurisdiction, []).append(document)
    return tuple(Scope(place, tuple(found)) for place, found in places.items())


def _names(metadata: Metadata) -> list[str]:
    short = re.sub(r"^中华人民共和国|（[^（）]*）$", "", metadata.title)
    return [name for name in (metadata.title, short, *metadata.aliases) if name]


def _is_named(metadata: Metadata, text: str) -> bool:
    number = canonical_number(text)
    if metadata.number and number and number.endswith(metadata.number):
        return True
    return any(len(name) >= 3 and simplify(name) in text for name in _names(metadata))


def _is_title_of(cited: str, metadata: Metadata) -> bool:
    return any(cited in simplify(name) or simplify(name) in cited for name in _names(metadata))
