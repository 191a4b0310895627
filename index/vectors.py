"""The vector store: Chroma, embedded, one collection a version, opened through LangChain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
#: Chroma refuses batches over 5,461; smaller ones show progress.
_BATCH = 1_000
#: Cosine distance below which two vectors are the same but for rounding.
_SAME = 1e-3


class VectorIndex:
    """Nearest neighbours of a vector among the chunks, by their position."""

    def __init__(self, store: Chroma, count: int) -> None:
        self._store = store
        self._count = count

    @classmethod
    def build(
        cls,
        folder: Path,
        ids: Sequence[str],
        vectors: npt.NDArray[np.float32],
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> None:
        """Write *vectors* [len(ids), dimension], unit length, into a new store in *folder*."""
        client = _client(folder)
        collection = client.create_collection(
            COLLECTION,
            configuration={"hnsw": {"space": "cosine"}},
            embedding_function=None,
        )
        for start in range(0, len(ids), _BATCH):
            end = min(start + _BATCH, len(ids))
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
            store = Chroma(
                COLLECTION,
                embedding_function=embeddings,
                client=_client(folder),
                create_collection_if_not_exists=False,
            )
            collection = store._collection
            count = collection.count()
            sample = collection.get(limit=1, include=["embeddings"])["embeddings"]
            nearest = collection.query(query_embeddings=sample, n_results=1)["distances"]
        except Exception as error:  # Chroma raises many kinds for a damaged store, Rust panics too
            raise ValueError(f"向量库打不开：{error}") from error
        if sample is None or len(sample) == 0 or len(sample[0]) != dimension:
            raise ValueError("向量的维数与登记的不符")
        if not nearest or not nearest[0] or nearest[0][0] > _SAME:
            raise ValueError("向量检索找不到已存的向量")
        return cls(store, count)

    def nearest(
        self, vector: Sequence[float], k: int, allowed: npt.NDArray[np.bool_] | None = None
    ) -> list[tuple[int, float]]:
        """The *k* chunks nearest to *vector*, as (position, cosine similarity), best first.

        Args:
            vector: a question's embedding.
            k: how many, at most.
            allowed: which positions may be returned, bool [chunks]; None for all. Chroma's own
                metadata filters are slow, so more are fetched than asked and sifted here, twice
                as many each time until enough are left.
        """
        wanted = min(k, self._count if allowed is None else int(allowed.sum()))
        fetch = min(self._count, k if allowed is None else 4 * k)
        while wanted:
            found = self._query(vector, fetch)
            kept = [hit for hit in found if allowed is None or allowed[hit[0]]]
            if len(kept) >= wanted or fetch >= self._count:
                return kept[:wanted]
            fetch = min(self._count, 2 * fetch)
        return []

    def _query(self, vector: Sequence[float], k: int) -> list[tuple[int, float]]:
        hits = self._store.similarity_search_by_vector_with_relevance_scores(
            embedding=list(vector), k=k
        )
        return [(int(document.metadata["position"]), 1 - score) for document, score in hits]

    def __len__(self) -> int:
        return self._count


def _client(folder: Path) -> ClientAPI:
    return chromadb.PersistentClient(
        path=str(folder), settings=Settings(anonymized_telemetry=False, allow_reset=False)
    )


def _release(client: ClientAPI) -> None:
    """Let go of the files, so that the folder can be renamed and opened again."""
    if isinstance(client, Client):  # the interface that PersistentClient promises cannot close
        client.close()
