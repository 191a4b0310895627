"""The ways to rank, each as a function of a question; what they share is in `Material`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evals.bench.material import Material
from evals.bench.stretch import Stretch
from index.embeddings import Reading
from index.lexical import highest
from index.retriever import DENSE_WEIGHT, DEPTH, LATE_WEIGHT, RRF_K, search
from index.store import Index

#: How deep a ranking is read that stands alone or is joined with one other.
WIDE = 100

Search = Callable[[str, int], list[Stretch]]


@dataclass(frozen=True)
class System:
    """A way to rank.

    Args:
        name: shown in tables.
        parts: what of the material it is built from; its index time and size are their sum.
        open: reads them from disk; gives what answers a question with k stretches, best first.
    """

    name: str
    parts: tuple[str, ...]
    open: Callable[[], Search]


@dataclass(frozen=True)
class Stages:
    """What of the product's ranking counts, and how much.

    Args:
        lexical, dense, late: weights of the rankings; 0 leaves one out.
        depth: how deep the first two are read, and so how many texts are matched word by word.
    """

    lexical: float = 1.0
    dense: float = DENSE_WEIGHT
    late: float = LATE_WEIGHT
    depth: int = DEPTH


_BM25, _DENSE = ("bm25",), ("reading", "chroma")
_OURS = (*_BM25, *_DENSE, "tokens")


def compared(material: Material) -> list[System]:
    """The ways that stand side by side."""
    return [
        System("BM25, bigrams", _BM25, lambda: _lexical(material, material.lexical().scores)),
        System("BM25, words", ("words",), lambda: _lexical(material, material.words().scores)),
        System("dense (Chroma)", _DENSE, lambda: _dense(material)),
        System("hybrid (BM25 + dense)", (*_BM25, *_DENSE), lambda: _hybrid(material)),
        ours(material),
    ]


def ours(material: Material, name: str = "ours") -> System:
    """The product's own search over the material."""
    return System(name, _OURS, lambda: _ours(material))


def ablated(material: Material) -> list[System]:
    """Ours without one stage or with another depth."""
    changes = {
        "ours without BM25": Stages(lexical=0),
        "ours without dense": Stages(dense=0),
        "ours without late interaction": Stages(late=0),
        "late interaction alone orders": Stages(lexical=0, dense=0),
        **{f"ours, depth {depth}": Stages(depth=depth) for depth in (10, 25, 100, 200)},
    }
    return [System(name, _OURS, _staged(material, stages)) for name, stages in changes.items()]


def _lexical(material: Material, scores: Callable[[str], npt.NDArray[np.float32]]) -> Search:
    return lambda question, k: _stretches(material, highest(scores(question), k))


def _dense(material: Material) -> Search:
    vectors, embeddings = material.vectors(), material.embeddings

    def found(question: str, k: int) -> list[Stretch]:
        nearest = vectors.nearest(embeddings.embed_query(question), k)
        return _stretches(material, [n for n, _ in nearest])

    return found


def _hybrid(material: Material) -> Search:
    lexical, vectors, embeddings = material.lexical(), material.vectors(), material.embeddings

    def found(question: str, k: int) -> list[Stretch]:
        by_terms = highest(lexical.scores(question), WIDE)
        nearest = vectors.nearest(embeddings.embed_query(question), WIDE)
        by_vector = [n for n, _ in nearest]
        return _stretches(material, fused([(1.0, by_terms), (1.0, by_vector)])[:k])

    return found


def _ours(material: Material) -> Search:
    index = material.index()

    def found(question: str, k: int) -> list[Stretch]:
        return _stretches(material, [hit.position for hit in search(index, question, k)])

    return found


def _staged(material: Material, stages: Stages) -> Callable[[], Search]:
    def opened() -> Search:
        index = material.index()
        return lambda question, k: _stretches(material, staged(index, stages, question)[:k])

    return opened


def staged(index: Index, stages: Stages, question: str) -> list[int]:
    """Positions as the product's search ranks them where *stages* are its own, best first."""
    reading = index.embeddings.read_query(question)
    by_terms: list[int] = []
    if stages.lexical or not stages.dense:
        by_terms = highest(index.lexical.scores(question), stages.depth)
    by_vector: list[int] = []
    if stages.dense or not stages.lexical:
        nearest = index.vectors.nearest(reading.vector.tolist(), stages.depth)
        by_vector = [n for n, _ in nearest]
    both = list(dict.fromkeys((*by_terms, *by_vector)))
    rankings = [(stages.lexical, by_terms), (stages.dense, by_vector)]
    if stages.late:
        rankings.append((stages.late, _by_tokens(index, reading, both)))
    return fused([(weight, ranking) for weight, ranking in rankings if weight])


def _by_tokens(index: Index, reading: Reading, positions: Sequence[int]) -> list[int]:
    tokens = index.tokens
    cosines = tokens.similarities(tokens.centred(reading.tokens), positions)
    late = {
        n: float(table.max(axis=1).mean()) if table.size else 0.0
        for n, table in zip(positions, cosines, strict=True)
    }
    return sorted(late, key=lambda n: (-late[n], n))


def fused(rankings: Iterable[tuple[float, Sequence[int]]]) -> list[int]:
    """Weighted rankings joined by reciprocal ranks, best first."""
    scores: dict[int, float] = {}
    for weight, ranking in rankings:
        for rank, position in enumerate(ranking, 1):
            scores[position] = scores.get(position, 0.0) + weight / (RRF_K + rank)
    return sorted(scores, key=lambda n: (-scores[n], n))


def _stretches(material: Material, positions: Iterable[int]) -> list[Stretch]:
    return [material.corpus.places[n] for n in positions]
