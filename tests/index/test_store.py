"""Building an index: what serves survives whatever happens to a build."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest

from index.building import build
from index.edition import SHIPPED
from index.errors import BadDocument, IndexBusy, IndexUnavailable
from index.retriever import HybridRetriever, search
from index.store import Index, serving_version

SMALL = """---
id: {id}
title: {title}
jurisdiction: 常州市
---
第一条 {words}
第二条 本办法自发布之日起施行。
"""


@pytest.fixture
def edition(tmp_path):
    folder = tmp_path / "edition"
    folder.mkdir()
    write(folder, "a", "甲办法", "受到诫勉处理的，6个月内不得提拔。")
    return folder


def write(folder, name, title, words):
    text = SMALL.format(id=name, title=title, words=words)
    (folder / f"{name}.md").write_text(text, encoding="utf-8")


def test_a_built_index_finds_what_is_in_it(tmp_path, edition, embeddings):
    manifest = build(tmp_path / "index", edition, embeddings)
    index = Index.open(tmp_path / "index", embeddings)
    assert index.version == manifest.version
    hits = search(index, "诫勉之后多久能提拔")
    assert hits[0].chunk.provision_id == "a/1"
    documents = HybridRetriever(index=index, k=1).invoke("诫勉")
    assert documents[0].metadata["provision_id"] == "a/1"


def test_the_same_edition_gives_the_same_version_and_no_work(tmp_path, edition, embeddings):
    first = build(tmp_path / "index", edition, embeddings)
    stages = []
    again = build(
        tmp_path / "index", edition, embeddings, progress=lambda s, d, t: stages.append(s)
    )
    assert again == first
    assert stages == []


def test_a_document_that_cannot_be_read_leaves_the_last_index_serving(
    tmp_path, edition, embeddings
):
    before = build(tmp_path / "index", edition, embeddings).version
    (edition / "b.md").write_text("没有文件信息", encoding="utf-8")
    with pytest.raises(BadDocument, match=r"b\.md"):
        build(tmp_path / "index", edition, embeddings)
    assert Index.open(tmp_path / "index", embeddings).version == before


def test_only_one_process_builds_at_a_time(tmp_path, edition, embeddings):
    def try_again(stage, done, total):
        with pytest.raises(IndexBusy):
            build(tmp_path / "index", edition, embeddings)

    build(tmp_path / "index", edition, embeddings, progress=try_again)


@pytest.mark.parametrize("part", ["chunks.jsonl", "manifest.json", "chroma/chroma.sqlite3"])
def test_damage_is_an_error_at_start_and_a_new_build_mends_it(tmp_path, edition, embeddings, part):
    version = build(tmp_path / "index", edition, embeddings).version
    damaged = tmp_path / "index" / "versions" / version / part
    damaged.write_bytes(b"\0damaged")
    with pytest.raises(IndexUnavailable, match="anze index"):
        Index.open(tmp_path / "index", embeddings)
    build(tmp_path / "index", edition, embeddings)
    assert search(Index.open(tmp_path / "index", embeddings), "诫勉")


def test_an_edition_altered_under_the_index_is_damage(tmp_path, edition, embeddings):
    """A quotation is checked against this copy, so nobody may write into it."""
    version = build(tmp_path / "index", edition, embeddings).version
    copy = tmp_path / "index" / "versions" / version / "edition" / "a.md"
    copy.write_text(copy.read_text(encoding="utf-8").replace("6个月", "6年"), encoding="utf-8")
    with pytest.raises(IndexUnavailable, match="校验值"):
        Index.open(tmp_path / "index", embeddings)


def test_a_truncated_lexical_index_is_damage(tmp_path, edition, embeddings):
    version = build(tmp_path / "index", edition, embeddings).version
    for part in (tmp_path / "index" / "versions" / version / "bm25").glob("*.npy"):
        part.write_bytes(b"")
    with pytest.raises(IndexUnavailable, match="anze index"):
        Index.open(tmp_path / "index", embeddings)


def test_no_index_says_what_to_do(tmp_path, embeddings):
    with pytest.raises(IndexUnavailable, match="anze index"):
        Index.open(tmp_path, embeddings)


def test_vectors_of_another_model_are_refused(tmp_path, edition, embeddings):
    version = build(tmp_path / "index", edition, embeddings).version
    path = tmp_path / "index" / "versions" / version / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**manifest, "model_digest": "other"}), encoding="utf-8")
    with pytest.raises(IndexUnavailable, match="模型"):
        Index.open(tmp_path / "index", embeddings)


def test_old_versions_are_cleared_away_but_one(tmp_path, edition, embeddings):
    for words in ("甲。", "乙。", "丙。"):
        write(edition, "a", "甲办法", words)
        build(tmp_path / "index", edition, embeddings)
    assert len(list((tmp_path / "index" / "versions").iterdir())) == 2


class Killed(BaseException):
    """Stands for a kill at a step of putting a finished build in place."""


@pytest.mark.parametrize("step", ["_settle", "_sync", "_point_to", "_drop_old"])
def test_a_forced_build_killed_while_it_is_put_in_place_leaves_a_whole_index(
    tmp_path, edition, embeddings, monkeypatch, step
):
    """Twice, since a version that is built again and the one before it take turns."""
    root = tmp_path / "index"
    version = build(root, edition, embeddings).version
    for _ in range(2):
        with monkeypatch.context() as patch:
            patch.setattr(f"index.building.{step}", killed)
            with pytest.raises(Killed):
                build(root, edition, embeddings, force=True)
        assert Index.open(root, embeddings).version == version
        assert build(root, edition, embeddings, force=True).version == version
        assert search(Index.open(root, embeddings), "诫勉")
        assert serving_version(root) == version


def killed(*_):
    raise Killed


BUILDER = """
import os
import sys
from pathlib import Path
from index.embeddings import SentenceEmbeddings
from index.building import build
edition, model = map(Path, sys.argv[1:])
embeddings = SentenceEmbeddings.open(model)
print("ready", flush=True)
for root in sys.stdin:  # a build for each line, killed or not, in a process of its own
    builder = os.fork()
    if not builder:
        build(Path(root.strip()), edition, embeddings, force=True)
        os._exit(0)
    print(builder, flush=True)
    os.waitpid(builder, 0)
    print("ended", flush=True)
