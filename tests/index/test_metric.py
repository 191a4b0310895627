"""The learnt change of vectors by which questions are compared: its file, and whose it is."""

from typing import ClassVar

import numpy as np
import pytest

from index.known.metric import METRIC, Metric, read_metric, write_metric
from index.known.questions import Entry, KnownQuestions

CHANGZHOU = "changzhou-2018"
BAR = "受到诫勉处理的，6个月内不得提拔或者重用；"
APPEAL = "申诉期间，不停止责任追究决定的执行。"


@pytest.fixture
def metric():
    rng = np.random.default_rng(5)
    d, h = 6, 4
    shapes = ((d, d), (d,), (h, d), (d, h))
    return Metric(*(rng.normal(size=shape).astype(np.float16) for shape in shapes))


def test_what_is_written_is_read_again_for_the_same_reader_only(metric, tmp_path):
    path = tmp_path / "metric.safetensors"
    write_metric(path, "reader-a", metric)
    again = read_metric(path, "reader-a")
    vector = np.ones(6, np.float32)
    np.testing.assert_allclose(again(vector), metric(vector), atol=1e-3)
    assert read_metric(path, "reader-b") is None


def test_changed_vectors_have_unit_length_one_by_one_and_together(metric):
    vectors = np.random.default_rng(1).normal(size=(3, 6)).astype(np.float32)
    changed = metric(vectors)
    np.testing.assert_allclose(np.linalg.norm(changed, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(metric(vectors[1]), changed[1], atol=1e-5)


@pytest.mark.parametrize("damage", [b"", b"{}", b"\x08\x00\x00\x00\x00\x00\x00\x00{broken}"])
def test_without_a_readable_file_questions_are_compared_as_they_are_read(tmp_path, damage):
    path = tmp_path / "metric.safetensors"
    assert read_metric(path, "reader") is None
    path.write_bytes(damage)
    assert read_metric(path, "reader") is None


def test_the_shipped_one_belongs_to_the_shipped_reader(embeddings):
    metric = read_metric(METRIC, embeddings.reader)
    assert metric is not None
    assert metric.straight.shape == (embeddings.dimension, embeddings.dimension)


def test_known_questions_are_compared_after_the_change(assistant, embeddings):
    """The questions most like a new one have its answer, in whatever words they were asked."""
    before = assistant.index.known
    documents = [CHANGZHOU]
    for words in ("挨了诫勉几个月不能往上走", "诫勉之后多久才有资格升职"):
        asked = before.read(words, embeddings.read_query(words).vector)
        document = assistant.index.document(CHANGZHOU)
        near = before.nearest_by_meaning(asked, documents, 3)
        for one in near:
            told = " ".join(document.text[a:b] for same in one.known.answers for a, b in same)
            assert BAR.rstrip("；") in told


def test_a_new_question_is_changed_as_the_known_ones_were(assistant, metric):
    class Kept:
        texts: ClassVar[dict[str, str]] = {}

        def __contains__(self, text):
            return True

        def of(self, texts):
            return np.eye(6, dtype=np.float32)[: len(texts)]

    entries = [Entry(CHANGZHOU, ((BAR,),), ("一",)), Entry(CHANGZHOU, ((APPEAL,),), ("二",))]
    known = KnownQuestions.of(assistant.index.documents, entries, Kept(), metric)
    asked = known.read("一", np.eye(6, dtype=np.float32)[0])
    nearest = known.nearest_by_meaning(asked, [CHANGZHOU], 2)[0]
    assert nearest.known.text == "一"
    assert nearest.likeness == pytest.approx(1, abs=1e-4)
