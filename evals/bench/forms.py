"""The forms in which provisions are kept for ranking: each built, opened and asked by itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np

from evals.bench.material import as_index
from evals.bench.recombined import Source, blocks
from evals.bench.systems import WIDE
from index.embeddings import Reading, SentenceEmbeddings, Vectors
from index.lexical import LexicalIndex, highest
from index.retriever import search
from index.tokens import TokenIndex
from index.vectors import VectorIndex


class Exhausted(Exception):
    """A build went beyond the time or the space that it was given; the message says how far."""


@dataclass(frozen=True)
class Limits:
    """What a build may take.

    Args:
        seconds: of time.
        disk: MiB of the disk.
        memory: MiB of memory beyond what the process holds at its beginning.
    """

    seconds: float
    disk: float
    memory: float


@dataclass(frozen=True)
class Task:
    """One form at one size.

    Args:
        source: what the provisions are made of.
        folder: where the forms of this size lie, a folder each.
        size: how many provisions.
        limits: what building may take.
        spent: seconds since building began.
    """

    source: Source
    folder: Path
    size: int
    limits: Limits
    spent: Callable[[], float]

    def check(self, done: int) -> None:
        """Whether there is time left.

        Raises:
            Exhausted: no.
        """
        if self.spent() > self.limits.seconds:
            most = f"{self.limits.seconds:,.0f} s"
            raise Exhausted(f"not built within {most}: {done:,} of {self.size:,} were done")


class Questions:
    """Questions that the encoder has read before; it stands where an index expects its encoder."""

    def __init__(self, texts: list[str], readings: list[Reading]) -> None:
        self.texts = texts
        self._readings = dict(zip(texts, readings, strict=True))
        self.name = self.digest = "read before"
        self.dimension = len(readings[0].vector)

    def read_query(self, text: str) -> Reading:
        """The question as it was read."""
        return self._readings[text]

    def save(self, folder: Path) -> None:
        """Write them into *folder*, for other processes."""
        arrays = {f"v{n}": self._readings[text].vector for n, text in enumerate(self.texts)}
        arrays |= {f"t{n}": self._readings[text].tokens for n, text in enumerate(self.texts)}
        np.savez(folder / "questions.npz", **arrays)  # type: ignore[arg-type]
        (folder / "questions.json").write_text(json.dumps(self.texts), encoding="utf-8")

    @classmethod
    def open(cls, folder: Path) -> Questions:
        """What was saved in *folder*."""
        texts = json.loads((folder / "questions.json").read_bytes())
        with np.load(folder / "questions.npz") as arrays:
            readings = [
                Reading(arrays[f"v{n}"], arrays[f"t{n}"], np.zeros((0, 2), np.int32))
                for n in range(len(texts))
            ]
        return cls(texts, readings)


Ask = Callable[[str], object]


@dataclass(frozen=True)
class Form:
    """One way to keep provisions.

    Args:
        name: shown in tables.
        folder: its own, in the folder of the size; empty where it reads those of others.
        build: writes it.
        open: reads it; gives what answers a question.
        needs: the folders of other forms that it reads.
    """

    name: str
    folder: str
    build: Callable[[Task], None]
    open: Callable[[Task, Questions], Ask]
    needs: tuple[str, ...] = ()


def _build_lexical(task: Task) -> None:
    texts = [chunk.embedded for block in blocks(task.source, task.size) for chunk in block.chunks]
    task.check(0)
    LexicalIndex.build(texts).save(task.folder / "bm25")


def _open_lexical(task: Task, questions: Questions) -> Ask:
    lexical = LexicalIndex.open(task.folder / "bm25")
    return lambda text: highest(lexical.scores(text), WIDE)


def _build_chroma(task: Task) -> None:
    ids = [f"made-{n}" for n in range(task.size)]
    vectors = _all_vectors(task)
    check = task.check
    VectorIndex.build(task.folder / "chroma", ids, vectors, lambda done, _: check(done))


def _open_chroma(task: Task, questions: Questions) -> Ask:
    vectors = VectorIndex.open(
        task.folder / "chroma", cast(SentenceEmbeddings, questions), questions.dimension
    )
    return lambda text: vectors.nearest(questions.read_query(text).vector.tolist(), WIDE)


def _build_exact(task: Task) -> None:
    folder = task.folder / "exact"
    folder.mkdir()
    np.save(folder / "vectors.npy", _all_vectors(task), allow_pickle=False)


def _open_exact(task: Task, questions: Questions) -> Ask:
    vectors = np.load(task.folder / "exact" / "vectors.npy", allow_pickle=False)

    def ask(text: str) -> object:
        cosines = vectors @ questions.read_query(text).vector
        nearest = np.argpartition(-cosines, min(WIDE, len(cosines) - 1))[:WIDE]
        return nearest[np.argsort(-cosines[nearest])]

    return ask


def _all_vectors(task: Task) -> Vectors:
    vectors = np.empty((task.size, task.source.vectors.shape[1]), np.float32)
    for block in blocks(task.source, task.size):
        vectors[block.start : block.start + len(block.chunks)] = block.vectors
        task.check(0)
    return vectors


def _build_tokens(task: Task) -> None:
    """As `TokenIndex.save` writes it, block by block."""
    dimension = task.source.vectors.shape[1]
    counts = [n for block in blocks(task.source, task.size) for n in block.tokens]
    first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    needed = int(first[-1]) * dimension / 2**20
    if needed > task.limits.disk:
        raise Exhausted(f"needs {needed:,.0f} MiB of disk, {task.limits.disk:,.0f} are allowed")
    folder = task.folder / "tokens"
    folder.mkdir()
    np.save(folder / "first.npy", first)
    np.save(folder / "mean.npy", np.zeros(dimension, np.float32))
    np.save(folder / "spans.npy", np.zeros((int(first[-1]), 2), np.int32))
    shape = (int(first[-1]), dimension)
    path = folder / "vectors.npy"
    vectors = np.lib.format.open_memmap(path, mode="w+", dtype=np.int8, shape=shape)
    for block in blocks(task.source, task.size):
        end = block.start + len(block.chunks)
        vectors[first[block.start] : first[end]] = block.token_vectors()
        task.check(end)
    vectors.flush()


def _open_tokens(task: Task, questions: Questions) -> Ask:
    tokens = TokenIndex.open(task.folder / "tokens")
    draw = np.random.default_rng(0)

    def ask(text: str) -> object:
        candidates = draw.choice(task.size, min(WIDE, task.size), replace=False).tolist()
        found = tokens.similarities(tokens.centred(questions.read_query(text).tokens), candidates)
        return [float(table.max(axis=1).mean()) for table in found]

    return ask


def _open_ours(task: Task, questions: Questions) -> Ask:
    encoder = cast(SentenceEmbeddings, questions)
    chunks = tuple(chunk for block in blocks(task.source, task.size) for chunk in block.chunks)
    index = as_index(
        chunks,
        LexicalIndex.open(task.folder / "bm25"),
        VectorIndex.open(task.folder / "chroma", encoder, questions.dimension),
        TokenIndex.open(task.folder / "tokens"),
        encoder,
    )
    return lambda text: search(index, text)


FORMS = (
    Form("BM25", "bm25", _build_lexical, _open_lexical),
    Form("dense, exact", "exact", _build_exact, _open_exact),
    Form("dense, Chroma", "chroma", _build_chroma, _open_chroma),
    Form("token vectors", "tokens", _build_tokens, _open_tokens),
    Form("ours, all stages", "", lambda task: None, _open_ours, ("bm25", "chroma", "tokens")),
)
