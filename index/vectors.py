"""The vector store: Chroma, embedded or on a server, opened through LangChain.

A version has one collection for what anybody may read and one for the rest. A public reader is
given the first alone; its graph of neighbours was made without the rest.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np
import numpy.typing as npt
from chromadb.api.collection_configuration import CreateHNSWConfiguration
from chromadb.errors import NotFoundError
from langchain_chroma import Chroma
from langchain_core.embeddings import Embeddings

from index.errors import IndexUnavailable
from index.home import COLLECTION, INTERNAL_COLLECTION, SAMPLE, Embedded, Home, Store

#: Chroma refuses batches over 5,461; smaller ones show progress.
_BATCH = 1_000
#: Cosine distance below which two vectors are the same but for rounding.
_SAME = 1e-3
#: How many of the graph's nodes are looked at to place a vector and to find one. With Chroma's 100
#: one in ten of the nearest fifty is missed where many chunks are alike, and now and then all.
_HNSW: CreateHNSWConfiguration = {"space": "cosine", "ef_construction": 200, "ef_search": 500}
#: How many vectors are kept to see that the store gives back what was written.
_SAMPLED = 64

Vectors = npt.NDArray[np.float32]
Allowed = npt.NDArray[np.bool_]
_LOG = logging.getLogger(__name__)


class VectorIndex:
    """Nearest neighbours of a vector among the chunks, by their position.

    Args:
        parts: collections over stretches of positions that follow one another.
        name: tells its store from that of another build of the same version; see `Home.name_of`.
    """

    def __init__(self, parts: Sequence[_Part], name: str = "") -> None:
        self._parts = tuple(parts)
        self.name = name

    @classmethod
    def build(
        cls,
        folder: Path,
        ids: Sequence[str],
        vectors: Vectors,
        progress: Callable[[int, int], None] = lambda done, total: None,
        public: int | None = None,
        *,
        home: Home | None = None,
        version: str = "",
    ) -> None:
        """Write *vectors* [len(ids), dimension], unit length, into a new store for *folder*.

        Args:
            folder: of these vectors; it must be new.
            ids: the chunks' ids.
            vectors: their vectors.
            progress: told after each batch how many of how many are written.
            public: how many of the first go into the collection for everybody; None for all.
            home: where Chroma keeps them; in *folder* unless told otherwise.
            version: what the collections are named by where they stand beside others.

        Raises:
            IndexUnavailable: the home cannot be reached.
        """
        store = (home or Embedded()).begin(folder, version)
        split = len(ids) if public is None else public
        for name, begin, stop in ((COLLECTION, 0, split), (INTERNAL_COLLECTION, split, len(ids))):
            if begin == stop:
                continue
            collection = store.client.create_collection(
                store.prefix + name,
                configuration={"hnsw": _HNSW},
                embedding_function=None,
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
        store.close()
        _Sample.of(ids, vectors).save(folder / SAMPLE)

    @classmethod
    def open(
        cls, folder: Path, embeddings: Embeddings, dimension: int, *, home: Home | None = None
    ) -> VectorIndex:
        """The store of *folder*, for reading.

        Raises:
            ValueError: it is no such store, or its vectors are not those that were written.
            IndexUnavailable: its home cannot be reached.
        """
        store = (home or Embedded()).open(folder)
        try:
            parts: list[_Part] = []
            for name in (COLLECTION, INTERNAL_COLLECTION):
                part = _open_part(store, name, sum(map(len, parts)), embeddings)
                parts += [part] if part else []
        except httpx.TransportError as error:
            raise _silent(error) from error
        except Exception as error:  # Chroma raises many kinds for a damaged store
            raise ValueError(f"向量库打不开：{error}") from error
        if not parts or any(part.dimension != dimension for part in parts):
            raise ValueError("向量的维数与登记的不符")
        if (folder / SAMPLE).exists() and not _Sample.open(folder / SAMPLE).is_in(parts):
            raise ValueError("向量库里的向量与建立时写入的不符")
        return cls(parts, store.prefix)

    def front(self, chunks: int) -> VectorIndex:
        """The index of the first *chunks* alone: the public ones.

        Raises:
            ValueError: no collection ends there.
        """
        parts = [part for part in self._parts if part.start < chunks]
        if sum(map(len, parts)) != chunks:
            raise ValueError("公开部分的条数不一致")
        return VectorIndex(parts, self.name)

    def nearest(
        self, vector: Sequence[float], k: int, allowed: Allowed | None = None
    ) -> list[tuple[int, float]]:
        """The *k* chunks nearest to *vector*, as (position, cosine similarity), best first.

        Args:
            vector: a question's embedding.
            k: how many, at most.
            allowed: which positions may be returned, bool [chunks]; None for all.

        Raises:
            IndexUnavailable: the store does not answer.
        """
        found = [hit for part in self._parts for hit in part.nearest(vector, k, allowed)]
        return sorted(found, key=lambda hit: -hit[1])[:k]

    def check(self) -> None:
        """See whether the store still answers.

        Raises:
            IndexUnavailable: it does not.
        """
        for part in self._parts:
            part.check()

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

    def check(self) -> None:
        """As `VectorIndex.check`."""
        try:
            count = self.store._collection.count()
        except Exception as error:  # whatever a server answers
            raise _silent(error) from error
        if count != self.count:
            raise _silent(ValueError("the collection has changed"))

    def _query(self, vector: Sequence[float], k: int) -> list[tuple[int, float]]:
        try:
            hits = self.store.similarity_search_by_vector_with_relevance_scores(
                embedding=list(vector), k=k
            )
            found = [(int(document.metadata["position"]), 1 - score) for document, score in hits]
        except Exception as error:  # whatever a server answers
            raise _silent(error) from error
        if any(not self.start <= n < self.start + self.count for n, _ in found):
            raise _silent(ValueError("the collection has changed"))
        return found


@dataclass(frozen=True)
class _Sample:
    """Some of the vectors that were written.

    Args:
        ids: of their chunks.
        positions: of their chunks, int64 [sampled].
        vectors: float32 [sampled, dimension].
    """

    ids: tuple[str, ...]
    positions: npt.NDArray[np.int64]
    vectors: Vectors

    @classmethod
    def of(cls, ids: Sequence[str], vectors: Vectors) -> _Sample:
        """Vectors at even distances, the first and the last among them."""
        count = min(_SAMPLED, len(ids))
        positions = np.unique(np.linspace(0, max(len(ids) - 1, 0), count).astype(np.int64))
        return cls(tuple(ids[n] for n in positions), positions, vectors[positions])

    @classmethod
    def open(cls, path: Path) -> _Sample:
        with np.load(path, allow_pickle=False) as file:
            return cls(tuple(map(str, file["ids"])), file["positions"], file["vectors"])

    def save(self, path: Path) -> None:
        np.savez(path, ids=np.array(self.ids), positions=self.positions, vectors=self.vectors)

    def is_in(self, parts: Sequence[_Part]) -> bool:
        """Whether the collections give these vectors back, each in its place."""
        given: dict[str, tuple[object, Vectors]] = {}
        for part in parts:
            got = part.store._collection.get(list(self.ids), include=["embeddings", "metadatas"])
            vectors = np.asarray(got["embeddings"], np.float32)
            rows = zip(got["ids"], got["metadatas"] or (), vectors, strict=True)
            given.update((i, (meta["position"], vector)) for i, meta, vector in rows)
        return set(given) == set(self.ids) and all(
            given[i][0] == n and np.allclose(given[i][1], vector, atol=1e-5)
            for i, n, vector in zip(self.ids, self.positions, self.vectors, strict=True)
        )


def _open_part(store: Store, name: str, start: int, embeddings: Embeddings) -> _Part | None:
    """One collection, tried with one of its own vectors; None where there is none of that name."""
    try:
        chroma = Chroma(
            store.prefix + name,
            embedding_function=embeddings,
            client=store.client,
            create_collection_if_not_exists=False,
        )
    except NotFoundError:
        return None
    collection = chroma._collection
    sample = collection.get(limit=1, include=["embeddings"])["embeddings"]
    nearest = collection.query(query_embeddings=sample, n_results=1)["distances"]
    if sample is None or not nearest or not nearest[0] or nearest[0][0] > _SAME:
        raise ValueError("向量检索找不到已存的向量")
    return _Part(chroma, start, collection.count(), len(sample[0]))


def _silent(error: Exception) -> IndexUnavailable:
    """What is told where the store fails while it serves; the log gets the kind of fault only."""
    _LOG.warning("The vector store does not answer: %s", type(error).__name__)
    return IndexUnavailable(
        "向量检索暂时没有应答，现在无法作答。请稍后再试；一直如此请告知管理员。"
    )
