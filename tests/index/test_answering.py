"""What tells which known answer a question asks for: its file, whose it is, and what it says."""

from typing import ClassVar

import numpy as np
import pytest

from index.known.answering import (
    ANSWERING,
    Answering,
    key_of,
    read_answering,
    read_by,
    write_answering,
)
from index.known.questions import QUESTIONS, Entry, KnownQuestions, read_entries

CHANGZHOU, CHENGDU = "changzhou-2018", "chengdu-2020"
BAR = "受到诫勉处理的，6个月内不得提拔或者重用；"


@pytest.fixture
def answering():
    rng = np.random.default_rng(3)
    rows = {key_of("a", [[str(n)]]): n for n in range(3)}
    shapes = ((5, 4), (5,), (3, 5), (3, 4), (3,))
    return Answering(rows, *(rng.normal(size=s).astype(np.float16) for s in shapes))


def test_what_is_written_is_read_again_for_the_same_reader_only(answering, tmp_path):
    path = tmp_path / "answering.safetensors"
    write_answering(path, "reader-a", answering)
    again = read_answering(path, "reader-a")
    vector, rows = np.ones(4, np.float32), np.arange(3)
    assert again.rows == answering.rows
    np.testing.assert_allclose(again(vector, rows), answering(vector, rows), atol=1e-3)
    assert read_answering(path, "reader-b") is None


def test_the_probabilities_of_the_answers_that_may_be_add_up_to_one(answering):
    vector = np.array([1, -2, 3, 0], np.float32)
    some = answering(vector, np.array([0, 2]))
    assert some.sum() == pytest.approx(1)
    every = answering(vector, np.arange(3))
    assert some[0] / some[1] == pytest.approx(every[0] / every[2], rel=1e-4)


@pytest.mark.parametrize("damage", [b"", b"{}", b"\x08\x00\x00\x00\x00\x00\x00\x00{broken}"])
def test_without_a_readable_file_nothing_is_told(tmp_path, damage):
    path = tmp_path / "answering.safetensors"
    assert read_answering(path, "reader") is None
    path.write_bytes(damage)
    assert read_answering(path, "reader") is None


def test_an_answer_is_named_by_its_document_and_words():
    names = {
        key_of("a", (("x",), ("y",))),
        key_of("b", (("x",), ("y",))),
        key_of("a", (("x", "y"),)),
    }
    assert len(names) == 3
    assert key_of("a", [["x"]]) == key_of("a", (("x",),))


def test_the_shipped_one_belongs_to_the_shipped_reader_and_questions(embeddings):
    answering = read_answering(ANSWERING, embeddings.reader)
    assert answering is not None
    assert answering.straight.shape[1] == 2 * embeddings.dimension
    lines = {key_of(entry.document, entry.answers) for entry in read_entries(QUESTIONS)}
    assert set(answering.rows) == lines


def test_the_likeliest_answer_is_what_was_asked_for_in_other_words(assistant, embeddings):
    before = assistant.index.known
    document = assistant.index.document(CHANGZHOU)
    words = "诫勉之后隔多久才有资格再往上走一步"
    asked = before.read(words, embeddings.read_query(words).vector)
    first, *others = before.likeliest(asked, [CHANGZHOU], 3)
    told = " ".join(document.text[a:b] for same in first.near.known.answers for a, b in same)
    assert BAR.rstrip("；") in told
    assert all(first.probability >= one.probability for one in others)
    places = {one.near.known.document for one in before.likeliest(asked, [CHENGDU], 3)}
    assert places == {CHENGDU}
    assert before.likeliest(asked, ["none-such"], 3) == []


def test_a_line_that_was_not_learnt_is_never_told(assistant, embeddings):
    """Whoever adds a question to the file need not learn anew: it votes, and that is all."""
    words = "挨了诫勉多久不能升"
    reader = embeddings.read_query

    class Kept:
        texts: ClassVar[dict[str, str]] = {}

        def __contains__(self, text):
            return True

        def of(self, texts):
            return np.array([reader(text).vector for text in texts], np.float32)

    entries = [Entry(CHANGZHOU, ((BAR,),), (words,))]
    shipped = read_answering(ANSWERING, embeddings.reader)
    metric = assistant.index.known._metric
    documents = assistant.index.documents
    for told in (None, Answering({}, *vars_of(shipped))):
        known = KnownQuestions.of(documents, entries, Kept(), metric, told)
        asked = known.read(words, reader(words).vector)
        assert known.likeliest(asked, [CHANGZHOU], 3) == []
        assert known.nearest_by_meaning(asked, [CHANGZHOU], 1)[0].known.text == words


def vars_of(answering):
    parts = ("inwards", "shift", "outwards", "straight", "level")
    return [getattr(answering, name) for name in parts]


def test_both_readings_stand_side_by_side():
    read = read_by(np.array([1, 0], np.float32), np.array([0, 1], np.float32))
    assert read.tolist() == [1, 0, 0, 1]
