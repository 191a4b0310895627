"""Building a version of the index, beside the one that serves.

A build writes into a folder of its own and is renamed when whole; the pointer is replaced after
that, and what it names is never moved. Whatever kills a build, the pointer names a whole version.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from index.chunk import Chunk, chunk_document
from index.edition import read_edition
from index.embeddings import Reading, SentenceEmbeddings
from index.errors import IndexBusy, IndexUnavailable
from index.lexical import LexicalIndex
from index.partition import count_public, public_first, save_lexical
from index.store import (
    FORMAT,
    Manifest,
    open_version,
    pointed_name,
    read_manifest,
    version_of,
    versions_folder,
)
from index.tokens import TokenIndex
from index.vectors import VectorIndex

#: How many finished versions stay on disk: the serving one and the one before it.
KEPT_VERSIONS = 2

Progress = Callable[[str, int, int], None]


def build(
    root: Path,
    edition: Path,
    embeddings: SentenceEmbeddings,
    *,
    progress: Progress = lambda stage, done, total: None,
    force: bool = False,
) -> Manifest:
    """Build a version from the edition in *edition* and let the pointer name it.

    Where that version stands already and serves, nothing is done unless *force*.

    Raises:
        BadDocument: the edition cannot be read. The last good version goes on serving.
        IndexBusy: another process is building.
    """
    root.mkdir(parents=True, exist_ok=True)
    with _only_builder(root):
        _sweep(root)
        version = version_of(edition, embeddings)
        folder = None if force else _standing(root, version, embeddings)
        if folder is None:
            folder = _build_version(root, edition, version, embeddings, progress)
        _point_to(root, folder.name)
        _drop_old(root, folder.name)
        return read_manifest(folder)


@contextmanager
def _only_builder(root: Path) -> Iterator[None]:
    with (root / "build.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise IndexBusy("另一个进程正在建立索引，请等它完成后再试。") from None
        yield


def _standing(root: Path, version: str, embeddings: SentenceEmbeddings) -> Path | None:
    """The folder in which that version stands already, whole; the serving one before others."""
    folders = [versions_folder(root) / name for name in _names(version)]
    folders.sort(key=lambda folder: folder.name != pointed_name(root))
    return next((folder for folder in folders if _is_whole(folder, embeddings)), None)


def _names(version: str) -> tuple[str, str]:
    """What its folder may be called."""
    return version, f"{version}.2"


def _is_whole(folder: Path, embeddings: SentenceEmbeddings) -> bool:
    try:
        open_version(folder, embeddings)
    except IndexUnavailable:
        return False
    return True


def _build_version(
    root: Path, edition: Path, version: str, embeddings: SentenceEmbeddings, progress: Progress
) -> Path:
    """Build it beside what serves; its folder."""
    draft = versions_folder(root) / f".building-{os.getpid()}"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        _write_version(draft, edition, version, embeddings, progress)
        return _settle(draft, root, version)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def _write_version(
    draft: Path, edition: Path, version: str, embeddings: SentenceEmbeddings, progress: Progress
) -> None:
    documents = read_edition(edition)
    (draft / "edition").mkdir()
    for path in edition.glob("*.md"):
        shutil.copy2(path, draft / "edition" / path.name)
    chunks = [chunk for document in public_first(documents) for chunk in chunk_document(document)]
    public = count_public(chunks, documents)
    texts = [chunk.embedded for chunk in chunks]
    data = _chunk_lines(chunks)
    (draft / "chunks.jsonl").write_bytes(data)
    progress("全文检索", 0, 1)
    LexicalIndex.build(texts).save(draft / "bm25")
    save_lexical(draft, texts, public)
    progress("全文检索", 1, 1)
    readings = _read(texts, public, embeddings, progress)
    TokenIndex.of(readings, public).save(draft / "tokens")
    VectorIndex.build(
        draft / "chroma",
        [chunk.id for chunk in chunks],
        np.stack([reading.vector for reading in readings]),
        progress=lambda done, total: progress("写入向量库", done, total),
        public=public,
    )
    manifest = Manifest(
        version=version,
        format=FORMAT,
        built_at=datetime.now(UTC).isoformat(timespec="seconds"),
        model=embeddings.name,
        model_digest=embeddings.digest,
        dimension=embeddings.dimension,
        documents=len(documents),
        provisions=sum(len(document.provisions) for document in documents),
        chunks=len(chunks),
        chunks_sha256=hashlib.sha256(data).hexdigest(),
    )
    (draft / "manifest.json").write_text(
        json.dumps(asdict(manifest), ensure_ascii=False, indent=1), encoding="utf-8"
    )


def _read(
    texts: Sequence[str], public: int, embeddings: SentenceEmbeddings, progress: Progress
) -> list[Reading]:
    """What the encoder makes of *texts*.

    The first *public* go through it by themselves: texts that are read together are filled up to
    one length, and that shows in the last digits of their vectors.
    """

    def told(before: int) -> Callable[[int, int], None]:
        return lambda done, _: progress("计算向量", before + done, len(texts))

    front = embeddings.read_passages(texts[:public], told(0))
    return [*front, *embeddings.read_passages(texts[public:], told(public))]


def _chunk_lines(chunks: Sequence[Chunk]) -> bytes:
    lines = (json.dumps(asdict(chunk), ensure_ascii=False) for chunk in chunks)
    return "".join(f"{line}\n" for line in lines).encode("utf-8")


def _settle(draft: Path, root: Path, version: str) -> Path:
    """Give the finished draft a name under which nothing serves; its folder."""
    name = next(name for name in _names(version) if name != pointed_name(root))
    folder = versions_folder(root) / name
    shutil.rmtree(folder, ignore_errors=True)
    draft.rename(folder)
    _sync(folder.parent)
    return folder


def _point_to(root: Path, name: str) -> None:
    draft = root / "current.new"
    with draft.open("w", encoding="utf-8") as file:
        file.write(name + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, root / "current")
    _sync(root)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sweep(root: Path) -> None:
    """Remove what killed builds left behind; safe, since the lock is held."""
    for leftover in versions_folder(root).glob(".building-*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _drop_old(root: Path, name: str) -> None:
    folders = [f for f in versions_folder(root).iterdir() if f.is_dir() and f.name != name]
    folders.sort(key=lambda f: f.stat().st_mtime, reverse=True)
    for folder in folders[KEPT_VERSIONS - 1 :]:
        shutil.rmtree(folder, ignore_errors=True)
