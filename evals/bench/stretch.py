"""A stretch of a document: what a question's answer stands in, and what a ranking brings."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stretch:
    """Characters ``start`` to ``end`` of a document.

    Args:
        document: the document's id.
        start: offset of the first character.
        end: offset behind the last.
    """

    document: str
    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def common(self, other: Stretch) -> int:
        """How many characters both hold."""
        if self.document != other.document:
            return 0
        return max(0, min(self.end, other.end) - max(self.start, other.start))

    def carries(self, gold: Stretch) -> bool:
        """Whether half of the shorter of both stands in the other.

        So a chunk counts that lies within a long list, and one that holds a sentence whole, but
        none that only touches it by an overlap.
        """
        return 2 * self.common(gold) >= max(min(len(self), len(gold)), 1)
