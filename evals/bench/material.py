"""What the rankings are made of, on disk, and what making it cost.

<folder>/bm25      BM25 over character bigrams, as the product has it
<folder>/words     BM25 over words
<folder>/vectors.npy  the encoder's vectors of whole texts
<folder>/tokens    those of their tokens
<folder>/chroma    the vectors' graph of neighbours
<folder>/….json    what the part cost; a part that stands is not made again
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

import numpy as np

from evals.articles import Library
from evals.bench.corpus import Corpus
from evals.bench.cost import measured, on_disk
from evals.bench.words import WordIndex
from index.chunk import Chunk
from index.embeddings import SentenceEmbeddings, Vectors
from index.lexical import LexicalIndex
from index.store import FORMAT, Index, Manifest
from index.tokens import TokenIndex
from index.vectors import VectorIndex

#: Texts that are read to tell how long all would take, where most were read before.
_SAMPLE = 128

Say = Callable[[str], None]


@dataclass(frozen=True)
class Made:
    """What a part cost.

    Args:
        seconds: to make it.
        grown: memory that making it took beyond what was held, MiB.
        disk: its size, MiB.
    """

    seconds: float
    grown: float
    disk: float


@dataclass(frozen=True)
class Material:
    """The parts of one corpus.

    Args:
        corpus: the texts.
        folder: where the parts lie.
        embeddings: the encoder.
        made: what each part cost.
    """

    corpus: Corpus
    folder: Path
    embeddings: SentenceEmbeddings
    made: dict[str, Made]

    def part(self, name: str, make: Callable[[Path], None], say: Say = print) -> Path:
        """The folder of a part, made by *make* where it does not stand yet."""
        folder, card = self.folder / name, self.folder / f"{name}.json"
        if not card.exists():
            shutil.rmtree(folder, ignore_errors=True)
            say(f"  making {name}")
            with measured() as cost:
                make(folder)
            made = Made(cost.seconds, cost.grown, on_disk(folder))
            card.write_text(json.dumps(asdict(made)), encoding="utf-8")
        self.made[name] = Made(**json.loads(card.read_text(encoding="utf-8")))
        return folder

    def lexical(self) -> LexicalIndex:
        """BM25 over bigrams."""
        return LexicalIndex.open(self.folder / "bm25")

    def words(self) -> WordIndex:
        """BM25 over words."""
        return WordIndex.open(self.folder / "words")

    def vectors(self) -> VectorIndex:
        """The graph of neighbours."""
        return VectorIndex.open(self.folder / "chroma", self.embeddings, self.embeddings.dimension)

    def tokens(self) -> TokenIndex:
        """The vectors of tokens; they stay on disk until they are read."""
        return TokenIndex.open(self.folder / "tokens")

    def texts(self) -> Vectors:
        """The vectors of whole texts, float32 [chunks, dimension]."""
        vectors: Vectors = np.load(self.folder / "vectors.npy", allow_pickle=False)
        return vectors

    def index(self) -> Index:
        """All of it, as the product's index."""
        chunks = self.corpus.chunks
        return as_index(chunks, self.lexical(), self.vectors(), self.tokens(), self.embeddings)


def as_index(
    chunks: tuple[Chunk, ...],
    lexical: LexicalIndex,
    vectors: VectorIndex,
    tokens: TokenIndex,
    embeddings: SentenceEmbeddings,
) -> Index:
    """Parts over *chunks* as the product's index, of no documents: enough to search in."""
    manifest = Manifest(
        version="bench",
        format=FORMAT,
        built_at="",
        model=embeddings.name,
        model_digest=embeddings.digest,
        dimension=embeddings.dimension,
        documents=0,
        provisions=len(chunks),
        chunks=len(chunks),
        chunks_sha256="",
    )
    return Index(manifest, (), chunks, lexical, vectors, tokens, embeddings)


def read_here(
    corpus: Corpus, work: Path, embeddings: SentenceEmbeddings, say: Say = print
) -> Material:
    """The material of *corpus*, every text read by the encoder."""
    material = _material(corpus, work, embeddings)
    _build_lexical(material, say)

    def read(folder: Path) -> None:
        readings = embeddings.read_passages([chunk.embedded for chunk in corpus.chunks])
        folder.mkdir()
        np.save(folder / "vectors.npy", np.stack([reading.vector for reading in readings]))
        TokenIndex.of(readings).save(folder / "tokens")

    folder = material.part("reading", read, say)
    _link(folder / "tokens", material.folder / "tokens")
    material.made["tokens"] = Made(0, 0, on_disk(folder / "tokens"))
    shutil.copy2(folder / "vectors.npy", material.folder / "vectors.npy")
    _build_chroma(material, say)
    return material


def read_before(
    corpus: Corpus, library: Library, work: Path, embeddings: SentenceEmbeddings, say: Say = print
) -> Material:
    """The material of *corpus* out of a library whose texts the encoder has read already.

    How long reading takes is told from a sample of the texts.
    """
    material = _material(corpus, work, embeddings)
    _build_lexical(material, say)
    stored = Path(str(getattr(library.tokens.vectors, "filename", "")))
    _link(stored.parent, material.folder / "tokens")
    texts = [chunk.embedded for chunk in corpus.chunks[:: max(1, len(corpus.chunks) // _SAMPLE)]]
    started = perf_counter()
    embeddings.read_passages(texts)
    seconds = (perf_counter() - started) * len(corpus.chunks) / len(texts)
    material.made["reading"] = Made(seconds, 0, 0)
    material.made["tokens"] = Made(0, 0, on_disk(stored.parent))
    np.save(material.folder / "vectors.npy", library.vectors, allow_pickle=False)
    _build_chroma(material, say)
    return material


def _material(corpus: Corpus, work: Path, embeddings: SentenceEmbeddings) -> Material:
    folder = work / _name(corpus.chunks, embeddings)
    folder.mkdir(parents=True, exist_ok=True)
    return Material(corpus, folder, embeddings, {})


def _name(chunks: Sequence[Chunk], embeddings: SentenceEmbeddings) -> str:
    """The folder's name: another encoder or other words, another name."""
    digest = hashlib.sha256(embeddings.digest.encode())
    for chunk in chunks:
        digest.update(f"{chunk.id}\0{chunk.embedded}\0".encode())
    return digest.hexdigest()[:12]


def _build_lexical(material: Material, say: Say) -> None:
    texts = [chunk.embedded for chunk in material.corpus.chunks]
    material.part("bm25", lambda folder: LexicalIndex.build(texts).save(folder), say)
    material.part("words", lambda folder: WordIndex.build(texts).save(folder), say)


def _build_chroma(material: Material, say: Say) -> None:
    ids = [chunk.id for chunk in material.corpus.chunks]
    texts = material.texts()
    material.part("chroma", lambda folder: VectorIndex.build(folder, ids, texts), say)


def _link(target: Path, link: Path) -> None:
    link.unlink(missing_ok=True)
    link.symlink_to(target.absolute(), target_is_directory=True)
