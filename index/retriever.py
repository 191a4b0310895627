"""Hybrid search: BM25 and nearest neighbours, joined by reciprocal rank fusion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from index.chunk import Chunk
from index.store import Index

#: k of reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009).
RRF_K = 60
#: Weight of the dense ranking beside the lexical one (project notes: 2:1 ranked best).
DENSE_WEIGHT = 2.0
#: How deep each ranking is read before they are joined.
DEPTH = 50


@dataclass(frozen=True)
class Hit:
    """A chunk and why it was found.

    Args:
        chunk: the chunk.
        score: the fused score; larger is better, comparable within one search.
        lexical: its BM25 score, 0 where no term is shared.
        similarity: cosine between question and chunk; None where it was not among the nearest.
    """

    chunk: Chunk
    score: float
    lexical: float
    similarity: float | None


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
        vector = index.embeddings.embed_query(query)
        self._by_meaning = index.vectors.nearest(vector, depth, allowed)

    def within(self, allowed: npt.NDArray[np.bool_], k: int) -> list[Hit]:
        """The *k* best of the chunks that are *allowed*, bool [chunks], best first."""
        scores = np.where(allowed, self._scores, 0)
        by_terms = [int(n) for n in np.argsort(-scores, kind="stable")[:DEPTH] if scores[n] > 0]
        similarity = {n: s for n, s in self._by_meaning if allowed[n]}
        fused: dict[int, float] = {}
        for weight, ranking in ((1.0, by_terms), (DENSE_WEIGHT, list(similarity)[:DEPTH])):
            for rank, position in enumerate(ranking, 1):
                fused[position] = fused.get(position, 0.0) + weight / (RRF_K + rank)
        best = sorted(fused, key=lambda n: (-fused[n], n))[:k]
        chunks = self._index.chunks
        return [Hit(chunks[n], fused[n], float(scores[n]), similarity.get(n)) for n in best]


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
