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
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path

import numpy as np

from index.chunk import Chunk, chunk_document
from index.edition import read_edition
from index.embeddings import Reading, SentenceEmbeddings
from index.errors import IndexBusy, IndexUnavailable
from index.home import Embedded, Home
from index.lexical import LexicalIndex
from index.partition import count_public, public_first, save_lexical
from index.store import (
    FORMAT,
    VECTORS,
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
    home: Home | None = None,
    progress: Progress = lambda stage, done, total: None,
    force: bool = False,
) -> Manifest:
    """Build a version from the edition in *edition* and let the pointer name it.

    Where that version stands already and serves, nothing is done unless *force*.

    Args:
        home: where the vectors go; into the version's folder unless told otherwise.

    Raises:
        BadDocument: the edition cannot be read. The last good version goes on serving.
        IndexBusy: another process is building.
        IndexUnavailable: the home of the vectors cannot be reached.
    """
    job = _Job(root, edition, embeddings, home or Embedded(), progress)
    root.mkdir(parents=True, exist_ok=True)
    with _only_builder(root):
        job.home.check()  # before the minutes that the encoder takes
        _sweep(job)
        version = version_of(edition, embeddings)
        folder = None if force else _standing(job, version)
        if folder is None:
            folder = _build_version(job, version)
        before = pointed_name(root)
        _point_to(root, folder.name)
        _drop_old(job, folder.name, before)
        return read_manifest(folder)


@dataclass(frozen=True)
class _Job:
    """What is to be built of what, and where; see `build`."""

    root: Path
    edition: Path
    embeddings: SentenceEmbeddings
    home: Home
    progress: Progress


@contextmanager
def _only_builder(root: Path) -> Iterator[None]:
    with (root / "build.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise IndexBusy("另一个进程正在建立索引，请等它完成后再试。") from None
        yield


def _standing(job: _Job, version: str) -> Path | None:
    """The folder in which that version stands already, whole; the serving one before others."""
    folders = sorted(versions_folder(job.root).glob(f"{version}*"))
    folders.sort(key=lambda folder: folder.name != pointed_name(job.root))
    return next((folder for folder in folders if _is_whole(folder, job)), None)


def _is_whole(folder: Path, job: _Job) -> bool:
    try:
        open_version(folder, job.embeddings, job.home)
    except IndexUnavailable:
        return False
    return True


def _build_version(job: _Job, version: str) -> Path:
    """Build it beside what serves; its folder."""
    draft = versions_folder(job.root) / f".building-{os.getpid()}"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        _write_version(draft, job, version)
        return _settle(draft, job.root, version)
    except BaseException:
        _clear(draft, job.home)
        raise


def _clear(folder: Path, home: Home) -> None:
    """Remove a version; where its vectors cannot be, its folder stays, which knows their names."""
    try:
        home.remove(folder / VECTORS)
    except IndexUnavailable:
        return
    shutil.rmtree(folder, ignore_errors=True)


def _write_version(draft: Path, job: _Job, version: str) -> None:
    edition, embeddings, progress = job.edition, job.embeddings, job.progress
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
        draft / VECTORS,
        [chunk.id for chunk in chunks],
        np.stack([reading.vector for reading in readings]),
        progress=lambda done, total: progress("写入向量库", done, total),
        public=public,
        home=job.home,
        version=version,
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
    """Give the finished draft a name that no other folder has; its folder."""
    names = chain([version], (f"{version}.{n}" for n in count(2)))
    folder = next(f for f in map(versions_folder(root).joinpath, names) if not f.exists())
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


def _sweep(job: _Job) -> None:
    """Remove what killed builds left behind; safe, since the lock is held."""
    for leftover in versions_folder(job.root).glob(".building-*"):
        _clear(leftover, job.home)


def _drop_old(job: _Job, name: str, before: str | None) -> None:
    """Remove all but the version that serves and the one before it, which calls may still read."""
    folders = [f for f in versions_folder(job.root).glob("[!.]*") if f.name != name]
    folders.sort(key=lambda f: (f.name == before, f.stat().st_mtime), reverse=True)
    for folder in folders[KEPT_VERSIONS - 1 :]:
        _clear(folder, job.home)
