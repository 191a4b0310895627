"""Late interaction: the vectors of every chunk's tokens, so that words are matched one by one.

A question's token counts for the most similar token of a text (MaxSim: Khattab and Zaharia,
ColBERT, SIGIR 2020). Here it is the same encoder as for whole texts, its token vectors without
their common mean, one byte a number.
"""

from __future__ import annotations

import mmap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.embeddings import Reading, Spans, Vectors

_SCALE = 127.0
_FILES = ("vectors", "first", "spans", "mean")


@dataclass(frozen=True)
class TokenIndex:
    """The token vectors of all chunks.

    Args:
        vectors: int8 [tokens, dimension], unit vectors about the mean, times 127.
        first: where each chunk's tokens begin, int64 [chunks + 1].
        spans: each token's place in its chunk's embedded text, int32 [tokens, 2], in characters.
        mean: the mean of all token vectors, of the public ones where there are others, float32
            [dimension].
    """

    vectors: npt.NDArray[np.int8]
    first: npt.NDArray[np.int64]
    spans: Spans
    mean: Vectors

    def __len__(self) -> int:
        return len(self.first) - 1

    @classmethod
    def of(cls, readings: Sequence[Reading], public: int = 0) -> TokenIndex:
        """The index of chunks that the encoder has read.

        Args:
            readings: the chunks.
            public: how many of the first make the mean, so that the rest leaves no trace in what
                stands before it; 0 for all.
        """
        dimension = readings[0].tokens.shape[1] if readings else 0
        return cls.about(readings, _mean(readings[: public or None], dimension))

    @classmethod
    def about(cls, readings: Sequence[Reading], mean: Vectors) -> TokenIndex:
        """As `of`, about a *mean* that is known already: for chunks that are read part by part."""
        counts = [len(reading.tokens) for reading in readings]
        first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        vectors = np.empty((int(first[-1]), len(mean)), np.int8)
        spans = np.empty((len(vectors), 2), np.int32)
        for reading, start in zip(readings, first[:-1], strict=True):
            stretch = slice(start, start + len(reading.tokens))
            vectors[stretch] = np.rint(_about(reading.tokens, mean) * _SCALE)
            spans[stretch] = reading.spans
        return cls(vectors, first, spans, mean)

    def front(self, chunks: int) -> TokenIndex:
        """The index of the first *chunks* alone; the arrays are shared."""
        tokens = int(self.first[chunks])
        return TokenIndex(
            self.vectors[:tokens], self.first[: chunks + 1], self.spans[:tokens], self.mean
        )

    def save(self, folder: Path) -> None:
        """Write the arrays into a new *folder*."""
        folder.mkdir()
        for name in _FILES:
            np.save(folder / f"{name}.npy", getattr(self, name), allow_pickle=False)

    @classmethod
    def open(cls, folder: Path) -> TokenIndex:
        """The index in *folder*; the vectors stay on disk until they are read.

        Raises:
            OSError, ValueError: a file is missing or is no such array.
        """
        arrays = {
            name: np.load(
                folder / f"{name}.npy",
                mmap_mode="r" if name == "vectors" else None,
                allow_pickle=False,
            )
            for name in _FILES
        }
        if not arrays["first"][-1] == len(arrays["vectors"]) == len(arrays["spans"]):
            raise ValueError("词向量的条数不一致")
        return cls(**arrays)

    def centred(self, tokens: Vectors) -> Vectors:
        """A question's token vectors, made comparable with these."""
        return _about(tokens, self.mean)

    def similarities(self, question: Vectors, chunks: Sequence[int]) -> list[Vectors]:
        """The cosine of each of the question's tokens with each token of some chunks.

        Args:
            question: from `centred`, [question tokens, dimension].
            chunks: their positions.

        Returns:
            for each chunk float32 [question tokens, chunk tokens].
        """
        if not len(chunks):
            return []
        stretches = [self.vectors[self.first[n] : self.first[n + 1]] for n in chunks]
        ends = np.cumsum([len(stretch) for stretch in stretches])
        # One product for all: a call for each chunk would cost more than its sums.
        vectors = np.concatenate(stretches).astype(np.float32)
        cosines = (question / _SCALE) @ vectors.T
        return np.split(np.asarray(cosines, np.float32), ends[:-1], axis=1)

    def release(self) -> None:
        """Let go of what was read of the vectors, so that this process does not grow to their size.

        The system keeps it at hand as it does other files that were read.
        """
        if isinstance(self.vectors, np.memmap):
            self.vectors._mmap.madvise(mmap.MADV_DONTNEED)  # type: ignore[attr-defined]

    def spans_of(self, chunk: int) -> Spans:
        """The places of the chunk's tokens in its embedded text."""
        return self.spans[self.first[chunk] : self.first[chunk + 1]]


def _mean(readings: Sequence[Reading], dimension: int) -> Vectors:
    """The mean of all token vectors."""
    total = sum(len(reading.tokens) for reading in readings)
    mean = np.zeros(dimension, np.float32)
    for reading in readings:
        mean += reading.tokens.sum(axis=0) / max(total, 1)
    return mean


def _about(tokens: Vectors, mean: Vectors) -> Vectors:
    """Unit vectors of *tokens* about *mean*."""
    moved = tokens - mean
    lengths = np.linalg.norm(moved, axis=1, keepdims=True)
    return np.asarray(moved / np.maximum(lengths, 1e-12), np.float32)
