"""Hybrid search: BM25, nearest neighbours and late interaction, joined by reciprocal ranks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
from index.store import Index

#: k of reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009).
RRF_K = 60
#: Weight of the dense ranking beside the lexical one (project notes: 2:1 ranked best).
DENSE_WEIGHT = 1.0
LATE_WEIGHT = 5.0
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

    @cached_property
    def mean(self) -> float:
        """MaxSim over the whole chunk, as a mean over the question's tokens."""
        return float(self.cosines.max(axis=1).mean()) if self.cosines.size else 0.0

    def best(self, start: int, end: int) -> Vectors:
        """Each question token's best cosine with a token inside [start, end); 0 with none there.

        Returns:
            float32 [question tokens].
        """
        inside = (self.spans[:, 0] < end) & (self.spans[:, 1] > start)
        if not inside.any():
            return np.zeros(len(self.cosines), np.float32)
        return np.asarray(self.cosines[:, inside].max(axis=1), np.float32)


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
    """

    def __init__(
        self,
        index: Index,
        query: str,
        allowed: npt.NDArray[np.bool_],
        expanded: str = "",
        depth: int = DEPTH,
    ) -> None:
        self._index = index
        self._scores = index.lexical.scores(f"{query} {expanded}".strip())
        self.reading = index.embeddings.read_query(query)
        self._tokens = index.tokens.centred(self.reading.tokens)
        self._by_meaning = index.vectors.nearest(self.reading.vector.tolist(), depth, allowed)
        self._matches: dict[int, Matches] = {}

    def within(self, allowed: npt.NDArray[np.bool_], k: int) -> list[Hit]:
        """The *k* best of the chunks that are *allowed*, bool [chunks], best first."""
        scores = np.where(allowed, self._scores, 0)
        by_terms = [int(n) for n in np.argsort(-scores, kind="stable")[:DEPTH] if scores[n] > 0]
        similarity = {n: s for n, s in self._by_meaning if allowed[n]}
        by_vector = list(similarity)[:DEPTH]
        both = list(dict.fromkeys((*by_terms, *by_vector)))
        late = {n: m.mean for n, m in zip(both, self.matches(both), strict=True)}
        by_tokens = sorted(late, key=lambda n: (-late[n], n))
        fused: dict[int, float] = {}
        rankings = ((1.0, by_terms), (DENSE_WEIGHT, by_vector), (LATE_WEIGHT, by_tokens))
        for weight, ranking in rankings:
            for rank, position in enumerate(ranking, 1):
                fused[position] = fused.get(position, 0.0) + weight / (RRF_K + rank)
        best = sorted(fused, key=lambda n: (-fused[n], n))[:k]
        return [
            Hit(n, self._index.chunks[n], fused[n], float(scores[n]), similarity.get(n), late[n])
            for n in best
        ]

    def matches(self, positions: Sequence[int]) -> list[Matches]:
        """How the query's tokens match those of some chunks; worked out once for each."""
        new = [n for n in positions if n not in self._matches]
        tokens = self._index.tokens
        for n, cosines in zip(new, tokens.similarities(self._tokens, new), strict=True):
            self._matches[n] = Matches(cosines, tokens.spans_of(n))
        return [self._matches[n] for n in positions]


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
