"""The places as data: `places.tsv` and `places_extra.yaml` read into frozen values."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from pypinyin import lazy_pinyin

from index.lexicon.loading import FOLDER, LexiconError, read_entries, read_yaml, texts

TABLE = "places.tsv"
EXTRA = "places_extra.yaml"
#: What an official name ends with and a short name leaves out; only single characters.
SUFFIXES = frozenset("省市区县州盟旗")
LEVELS = ("province", "prefecture", "county", "zone")


@dataclass(frozen=True)
class Place:
    """An administrative division, or an area that people name like one.

    Args:
        name: its official name: 静安区. Not unique among counties (鼓楼区); with the parent it is.
        level: `province`, `prefecture`, `county`, or `zone` for areas that are not divisions.
        parent: the name of the division above, with that one's parents where it needs them.
        other_names: short names first (静安), then what else people call it.
        pinyin: the syllables of `name` without tones, separated by blanks.
    """

    name: str
    level: str
    parent: str | None = None
    other_names: tuple[str, ...] = ()
    pinyin: str = ""

    @property
    def short(self) -> str:
        """The short name that begins the official one (常州 of 常州市), or the official one."""
        first = self.other_names[0] if self.other_names else ""
        return first if first and self.name.startswith(first) else self.name

    @property
    def syllables(self) -> tuple[str, ...]:
        """The pinyin of `short`."""
        return tuple(self.pinyin.split()[: len(self.short)])

    @property
    def rank(self) -> int:
        """0 for a province, 1 for a prefecture, 2 for a county, 3 for a zone."""
        return LEVELS.index(self.level)


@dataclass(frozen=True)
class _Zone:
    name: str
    parent: str
    other_names: tuple[str, ...] = ()
    english: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Former:
    name: str
    now: str
    parent: str


@dataclass(frozen=True)
class _OtherNames:
    name: str
    add: tuple[str, ...]


@dataclass(frozen=True)
class PlaceData:
    """All places, higher levels first, and the word lists that say when a word is one.

    The lists are the sections of `places_extra.yaml` and are explained there.
    """

    places: tuple[Place, ...]
    zone_words: tuple[str, ...]
    zone_words_english: tuple[str, ...]
    ordinary_full_names: frozenset[str]
    ordinary_short_names: frozenset[str]
    not_places: tuple[str, ...]
    english_words: frozenset[str]
    english_syllables: frozenset[str]
    look_alikes: dict[str, frozenset[str]] = field(hash=False)
    grammar_characters: frozenset[str]


_SECTIONS = (
    "zones", "zone_words", "zone_words_english", "former", "other_names", "ordinary_full_names",
    "ordinary_short_names", "not_places", "english_words", "english_syllables", "look_alikes",
    "grammar_characters",
)  # fmt: skip


@lru_cache(maxsize=1)
def place_data() -> PlaceData:
    """Both files, read once.

    Raises:
        LexiconError: one of them cannot be used.
    """
    extra = read_yaml(EXTRA, _SECTIONS)
    words = {
        name: texts(extra[name], EXTRA, name)
        for name in _SECTIONS
        if name not in {"zones", "former", "other_names", "grammar_characters"}
    }
    divisions = _with_other_names(
        _divisions(), read_entries(_OtherNames, extra["other_names"], EXTRA)
    )
    zones = _zones(read_entries(_Zone, extra["zones"], EXTRA), divisions)
    former = _former(read_entries(_Former, extra["former"], EXTRA), divisions)
    places = sorted([*divisions, *zones, *former], key=lambda place: place.rank)
    return PlaceData(
        places=tuple(places),
        zone_words=words["zone_words"],
        zone_words_english=words["zone_words_english"],
        ordinary_full_names=frozenset(words["ordinary_full_names"]),
        ordinary_short_names=frozenset(words["ordinary_short_names"]),
        not_places=words["not_places"],
        english_words=frozenset(words["english_words"]),
        english_syllables=frozenset(words["english_syllables"]),
        look_alikes=_pairs(words["look_alikes"]),
        grammar_characters=frozenset(str(extra["grammar_characters"])),
    )


def _divisions() -> list[Place]:
    try:
        lines = (FOLDER / TABLE).read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise LexiconError(f"词库文件 {TABLE} 读不出来：{error.strerror}。") from error
    rows = csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t")
    return [
        Place(
            name=row["name"],
            level=row["level"],
            parent=row["parent"] or None,
            other_names=tuple(filter(None, row["short"].split("|"))),
            pinyin=row["pinyin"],
        )
        for row in rows
    ]


def _with_other_names(places: list[Place], additions: Iterable[_OtherNames]) -> list[Place]:
    by_name = {addition.name: addition.add for addition in additions}
    _check_known(by_name, places)
    return [
        replace(place, other_names=place.other_names + by_name.get(place.name, ()))
        for place in places
    ]


def _check_known(names: Iterable[str], places: Iterable[Place]) -> None:
    known = {place.name for place in places}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise LexiconError(f"词库文件 {EXTRA}：{TABLE} 里没有“{'、'.join(unknown)}”。")


def _zones(zones: Iterable[_Zone], divisions: list[Place]) -> Iterator[Place]:
    by_name = {place.name: place for place in divisions}
    zones = tuple(zones)
    _check_known([zone.parent for zone in zones], divisions)
    for zone in zones:
        names = [zone.name, *zone.other_names]
        names += [longer for name in names for longer in _with_suffix(name, by_name[zone.parent])]
        others = tuple(dict.fromkeys([*names[1:], *zone.english]))
        yield Place(zone.name, "zone", zone.parent, others, " ".join(lazy_pinyin_plain(zone.name)))


def _with_suffix(name: str, parent: Place) -> Iterator[str]:
    """湛江市开发区 beside 湛江开发区."""
    if name.startswith(parent.short) and not name.startswith(parent.name):
        yield parent.name + name.removeprefix(parent.short)


def _former(former: Iterable[_Former], divisions: list[Place]) -> Iterator[Place]:
    former = tuple(former)
    _check_known([x for entry in former for x in (entry.now, entry.parent)], divisions)
    for entry in former:
        short = entry.name[:-1] if len(entry.name) > 2 else ""
        others = (short,) if short else ()
        pinyin = " ".join(lazy_pinyin_plain(entry.name))
        yield Place(entry.name, "county", entry.parent + entry.now, others, pinyin)


def lazy_pinyin_plain(text: str) -> list[str]:
    """The syllables of Chinese text, one a character."""
    return [syllable for character in text for syllable in lazy_pinyin(character)]


def _pairs(groups: Iterable[str]) -> dict[str, frozenset[str]]:
    pairs: dict[str, frozenset[str]] = {}
    for group in groups:
        for character in group:
            pairs[character] = pairs.get(character, frozenset()) | (frozenset(group) - {character})
    return pairs
