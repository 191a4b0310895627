"""The same index with its vectors on a Chroma server: a real one, on the loopback."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import chromadb
import numpy as np
import pytest

from evals.chroma_run import chroma_run
from evals.latency import questions
from index.building import build
from index.embeddings import SentenceEmbeddings
from index.errors import IndexUnavailable
from index.home import Server
from index.provision import Audience
from index.retriever import search
from index.store import Index, serving_folder
from index.vectors import VectorIndex

_TEXT = """---
id: {name}
title: {name}办法
jurisdiction: 常州市
audience: {audience}
---
第一条 {words}
第二条 本办法自发布之日起施行。
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with chroma_run(tmp_path_factory.mktemp("chroma")) as (url, _):
        yield Server(url)


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    folder = tmp_path / "edition"
    folder.mkdir()
    write(folder, "a", "受到诫勉处理的，6个月内不得提拔。")
    write(folder, "b", "受到诫勉处理的，扣发绩效奖金。", audience="internal")
    return folder


def write(folder: Path, name: str, words: str, audience: str = "public") -> None:
    text = _TEXT.format(name=name, words=words, audience=audience)
    (folder / f"{name}.md").write_text(text, encoding="utf-8")


def collections(server: Server) -> set[str]:
    client = chromadb.HttpClient(server.url)
    return {collection.name for collection in client.list_collections()}


def test_forty_questions_find_the_same_in_the_same_order(
    tmp_path: Path, index_root: Path, embeddings: SentenceEmbeddings, server: Server
) -> None:
    embedded = Index.open(index_root, embeddings)
    on_server = replace(embedded, vectors=moved(embedded, tmp_path / "moved", server))

    for question in questions()[::2]:
        hits, expected = search(on_server, question, 50), search(embedded, question, 50)
        assert [hit.chunk.id for hit in hits] == [hit.chunk.id for hit in expected], question
        assert [hit.score for hit in hits] == [hit.score for hit in expected], question


def moved(index: Index, folder: Path, server: Server) -> VectorIndex:
    """The index's own vectors, written to the server: to encode them anew would take minutes."""
    rows: dict[str, np.ndarray] = {}
    for part in index.vectors._parts:
        got = part.store._collection.get(include=["embeddings"])
        rows.update(zip(got["ids"], np.asarray(got["embeddings"], np.float32), strict=True))
    ids = [chunk.id for chunk in index.chunks]
    vectors = np.stack([rows[i] for i in ids])
    public = len(index.public.chunks) if index.public else None
    VectorIndex.build(folder, ids, vectors, public=public, home=server, version=index.version)
    return VectorIndex.open(folder, index.embeddings, vectors.shape[1], home=server)


def test_a_version_on_a_server_keeps_no_vectors_in_its_folder(
    tmp_path: Path, edition: Path, embeddings: SentenceEmbeddings, server: Server
) -> None:
    version = build(tmp_path / "index", edition, embeddings, home=server).version
    index = Index.open(tmp_path / "index", embeddings, server)
    assert search(index, "诫勉之后多久能提拔")[0].chunk.provision_id == "a/1"
    assert not list((tmp_path / "index").rglob("*.sqlite3"))
    made = {name for name in collections(server) if version in name}
    assert len(made) == 2
    assert all(name.isascii() for name in made)


def test_a_public_reader_is_given_the_public_collection_alone(
    tmp_path: Path, edition: Path, embeddings: SentenceEmbeddings, server: Server
) -> None:
    build(tmp_path / "index", edition, embeddings, home=server)
    whole = Index.open(tmp_path / "index", embeddings, server)
    public = whole.readable_by(Audience.PUBLIC)
    assert search(whole, "扣发绩效奖金")[0].chunk.document_id == "b"
    assert {hit.chunk.document_id for hit in search(public, "扣发绩效奖金", k=50)} == {"a"}


def test_collections_of_old_versions_go_with_their_folders(
    tmp_path: Path, edition: Path, embeddings: SentenceEmbeddings, server: Server
) -> None:
    before = collections(server)
    versions = []
    for words in ("甲。", "乙。", "丙。"):
        write(edition, "a", words)
        versions.append(build(tmp_path / "index", edition, embeddings, home=server).version)
    named = {name.split("-")[1] for name in collections(server) - before}
    assert named == set(versions[1:])


class Stopped(BaseException):
    """Stands for whatever ends a build while it writes to the server."""


