"""One version of the index as each audience sees it.

What reads questions knows the words of the index and how rare they are, so there is one such
reader for each audience: it must not know words that stand in an internal document only.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.understand import Understanding
from index.provision import Audience
from index.store import Index


@dataclass(frozen=True)
class View:
    """What one audience may read, and what reads its questions.

    Args:
        index: with nothing in it that this audience may not read.
        understanding: made of that index alone.
    """

    index: Index
    understanding: Understanding


class Views:
    """The views of one version, each made when it is first wanted; safe between threads.

    Making one takes a second and 18 MB for the shipped edition, so that a process whose callers
    all read everything makes one only.

    Args:
        whole: the version, open.
    """

    def __init__(self, whole: Index) -> None:
        self.whole = whole
        self._made: dict[Audience, View] = {}
        self._making = threading.Lock()

    def of(self, audience: Audience) -> View:
        """What *audience* sees."""
        view = self._made.get(audience)
        if view is None:
            with self._making:
                view = self._made.get(audience) or self._make(audience)
        return view

    @property
    def audiences(self) -> tuple[Audience, ...]:
        """Whom there is a view for already."""
        return tuple(self._made)

    def made_for(self, audiences: Iterable[Audience]) -> Views:
        """These views, made for *audiences* beforehand."""
        for audience in audiences:
            self.of(audience)
        return self

    def _make(self, audience: Audience) -> View:
        index = self.whole.readable_by(audience)
        same = (view for view in self._made.values() if view.index is index)
        view = next(same, None) or View(index, Understanding.over(index))
        self._made[audience] = view
        return view
