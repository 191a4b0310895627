"""Question + history → Query: places, documents, offices, addresses and what is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, replace

import jieba
import jieba.posseg

from assistant.asker import Asker
from assistant.comparing import without_comparing
from assistant.errors import BadQuestion, UnknownJurisdiction
from assistant.follow_up import FollowUps
from assistant.library import Library
from assistant.models import MAX_QUESTION, Question
from assistant.names import (
    Names,
    joined_verbs,
    named_documents,
    without_addresses,
    without_names,
    without_offices,
)
from assistant.particulars import without_contact
from assistant.phrases import Phrases
from assistant.places_apart import Wording, differs, of_place, texts_by_place
from assistant.query import Ask, Query, Scope, ordered
from assistant.terms import Term, Weights
from assistant.typing_repair import TypingRepair, mended, reads_otherwise
from assistant.values import wanted
from index.address import Address, AddressError, Level
from index.lexical import simplify
from index.lexicon.offices import Offices
from index.lexicon.places import Gazetteer, Place, PlaceMention
from index.privacy import find_personal_data
from index.provision import Document
from index.store import Index

#: What a deputy is in charge of, which names the post and is not asked about: 分管农业的副县长.
_PORTFOLIO = re.compile(r"(?:分管|主管|联系|管(?![得不])|抓)[^，。？的\s]{1,6}的?(?=\s|$)")
#: The rank of a body whose name is a blank by now: 区级政府.
_RANK = re.compile(r"[省市区县乡镇]级(?=\s)")
#: 我是…的秘书，帮我…: who asks, before what is asked.
_INTRODUCES = re.compile(r"\s*(?:我们?|咱们?|俺们?|本人)(?:就?是|在|当|现在)[^，,。；;]*[，,。；;]")
#: A term of this weight stands in no document.
_UNHEARD_OF = 0.95
#: From this weight on a term says what is asked of a provision besides its words.
_TELLING = 0.4
_WHEN = re.compile(
    r"(?:\d{4}年)?\d{1,2}月\d{1,2}[日号]|\d{4}年(?:\d{1,2}月)?"
    r"|(?:\d{1,2}\s+)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+(?:\d{1,2},?\s+)?20\d\d",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Understanding:
    """Everything that reading a question needs, loaded once for an index.

    Args:
        names: what finds names and words.
        repair: what was typed as pinyin, in English or with slips, as it was meant.
    """

    names: Names
    repair: TypingRepair

    @classmethod
    def over(cls, index: Index) -> Understanding:
        """The understanding for questions to *index*."""
        jieba.setLogLevel("ERROR")
        jieba.posseg.lcut("预先载入词典")  # else the first question pays for it
        names = Names(Weights(index.chunks), Gazetteer.load(), Offices.load(), Phrases.load())
        return cls(names, TypingRepair.over(index, names.gazetteer))

    def read(self, question: Question, library: Library) -> Query:
        """What *question* asks of the documents that *library* may show.

        Raises:
            BadQuestion: nothing but blanks, or the asker's office is none.
            UnknownJurisdiction: the asker's place is no place.
        """
        typed = simplify(question.question.strip())
        # of a few small English words ("for the") nothing is left to say in Chinese
        asked = self.repaired(typed, library) or typed
        if not asked:
            raise BadQuestion("问题是空的。请写出想问的事，例如“常州受到诫勉处理多久不得提拔”。")
        # no question was ever longer; of a turn that is, what was said last is what is followed up
        turns = (turn.content for turn in question.history if turn.role == "user")
        before = [content[-MAX_QUESTION:] for content in turns]
        follow_ups = FollowUps(self.names, lambda turn: self.repaired(turn, library), library)
        role = question.role and self.repaired(question.role, library)
        asker = Asker.of(role, self.names)
        spoken = asker.for_himself(asked) if asker else asked
        text = joined_verbs(follow_ups.completed(spoken, before), self.names.weights)
        text, is_asker = _put(asker, text, spoken != asked)
        phrases = self.names.phrases
        contact = phrases.asks_contact(text)
        rest = without_contact(text, self.names) if contact else ""
        text = rest or text
        covered = self._covered(library)
        mentions = self.names.gazetteer.find(text, prefer=[p.name for p in covered.values()])
        places = {name for m in mentions for name in self._jurisdictions_for(m.place, covered)}
        places |= {mention.place.name for mention in mentions}
        documents, missing = named_documents(text, library, places)
        scopes, uncovered, borrowed = self._scopes(
            text, mentions, documents, question, library, covered
        )
        bare = without_names(text, mentions, documents)
        alone = _whole_address(phrases.asking.sub(" ", bare))
        addresses = alone or tuple(_addresses_in(text, scopes))
        bare = "" if alone else without_addresses(bare)
        wording = self._wording(bare, several=len(mentions) > 1)
        kinds, terms, offices = wording.kinds, wording.terms, wording.offices
        query = Query(
            text=text,
            core=wording.core,
            kinds=kinds,
            terms=terms,
            scopes=scopes,
            named_places=bool(mentions or documents or question.jurisdiction),
            uncovered=uncovered,
            borrowed=borrowed,
            offices=offices,
            bearers=wording.bearers,
            addresses=addresses,
            missing_documents=missing,
            bare_address=bool(addresses)
            and (Ask.TEXT in kinds or all(term.weight < _TELLING for term in terms)),
            asks_opinion=phrases.has("opinion", text)
            or (phrases.has("our_prompt", f"{typed.lower()} {text}") and not wanted(kinds)),
            dangling=phrases.has("said_above", text)
            and not (question.history or mentions or documents),
            asks_contact=(contact and not rest) or bool(find_personal_data(typed)),
            leaves_out_contact=bool(rest),
            as_of=library.as_of,
            read_as=text
            if is_asker
            else mended(typed, asked)
            if reads_otherwise(typed, asked)
            else "",
            about_asker=is_asker,
        )
        apart = tuple(self._apart(query, bare, mentions, covered))
        return replace(query, apart=apart) if any(differs(one, query) for one in apart) else query

    # --- what is looked for

    def _wording(self, bare: str, *, several: bool) -> Wording:
        """What is asked by words that are *bare* of names, of one place or of *several*."""
        core, compared = astuple(without_comparing(bare, places=several))
        offices = tuple(self.names.offices.find(core))
        words = _RANK.sub(" ", without_offices(core, offices))
        terms = self.names.terms(_PORTFOLIO.sub(" ", _WHEN.sub(" ", words)))
        terms = tuple(term for term in terms if not _only_introduces(term, words))
        kinds = ordered((*self.names.phrases.kinds(core), *compared))
        return Wording(" ".join(core.split()), kinds, terms, offices)

    def _apart(
        self, query: Query, bare: str, mentions: Sequence[PlaceMention], covered: dict[str, Place]
    ) -> Iterator[Query]:
        """The question of each place, where something is said of one place alone."""
        if len(query.scopes) < 2 or query.bare_address or len(bare) != len(query.text):
            return
        spans: dict[str, list[tuple[int, int]]] = {}
        for mention in mentions:
            names = self._jurisdictions_for(mention.place, covered)
            name = names[0] if names else query.borrowed.get(mention.place.name)
            spans.setdefault(name or mention.place.name, []).append((mention.start, mention.end))
        if any(scope.place not in spans for scope in query.scopes):
            return
        posts = [(m.start, m.end) for m in self.names.offices.find(bare)]
        texts = texts_by_place(query.text, spans, posts)
        for scope in query.scopes if texts else ():
            kept = zip(bare, texts[scope.place], query.text, strict=True)
            own = "".join(c if said == typed else " " for c, said, typed in kept)
            yield of_place(query, scope, self._wording(own, several=True))

    def check_jurisdiction(self, name: str | None, library: Library) -> Place | str | None:
        """The place that *name* gives: a place, or a jurisdiction of the edition by its name.

        Raises:
            UnknownJurisdiction: it is neither.
        """
        if name is None or not name.strip():
            return None
        if any(d.metadata.jurisdiction == name for d in library.documents):
            return name
        found = self.names.gazetteer.find(simplify(name))
        if not found:
            raise UnknownJurisdiction(f"不认识的地方“{name}”。请写地名全称，例如“常州市”，或留空。")
        return found[-1].place

    def documents_of(self, jurisdiction: str | None, library: Library) -> tuple[Document, ...]:
        """The documents that answer for *jurisdiction*; all where it is empty.

        Raises:
            UnknownJurisdiction: it is no place.
        """
        given = self.check_jurisdiction(jurisdiction, library)
        if given is None:
            return library.documents
        if isinstance(given, str):
            return tuple(_of(given, library))
        covered = self._covered(library)
        names = self._jurisdictions_for(given, covered)
        around = self._city_around(given, covered) if not names else None
        names = [around] if around is not None else names
        return tuple(d for d in library.documents if d.metadata.jurisdiction in names)

    def covered_places(self, library: Library) -> list[str]:
        """The full names of the places that have documents."""
        return [place.name for place in self._covered(library).values()]

    def jurisdiction_of(self, place: Place, library: Library) -> str:
        """The name that the edition gives to *place*; its own where it has no document."""
        covered = self._covered(library).items()
        return next((name for name, known in covered if known == place), place.name)

    def repaired(self, typed: str, library: Library) -> str:
        """What was typed, as it was meant, in simplified characters."""
        typed = simplify(typed.strip())
        covered = {document.metadata.jurisdiction: None for document in library.documents}
        return self.repair.repair(typed, [name for name in covered if name])

    # --- places and documents

    def _covered(self, library: Library) -> dict[str, Place]:
        """Jurisdiction → place, for every jurisdiction of the edition."""
        covered = {}
        for document in library.documents:
            name = document.metadata.jurisdiction
            found = self.names.gazetteer.find(name) if name else []
            if found:
                covered[name] = found[-1].place
        return covered

    def _scopes(
        self,
        text: str,
        mentions: Iterable[PlaceMention],
        documents: tuple[Document, ...],
        question: Question,
        library: Library,
        covered: dict[str, Place],
    ) -> tuple[tuple[Scope, ...], tuple[str, ...], dict[str, str]]:
        """The places to answer for, those without a document, those that another answers for."""
        places = list(dict.fromkeys(mention.place for mention in mentions))
        if documents:
            places = self._elsewhere(places, documents, covered)
        else:
            given = self.check_jurisdiction(question.jurisdiction, library)
            if not places and isinstance(given, str):
                return _by_place(_of(given, library)), (), {}
            home = covered.get(given) if isinstance(given, str) else given
            if home is not None and (not places or _only_later(mentions, text)):
                places.insert(0, home)
            if not places:
                return _by_place(library.documents), (), {}
        found: list[Document] = list(documents)
        uncovered: list[str] = []
        borrowed: dict[str, str] = {}
        for place in places:
            jurisdictions = self._jurisdictions_for(place, covered)
            around = self._city_around(place, covered) if not jurisdictions else None
            if around is not None:
                borrowed[place.name] = around
                jurisdictions = [around]
            found.extend(d for name in jurisdictions for d in _of(name, library))
            if not jurisdictions:
                uncovered.append(place.name)
        return _by_place(dict.fromkeys(found)), tuple(uncovered), borrowed

    def _elsewhere(
        self, places: Iterable[Place], documents: Iterable[Document], covered: dict[str, Place]
    ) -> list[Place]:
        """Of *places* those that lie apart from where *documents*, named beside them, hold."""
        homes = [covered[name] for d in documents if (name := d.metadata.jurisdiction) in covered]
        within = self.names.gazetteer.is_within
        return [
            place
            for place in places
            if homes and not any(within(place, home) or within(home, place) for home in homes)
        ]

    def _city_around(self, place: Place, covered: dict[str, Place]) -> str | None:
        """The jurisdiction of the city that a district or zone lies in: its rules hold there."""
        if place.level not in {"county", "zone"}:
            return None
        inside = [n for n, city in covered.items() if self.names.gazetteer.is_within(place, city)]
        return inside[0] if inside else None

    def _jurisdictions_for(self, place: Place, covered: dict[str, Place]) -> list[str]:
        """The jurisdictions that answer for *place*: itself, else areas inside a city."""
        own = [name for name, known in covered.items() if known == place]
        if own or place.level == "province":
            return own
        return [
            name
            for name, known in covered.items()
            if self.names.gazetteer.is_within(known.name, place.name)
        ]


def _addresses_in(text: str, scopes: Sequence[Scope]) -> Iterator[Address]:
    """The provisions that *text* cites; where no document there has articles 十一条 only counts."""
    for address, start, _ in Address.find_spans(text):
        is_article = len(address.steps) == 1 and address.steps[0].level is Level.ARTICLE
        is_bare = is_article and text[start] != "第" and not address.document
        if not is_bare or not scopes or _have_articles(scopes):
            yield address


def _have_articles(scopes: Sequence[Scope]) -> bool:
    provisions = (
        p for scope in scopes for document in scope.documents for p in document.provisions
    )
    return any(provision.level is Level.ARTICLE for provision in provisions)


def _put(asker: Asker | None, text: str, is_put: bool) -> tuple[str, bool]:
    """*text* with the asker's office, and whether it stands there."""
    if asker is None or is_put:
        return text, is_put
    put = asker.put(text)
    return put, put != text


