"""Articles of law from a file → a searchable library: `evals.ranking` ranks them.

    articles.jsonl(.gz) → texts with title and heading in front → BM25, vectors, token vectors

It uses the product's own rankers on articles that are no edition of it, and keeps what takes long
(the encoder's reading) in a folder, in parts, so that a build that was stopped goes on.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.embeddings import SentenceEmbeddings, Vectors
from index.lexical import LexicalIndex
from index.tokens import TokenIndex

#: Longest article that is read, in characters with what stands in front; the rest is not embedded.
LONGEST = 400
#: Articles in one part.
PART = 1_000
#: Articles, spread over all, that make the mean of the token vectors.
_SAMPLE = 256

Say = Callable[[str], None]


@dataclass(frozen=True)
class Article:
    """One article of a law.

    Args:
        id: its id in the file.
        law: the law's title.
        heading: the headings above it; may be empty.
        number: 第…条.
        content: its words.
    """

    id: str
    law: str
    heading: str
    number: str
    content: str

    @property
    def embedded(self) -> str:
        """What the encoder reads and BM25 counts: title, headings and number, line end, words."""
        context = " ".join(filter(None, (self.law, self.heading, self.number)))
        return f"{context}\n{self.content}"


@dataclass(frozen=True)
class Library:
    """Articles that can be ranked; positions are places in `articles`.

    Args:
        articles: all of them, in the file's order.
        lexical: BM25 over them.
        vectors: their unit vectors, float32 [articles, dimension].
        tokens: the vectors of their tokens.
        embeddings: the encoder that read them.
    """

    articles: tuple[Article, ...]
    lexical: LexicalIndex
    vectors: Vectors
    tokens: TokenIndex
    embeddings: SentenceEmbeddings

    @classmethod
    def open(
        cls, path: Path, embeddings: SentenceEmbeddings, cache: Path, say: Say = print
    ) -> Library:
        """The library of the articles in *path*, read by the encoder only where *cache* lacks it.

        Args:
            path: JSON lines, gzipped or not, with ``id law article content heading``.
            embeddings: the encoder.
            cache: where what was read is kept, a folder for each pair of file and encoder.
            say: told how far it is.
        """
        articles = tuple(read_articles(path))
        folder = cache / _name(articles, embeddings)
        if not (folder / "whole").exists():
            _build(folder, articles, embeddings, say)
        return cls(
            articles,
            LexicalIndex.open(folder / "bm25"),
            np.load(folder / "vectors.npy", allow_pickle=False),
            TokenIndex.open(folder / "tokens"),
            embeddings,
        )


def read_articles(path: Path) -> Iterator[Article]:
    """The articles in *path*, JSON lines, gzipped or not.

    Raises:
        OSError, ValueError, KeyError: it cannot be read, or lacks a key.
    """
    data = path.read_bytes()
    lines = (gzip.decompress(data) if path.suffix == ".gz" else data).split(b"\n")
    for line in filter(None, lines):
        row = json.loads(line)
        heading = " ".join(row["heading"].split())
        yield Article(row["id"], row["law"], heading, row["article"], row["content"])


def _name(articles: Sequence[Article], embeddings: SentenceEmbeddings) -> str:
    """The folder's name: another encoder, precision or other words, another name."""
    encoder = f"{embeddings.digest} {embeddings.computes_in}"
    digest = hashlib.sha256(f"{LONGEST} {encoder}".encode())
    for article in articles:
        digest.update(f"{article.id}\0{article.embedded}\0".encode())
    return digest.hexdigest()[:12]


def _build(
    folder: Path, articles: Sequence[Article], embeddings: SentenceEmbeddings, say: Say
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    say(f"BM25 over {len(articles):,} articles")
    LexicalIndex.build([article.embedded for article in articles]).save(folder / "bm25")
    texts = [article.embedded[:LONGEST] for article in articles]
    mean = _mean_of(folder / "mean.npy", texts, embeddings)
    parts = [folder / f"part-{start:07}.npz" for start in range(0, len(texts), PART)]
    for n, part in enumerate(parts):
        if not part.exists():
            _read_part(part, texts[n * PART : (n + 1) * PART], embeddings, mean)
            say(f"{min((n + 1) * PART, len(texts)):,} of {len(texts):,} articles read")
    _join(folder, parts, mean)
    (folder / "whole").touch()
    for part in parts:
        part.unlink()


def _mean_of(path: Path, texts: Sequence[str], embeddings: SentenceEmbeddings) -> Vectors:
    """The mean token vector of some texts spread over all, kept in *path*."""
    if not path.exists():
        sample = texts[:: max(1, len(texts) // _SAMPLE)]
        np.save(path, TokenIndex.of(embeddings.read_passages(sample)).mean, allow_pickle=False)
    mean: Vectors = np.load(path, allow_pickle=False)
    return mean


def _read_part(
    path: Path, texts: Sequence[str], embeddings: SentenceEmbeddings, mean: Vectors
) -> None:
    readings = embeddings.read_passages(texts)
    tokens = TokenIndex.about(readings, mean)
    draft = path.with_suffix(".new")
    with draft.open("wb") as file:
        np.savez(
            file,
            vectors=np.stack([reading.vector for reading in readings]),
            tokens=tokens.vectors,
            spans=tokens.spans,
            counts=np.diff(tokens.first),
        )
    draft.rename(path)


def _join(folder: Path, parts: Sequence[Path], mean: Vectors) -> None:
    """Write the parts' arrays behind one another into *folder*."""
    counts = np.concatenate([_array(part, "counts") for part in parts])
    first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    np.save(folder / "vectors.npy", np.concatenate([_array(part, "vectors") for part in parts]))
    tokens = folder / "tokens"
    shutil.rmtree(tokens, ignore_errors=True)
    tokens.mkdir()
    np.save(tokens / "first.npy", first)
    np.save(tokens / "mean.npy", mean)
    np.save(tokens / "spans.npy", np.concatenate([_array(part, "spans") for part in parts]))
    shape = (int(first[-1]), len(mean))
    header = {"descr": "|i1", "fortran_order": False, "shape": shape}
    # Written, not mapped: pages of a mapped file would count as memory until they are on disk.
    with (tokens / "vectors.npy").open("wb") as file:
        np.lib.format.write_array_header_1_0(file, header)
        for part in parts:
            file.write(np.ascontiguousarray(_array(part, "tokens"), np.int8).data)


def _array(path: Path, name: str) -> npt.NDArray[np.generic]:
    with np.load(path, allow_pickle=False) as arrays:
        array: npt.NDArray[np.generic] = arrays[name]
    return array
