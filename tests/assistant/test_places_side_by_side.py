"""What is asked of one of several places, and what one says in the words of another."""

import pytest

from assistant.models import Question
from assistant.places_apart import texts_by_place


@pytest.fixture
def ask(assistant):
    return lambda question: assistant.ask(Question(question=question))


def test_a_clause_that_names_one_place_is_asked_of_no_other():
    text = "隐患挂牌，静安几处，湛江怎么挂"
    found = texts_by_place(text, {"静安": [(5, 7)], "湛江": [(10, 12)]}, [])
    assert found["静安"].split() == ["隐患挂牌，静安几处，"]
    assert found["湛江"].split() == ["隐患挂牌，", "，湛江怎么挂"]


def test_the_post_behind_the_name_of_a_place_is_of_that_place():
    text = "常州的区长和成都的书记多久开会"
    found = texts_by_place(text, {"常州": [(0, 2)], "成都": [(6, 8)]}, [(3, 5), (9, 11)])
    assert "书记" not in found["常州"]
    assert "区长" not in found["成都"]


@pytest.mark.parametrize(
    ("text", "posts"),
    [("常州和成都多久开会", []), ("常州和成都的区长多久开会", [(6, 8)])],
)
def test_what_is_said_of_both_places_is_left_whole(text, posts):
    assert texts_by_place(text, {"常州": [(0, 2)], "成都": [(3, 5)]}, posts) == {}


def test_a_place_answers_in_the_sentence_that_says_the_same_as_anothers(ask):
    answer = ask("安委会主任谁来当，常州和湛江开发区")
    assert "辖市、区政府主要负责人担任本级安全生产委员会主任" in answer.answer
    assert "镇政府（街道办）主要领导担任镇（街道）安全生产委员会主任" in answer.answer


def test_a_place_that_says_nothing_alike_stays_silent(ask):
    answer = ask("受诫勉后多久不能提拔，常州和成都比一比")
    assert "6个月内不得提拔" in answer.answer
    assert {citation.document.id for citation in answer.citations} == {"changzhou-2018"}