def _only_introduces(term: Term, words: str) -> bool:
    """Whether an unheard-of word stands only where the asker says who he is: 我是…的秘书，."""
    who = _INTRODUCES.match(words)
    return bool(who and term.weight >= _UNHEARD_OF and term.word not in words[who.end() :].lower())


def _only_later(mentions: Iterable[PlaceMention], text: str) -> bool:
    """Whether places are named behind the first sentence only: …？北京那边呢."""
    first = re.search(r"[？?。！!]", text)
    return first is not None and all(mention.start >= first.end() for mention in mentions)


def _whole_address(text: str) -> tuple[Address, ...]:
    """The address that all of *text* is, with bare numbers allowed: 二（四）3（2）."""
    try:
        address = Address.parse(text.strip())
    except AddressError:
        return ()
    return (address,) if not address.document and len(address.steps) > 1 else ()


def _of(jurisdiction: str, library: Library) -> list[Document]:
    return [d for d in library.documents if d.metadata.jurisdiction == jurisdiction]


def _by_place(documents: Iterable[Document]) -> tuple[Scope, ...]:
    places: dict[str, list[Document]] = {}
    for document in documents:
        places.setdefault(document.metadata.jurisdiction, []).append(document)
    return tuple(Scope(place, tuple(found)) for place, found in places.items())
