"""Questions known to have been asked: the file, its vectors, and what a new one is like."""

import json
from dataclasses import replace

import numpy as np
import pytest

from evals.case import load, shipped_files
from evals.training.known import asked_in
from index.known.__main__ import write
from index.known.questions import (
    QUESTIONS,
    Entry,
    KnownQuestions,
    KnownQuestionsError,
    read_entries,
)
from index.known.vectors import read_vectors, write_vectors


def entry(document, answers, *questions):
    return Entry(document, tuple((words,) for words in answers), questions)


CHANGZHOU = "changzhou-2018"
BAR = "受到诫勉处理的，6个月内不得提拔或者重用；"
PATROL = "安全生产巡查结果向被巡查地区党委和政府主要负责人反馈，同时向本级党委组织部门通报。"
ENTRIES = (
    entry(CHANGZHOU, [BAR], "诫勉之后多久能升", "挨了诫勉影响几个月"),
    entry(CHANGZHOU, [PATROL], "巡查结果给谁看"),
    entry(CHANGZHOU, [], "巡查组有几个人"),
    entry(CHANGZHOU, ["这句话不在文件里。"], "改掉了的规定"),
    entry("nowhere-2000", ["没有这份文件"], "别处的问题"),
)


@pytest.fixture(scope="module")
def made(assistant, embeddings, tmp_path_factory):
    path = tmp_path_factory.mktemp("known") / "vectors.safetensors"
    lines = path.with_name("questions.jsonl")
    rows = (
        {"document": e.document, "answers": list(e.answers), "questions": e.questions}
        for e in ENTRIES
    )
    lines.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    documents = assistant.index.documents
    assert write(embeddings, documents, lines, path).read == 6
    assert write(embeddings, documents, lines, path).read == 0
    kept = read_vectors(path, embeddings.reader)
    return KnownQuestions.of(assistant.index.documents, read_entries(lines), kept)


def read(known, embeddings, text):
    return known.read(text, embeddings.read_query(text).vector)


def test_only_what_stands_in_a_document_is_known(made):
    assert len(made) == 4


def test_what_a_document_does_not_say_is_forgotten_when_it_is_amended(
    assistant, embeddings, tmp_path
):
    document = assistant.index.document(CHANGZHOU)
    amended = replace(document, text=document.text + "\n巡查组由五人组成。")
    lines, path = tmp_path / "questions.jsonl", tmp_path / "vectors.safetensors"
    rows = [
        {"document": CHANGZHOU, "answers": [], "questions": ["巡查组有几个人"]},
        {"document": CHANGZHOU, "answers": [BAR], "questions": ["诫勉之后多久能升"]},
    ]
    lines.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")

    def known():
        kept = read_vectors(path, embeddings.reader)
        return len(KnownQuestions.of([amended], read_entries(lines), kept))

    assert write(embeddings, [document], lines, path).amended == ()
    assert known() == 1
    assert write(embeddings, [amended], lines, path).amended == (CHANGZHOU,)
    assert known() == 1
    assert write(embeddings, [amended], lines, path, checked=[CHANGZHOU]).amended == ()
    assert known() == 2


def test_the_question_most_alike_comes_first_with_the_words_that_answer_it(
    made, embeddings, assistant
):
    asked = read(made, embeddings, "受了诫勉要过多长时间才可以提拔")
    first, second, *_ = made.nearest_by_meaning(asked, [CHANGZHOU], 4)
    assert {first.known.text, second.known.text} == {"诫勉之后多久能升", "挨了诫勉影响几个月"}
    (((start, end),),) = first.known.answers
    assert assistant.index.document(CHANGZHOU).text[start:end] == BAR


def test_the_same_words_are_alike_by_words(made, embeddings):
    asked = read(made, embeddings, "巡查结果给谁看？")
    (first,) = made.nearest_by_words(asked, [CHANGZHOU], 1)
    assert first.known.text == "巡查结果给谁看"
    assert first.likeness == pytest.approx(1, abs=1e-5)


def test_what_was_asked_of_other_documents_is_not_near(made, embeddings):
    asked = read(made, embeddings, "诫勉之后多久能升")
    assert made.nearest_by_meaning(asked, ["chengdu-2020"], 5) == []


def test_questions_left_out_are_not_known(made, embeddings):
    fewer = made.without({"诫勉之后多久能升", "巡查组有几个人"})
    texts = {
        near.known.text
        for near in fewer.nearest_by_words(read(fewer, embeddings, "诫勉巡查"), [CHANGZHOU], 9)
    }
    assert texts == {"挨了诫勉影响几个月", "巡查结果给谁看"}


def test_nothing_is_known_of_no_documents(embeddings):
    known = KnownQuestions.of([], ENTRIES, None)
    assert len(known) == 0
    assert known.nearest_by_meaning(read(known, embeddings, "诫勉"), [CHANGZHOU], 3) == []


def test_another_readers_vectors_are_not_used(tmp_path):
    path = tmp_path / "v.safetensors"
    vectors = np.eye(3, 384, dtype=np.float32)
    write_vectors(path, "one", ["a", "b", "c"], vectors)
    assert read_vectors(path, "other") is None
    assert np.allclose(read_vectors(path, "one").of(["c", "a"]), vectors[[2, 0]])


@pytest.mark.parametrize("data", [b"", b"damaged", b"\xff" * 100])
def test_damaged_vectors_are_no_vectors(tmp_path, data):
    path = tmp_path / "v.safetensors"
    path.write_bytes(data)
    assert read_vectors(path, "one") is None


def test_vectors_lose_next_to_nothing(tmp_path):
    vectors = np.random.default_rng(0).normal(size=(50, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    texts = [f"q{n}" for n in range(50)]
    write_vectors(tmp_path / "v", "one", texts, vectors)
    again = read_vectors(tmp_path / "v", "one").of(texts)
    assert (again * vectors).sum(axis=1).min() > 0.999


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"document": "a", "answers": [], "question": ["b"]}',
        '{"document": "a", "answers": [], "questions": [""]}',
        '{"document": "a", "answers": [3], "questions": ["b"]}',
        '{"document": null, "answers": [], "questions": ["b"]}',
        '{"document": "a", "answers": [], "questions": ["b"], "answer": "自己写的答案"}',
    ],
)
def test_a_line_that_cannot_be_used_is_told_by_its_number(tmp_path, line):
    path = tmp_path / "questions.jsonl"
    path.write_text(
        f'{{"document": "a", "answers": [], "questions": ["b"]}}\n{line}\n', encoding="utf-8"
    )
    with pytest.raises(KnownQuestionsError, match="第 2 行"):
        list(read_entries(path))


def test_what_is_shipped_stands_in_the_shipped_documents_and_has_vectors(assistant):
    documents = {document.id: document.text for document in assistant.index.documents}
    entries = list(read_entries(QUESTIONS))
    for one in entries:
        for same in one.answers:
            assert any(words in documents[one.document] for words in same)
    assert len(assistant.index.known) == sum(len(one.questions) for one in entries)


def test_no_case_that_is_reported_is_known(assistant):
    """Whoever measures must ask what the assistant has not been told."""
    cases = [case for case in load(shipped_files()) if case.part == "report"]
    known = {text for one in read_entries(QUESTIONS) for text in one.questions}
    told = [case.id for case in cases if asked_in(case, assistant) in known]
    assert len(cases) > 300
    assert told == []
