"""The index on disk: versions in their own folders, one pointer moved last.

    <root>/current                the name of the folder that serves
    <root>/versions/<version>/    manifest.json, edition/, chunks.jsonl, bm25/, chroma/, tokens/;
                                  `index.partition` says how what is public stands in them
    <root>/versions/<version>.2/  the same version built again; .3 the next time
    <root>/build.lock             held by the one process that builds

`index.building` writes them; here they are opened and read. Where the vectors are on a server,
`index.home` says what stands in chroma/ instead.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from index.chunk import Chunk
from index.edition import read_edition
from index.embeddings import SentenceEmbeddings
from index.errors import IndexUnavailable
from index.home import Embedded, Home
from index.known.questions import KnownQuestions
from index.lexical import LexicalIndex
from index.partition import count_public, is_public, open_lexical
from index.provision import Audience, Document, Provision
from index.tokens import TokenIndex
from index.vectors import VectorIndex

#: Changes when the layout or the making of chunks changes, so that old versions are rebuilt.
FORMAT = 4
#: The folder of a version's vectors.
VECTORS = "chroma"


#: A version, and what tells this build of it from others; see `Home.name_of`.
Build = tuple[str, str]


@dataclass(frozen=True)
class Manifest:
    """What a version was made of.

    Args:
        version: digest over edition, model and format; the same input gives the same version. Of
            the public part: over the public documents, so that nobody sees by it that an internal
            one has changed.
        model, model_digest, dimension: the encoder; another one may not read these vectors.
        documents, provisions, chunks: counts.
        built_at: when; empty for a part.
        chunks_sha256: digest of ``chunks.jsonl``, to see damage at start; empty for a part.
    """

    version: str
    format: int
    built_at: str
    model: str
    model_digest: str
    dimension: int
    documents: int
    provisions: int
    chunks: int
    chunks_sha256: str


@dataclass(frozen=True)
class Index:
    """One version, open for reading.

    Args:
        manifest: what it was made of.
        documents: the edition's documents, in order.
        chunks: all chunks, the public ones first; positions in this tuple are what the rankings
            speak of.
        lexical, vectors: the two rankings over the chunks.
        tokens: the vectors of the chunks' tokens.
        embeddings: the encoder for questions.
        public: the index of the public documents alone; None where all are public.
    """

    manifest: Manifest
    documents: tuple[Document, ...]
    chunks: tuple[Chunk, ...]
    lexical: LexicalIndex
    vectors: VectorIndex
    tokens: TokenIndex
    embeddings: SentenceEmbeddings
    public: Index | None = None

    def readable_by(self, audience: Audience) -> Index:
        """The index in which there is nothing but what *audience* may read."""
        return self.public if self.public and audience is Audience.PUBLIC else self

    @property
    def version(self) -> str:
        """The version's name."""
        return self.manifest.version

    @cached_property
    def by_id(self) -> dict[str, Document]:
        """Documents by id."""
        return {document.id: document for document in self.documents}

    @cached_property
    def first_chunk(self) -> dict[str, int]:
        """The position of each provision's first chunk."""
        positions = enumerate(self.chunks)
        return {chunk.provision_id: n for n, chunk in reversed(list(positions))}

    @cached_property
    def known(self) -> KnownQuestions:
        """What has been asked of the documents, with what answered it."""
        return KnownQuestions.shipped(self.documents, self.embeddings.reader)

    def chunk_at(self, document_id: str, offset: int) -> int | None:
        """The position of the chunk in which a document's character stands, where it is in one."""
        document = self.document(document_id)
        around = [p for p in document.provisions if p.start <= offset < p.end] if document else []
        for provision in sorted(around, key=lambda p: p.end - p.start):
            first = self.first_chunk.get(provision.id)
            for n in range(first, len(self.chunks)) if first is not None else ():
                chunk = self.chunks[n]
                if chunk.provision_id != provision.id:
                    break
                if chunk.start <= offset - provision.start < chunk.end:
                    return n
        return None

    def document(self, document_id: str) -> Document | None:
        """The document of that id, or None."""
        return self.by_id.get(document_id)

    def provision(self, provision_id: str) -> Provision | None:
        """The provision of that id, or None."""
        document = self.document(provision_id.partition("/")[0])
        return document.by_id.get(provision_id) if document else None

    @property
    def build(self) -> Build:
        """Which build of the version it is."""
        return self.version, self.vectors.name

    @classmethod
    def open(cls, root: Path, embeddings: SentenceEmbeddings, home: Home | None = None) -> Index:
        """The version that the pointer in *root* names.

        Args:
            root: the folder of the index.
            embeddings: the encoder that made it.
            home: where its vectors are; in its folder unless told otherwise.

        Raises:
            IndexUnavailable: there is none, it is damaged, another model made it, or the home of
                its vectors cannot be reached.
        """
        return open_version(serving_folder(root), embeddings, home)


def current_build(root: Path, home: Home) -> Build | None:
    """Which build the pointer in *root* names; None where there is none yet."""
    name = pointed_name(root)
    if name is None:
        return None
    return _version_in(name), home.name_of(versions_folder(root) / name / VECTORS)


def serving_version(root: Path) -> str:
    """The name of the version that serves.

    Raises:
        IndexUnavailable: there is none yet.
    """
    return _version_in(serving_folder(root).name)


