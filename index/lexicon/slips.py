"""Names of places written with a wrong character: 常洲 for 常州, 甚江 for 湛江.

A wrong character sounds like the right one, or looks like it (a list in `places_extra.yaml`).
What is an ordinary word, or cuts one, is never taken for a slip.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from pypinyin import Style, pinyin

from index.lexicon.place_data import SUFFIXES, Place, PlaceData
from index.lexicon.words import is_word

LENGTHS = (3, 2)


@dataclass(frozen=True)
class Slip:
    """A window of text that may be meant as a place: its end, the place, characters in common."""

    end: int
    place: Place
    common: int


class SlipFinder:
    """The short names of places by length and one of their characters."""

    def __init__(self, data: PlaceData) -> None:
        self._look_alikes = data.look_alikes
        self._grammar = data.grammar_characters
        self._by_character: dict[tuple[int, int, str], list[Place]] = {}
        for place in data.places:
            if place.level != "zone" and len(place.short) in LENGTHS:
                self._add(place)

    def _add(self, place: Place) -> None:
        for position, character in enumerate(place.short):
            key = (len(place.short), position, character)
            self._by_character.setdefault(key, []).append(place)

    def at(
        self, text: str, start: int, words: Mapping[int, int], preferred: frozenset[Place]
    ) -> list[Slip]:
        """The places that a misspelt name beginning at `start` may mean, best first.

        Args:
            text: in simplified characters.
            start: where the name begins.
            words: `word_ends` of the text.
            preferred: places that the caller expects to be named.
        """
        for length in LENGTHS:
            end = start + length
            if not self._may_be_name(text, start, end, words):
                continue
            slips = list(self._readings(text, start, end, preferred))
            if slips:
                return sorted(slips, key=_by_preference(preferred))
        return []

    @staticmethod
    def _may_be_name(text: str, start: int, end: int, words: Mapping[int, int]) -> bool:
        window = text[start:end]
        if start not in words or len(window) != end - start:
            return False
        if not all("\u4e00" <= character <= "\u9fff" for character in window):
            return False
        with_suffix = words[start] == end + 1 and is_suffix(text[end])
        return end in words or end == len(text) or with_suffix

    def _readings(
        self, text: str, start: int, end: int, preferred: frozenset[Place]
    ) -> Iterator[Slip]:
        window = text[start:end]
        for place in dict.fromkeys(self._candidates(window, preferred)):
            suffix = place.name[len(place.short) :]
            followed = bool(suffix) and text.startswith(suffix, end)
            common = sum(a == b for a, b in zip(window, place.short, strict=True))
            if not self._plausible(place, common, followed, place in preferred):
                continue
            if is_word(window) and not (followed and self._looks_like(window, place)):
                continue
            if self._same(window, place, followed, fuzzy=place in preferred):
                yield Slip(end + len(suffix) * followed, place, common)

    def _candidates(self, window: str, preferred: Iterable[Place]) -> Iterator[Place]:
        for position, character in enumerate(window):
            yield from self._by_character.get((len(window), position, character), ())
        for place in preferred:
            if len(place.short) == len(window) and place.level != "zone":
                yield place

    @staticmethod
    def _plausible(place: Place, common: int, followed: bool, preferred: bool) -> bool:
        """Counties need their ending after them; names with no right character at all as well."""
        if common == len(place.short):
            return False
        if preferred:
            return followed or common > 0
        if place.level == "county" and not followed:
            return False
        return common * 2 >= len(place.short)

    def _looks_like(self, window: str, place: Place) -> bool:
        """毫州市: the dictionary has 毫州 as a word, so many people write it."""
        pairs = zip(window, place.short, strict=True)
        return all(a == b or b in self._look_alikes.get(a, ()) for a, b in pairs)

    def _same(self, window: str, place: Place, followed: bool, *, fuzzy: bool) -> bool:
        """Whether every character is right or like it; 被 and the like only before an ending."""
        pairs = zip(window, place.short, place.syllables, strict=True)
        return all(
            wrong == right
            or ((followed or wrong not in self._grammar) and self._like(wrong, right, sound, fuzzy))
            for wrong, right, sound in pairs
        )

    def _like(self, wrong: str, right: str, sound: str, fuzzy: bool) -> bool:
        if right in self._look_alikes.get(wrong, ()) or readings(wrong)[0] == sound:
            return True
        return fuzzy and _blurred(sound) in map(_blurred, readings(wrong))


def _by_preference(preferred: frozenset[Place]) -> Callable[[Slip], tuple[bool, int, int]]:
    return lambda slip: (slip.place not in preferred, -slip.common, slip.place.rank)


@lru_cache(maxsize=32768)  # all characters of the vocabulary, so that none is read twice
def readings(character: str) -> tuple[str, ...]:
    """Every reading of a character without tones, the usual one first."""
    return tuple(pinyin(character, style=Style.NORMAL, heteronym=True)[0])


def _blurred(syllable: str) -> str:
    """The syllable as many speakers cannot tell it from its neighbour: zh as z, -ng as -n."""
    for clear, blurred in (("zh", "z"), ("ch", "c"), ("sh", "s")):
        if syllable.startswith(clear):
            syllable = blurred + syllable.removeprefix(clear)
    return syllable.removesuffix("g") if syllable.endswith("ng") else syllable


def is_suffix(character: str) -> bool:
    """Whether a place's name may end with this character."""
    return character in SUFFIXES
