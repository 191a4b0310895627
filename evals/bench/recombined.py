"""Provisions without end, made of real ones: sentences of one law put together anew.

There are not a million provisions to be had here, and reading a million texts would take the
encoder most of a day. So both are made up, from a seed: a text is as many sentences as some real
provision of a law has, drawn from all of that law; its vector is the mean of those of the
provisions that the sentences are from, with a little noise; its token vectors are random. The
costs are those of real texts, as far as words repeat and vectors crowd as these do; what is found
means nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from evals.bench.corpus import Corpus
from index.chunk import Chunk
from index.embeddings import Vectors

#: Provisions that are made together; a smaller collection is the beginning of a larger one.
BLOCK = 1_000
#: Length of the noise beside a vector of length 1.
_NOISE = 0.15
#: Tokens a character, of the encoder over Chinese rules.
_TOKENS = 0.66
_SENTENCE = re.compile(r"[^。；\n]+[。；]?")
_SEED = 20_180_408


@dataclass(frozen=True)
class Source:
    """Real provisions as they are drawn from.

    Args:
        titles: of the laws.
        sentences: of each law, with the position of the provision that each is from.
        counts: of each provision, its law and how many sentences it has.
        vectors: of the provisions, float32 [provisions, dimension].
    """

    titles: tuple[str, ...]
    sentences: tuple[tuple[tuple[str, int], ...], ...]
    counts: tuple[tuple[int, int], ...]
    vectors: Vectors

    def save(self, folder: Path) -> None:
        """Write it into *folder*, for other processes."""
        folder.mkdir(parents=True, exist_ok=True)
        plain = (self.titles, self.sentences, self.counts)
        (folder / "source.json").write_text(json.dumps(plain, ensure_ascii=False), encoding="utf-8")
        np.save(folder / "source.npy", self.vectors, allow_pickle=False)

    @classmethod
    def open(cls, folder: Path) -> Source:
        """What was saved in *folder*."""
        titles, sentences, counts = json.loads((folder / "source.json").read_bytes())
        return cls(
            tuple(titles),
            tuple(tuple((words, n) for words, n in law) for law in sentences),
            tuple((law, count) for law, count in counts),
            np.load(folder / "source.npy", allow_pickle=False),
        )


def source(corpus: Corpus, vectors: Vectors) -> Source:
    """The chunks of *corpus*, whose vectors are *vectors*, as a source."""
    titles = {name: law for law, name in enumerate(corpus.texts)}
    sentences: list[list[tuple[str, int]]] = [[] for _ in titles]
    counts = []
    for n, (chunk, place) in enumerate(zip(corpus.chunks, corpus.places, strict=True)):
        found = _SENTENCE.findall(chunk.text) or [chunk.text]
        law = titles[place.document]
        sentences[law].extend((words, n) for words in found)
        counts.append((law, len(found)))
    return Source(
        tuple(titles), tuple(map(tuple, sentences)), tuple(counts), np.asarray(vectors, np.float32)
    )


@dataclass(frozen=True)
class Block:
    """Some provisions that follow one another.

    Args:
        chunks: their texts.
        vectors: float32 [chunks, dimension], unit length.
        tokens: how many tokens each has.
        start: the position of the first.
    """

    chunks: tuple[Chunk, ...]
    vectors: Vectors
    tokens: tuple[int, ...]
    start: int

    def token_vectors(self) -> npt.NDArray[np.int8]:
        """Random numbers in the shape of token vectors, int8 [tokens, dimension]."""
        shape = (sum(self.tokens), self.vectors.shape[1])
        numbers = np.random.default_rng([_SEED, 1, self.start])
        return numbers.integers(-60, 61, shape, np.int8)


def blocks(given: Source, size: int) -> Iterator[Block]:
    """The first *size* provisions; always the same ones."""
    for start in range(0, size, BLOCK):
        yield _block(given, start, min(BLOCK, size - start))


def _block(given: Source, start: int, count: int) -> Block:
    draw = np.random.default_rng([_SEED, 0, start])
    models: list[int] = draw.integers(len(given.counts), size=BLOCK).tolist()
    chunks: list[Chunk] = []
    owners: list[list[int]] = []
    for n, model in enumerate(models, start):
        law, length = given.counts[model]
        pool = given.sentences[law]
        places: list[int] = draw.integers(len(pool), size=length).tolist()
        drawn = [pool[at] for at in places]
        words = "".join(sentence for sentence, _ in drawn)
        context = f"{given.titles[law]} 第{n}条"
        chunks.append(Chunk(f"made-{n}", f"made-{n}", 0, len(words), context, words))
        owners.append([owner for _, owner in drawn])
    vectors = _means(given.vectors, owners, draw)
    tokens = (max(1, int(len(chunk.embedded) * _TOKENS)) for chunk in chunks[:count])
    return Block(tuple(chunks[:count]), vectors[:count], tuple(tokens), start)


def _means(vectors: Vectors, owners: Sequence[Sequence[int]], draw: np.random.Generator) -> Vectors:
    """Unit vectors near the mean of each row of owners."""
    flat = [owner for row in owners for owner in row]
    starts = np.cumsum([0, *(len(row) for row in owners[:-1])])
    sums = np.add.reduceat(vectors[flat], starts, axis=0)
    means = _units(sums)
    noise = draw.standard_normal(means.shape, np.float32) / np.sqrt(
        means.shape[1], dtype=np.float32
    )
    return _units(means + np.float32(_NOISE) * noise)


def _units(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), np.float32)
