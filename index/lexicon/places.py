"""Which places a text names: in full, for short, in pinyin, or with a wrong character.

    Gazetteer.load().find("上海靜安區的区长")  →  静安区 at 0..5, in traditional characters

The facts are data (`places.tsv`, `places_extra.yaml`); this and `place_scan` only read them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from index.lexicon.latin import LatinFinder
from index.lexicon.matching import PhraseTable
from index.lexicon.place_data import Place, PlaceData, place_data
from index.lexicon.place_scan import Name, PlaceMention, Preference, Scan, Tables
from index.lexicon.place_tree import PlaceTree
from index.lexicon.script import for_matching, simplify
from index.lexicon.slips import SlipFinder

__all__ = ["Gazetteer", "Place", "PlaceMention"]


class Gazetteer:
    """All places that can be named; use `load`, which reads the files once."""

    def __init__(self, data: PlaceData) -> None:
        self.places = data.places
        self._tree = PlaceTree(data.places)
        self._tables = Tables(
            names=PhraseTable(_chinese_names(data)),
            zone_words=PhraseTable((word, word) for word in data.zone_words),
            not_places=PhraseTable((word, word) for word in data.not_places),
            latin=LatinFinder(data),
            slips=SlipFinder(data),
            tree=self._tree,
        )

    @classmethod
    def load(cls) -> Gazetteer:
        """The gazetteer of the shipped files.

        Raises:
            LexiconError: a file is missing or cannot be used.
        """
        return _load()

    def find(self, text: str, prefer: Sequence[str] = ()) -> list[PlaceMention]:
        """The places that `text` names, from left to right, none overlapping another.

        A division within a named one is one mention: 上海市静安区 is 静安区.

        Args:
            text: a question, a title, any text in any script.
            prefer: names of places that are likelier than others, such as the covered ones; a name
                that the gazetteer does not know is found in the text as it stands.
        """
        return Scan(self._tables, text, self._preference(tuple(prefer))).mentions()

    def lookup(self, name: str) -> Place | None:
        """The place of this name (静安区, 上海市静安区, 静安), the highest if there are several."""
        return next(iter(self._named(name)), None)

    def ancestors(self, place: Place | str) -> list[Place]:
        """The divisions that `place` lies in, the nearest first; empty if it is not known."""
        known = self.lookup(place) if isinstance(place, str) else place
        return self._tree.ancestors(known) if known else []

    def full_name(self, place: Place) -> str:
        """The name with all those above it, 江苏省常州市武进区: unlike the name it is unique."""
        return self._tree.full_name(place)

    def is_within(self, inner: Place | str, outer: Place | str) -> bool:
        """Whether `inner` is `outer` or lies in it; of ambiguous names, whether any of them is."""
        inners = self._named(inner) if isinstance(inner, str) else (inner,)
        outers = self._named(outer) if isinstance(outer, str) else (outer,)
        return bool(set(inners) & set(outers) or self._tree.inside(inners, outers))

    def _named(self, name: str) -> tuple[Place, ...]:
        plain = for_matching(name.strip())
        named = self._tree.named(plain) or tuple(
            entry.place for entry in self._tables.names.get(plain)
        )
        if named:
            return named
        mentions = self.find(name.strip())
        whole = len(mentions) == 1 and mentions[0].end - mentions[0].start == len(name.strip())
        return mentions[0].options if whole else ()

    @lru_cache(maxsize=64)  # noqa: B019  one gazetteer lives as long as the process
    def _preference(self, prefer: tuple[str, ...]) -> Preference:
        known = {name: self._named(name) for name in prefer if name.strip()}
        places = frozenset(options[0] for options in known.values() if options)
        unknown = tuple(self._invented(name) for name, options in known.items() if not options)
        return Preference(self._tree, places | frozenset(unknown), unknown)

    def _invented(self, name: str) -> Place:
        """A place for a preferred name that no file has."""
        mentions = self.find(name)
        parent = self.full_name(mentions[0].place) if mentions else None
        return Place(name.strip(), "zone", parent)


@lru_cache(maxsize=1)
def _load() -> Gazetteer:
    return Gazetteer(place_data())


def _chinese_names(data: PlaceData) -> Iterator[tuple[str, Name]]:
    for place in data.places:
        ordinary = place.name in data.ordinary_full_names
        yield from _spellings(place.name, Name(place, full=True, ordinary=ordinary))
        for other in place.other_names:
            if not other.isascii():
                ordinary = other in data.ordinary_short_names
                full = place.level == "zone"
                yield from _spellings(other, Name(place, full=full, ordinary=ordinary))


def _spellings(text: str, name: Name) -> Iterator[tuple[str, Name]]:
    """乾县 is 干县 once the text is in simplified characters, and both are searched for."""
    yield text, name
    simplified = simplify(text)
    if simplified != text:
        yield simplified, name
