"""Late interaction: the vectors of tokens, kept small and matched one by one."""

import numpy as np
import pytest

from index.embeddings import Reading
from index.tokens import TokenIndex


def test_each_token_of_a_passage_stands_where_its_span_says(embeddings):
    text = "常州办法 第三十条\n受到诫勉处理的，6个月内不得提拔或者重用；"
    (reading,) = embeddings.read_passages([text])
    assert len(reading.tokens) == len(reading.spans) > 5
    assert (reading.spans[:, 0] < reading.spans[:, 1]).all()
    assert reading.spans.min() == 0
    assert reading.spans.max() == len(text)
    assert np.allclose(np.linalg.norm(reading.tokens, axis=1), 1, atol=1e-4)


def test_a_batch_reads_each_text_as_alone(embeddings):
    texts = [
        "受到诫勉处理的，6个月内不得提拔。",
        "定期研究。",
        "每季度至少召开1次安全生产工作会议。",
    ]
    together = embeddings.read_passages(texts)
    for text, reading in zip(texts, together, strict=True):
        (alone,) = embeddings.read_passages([text])
        assert (reading.vector * alone.vector).sum() == pytest.approx(1, abs=1e-3)
        assert ((reading.tokens * alone.tokens).sum(axis=1) > 0.999).all()


def test_a_word_matches_its_own_kind_better_than_another(embeddings):
    readings = embeddings.read_passages(["不得提拔或者重用", "召开安全生产工作会议"])
    index = TokenIndex.of(readings)
    question = index.centred(embeddings.read_query("提拔").tokens)
    promotion, meeting = index.similarities(question, [0, 1])
    assert promotion.max() > meeting.max()


def test_saved_and_opened_it_is_the_same(embeddings, tmp_path):
    index = TokenIndex.of(embeddings.read_passages(["第一条 总则", "第二条 职责内容"]))
    index.save(tmp_path / "tokens")
    opened = TokenIndex.open(tmp_path / "tokens")
    assert len(opened) == 2
    assert (opened.vectors == index.vectors).all()
    assert (opened.spans_of(1) == index.spans_of(1)).all()


def test_what_was_let_go_is_read_again(embeddings, tmp_path):
    TokenIndex.of(embeddings.read_passages(["定期研究。", "不得提拔。"])).save(tmp_path / "tokens")
    index = TokenIndex.open(tmp_path / "tokens")
    question = index.centred(embeddings.read_query("研究").tokens)
    before = index.similarities(question, [0, 1])
    index.release()
    for one, other in zip(before, index.similarities(question, [0, 1]), strict=True):
        assert np.array_equal(one, other)


def test_one_byte_a_number_keeps_the_cosines():
    random = np.random.default_rng(1)
    vectors = random.normal(size=(40, 64)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    spans = np.stack([np.arange(40), np.arange(1, 41)], axis=1).astype(np.int32)
    index = TokenIndex.of([Reading(vectors[0], vectors, spans)])
    (kept,) = index.similarities(index.centred(vectors), [0])
    centred = index.centred(vectors)
    assert np.abs(kept - centred @ centred.T).max() < 0.02


def test_a_damaged_file_is_an_error(embeddings, tmp_path):
    TokenIndex.of(embeddings.read_passages(["第一条 总则"])).save(tmp_path / "tokens")
    np.save(tmp_path / "tokens" / "spans.npy", np.zeros((1, 2), np.int32))
    with pytest.raises(ValueError, match="词向量"):
        TokenIndex.open(tmp_path / "tokens")
