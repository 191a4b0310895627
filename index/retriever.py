"""Hybrid search: BM25, nearest neighbours and late interaction, joined by reciprocal ranks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from index.chunk import Chunk
from index.embeddings import Spans, Vectors
from index.lexical import highest
from index.store import Index

#: k of reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009).
RRF_K = 60
#: Weight of the dense ranking beside the lexical one (project notes: 2:1 ranked best).
DENSE_WEIGHT = 1.0
LATE_WEIGHT = 5.0
#: Weight of each ranking by words put beside the question's (docs/evaluation.md: more costs).
FURTHER_WEIGHT = 0.15
#: How deep each ranking is read before they are joined.
DEPTH = 50


@dataclass(frozen=True)
class Hit:
    """A chunk and why it was found.

    Args:
        position: the chunk's position in the index.
        chunk: the chunk.
        score: the fused score; larger is better, comparable within one search.
        lexical: its BM25 score, 0 where no term is shared.
        similarity: cosine between question and chunk; None where it was not among the nearest.
        late: mean over the question's tokens of the best match in the chunk (MaxSim).
    """

    position: int
    chunk: Chunk
    score: float
    lexical: float
    similarity: float | None
    late: float


@dataclass(frozen=True)
class Matches:
    """The cosines of a question's tokens with a chunk's.

    Args:
        cosines: float32 [question tokens, chunk tokens].
        spans: the chunk's tokens in its embedded text, int32 [chunk tokens, 2].
    """

    cosines: Vectors
    spans: Spans
    _best: dict[tuple[int, int], Vectors] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def mean(self) -> float:
        """MaxSim over the whole chunk, as a mean over the question's tokens."""
        return (
            float(self.cosines.max(axis=1).sum()) / len(self.cosines) if self.cosines.size else 0.0
        )

    def best(self, start: int, end: int) -> Vectors:
        """Each question token's best cosine with a token inside [start, end); 0 with none there.

        Returns:
            float32 [question tokens].
        """
        if (start, end) not in self._best:  # a chunk's context is asked for with each sentence
            inside = (self.spans[:, 0] < end) & (self.spans[:, 1] > start)
            found = self.cosines[:, inside].max(axis=1) if inside.any() else 0
            self._best[start, end] = np.full(len(self.cosines), found, np.float32)
        return self._best[start, end]


def search(
    index: Index,
    query: str,
    k: int = 20,
    allowed: npt.NDArray[np.bool_] | None = None,
    expanded: str = "",
) -> list[Hit]:
    """The *k* chunks that fit *query* best, best first.

    Args:
        index: the open index.
        query: the words to find, as asked.
        k: how many, at most.
        allowed: which chunks may be seen, bool [chunks]; sifted before ranking. None for all.
        expanded: further words (the regulations' own terms) for the lexical ranking.
    """
    everything = np.ones(len(index.chunks), bool) if allowed is None else allowed
    return Search(index, query, everything, expanded).within(everything, k)


