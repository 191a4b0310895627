"""One reading of one text for the names of places.

names in Chinese, each with its zone word → names in Latin letters → one place in another joined
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from index.lexicon.latin import LatinFinder
from index.lexicon.matching import PhraseTable
from index.lexicon.place_data import Place
from index.lexicon.place_tree import PlaceTree
from index.lexicon.script import for_matching, simplify
from index.lexicon.slips import SlipFinder, is_suffix
from index.lexicon.words import word_ends

How = Literal["name", "pinyin", "slip", "traditional"]
#: What follows 市, 区 or 县 in the words for their organs: there the ending belongs to the place.
_ORGANS = "委长政府里属直纪人安应公工"
_DOCUMENT_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,8}（(?:19|20)\d\d）")
#: Words before a place's name that the dictionary joins with its first character (那双, 在建).
_LEADS = "那在和问及与至到从去"
_LINKS = frozenset(["", "的", "·", " ", "-"])
_LATIN_LINKS = frozenset([",", ", ", "，", " "])


@dataclass(frozen=True)
class PlaceMention:
    """A place that a text names, at ``text[start:end]``.

    Args:
        place: what is most likely meant.
        start: where the words begin.
        end: where they end.
        how: `name` as written, `traditional` in traditional characters, `pinyin` in Latin letters,
            `slip` with a wrong character.
        others: other places of the same name, best first (鼓楼区 without its city).
    """

    place: Place
    start: int
    end: int
    how: How
    others: tuple[Place, ...] = ()

    @property
    def options(self) -> tuple[Place, ...]:
        """Every place that may be meant, best first."""
        return (self.place, *self.others)


@dataclass(frozen=True)
class Name:
    """One way to write a place in Chinese."""

    place: Place
    full: bool
    ordinary: bool


@dataclass(frozen=True)
class Tables:
    """What a reading looks things up in.

    Args:
        names: every way to write a place in Chinese.
        zone_words: the words that make a division's name the name of an area in it.
        not_places: longer words that contain the name of a place.
        latin: names in Latin letters.
        slips: names with a wrong character.
        tree: which place lies in which.
    """

    names: PhraseTable[Name]
    zone_words: PhraseTable[str]
    not_places: PhraseTable[str]
    latin: LatinFinder
    slips: SlipFinder
    tree: PlaceTree


class Preference:
    """Which of several places is meant, given those that the caller expects."""

    def __init__(self, tree: PlaceTree, places: frozenset[Place], unknown: Iterable[Place]) -> None:
        self._tree = tree
        self.places = places
        #: Whose names may be misspelt more freely: of 湛江开发区 it is 湛江市's that is.
        self.misspelt = places | {
            above for zone in places if zone.level == "zone" for above in tree.ancestors(zone)
        }
        self.unknown = PhraseTable(
            (for_matching(place.name), Name(place, full=True, ordinary=False))
            for place in unknown
            if place.name
        )

    def order(self, places: Iterable[Place]) -> tuple[Place, ...]:
        """Preferred places first, then those within one, then the higher and the earlier."""
        unique = dict.fromkeys(places)
        return tuple(sorted(unique, key=self._key)) if len(unique) > 1 else tuple(unique)

    def _key(self, place: Place) -> tuple[bool, bool, int, int]:
        near = any(place in self.places for place in self._tree.ancestors(place))
        return place not in self.places, not near, place.rank, self._tree.number(place)


@dataclass(frozen=True)
class _Hit:
    """A mention in the making."""

    start: int
    end: int
    options: tuple[Place, ...]
    how: How
    short: bool = False


class Scan:
    """One reading of one text."""

    def __init__(self, tables: Tables, text: str, preference: Preference) -> None:
        self._tables = tables
        self._preference = preference
        self._text = text
        self._plain = for_matching(text)
        self._hits: list[_Hit] = []

    def mentions(self) -> list[PlaceMention]:
        """Everything found, joined where one place stands before another in it."""
        self._read_chinese()
        self._read_latin()
        self._hits.sort(key=lambda hit: hit.start)
        return [self._mention(hit) for hit in self._joined()]

    def _mention(self, hit: _Hit) -> PlaceMention:
        words, how = self._text[hit.start : hit.end], hit.how
        if how == "name" and simplify(words) != words and words not in self._tables.names:
            how = "traditional"
        return PlaceMention(hit.options[0], hit.start, hit.end, how, hit.options[1:])

    @cached_property
    def _words(self) -> dict[int, int]:
        return word_ends(self._plain)

    @cached_property
    def _number_prefixes(self) -> list[tuple[int, int]]:
        """成安委〔2020〕9号 does not name 成安县."""
        return [match.span() for match in _DOCUMENT_NUMBER.finditer(self._plain)]

    @cached_property
    def _barred(self) -> list[tuple[int, int]]:
        return [(start, end) for start, end, _ in self._tables.not_places.scan(self._plain)]

    # --- names in Chinese ---------------------------------------------------------------------

    def _read_chinese(self) -> None:
        position = 0
        while position < len(self._plain):
            hit = self._at(position)
            if hit is not None:
                hit = self._with_zone(hit)
                self._hits.append(hit)
            position = hit.end if hit else position + 1

    def _at(self, start: int) -> _Hit | None:
        if self._plain[start].isascii():
            return self._unknown_at(start)
        hit = self._unknown_at(start) or self._name_at(start)
        # 长洲 is a district, but 长洲市 is none: rather 常州市 with a wrong character.
        if hit is None or (hit.short and is_suffix(self._plain[hit.end : hit.end + 1])):
            return self._slip_at(start) or hit
        return hit

    def _unknown_at(self, start: int) -> _Hit | None:
        found = next(self._preference.unknown.at(self._plain, start), None)
        if found is None:
            return None
        end, names = found
        return _Hit(start, end, tuple(name.place for name in names), "name")

    def _name_at(self, start: int) -> _Hit | None:
        for end, names in self._tables.names.at(self._plain, start):
            if any(begin < end and start < stop for begin, stop in self._barred):
                continue
            accepted = [name for name in names if self._accepts(name, start, end)]
            if accepted:
                options = self._preference.order(name.place for name in accepted)
                short = options[0].rank == 2 and not accepted[0].full
                return _Hit(start, end, options, "name", short)
        return None

    def _accepts(self, name: Name, start: int, end: int) -> bool:
        expected = name.full and name.place in self._preference.places
        if name.ordinary and not expected and not self._follows_ancestor(name.place, start):
            return False
        if name.full:
            return self._accepts_full(name.place, start, end)
        return self._accepts_short(name.place, start, end)

    def _accepts_full(self, place: Place, start: int, end: int) -> bool:
        """Not 应县 in 相应县级, not 合作市 in 合作市场."""
        if place.level == "zone":
            return True
        if self._ending_starts_word(end):
            return False
        return (place.rank < 2 and end - start > 2) or self._begins_word(start)

    def _begins_word(self, start: int) -> bool:
        """A word begins here, or one that a grammar word was drawn into: 那双流区, 在建湖."""
        if start in self._words:
            return True
        return start - 1 in self._words and self._plain[start - 1] in _LEADS

    def _ending_starts_word(self, end: int) -> bool:
        if not is_suffix(self._plain[end - 1]) or end >= len(self._plain):
            return False
        return self._words.get(end - 1, 0) > end and self._plain[end] not in _ORGANS

    def _accepts_short(self, place: Place, start: int, end: int) -> bool:
        """Short names begin with a word and end with one; large places may begin a longer one."""
        if not self._begins_word(start):
            return False
        cut = any(
            start < s < end < e and not self._ending_joins_organ(s, end)
            for s, e in self._words_between(start, end)
        )
        if place.rank < 2:
            return not cut
        if any(begin <= start < stop for begin, stop in self._number_prefixes):
            return False
        return end in self._words or end == len(self._plain) or is_suffix(self._plain[end])

    def _ending_joins_organ(self, word_start: int, end: int) -> bool:
        """Whether the dictionary took the name's last character for an organ's: 常|州政府."""
        return word_start == end - 1 and self._plain[end] in _ORGANS

    def _words_between(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        return ((s, self._words[s]) for s in range(start, end) if s in self._words)

    def _follows_ancestor(self, place: Place, start: int) -> bool:
        if not self._hits or self._plain[self._hits[-1].end : start] not in _LINKS:
            return False
        return bool(self._tables.tree.inside((place,), self._hits[-1].options))

    def _slip_at(self, start: int) -> _Hit | None:
        barred = self._barred + self._number_prefixes
        if any(begin <= start < stop for begin, stop in barred):
            return None
        slips = self._tables.slips.at(self._plain, start, self._words, self._preference.misspelt)
        if not slips:
            return None
        options = tuple(slip.place for slip in slips if slip.end == slips[0].end)
        return _Hit(start, slips[0].end, options, "slip")

    def _with_zone(self, hit: _Hit) -> _Hit:
        """湛江 + 经开区 is an area in 湛江市."""
        place = hit.options[0]
        if place.level == "zone" or hit.end >= len(self._plain):
            return hit
        found = next(self._tables.zone_words.at(self._plain, hit.end), None)
        if found is None or not (found[0] in self._words or found[0] == len(self._plain)):
            return hit
        end, (word,) = found
        return replace(hit, end=end, options=self._zone(place, word), short=False)

    def _zone(self, place: Place, word: str) -> tuple[Place, ...]:
        listed = self._tables.names.get(place.short + word)
        if listed:
            return tuple(name.place for name in listed)
        return (Place(place.short + word, "zone", self._tables.tree.full_name(place)),)

    # --- names in Latin letters ---------------------------------------------------------------

    def _read_latin(self) -> None:
        taken = [(hit.start, hit.end) for hit in self._hits]
        for found in self._tables.latin.find(self._text, self._is_preferred):
            if any(begin < found.end and found.start < stop for begin, stop in taken):
                continue
            options = self._preference.order(found.places)
            end = found.end
            if is_suffix(self._plain[end : end + 1]) and options[0].name.endswith(self._plain[end]):
                end += 1
            how: How = "name" if found.exact else "pinyin"
            self._hits.append(_Hit(found.start, end, options, how))

    def _is_preferred(self, place: Place) -> bool:
        return place in self._preference.places

    # --- one place in another -----------------------------------------------------------------

    def _joined(self) -> list[_Hit]:
        joined: list[_Hit] = []
        for hit in self._hits:
            pair = self._pair(joined[-1], hit) if joined else None
            if pair is None:
                joined.append(hit)
            else:
                joined[-1] = pair
        return joined

    def _pair(self, before: _Hit, after: _Hit) -> _Hit | None:
        link = self._text[before.end : after.start]
        if link in _LINKS:
            inner = self._tables.tree.inside(after.options, before.options)
            if inner:
                how = after.how if after.how != "name" else before.how
                return replace(after, start=before.start, options=inner, how=how)
        if link in _LATIN_LINKS and before.how == "pinyin":
            inner = self._tables.tree.inside(before.options, after.options)
            if inner:
                return replace(before, end=after.end, options=inner)
        return None
