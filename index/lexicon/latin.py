"""Names of places in Latin letters: changzhou, Chang Zhou, Jing'an District, Canton."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from index.lexicon.place_data import Place, PlaceData, lazy_pinyin_plain

_APOSTROPHES = "'’ʼ`"
_WORD = re.compile(rf"[A-Za-z\u00c0-\u024f]+(?:[{_APOSTROPHES}](?!s\b)[A-Za-z\u00c0-\u024f]+)*")
_GAP = re.compile(r"[ \t\-]{0,2}")
MOST_WORDS = 8
#: A word behind a name says its kind: the endings that a name of this kind has.
_KINDS = {
    "city": "市", "shi": "市", "municipality": "市", "district": "区", "qu": "区", "county": "县旗",
    "xian": "县", "province": "省区", "sheng": "省", "prefecture": "州市盟区", "zhou": "州",
    "new area": "区", "region": "区",
}  # fmt: skip


@dataclass(frozen=True)
class LatinHit:
    """A stretch of text that names one of `places`; `exact` unless it is pinyin."""

    start: int
    end: int
    places: tuple[Place, ...]
    exact: bool


@dataclass(frozen=True)
class _Word:
    start: int
    end: int
    plain: str
    #: Written as a name: with a capital, or with an apostrophe between its syllables.
    marked: bool


class LatinFinder:
    """Places by their pinyin and by their names in other languages."""

    def __init__(self, data: PlaceData) -> None:
        self._data = data
        self._pinyin: dict[str, tuple[Place, ...]] = {}
        self._names: dict[str, tuple[Place, ...]] = {}
        self._syllables = {s for place in data.places for s in place.pinyin.split()}
        for place in data.places:
            for key in _pinyin_keys(place):
                _add(self._pinyin, key, place)
            for name in place.other_names:
                if name.isascii():
                    _add(self._names, _plain(name), place)

    def find(self, text: str, preferred: Callable[[Place], bool]) -> Iterator[LatinHit]:
        """The names in `text`, longest first from left to right."""
        words = [_word(match) for match in _WORD.finditer(text)]
        position = 0
        while position < len(words):
            hit, taken = self._at(text, words[position : position + MOST_WORDS], preferred)
            if hit is not None:
                yield hit
            position += taken

    def _at(
        self, text: str, words: list[_Word], preferred: Callable[[Place], bool]
    ) -> tuple[LatinHit | None, int]:
        words = list(_connected(text, words))
        for count in range(len(words), 0, -1):
            run = words[:count]
            key = "".join(word.plain for word in run)
            kind = words[count].plain if count < len(words) else ""
            named = self._names.get(key)
            places = named or self._read(key, run, kind, preferred)
            if places:
                extra = self._kind_words(places, kind)
                end = words[count - 1 + extra].end
                return LatinHit(run[0].start, end, places, named is not None), count + extra
        hit = self._prefix(words[0], preferred)
        return hit, 1

    def _read(
        self, key: str, run: list[_Word], kind: str, preferred: Callable[[Place], bool]
    ) -> tuple[Place, ...]:
        places = self._pinyin.get(key, ())
        if not places:
            return ()
        of_kind = tuple(place for place in places if place.name[-1] in _KINDS.get(kind, ""))
        if of_kind:
            return of_kind
        if any(preferred(place) for place in places):
            return places
        return places if self._unmistakable(key, run, places) else ()

    def _unmistakable(self, key: str, run: list[_Word], places: tuple[Place, ...]) -> bool:
        """Whether the letters can hardly be an English word, or several."""
        large = any(place.rank < 2 for place in places)
        if key in self._data.english_words and not (large and run[0].marked):
            return False
        if key in self._syllables and len(run) == 1 and not run[0].marked:
            return False  # xian may be 西安, but is any of a hundred characters
        if len(run) > 1:
            return large or not any(w.plain in self._data.english_syllables for w in run)
        return large or len(key) > 5

    @staticmethod
    def _kind_words(places: tuple[Place, ...], kind: str) -> int:
        return int(any(place.name[-1] in _KINDS.get(kind, "") for place in places))

    def _prefix(self, word: _Word, preferred: Callable[[Place], bool]) -> LatinHit | None:
        """A whole question typed without blanks: changzhoushiweishuji."""
        for length in range(len(word.plain) - 2, 6, -1):
            places = tuple(p for p in self._pinyin.get(word.plain[:length], ()) if preferred(p))
            if places and len(word.plain) == word.end - word.start:
                return LatinHit(word.start, word.start + length, places, False)
        return None


def _word(match: re.Match[str]) -> _Word:
    marked = not match[0].islower() or any(mark in match[0] for mark in _APOSTROPHES)
    return _Word(match.start(), match.end(), _plain(match[0]), marked)


def _pinyin_keys(place: Place) -> Iterator[str]:
    whole = place.pinyin.split()
    if len(place.short) > 1 and len(place.short) < len(place.name):
        yield "".join(place.syllables)
    yield "".join(whole)
    if place.level == "zone":
        for name in place.other_names:
            if not name.isascii():
                yield "".join(lazy_pinyin_plain(name))


def _add(table: dict[str, tuple[Place, ...]], key: str, place: Place) -> None:
    table[key] = (*table.get(key, ()), place)


def _plain(text: str) -> str:
    """Lower case without marks: Xī'ān → xian, Lǜchūn → lvchun."""
    text = re.sub("[üǖǘǚǜÜǕǗǙǛ]", "v", text)
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if c.isascii() and c.isalpha()).lower()


def _connected(text: str, words: list[_Word]) -> Iterator[_Word]:
    """The first words, as long as only a blank or hyphen stands between them."""
    for before, word in zip([None, *words], words, strict=False):
        if before is not None and not _GAP.fullmatch(text, before.end, word.start):
            return
        yield word
