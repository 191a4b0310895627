"""The vector store: Chroma, embedded, opened through LangChain.

A version has one collection for what anybody may read and one for the rest. A public reader is
given the first alone; its graph of neighbours was made without the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import chromadb
import numpy as np
import numpy.typing as npt
from chromadb.api import ClientAPI
from chromadb.api.client import Client
from chromadb.config import Settings
from langchain_chroma import Chroma
from langchain_core.embeddings import Embeddings

COLLECTION = "provisions"
INTERNAL_COLLECTION = "internal-provisions"
#: Chroma refuses batches over 5,461; smaller ones show progress.
_BATCH = 1_000
#: Cosine distance below which two vectors are the same but for rounding.
_SAME = 1e-3

Allowed = npt.NDArray[np.bool_]


class VectorIndex:
    """Nearest neighbours of a vector among the chunks, by their position.

    Args:
        parts: collections over stretches of positions that follow one another.
    """

    def __init__(self, parts: Sequence[_Part]) -> None:
        self._parts = tuple(parts)

    @classmethod
    def build(
        cls,
        folder: Path,
        ids: Sequence[str],
        vectors: npt.NDArray[np.float32],
        progress: Callable[[int, int], None] = lambda done, total: None,
        public: int | None = None,
    ) -> None:
        """Write *vectors* [len(ids), dimension], unit length, into a new store in *folder*.

        Args:
            folder: where; it must be new.
            ids: the chunks' ids.
            vectors: their vectors.
            progress: told after each batch how many of how many are written.
            public: how many of the first go into the collection for everybody; None for all.
        """
        client = _client(folder)
        split = len(ids) if public is None else public
        for name, begin, stop in ((COLLECTION, 0, split), (INTERNAL_COLLECTION, split, len(ids))):
            if begin == stop:
                continue
            collection = client.create_collection(
                name, configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
            )
            for start in range(begin, stop, _BATCH):
                end = min(start + _BATCH, stop)
                collection.add(
                    ids=list(ids[start:end]),
                    embeddings=vectors[start:end],
                    metadatas=[{"position": n} for n in range(start, end)],
                    documents=[""] * (end - start),
                )
                progress(end, len(ids))
        _release(client)

    @classmethod
    def open(cls, folder: Path, embeddings: Embeddings, dimension: int) -> VectorIndex:
        """The store in *folder*, for reading.

        Raises:
            ValueError: it is no such store, or its vectors have another dimension.
        """
        if not (folder / "chroma.sqlite3").exists():
            raise ValueError("缺少向量库文件")
        try:
            client = _client(folder)
            there = {collection.name for collection in client.list_collections()}
            parts: list[_Part] = []
            for name in (COLLECTION, INTERNAL_COLLECTION):
                if name in there:
                    parts.append(_open_part(client, name, sum(map(len, parts)), embeddings))
        except Exception as error:  # Chroma raises many kinds for a damaged store, Rust panics too
            raise ValueError(f"向量库打不开：{error}") from error
        if not parts or any(part.dimension != dimension for part in parts):
            raise ValueError("向量的维数与登记的不符")
        return cls(parts)

    def front(self, chunks: int) -> VectorIndex:
        """The index of the first *chunks* alone: the public ones.

        Raises:
            ValueError: no collection ends there.
        """
        parts = [part for part in self._parts if part.start < chunks]
        if sum(map(len, parts)) != chunks:
            raise ValueError("公开部分的条数不一致")
        return VectorIndex(parts)

    def nearest(
        self, vector: Sequence[float], k: int, allowed: Allowed | None = None
    ) -> list[tuple[int, float]]:
        """The *k* chunks nearest to *vector*, as (position, cosine similarity), best first.

        Args:
            vector: a question's embedding.
            k: how many, at most.
            allowed: which positions may be returned, bool [chunks]; None for all.
        """
        found = [hit for part in self._parts for hit in part.nearest(vector, k, allowed)]
        return sorted(found, key=lambda hit: -hit[1])[:k]

    def __len__(self) -> int:
        return sum(map(len, self._parts))


@dataclass(frozen=True)
class _Part:
    """One collection.

    Args:
        store: the collection.
        start: the position of its first chunk.
        count: how many chunks it holds.
        dimension: of its vectors.
    """

    store: Chroma
    start: int
    count: int
    dimension: int

    def __len__(self) -> int:
        return self.count

    def nearest(
        self, vector: Sequence[float], k: int, allowed: Allowed | None
    ) -> list[tuple[int, float]]:
        """As `VectorIndex.nearest`.

        Chroma's own metadata filters are slow, so more are fetched than asked and sifted here,
        twice as many each time until enough are left.
        """
        mine = None if allowed is None else allowed[self.start : self.start + self.count]
        wanted = min(k, self.count if mine is None else int(mine.sum()))
        fetch = min(self.count, k if allowed is None else 4 * k)
        while wanted:
            found = self._query(vector, fetch)
            kept = [hit for hit in found if allowed is None or allowed[hit[0]]]
            if len(kept) >= wanted or fetch >= self.count:
                return kept[:wanted]
            fetch = min(self.count, 2 * fetch)
        return []

    def _query(self, vector: Sequence[float], k: int) -> list[tuple[int, float]]:
        hits = self.store.similarity_search_by_vector_with_relevance_scores(
            embedding=list(vector), k=k
        )
        return [(int(document.metadata["position"]), 1 - score) for document, score in hits]


def _open_part(client: ClientAPI, name: str, start: int, embeddings: Embeddings) -> _Part:
    """One collection, tried with one of its own vectors."""
    store = Chroma(
        name, embedding_function=embeddings, client=client, create_collection_if_not_exists=False
    )
    collection = store._collection
    sample = collection.get(limit=1, include=["embeddings"])["embeddings"]
    nearest = collection.query(query_embeddings=sample, n_results=1)["distances"]
    if sample is None or not nearest or not nearest[0] or nearest[0][0] > _SAME:
        raise ValueError("向量检索找不到已存的向量")
    return _Part(store, start, collection.count(), len(sample[0]))


def _client(folder: Path) -> ClientAPI:
    return chromadb.PersistentClient(
        path=str(folder), settings=Settings(anonymized_telemetry=False, allow_reset=False)
    )


def _release(client: ClientAPI) -> None:
    """Let go of the files, so that the folder can be renamed and opened again."""
    if isinstance(client, Client):  # the interface that PersistentClient promises cannot close
        client.close()
