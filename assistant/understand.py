"""Question + history → Query: places, documents, offices, addresses and what is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import astuple, dataclass

import jieba
import jieba.posseg

from assistant.comparing import without_comparing
from assistant.errors import BadQuestion, UnknownJurisdiction
from assistant.library import Library
from assistant.models import Question
from assistant.phrases import Phrases
from assistant.query import Ask, Query, Scope, bearers, ordered
from assistant.terms import Term, Weights, content_terms
from assistant.typing_repair import TypingRepair, reads_otherwise
from index.address import Address, AddressError, canonical_number
from index.lexical import simplify
from index.lexicon.offices import OfficeMention, Offices
from index.lexicon.places import Gazetteer, Place, PlaceMention
from index.lexicon.terms import sanctions
from index.privacy import find_personal_data
from index.provision import Document, Metadata
from index.store import Index

_CITED_TITLE = re.compile(r"《([^《》]{2,60})》")
#: A law cited by its number without marks around its name: 安全生产法第一百一十四条.
_NAMED_LAW = re.compile(
    r"([\u4e00-\u9fff]{1,20}(?<![办方本该])(?:法|条例))第?[\d一二三四五六七八九十百千]+条"
)
#: What a deputy is in charge of, which names the post and is not asked about: 分管农业的副县长.
_PORTFOLIO = re.compile(r"(?:分管|主管|联系|管(?![得不])|抓)[^，。？的\s]{1,6}的?(?=\s|$)")
#: The end of a place's name that is the beginning of a post: 静安区长, not 静安区长期.
_SHARED_WITH_POST = re.compile("[省市区县州盟旗镇乡]长(?![期远年久足处短])")
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
        weights: the rarity of words in the index.
        gazetteer, offices, phrases: the lexicon.
        repair: what was typed as pinyin, in English or with slips, as it was meant.
    """

    weights: Weights
    gazetteer: Gazetteer
    offices: Offices
    phrases: Phrases
    repair: TypingRepair

    @classmethod
    def over(cls, index: Index) -> Understanding:
        """The understanding for questions to *index*."""
        jieba.setLogLevel("ERROR")
        jieba.posseg.lcut("预先载入词典")  # else the first question pays for it
        return cls(
            Weights(index.chunks),
            Gazetteer.load(),
            Offices.load(),
            Phrases.load(),
            TypingRepair.over(index, Gazetteer.load()),
        )

    def read(self, question: Question, library: Library) -> Query:
        """What *question* asks of the documents that *library* may show.

        Raises:
            BadQuestion: nothing but blanks.
            UnknownJurisdiction: the asker's place is no place.
        """
        typed = simplify(question.question.strip())
        asked = self._repaired(typed, library)
        if not asked:
            raise BadQuestion("问题是空的。请写出想问的事，例如“常州受到诫勉处理多久不得提拔”。")
        text = self._completed(asked, question, library)
        covered = self._covered(library)
        mentions = self.gazetteer.find(text, prefer=[place.name for place in covered.values()])
        documents, missing = self._named_documents(text, library)
        scopes, uncovered, borrowed = self._scopes(
            text, mentions, documents, question, library, covered
        )
        bare = self._without_names(text, mentions, documents)
        addresses = tuple(Address.find(text)) or _whole_address(bare)
        core = "" if _whole_address(bare) else self._without_addresses(bare)
        core, compared = astuple(without_comparing(core, places=len(mentions) > 1))
        offices = tuple(self.offices.find(core))
        terms = self._terms(_PORTFOLIO.sub(" ", _WHEN.sub(" ", _without(core, offices))))
        kinds = ordered((*self.phrases.kinds(core), *compared))
        return Query(
            text=text,
            core=" ".join(core.split()),
            kinds=kinds,
            terms=terms,
            scopes=scopes,
            named_places=bool(mentions or documents or question.jurisdiction),
            uncovered=uncovered,
            borrowed=borrowed,
            offices=offices,
            bearers=bearers(offices, kinds, terms),
            addresses=addresses,
            missing_documents=missing,
            bare_address=bool(addresses)
            and (Ask.TEXT in kinds or all(term.weight < _TELLING for term in terms)),
            asks_opinion=self.phrases.has("opinion", text),
            dangling=self.phrases.has("said_above", text)
            and not (question.history or mentions or documents),
            asks_contact=self.phrases.asks_contact(text) or bool(find_personal_data(typed)),
            as_of=library.as_of,
            read_as=asked if reads_otherwise(typed, asked) else "",
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

    def _repaired(self, typed: str, library: Library) -> str:
        covered = {document.metadata.jurisdiction: None for document in library.documents}
        return self.repair.repair(typed, [name for name in covered if name])

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
        text: str,
        mentions: Iterable[PlaceMention],
        documents: tuple[Document, ...],
        question: Question,
        library: Library,
        covered: dict[str, Place],
    ) -> tuple[tuple[Scope, ...], tuple[str, ...], dict[str, str]]:
        """The places to answer for, those without a document, those that another answers for."""
        if documents:
            return _by_place(documents), (), {}
        given = self.check_jurisdiction(question.jurisdiction, library)
        places = list(dict.fromkeys(mention.place for mention in mentions))
        if not places and isinstance(given, str):
            return _by_place(_of(given, library)), (), {}
        home = covered.get(given) if isinstance(given, str) else given
        if home is not None and (not places or _only_later(mentions, text)):
            places.insert(0, home)
        if not places:
            return _by_place(library.documents), (), {}
        found: list[Document] = []
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

    def _city_around(self, place: Place, covered: dict[str, Place]) -> str | None:
        """The jurisdiction of the city that a district or zone lies in: its rules hold there."""
        if place.level not in {"county", "zone"}:
            return None
        inside = [n for n, city in covered.items() if self.gazetteer.is_within(place, city)]
        return inside[0] if inside else None

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
        for title in [*_CITED_TITLE.findall(text), *_NAMED_LAW.findall(text)]:
            if not any(_is_title_of(title, d.metadata) for d in library.documents):
                missing.append(f"《{title}》")
        return tuple(found), tuple(missing)

    # --- words

    def _without_names(
        self, text: str, mentions: Iterable[PlaceMention], documents: Iterable[Document]
    ) -> str:
        kept = list(text)
        for mention in mentions:
            # 静安区长 is the 区长 of 静安: the last character belongs to the post as well.
            end = mention.end - bool(_SHARED_WITH_POST.match(text, mention.end - 1))
            kept[mention.start : end] = " " * (end - mention.start)
        for document in documents:
            for name in map(simplify, _names(document.metadata)):
                for found in re.finditer(f"《?{re.escape(name)}》?", text):
                    kept[found.start() : found.end()] = " " * len(found[0])
        bare = "".join(kept)
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
        if not before:
            return asked
        if not self._is_elliptic(asked, library):
            return self._in_same_place(before, asked, library)
        previous = self._repaired(simplify(before[-1].strip()), library)
        shorter = question.model_copy(
            update={"question": previous or asked, "history": question.history[:-1]}
        )
        earlier = tuple(t for t in question.history if t.role == "user")[:-1]
        completed = self._completed(
            previous, shorter.model_copy(update={"history": earlier}), library
        )
        return self._replaced(completed, asked)

    def _in_same_place(self, before: list[str], asked: str, library: Library) -> str:
        """*asked* with the place that was talked of, unless it names a place or a document."""
        if self._place_spans(asked) or any(self._named_documents(asked, library)):
            return asked
        for turn in reversed([simplify(words) for words in before]):
            spans = self._place_spans(turn)
            if spans:
                return f"{'、'.join(turn[start:end] for start, end in spans)}，{asked}"
        return asked

    def _is_elliptic(self, asked: str, library: Library) -> bool:
        """Whether *asked* says nothing but a place, an office or an address, as 成都呢 does."""
        if len(asked) > 30:
            return False
        mentions = self.gazetteer.find(asked)
        bare = self._without_addresses(self._without_names(asked, mentions, ()))
        named = mentions or self.offices.find(bare) or Address.find(asked)
        bare = _without(bare, self.offices.find(bare))
        left = [term for term in self._terms(bare) if term.weight > 0.3]
        refers = bool(re.search("呢|那", asked))
        asks = self.phrases.kinds(bare) != (Ask.OPEN,)
        if asks and not refers:
            return not named and not left
        only_sanction = refers and bool(left) and all(term.decides for term in left)
        return only_sanction or (bool(named) and not left)

    def _replaced(self, previous: str, asked: str) -> str:
        """*previous* with its place, office or address replaced by that in *asked*."""
        text = previous
        if _address_spans(asked) and not _address_spans(previous):
            # 第二十五条呢 after another kind of question asks for that article of the same place.
            text = " ".join(previous[start:end] for start, end in self._place_spans(previous))
        for find in (
            *(self._place_spans, self._office_spans, _address_spans, _sanction_spans),
            _date_spans,
        ):
            new, old = find(asked), find(text)
            if not new:
                continue
            words = asked[new[0][0] : new[0][1]]
            if find == self._office_spans:
                words = self._same_rank(text, old, words)
            start, end = old[0] if old else (len(text),) * 2 if find == _address_spans else (0, 0)
            text = text[:start] + words + text[end:]
        if text == previous:  # 一年几次 after a question about a meeting asks another thing of it
            text = f"{self.phrases.asking.sub(' ', previous)} {asked}"
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


