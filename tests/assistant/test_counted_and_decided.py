"""Rules that count what the question counts, and sentences that decide by more than their words."""

from __future__ import annotations

import pytest

from assistant.conclusions import limits_on
from assistant.models import Answer, Question, Status
from assistant.service import Assistant
from assistant.tallies import same_class
from index.address import Address


@pytest.fixture(scope="module")
def ask(assistant: Assistant):
    return lambda text: assistant.ask(Question.model_validate({"question": text}))


def cited(answer: Answer) -> list[str]:
    return [citation.provision_id for citation in answer.citations]


def test_an_accident_of_a_class_is_one_of_those_above_it_too():
    assert same_class("起重大事故", "起较大以上生产安全事故")
    assert not same_class("起一般事故", "起较大以上生产安全事故")
    assert same_class("起事故", "起较大事故")


def test_only_conditions_on_what_the_question_counts_are_held_against_it():
    rule = "1年内发生1起重大事故或2起以上一般事故的，不得提拔。"
    assert limits_on("今年已经3起一般事故", rule) == [True]
    assert limits_on("今年才1起一般事故", rule) == [False]
    assert limits_on("今年出了2起较大事故", rule) == []


@pytest.mark.parametrize(
    "asked",
    ["湛江开发区一个镇今年4起一般事故了会怎样", "湛江开发区镇上出了1起较大事故 后果是什么"],
)
def test_what_follows_from_a_count_is_said_by_the_rule_that_counts(ask, asked):
    answer = ask(asked)
    assert set(cited(answer)) == {"zhanjiang-2016/3/6"}
    assert "达到" in answer.answer


def test_a_rule_that_lets_some_off_is_not_what_follows_from_an_accident(ask):
    answer = ask("常州出了1起较大事故，领导会怎么样")
    assert cited(answer) == ["changzhou-2018/20", "changzhou-2018/20/i4"]
    assert "changzhou-2018/25/i3" in cited(ask("常州出了较大事故但去年考核优秀，会怎么处理"))


@pytest.mark.parametrize("asked", ["常州死了5个人算重大事故吗", "常州伤了12人，这是什么级别的事故"])
def test_a_class_of_accident_is_not_told_without_the_numbers_that_make_it(ask, asked):
    assert ask(asked).status is Status.REFUSED


@pytest.mark.parametrize(
    "asked", ["常州诫勉的同时又受了政务处分，按哪个算", "常州又是降职又给处分，提拔限制按哪头算"]
)
def test_which_of_two_sanctions_counts_is_said_by_the_rule_that_prevails(ask, asked):
    answer = ask(asked)
    assert [c.quote for c in answer.citations] == ["同时受到纪律处分的，按照影响期长的规定执行"]


def test_with_whom_it_is_done_tells_two_rules_apart(ask):
    answer = ask("湛江开发区镇政府跟下面部门签责任书，谁代表镇里")
    assert cited(answer) == ["zhanjiang-2016/3/1/p4"]


def test_all_who_have_a_duty_are_named_where_it_is_asked_who_all_has_it(ask):
    answer = ask("成都哪些领导节假日要带队督导检查")
    assert {"chengdu-2020/2/3/3", "chengdu-2020/2/5/4"} <= set(cited(answer))


@pytest.mark.parametrize(
    ("asked", "wanted", "count"),
    [
        ("成都统战部长平时和节日里在安全上各管哪些", "chengdu-2020/2/4/6/", 2),
        ("成都常委，不是书记、区长的，共同要做哪些", "chengdu-2020/2/3/", 4),
        ("成都分管安全的副市长（不是综合协调的）都干哪些活", "chengdu-2020/2/6/", 6),
    ],
)
def test_the_duties_of_the_post_that_is_meant_come_whole(ask, asked, wanted, count):
    found = cited(ask(asked))
    assert {id_ for id_ in found if id_.startswith(wanted)} == {
        f"{wanted}{n}" for n in range(1, count + 1)
    }
    assert all(id_.startswith(wanted.rstrip("/")) for id_ in found)


def test_a_case_that_is_supposed_asks_nothing_by_itself(ask):
    assert ask("静安哪个街镇没有具备执法资格的人，要罚多少").status is Status.REFUSED


def test_a_number_of_duties_is_no_address():
    assert not Address.find("党委那七条安全职责是哪些")
    assert Address.find("常州第七条是什么")


def test_a_list_known_by_its_bearer_alone_gives_way_to_a_sentence_that_says_it(ask):
    answer = ask("武进区政府每年给市政府报告的时候一块还要报什么")
    assert cited(answer) == ["changzhou-2018/11/p2"]


def test_a_common_verb_behind_a_place_is_no_slip(ask):
    assert "市了" not in ask("常州死了人 会怎么追责").answer


def test_who_it_is_is_quoted_without_the_words_that_open_his_duties(ask):
    (citation,) = ask("常州安全生产一般哪位领导分管").citations
    assert citation.quote.endswith("分管安全生产工作")


def test_a_question_of_two_parts_keeps_the_sentences_of_both(ask):
    quotes = " ".join(c.quote for c in ask("常州怎么申诉，期间停不停").citations)
    assert "书面申诉" in quotes
    assert "不停止" in quotes


@pytest.mark.parametrize(
    "question", ["上海郊区今年2起较大事故 要被约谈吗", "上海郊区一年出了两起较大事故，到约谈线了吗"]
)
def test_the_rule_for_the_kind_of_district_decides_and_not_one_that_counts_as_many(ask, question):
    answer = ask(question)
    assert "郊区县一年内发生3起以上" in answer.answer
    assert "中心城区" not in answer.answer
