"""The public part of an index is what an index of the public documents alone would be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.building import build
from index.embeddings import SentenceEmbeddings
from index.errors import IndexUnavailable
from index.partition import count_public
from index.provision import Audience
from index.retriever import search
from index.store import Index

DOCUMENT = """---
id: {id}
title: {title}
jurisdiction: 常州市
audience: {audience}
---
第一条 {words}
第二条 本办法自发布之日起施行。
"""


@pytest.fixture(scope="module")
def embeddings(model_path: Path) -> SentenceEmbeddings:
    return SentenceEmbeddings.open(model_path)


def write(edition: Path, name: str, audience: str, words: str) -> None:
    edition.mkdir(exist_ok=True)
    text = DOCUMENT.format(id=name, title=f"{name}办法", audience=audience, words=words)
    (edition / f"{name}.md").write_text(text, encoding="utf-8")


def opened(edition: Path, root: Path, embeddings: SentenceEmbeddings) -> Index:
    build(root, edition, embeddings)
    return Index.open(root, embeddings)


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """An edition whose internal document comes first by name."""
    edition = tmp_path / "edition"
    write(edition, "a", "internal", "受到诫勉处理的，6个月内不得提拔，并扣发绩效奖金。")
    write(edition, "b", "public", "政府常务会议每季度听取1次安全生产工作汇报。")
    write(edition, "c", "public", "受到降职处理的，2年内不得提拔。")
    return edition


def test_it_is_number_for_number_the_index_of_the_public_documents(
    tmp_path: Path, mixed: Path, embeddings: SentenceEmbeddings
) -> None:
    public = opened(mixed, tmp_path / "whole", embeddings).readable_by(Audience.PUBLIC)
    (mixed / "a.md").unlink()
    alone = opened(mixed, tmp_path / "alone", embeddings)
    assert public.version == alone.version
    assert public.documents == alone.documents
    assert public.chunks == alone.chunks
    assert len(public.tokens) == len(public.lexical) == len(public.vectors) == len(alone.chunks)
    for name in ("vectors", "first", "spans", "mean"):
        assert np.array_equal(getattr(public.tokens, name), getattr(alone.tokens, name)), name
    for text in ("诫勉之后多久能提拔", "绩效奖金", "常务会议多久听一次汇报"):
        assert np.array_equal(public.lexical.scores(text), alone.lexical.scores(text))
        assert search(public, text) == search(alone, text)


def test_an_internal_reader_finds_both(
    tmp_path: Path, mixed: Path, embeddings: SentenceEmbeddings
) -> None:
    whole = opened(mixed, tmp_path / "index", embeddings)
    assert whole.readable_by(Audience.INTERNAL) is whole
    assert search(whole, "诫勉扣发绩效奖金")[0].chunk.provision_id == "a/1"
    assert search(whole, "降职多久不得提拔")[0].chunk.provision_id == "c/1"
    public = whole.readable_by(Audience.PUBLIC)
    found = {hit.chunk.document_id for hit in search(public, "诫勉扣发绩效奖金", k=50)}
    assert found == {"b", "c"}
    assert public.provision("a/1") is None


def test_the_public_version_stays_when_an_internal_document_changes(
    tmp_path: Path, mixed: Path, embeddings: SentenceEmbeddings
) -> None:
    before = opened(mixed, tmp_path / "index", embeddings)
    write(mixed, "a", "internal", "另有规定的，从其规定。")
    after = opened(mixed, tmp_path / "index", embeddings)
    assert before.version != after.version
    versions = {i.readable_by(Audience.PUBLIC).version for i in (before, after)}
    assert len(versions) == 1


def test_where_all_is_public_nothing_is_kept_twice(
    tmp_path: Path, mixed: Path, embeddings: SentenceEmbeddings
) -> None:
    (mixed / "a.md").unlink()
    index = opened(mixed, tmp_path / "index", embeddings)
    assert index.readable_by(Audience.PUBLIC) is index
    assert not list(tmp_path.rglob("bm25-public"))


def test_a_version_without_its_public_part_is_damaged(
    tmp_path: Path, mixed: Path, embeddings: SentenceEmbeddings
) -> None:
    build(tmp_path / "index", mixed, embeddings)
    (folder,) = tmp_path.rglob("bm25-public")
    folder.rename(folder.with_name("elsewhere"))
    with pytest.raises(IndexUnavailable, match="损坏"):
        Index.open(tmp_path / "index", embeddings)


def test_chunks_that_are_mixed_up_are_noticed(
    tmp_path: Path, mixed: Path, embeddings: SentenceEmbeddings
) -> None:
    index = opened(mixed, tmp_path / "index", embeddings)
    chunks = index.chunks
    assert count_public(chunks, index.documents) == 4
    with pytest.raises(ValueError, match="混在一起"):
        count_public(chunks[::-1], index.documents)
    with pytest.raises(ValueError, match="不属于"):
        count_public([replace(chunks[0], provision_id="z/1")], index.documents)