def _only_later(mentions: Iterable[PlaceMention], text: str) -> bool:
    """Whether places are named behind the first sentence only: …？北京那边呢."""
    first = re.search(r"[？?。！!]", text)
    return first is not None and all(mention.start >= first.end() for mention in mentions)


def _without(text: str, mentions: Iterable[OfficeMention]) -> str:
    kept = list(text)
    for mention in mentions:
        kept[mention.start : mention.end] = " " * (mention.end - mention.start)
    return "".join(kept)


def _whole_address(text: str) -> tuple[Address, ...]:
    """The address that all of *text* is, with bare numbers allowed: 二（四）3（2）."""
    try:
        address = Address.parse(text.strip())
    except AddressError:
        return ()
    return (address,) if not address.document and len(address.steps) > 1 else ()


def _sanction_spans(text: str) -> list[tuple[int, int]]:
    return [(mention.start, mention.end) for mention in sanctions().find(text)]


def _date_spans(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _WHEN.finditer(text)]


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
    names = [simplify(name) for name in _names(metadata)]
    if any(len(name) >= 3 and name in text for name in names):
        return True
    # 刑法 is two characters, and part of other words: only where an article of it is named.
    return any(re.search(rf"(?<![\u4e00-\u9fff]){re.escape(n)}(?:》)?第", text) for n in names)


def _is_title_of(cited: str, metadata: Metadata) -> bool:
    return any(cited in simplify(name) or simplify(name) in cited for name in _names(metadata))