class Search:
    """One query, ranked once and read for one set of chunks after another.

    Args:
        index: the open index.
        query: the words to find, as asked.
        allowed: which chunks any reading may see, bool [chunks].
        expanded: further words (the regulations' own terms) for the lexical ranking.
        depth: how deep the ranking by meaning goes; more where it will be divided up.
        further: texts that say in other words what may be looked for. They move chunks in the
            order and bring some in; every number of a hit is the query's alone.
    """

    def __init__(
        self,
        index: Index,
        query: str,
        allowed: npt.NDArray[np.bool_],
        expanded: str = "",
        depth: int = DEPTH,
        further: Sequence[str] = (),
    ) -> None:
        self._index = index
        self._scores = index.lexical.scores(f"{query} {expanded}".strip())
        self.reading = index.embeddings.read_query(query)
        self._tokens = index.tokens.centred(self.reading.tokens)
        self._by_meaning = index.vectors.nearest(self.reading.vector.tolist(), depth, allowed)
        self._matches: dict[int, Matches] = {}
        self._further = [_Further.of(index, text, depth, allowed) for text in further]

    def within(self, allowed: npt.NDArray[np.bool_], k: int) -> list[Hit]:
        """The *k* best of the chunks that are *allowed*, bool [chunks], best first."""
        scores = np.where(allowed, self._scores, 0)
        by_terms = highest(scores, DEPTH)
        similarity = {n: s for n, s in self._by_meaning if allowed[n]}
        by_vector = list(similarity)[:DEPTH]
        both = list(dict.fromkeys((*by_terms, *by_vector)))
        late = dict(zip(both, (match.mean for match in self.matches(both)), strict=True))
        by_tokens = sorted(late, key=lambda n: (-late[n], n))
        own = _fused([(1.0, by_terms), (DENSE_WEIGHT, by_vector), (LATE_WEIGHT, by_tokens)])
        order = self._with_further(own, allowed)
        best = sorted(order, key=lambda n: (-order[n], n))[:k]
        return [self._hit(n, own, float(scores[n]), similarity) for n in best]

    def _with_further(
        self, own: dict[int, float], allowed: npt.NDArray[np.bool_]
    ) -> dict[int, float]:
        """The scores by which chunks are put in order: *own*, and what the further texts add."""
        rankings = [ranking for text in self._further for ranking in text.rankings(allowed)]
        order = _fused([(FURTHER_WEIGHT, ranking) for ranking in rankings])
        return {n: own.get(n, 0.0) + order.get(n, 0.0) for n in {**own, **order}}

    def _hit(
        self, n: int, own: dict[int, float], lexical: float, similarity: dict[int, float]
    ) -> Hit:
        late = self.matches([n])[0].mean
        chunk = self._index.chunks[n]
        return Hit(n, chunk, own.get(n, 0.0), lexical, similarity.get(n), late)

    def at(self, position: int) -> Hit:
        """A chunk that is looked at for another reason than its rank: its score is 0."""
        return self._hit(position, {}, float(self._scores[position]), dict(self._by_meaning))

    def matches(self, positions: Sequence[int]) -> list[Matches]:
        """How the query's tokens match those of some chunks; worked out once for each."""
        new = [n for n in positions if n not in self._matches]
        if new:
            tokens = self._index.tokens
            for n, cosines in zip(new, tokens.similarities(self._tokens, new), strict=True):
                self._matches[n] = Matches(cosines, tokens.spans_of(n))
        return [self._matches[n] for n in positions]


@dataclass(frozen=True)
class _Further:
    """How one further text ranks all chunks.

    Args:
        scores: BM25, float32 [chunks].
        nearest: positions by cosine, best first.
    """

    scores: npt.NDArray[np.float32]
    nearest: list[int]

    @classmethod
    def of(cls, index: Index, text: str, depth: int, allowed: npt.NDArray[np.bool_]) -> _Further:
        vector = index.embeddings.read_query(text).vector.tolist()
        nearest = [n for n, _ in index.vectors.nearest(vector, depth, allowed)]
        return cls(index.lexical.scores(text), nearest)

    def rankings(self, allowed: npt.NDArray[np.bool_]) -> tuple[list[int], list[int]]:
        """By words and by meaning, among the chunks that are *allowed*."""
        by_terms = highest(np.where(allowed, self.scores, 0), DEPTH)
        return by_terms, [n for n in self.nearest if allowed[n]][:DEPTH]


def _fused(rankings: Sequence[tuple[float, Sequence[int]]]) -> dict[int, float]:
    """Position → the sum over weighted rankings of the reciprocal rank in each."""
    fused: dict[int, float] = {}
    for weight, ranking in rankings:
        for rank, position in enumerate(ranking, 1):
            fused[position] = fused.get(position, 0.0) + weight / (RRF_K + rank)
    return fused


class HybridRetriever(BaseRetriever):
    """`search` as a LangChain retriever, for chains built around this index.

    Args:
        index: the open index.
        k: how many documents to return.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    index: Index
    k: int = 8

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[LangChainDocument]:
        return [_as_document(hit) for hit in search(self.index, query, self.k)]


def _as_document(hit: Hit) -> LangChainDocument:
    chunk = hit.chunk
    metadata: dict[str, Any] = {
        "provision_id": chunk.provision_id,
        "start": chunk.start,
        "end": chunk.end,
        "context": chunk.context,
        "score": hit.score,
    }
    return LangChainDocument(page_content=chunk.text, metadata=metadata, id=chunk.id)
