"""Questions that ask several things: each is answered, and what is not there is named."""

import pytest

from assistant.models import Question, Status


@pytest.fixture
def ask(assistant):
    return lambda question: assistant.ask(Question(question=question))


@pytest.mark.parametrize(
    ("question", "answered", "named"),
    [
        ("常州，诫勉了几个月不能提拔？工资要降多少？", "6个月内不得提拔", "工资"),
        ("常州申诉向谁提，多少天内答复", "向决定机关提出书面申诉", "多少天内答复"),
        ("成都组织部部长管哪些，区卫健委主任呢", "考核指标权重", "区卫健委主任"),
        ("上海郊区一年几起较大事故要约谈，约谈完要在几天内整改到位？", "3起以上", "整改"),
    ],
)
def test_the_half_that_is_not_there_is_named_in_the_askers_words(ask, question, answered, named):
    answer = ask(question)
    assert answer.status is Status.ANSWERED
    assert answered in answer.answer
    notice = next(line for line in answer.notices if "没有找到写明的条文" in line)
    assert named in notice


def test_a_provision_beside_one_that_exists_is_said_not_to_exist(ask):
    answer = ask("常州办法第二十六条和第五十条分别写了什么？")
    assert "适用容错原则" in answer.answer
    assert any("没有第五十条" in notice for notice in answer.notices)


@pytest.mark.parametrize(
    "question",
    [
        "常州申诉向谁提出，期间停不停止执行",
        "上海安全生产考核谁组织，多久一次",
        "湛江重大隐患由谁挂牌督办，多久确定一批",
        "常州巡查结果反馈给谁，通报给谁",
    ],
)
def test_nothing_is_named_where_both_halves_are_answered(ask, question):
    answer = ask(question)
    assert answer.status is Status.ANSWERED
    assert not [notice for notice in answer.notices if "没有找到" in notice]


def test_a_question_none_of_whose_parts_is_there_is_refused(ask):
    answer = ask("政府常务会讨论重大决策，规定要到会多少人、多少票才算通过？")
    assert answer.status is Status.REFUSED


def test_the_answer_comes_before_what_is_not_covered(assistant):
    answer = assistant.ask(Question(question="常州诫勉了几个月不能提拔？工资要降多少？"))
    lines = answer.answer.split("\n")
    assert "6个月" in lines[0]
    assert "工资" in lines[-1]
