"""How places lie in one another, and which of them a name with its parents means."""

from __future__ import annotations

from collections.abc import Iterable

from index.lexicon.place_data import Place


class PlaceTree:
    """Places by their names, alone and with those above: 武进区, 常州市武进区."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._paths: dict[str, tuple[Place, ...]] = {}
        self._order: dict[Place, int] = {}
        for number, place in enumerate(places):
            self._order[place] = number
            self._add(place.name, place)
            if place.parent:
                self._add(place.parent + place.name, place)
        for place in self._order:
            above = self.ancestors(place)
            if len(above) > 1:
                self._add(self.full_name(place), place)
                self._add(above[-1].name + place.name, place)

    def _add(self, path: str, place: Place) -> None:
        known = self._paths.get(path, ())
        if place not in known:
            self._paths[path] = (*known, place)

    def named(self, path: str) -> tuple[Place, ...]:
        """The places of this name, the higher first; several only where the name is ambiguous."""
        return self._paths.get(path, ())

    def number(self, place: Place) -> int:
        """Its place in the order of the list; places that are not listed come first."""
        return self._order.get(place, 0)

    def ancestors(self, place: Place) -> list[Place]:
        """The divisions that `place` lies in, the nearest first."""
        found: list[Place] = []
        parent = place.parent
        while parent is not None:
            above = next(iter(self.named(parent)), None)
            if above is None:
                break
            found.append(above)
            parent = above.parent
        return found

    def full_name(self, place: Place) -> str:
        """The name with all those above it, 江苏省常州市武进区: unlike the name it is unique."""
        return "".join(above.name for above in reversed(self.ancestors(place))) + place.name

    def inside(self, inner: Iterable[Place], outer: Iterable[Place]) -> tuple[Place, ...]:
        """Those of `inner` that lie in one of `outer`, and are not it."""
        outer = tuple(outer)
        return tuple(
            place for place in inner if any(above in outer for above in self.ancestors(place))
        )