def stop(stage: str, done: int, total: int) -> None:
    if stage == "写入向量库":
        raise Stopped


def test_a_build_that_fails_leaves_the_last_version_and_no_half_collection(
    tmp_path: Path, edition: Path, embeddings: SentenceEmbeddings, server: Server
) -> None:
    version = build(tmp_path / "index", edition, embeddings, home=server).version
    before = collections(server)
    write(edition, "a", "另有规定的，从其规定。")
    with pytest.raises(Stopped):
        build(tmp_path / "index", edition, embeddings, home=server, progress=stop)
    assert collections(server) == before
    assert Index.open(tmp_path / "index", embeddings, server).version == version


def test_what_a_killed_build_left_on_the_server_goes_with_the_next(
    tmp_path: Path,
    edition: Path,
    embeddings: SentenceEmbeddings,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    build(tmp_path / "index", edition, embeddings, home=server)
    before = collections(server)
    write(edition, "a", "另有规定的，从其规定。")
    with monkeypatch.context() as patch:
        patch.setattr("index.building._clear", lambda folder, home: None)  # nobody tidies up
        with pytest.raises(Stopped):
            build(tmp_path / "index", edition, embeddings, home=server, progress=stop)
    left = collections(server) - before
    assert left
    build(tmp_path / "index", edition, embeddings, home=server)
    assert not left & collections(server)


@pytest.mark.parametrize("damage", ["removed", "altered"])
def test_a_collection_that_is_not_as_it_was_written_is_damage(
    tmp_path: Path, edition: Path, embeddings: SentenceEmbeddings, server: Server, damage: str
) -> None:
    build(tmp_path / "index", edition, embeddings, home=server)
    index = Index.open(tmp_path / "index", embeddings, server)
    collection = index.vectors._parts[0].store._collection
    chunk = index.chunks[0].id
    if damage == "removed":
        collection.delete([chunk])
    else:
        collection.update([chunk], embeddings=[[1.0, *[0.0] * (embeddings.dimension - 1)]])
    with pytest.raises(IndexUnavailable, match="anze index --force"):
        Index.open(tmp_path / "index", embeddings, server)
    build(tmp_path / "index", edition, embeddings, home=server)
    assert search(Index.open(tmp_path / "index", embeddings, server), "诫勉")


def test_an_index_in_the_other_place_says_what_to_do_and_a_build_moves_it(
    tmp_path: Path, edition: Path, embeddings: SentenceEmbeddings, server: Server
) -> None:
    root = tmp_path / "index"
    build(root, edition, embeddings)
    with pytest.raises(IndexUnavailable, match="取消 ANZE_CHROMA"):
        Index.open(root, embeddings, server)
    build(root, edition, embeddings, home=server)
    assert search(Index.open(root, embeddings, server), "诫勉")
    with pytest.raises(IndexUnavailable, match="设置 ANZE_CHROMA"):
        Index.open(root, embeddings)


def test_a_server_that_stops_is_told_and_one_that_comes_back_is_used_again(
    tmp_path: Path, edition: Path, embeddings: SentenceEmbeddings
) -> None:
    root = tmp_path / "index"
    with chroma_run(tmp_path / "chroma") as (url, _):
        server = Server(url)
        build(root, edition, embeddings, home=server)
        index = Index.open(root, embeddings, server)
        found = search(index, "诫勉")
    with pytest.raises(IndexUnavailable, match="没有应答"):
        search(index, "诫勉")
    with pytest.raises(IndexUnavailable, match="没有应答"):
        index.vectors.check()
    for call in (server.check, lambda: build(root, edition, embeddings, home=server, force=True)):
        with pytest.raises(IndexUnavailable, match="ANZE_CHROMA"):
            call()
    assert serving_folder(root).is_dir()
    with chroma_run(tmp_path / "chroma", int(url.rpartition(":")[2])):
        assert search(index, "诫勉") == found


def test_a_forced_build_is_seen_by_who_reads(
    tmp_path: Path, edition: Path, embeddings: SentenceEmbeddings, server: Server
) -> None:
    """Its collections are others, and those that were read go with the build after it."""
    first = build(tmp_path / "index", edition, embeddings, home=server)
    before = Index.open(tmp_path / "index", embeddings, server)
    again = build(tmp_path / "index", edition, embeddings, home=server, force=True)
    after = Index.open(tmp_path / "index", embeddings, server)
    assert first.version == again.version
    assert before.build != after.build
    assert search(before, "诫勉") == search(after, "诫勉")
