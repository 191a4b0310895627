"""Nearest neighbours where many chunks are alike, as those of laws that repeat one another are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from evals.chroma_run import chroma_run
from index.embeddings import SentenceEmbeddings
from index.home import Embedded, Home, Server
from index.vectors import VectorIndex, Vectors

K, SIZE, DIMENSION = 50, 5_000, 384


@pytest.fixture(scope="module", params=["folder", "server"])
def home(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Home]:
    if request.param == "folder":
        yield Embedded()
        return
    with chroma_run(tmp_path_factory.mktemp("chroma")) as (url, _):
        yield Server(url)


@pytest.fixture(scope="module")
def alike() -> tuple[Vectors, Vectors]:
    """Means of overlapping windows over a row of tokens, and what is looked for among them."""
    chance = np.random.default_rng(1)
    rows = 6_000
    topics = np.repeat(chance.normal(size=(rows // 100, DIMENSION)), 100, axis=0)
    tokens = (
        chance.normal(size=(rows, DIMENSION)) + 1.5 * topics + 6 * chance.normal(size=DIMENSION)
    )
    sums = np.concatenate([np.zeros((1, DIMENSION)), np.cumsum(tokens, axis=0)])
    length = chance.integers(40, 120, size=SIZE)
    start = chance.integers(0, rows - 120, size=SIZE)
    windows = (sums[start + length] - sums[start]) / length[:, None]
    asked = tokens[::100] + 3 * chance.normal(size=(rows // 100, DIMENSION))
    return _unit(windows), _unit(asked)


def _unit(vectors: np.ndarray) -> Vectors:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def written(
    folder: Path, vectors: Vectors, home: Home, embeddings: SentenceEmbeddings
) -> VectorIndex:
    ids = [str(n) for n in range(len(vectors))]
    VectorIndex.build(folder, ids, vectors, home=home, version="alike")
    return VectorIndex.open(folder, embeddings, DIMENSION, home=home)


def test_the_nearest_fifty_are_found_where_chunks_overlap(
    tmp_path: Path, alike: tuple[Vectors, Vectors], home: Home, embeddings: SentenceEmbeddings
) -> None:
    vectors, asked = alike
    index = written(tmp_path / "vectors", vectors, home, embeddings)
    shares = []
    for one in asked:
        nearest = set(np.argsort(-(vectors @ one))[:K].tolist())
        found = {position for position, _ in index.nearest(one.tolist(), K)}
        shares.append(len(found & nearest) / K)
    assert np.mean(shares) >= 0.98
    assert min(shares) >= 0.8


def test_vectors_written_with_other_settings_of_the_graph_open_and_are_found(
    tmp_path: Path,
    alike: tuple[Vectors, Vectors],
    embeddings: SentenceEmbeddings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    vectors = alike[0][:300]
    with monkeypatch.context() as before:
        before.setattr("index.vectors._HNSW", {"space": "cosine"})
        index = written(tmp_path / "vectors", vectors, Embedded(), embeddings)
    assert [index.nearest(one.tolist(), 1)[0][0] for one in vectors[:20]] == [*range(20)]
