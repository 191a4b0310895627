"""What is measured on a ranking, each as a pure function.

A question has one or more gold entries; an entry is a stretch and the others that say the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log2

from evals.bench.stretch import Stretch

Gold = Sequence[Sequence[Stretch]]


def ranks(ranked: Sequence[Stretch], gold: Gold) -> list[int]:
    """For each entry of *gold* that was found, the rank (from 1) of the first chunk carrying it."""
    found = (_rank(ranked, entry) for entry in gold)
    return [rank for rank in found if rank]


def _rank(ranked: Sequence[Stretch], entry: Sequence[Stretch]) -> int:
    for rank, chunk in enumerate(ranked, 1):
        if any(chunk.carries(stretch) for stretch in entry):
            return rank
    return 0


def recall(found: Sequence[int], entries: int, k: int) -> float:
    """The share of the *entries* found by rank *k*, of those that k chunks can hold, 0 to 1."""
    return min(1.0, sum(rank <= k for rank in found) / min(entries, k))


def hit(found: Sequence[int], k: int) -> float:
    """1 where any entry was found by rank *k*, else 0."""
    return float(any(rank <= k for rank in found))


def reciprocal_rank(found: Sequence[int], k: int) -> float:
    """1 through the rank of the first entry found, 0 where none is by rank *k*."""
    first = min(found, default=k + 1)
    return 1 / first if first <= k else 0.0


def ndcg(found: Sequence[int], entries: int, k: int) -> float:
    """Normalised discounted cumulative gain at *k*, 0 to 1.

    Each entry gains ``1 / log2(rank + 1)`` once; the ideal has the entries at ranks 1, 2, … . One
    long chunk may carry several, so it is cut off at 1.
    """
    gained = sum(1 / log2(rank + 1) for rank in found if rank <= k)
    ideal = sum(1 / log2(rank + 1) for rank in range(1, min(entries, k) + 1))
    return min(1.0, gained / ideal)


def read_within(ranked: Sequence[Stretch], gold: Gold, budget: int) -> float:
    """The share of the gold characters that stand in the first *budget* characters brought, 0 to 1.

    This does not favour long chunks, as recall by rank does: what a reader, or a language model,
    gets to see of the answer for the same amount of text.
    """
    seen = _cut(ranked, budget)
    best = [max(_share(seen, stretch) for stretch in entry) for entry in gold]
    return sum(best) / len(best)


def _cut(ranked: Sequence[Stretch], budget: int) -> list[Stretch]:
    kept = []
    for chunk in ranked:
        if budget <= 0:
            break
        kept.append(Stretch(chunk.document, chunk.start, min(chunk.end, chunk.start + budget)))
        budget -= len(kept[-1])
    return kept


def _share(seen: Sequence[Stretch], gold: Stretch) -> float:
    """The share of *gold* that *seen* holds; what several chunks hold counts once."""
    held: set[int] = set()
    for chunk in seen:
        if chunk.common(gold):
            held.update(range(max(chunk.start, gold.start), min(chunk.end, gold.end)))
    return len(held) / max(len(gold), 1)