"""


@pytest.fixture
def builders(edition, model_path):
    """A process that builds when told to; it loads the model once, so that a kill meets a build."""
    process = subprocess.Popen(
        [sys.executable, "-c", BUILDER, str(edition), str(model_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )
    assert process.stdout.readline() == "ready\n"
    yield process
    process.communicate(timeout=60)


def begin(builders, root):
    builders.stdin.write(f"{root}\n")
    return int(builders.stdout.readline())


def kill(builder):
    with suppress(ProcessLookupError):  # it may have finished
        os.kill(builder, signal.SIGKILL)


def seconds_of_a_build(builders, root):
    started = time.perf_counter()
    begin(builders, root)
    assert builders.stdout.readline() == "ended\n"
    assert serving_version(root)
    return time.perf_counter() - started


def test_a_build_killed_at_any_moment_leaves_the_last_index_serving(
    tmp_path, edition, embeddings, builders
):
    root = tmp_path / "index"
    before = build(root, edition, embeddings).version
    shutil.copy(SHIPPED / "changzhou-2018.md", edition)
    whole = seconds_of_a_build(builders, tmp_path / "elsewhere")
    chance = random.Random(20261121)
    for _ in range(6):
        builder = begin(builders, root)
        time.sleep(chance.uniform(0, whole))
        kill(builder)
        assert builders.stdout.readline() == "ended\n"
        serving = Index.open(root, embeddings)
        assert serving.version in {before, serving_version(root)}
        assert search(serving, "诫勉")[0].chunk.provision_id in {"a/1", "changzhou-2018/30"}
    after = build(root, edition, embeddings).version
    assert after != before
    assert not list((root / "versions").glob(".building-*"))
