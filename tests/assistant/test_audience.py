"""A public reader cannot tell the edition from one in which the internal documents are not."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from assistant.models import Question, Status
from assistant.service import Assistant
from assistant.settings import Settings
from evals.leak import Named, Pair, differences, look_ups, questions, searches
from index.building import build
from index.embeddings import SentenceEmbeddings
from index.provision import Audience

INTERNAL = """---
id: {id}
title: {title}
jurisdiction: 扬州市
audience: internal
---
第一条 {words}
第二条 本办法自发布之日起施行。
"""


def check_same(pair: Pair, calls: Iterator[Named], least: int) -> None:
    count, found = differences(pair, calls)
    assert not found, "\n".join(found[:5])
    assert count >= least


def test_lists_counts_and_errors_are_the_same(pair: Pair) -> None:
    check_same(pair, look_ups(pair), 100)


def test_answers_are_the_same(pair: Pair) -> None:
    """All is asked by ``python -m evals.leak``; here each third of those on the internal place."""
    check_same(pair, islice(questions(pair, 40), 0, None, 3), 100)


def test_searches_are_the_same(pair: Pair) -> None:
    check_same(pair, islice(searches(pair, 40), 0, None, 6), 60)


def test_the_version_that_a_public_reader_sees_is_that_of_what_is_public(pair: Pair) -> None:
    seen = pair.with_internal.readiness()
    assert seen == pair.without.readiness()
    assert pair.with_internal.search("诫勉").index_version == seen.index_version
    asked = pair.with_internal.ask(Question(question="常州受到诫勉处理多久不得提拔"))
    assert asked.index_version == seen.index_version


@pytest.fixture
def only_internal(tmp_path: Path, model_path: Path) -> Assistant:
    edition = tmp_path / "edition"
    edition.mkdir()
    words = INTERNAL.format(id="a", title="甲办法", words="受到诫勉处理的，6个月内不得提拔。")
    (edition / "a.md").write_text(words, encoding="utf-8")
    build(tmp_path / "index", edition, SentenceEmbeddings.open(model_path))
    settings = Settings(edition=edition, index=tmp_path / "index", model=model_path)
    return Assistant.open(settings)


def test_where_all_is_internal_a_public_reader_finds_an_empty_library(
    only_internal: Assistant,
) -> None:
    public = only_internal.reader(Audience.PUBLIC)
    assert public.documents().documents == ()
    assert (public.readiness().documents, public.readiness().provisions) == (0, 0)
    assert public.search("诫勉").results == ()
    for text in (
        "诫勉之后多久能提拔",
        "扬州诫勉之后多久能提拔",
        "甲办法第一条",
        "哪份文件还没生效",
    ):
        answer = public.ask(Question(question=text))
        assert answer.status is Status.REFUSED
        assert "扬州" not in answer.answer.replace("没有收录扬州市的文件", "")
    assert only_internal.ask(Question(question="甲办法第一条")).status is Status.ANSWERED