def serving_folder(root: Path) -> Path:
    """Where the version that serves lies.

    Raises:
        IndexUnavailable: there is none yet.
    """
    name = pointed_name(root)
    if name is None:
        raise IndexUnavailable("还没有索引。请先运行 anze index 建立索引。")
    return versions_folder(root) / name


def _version_in(name: str) -> str:
    """The version in the folder of that name."""
    return name.partition(".")[0]


def pointed_name(root: Path) -> str | None:
    """The name of the folder that the pointer names, or None where there is no pointer yet."""
    try:
        return (root / "current").read_text(encoding="utf-8").strip() or None
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise IndexUnavailable(f"读不了索引的指针文件 {root / 'current'}：{error}。") from error


def versions_folder(root: Path) -> Path:
    """Where the versions lie."""
    return root / "versions"


def open_version(folder: Path, embeddings: SentenceEmbeddings, home: Home | None = None) -> Index:
    """The version in *folder*; see `Index.open`.

    Raises:
        IndexUnavailable: it is damaged, another model made it, or the home of its vectors cannot
            be reached.
    """
    manifest = read_manifest(folder)
    if manifest.format != FORMAT:
        raise IndexUnavailable("索引是旧版程序建立的。请运行 anze index 重新建立。")
    if manifest.model_digest != embeddings.digest:
        raise IndexUnavailable(
            f"索引由模型 {manifest.model} 建立，现在配置的是 {embeddings.name}，"
            "两者的向量不能混用。请运行 anze index 重新建立，或改回原来的模型。"
        )
    _check_writable(folder)
    try:
        documents = tuple(read_edition(folder / "edition"))
        chunks = tuple(_read_chunks(folder / "chunks.jsonl", manifest.chunks_sha256))
        lexical = LexicalIndex.open(folder / "bm25")
        vectors = VectorIndex.open(
            folder / VECTORS, embeddings, manifest.dimension, home=home or Embedded()
        )
        tokens = TokenIndex.open(folder / "tokens")
        if version_of(folder / "edition", embeddings) != manifest.version:
            raise ValueError("文件库的副本与登记的校验值不符")
        index = Index(manifest, documents, chunks, lexical, vectors, tokens, embeddings)
        public = _public_part(index, folder)
    except IndexUnavailable:
        raise
    except Exception as error:  # damaged files make the libraries raise anything
        raise _damaged(folder, str(error) or type(error).__name__) from error
    counts = {manifest.chunks, len(chunks), len(lexical), len(vectors), len(tokens)}
    if len(counts) != 1:
        raise _damaged(folder, "各部分的条数不一致")
    return replace(index, public=public)


def _public_part(index: Index, folder: Path) -> Index | None:
    """What of *index* anybody may read, by itself; None where that is all.

    Raises:
        ValueError: public and internal are not kept apart in *folder*.
    """
    documents = tuple(filter(is_public, index.documents))
    count = count_public(index.chunks, index.documents)
    if len(documents) == len(index.documents):
        return None
    manifest = replace(
        index.manifest,
        version=_version_of_public(folder / "edition", index),
        built_at="",
        documents=len(documents),
        provisions=sum(len(document.provisions) for document in documents),
        chunks=count,
        chunks_sha256="",
    )
    return Index(
        manifest,
        documents,
        index.chunks[:count],
        open_lexical(folder, count),
        index.vectors.front(count),
        index.tokens.front(count),
        index.embeddings,
    )


def _check_writable(folder: Path) -> None:
    """SQLite below Chroma locks by writing, so that a folder without that right cannot serve."""
    database = folder / VECTORS / "chroma.sqlite3"
    if database.exists() and not (os.access(database, os.W_OK) and os.access(folder, os.W_OK)):
        raise IndexUnavailable(
            f"对索引文件夹 {folder} 没有写权限，向量库打不开。"
            "请修改权限，或复制到可写的文件夹并设置 ANZE_INDEX。"
        )


def _damaged(folder: Path, why: str) -> IndexUnavailable:
    return IndexUnavailable(
        f"索引 {folder.name} 已损坏（{why}）。请运行 anze index --force 重新建立。"
    )


def read_manifest(folder: Path) -> Manifest:
    """What the version in *folder* was made of.

    Raises:
        IndexUnavailable: its manifest is damaged.
    """
    try:
        return Manifest(**json.loads((folder / "manifest.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise _damaged(folder, str(error)) from error


def _read_chunks(path: Path, sha256: str) -> Iterator[Chunk]:
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ValueError("chunks.jsonl 与登记的校验值不符")
    for line in data.decode("utf-8").splitlines():
        yield Chunk(**json.loads(line))


def version_of(edition: Path, embeddings: SentenceEmbeddings) -> str:
    """The name of the version that this edition gives with this model."""
    return _digest(sorted(edition.glob("*.md")), embeddings)


def _version_of_public(edition: Path, index: Index) -> str:
    """The name of the version that the public files of *edition* would give by themselves."""
    files = zip(sorted(edition.glob("*.md")), index.documents, strict=True)
    return _digest([path for path, document in files if is_public(document)], index.embeddings)


def _digest(files: Sequence[Path], embeddings: SentenceEmbeddings) -> str:
    digest = hashlib.sha256(f"{FORMAT} {embeddings.digest}".encode())
    for path in files:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
