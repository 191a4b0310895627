"""Comparisons: what is compared is looked for, and each side is answered from its own text."""

import pytest

from assistant.comparing import without_comparing
from assistant.models import Question, Status
from assistant.query import Ask


@pytest.fixture
def ask(assistant):
    return lambda question: assistant.ask(Question(question=question))


@pytest.mark.parametrize(
    ("asked", "core", "kinds"),
    [
        ("诫勉和降职，哪个影响时间长？", "诫勉和降职，？", (Ask.COMPARE, Ask.PERIOD)),
        ("两人的分工差在哪儿？", "两人的分工？", (Ask.COMPARE,)),
        ("开会的次数是不是一样的？", "开会的次数？", (Ask.COMPARE, Ask.FREQUENCY)),
        ("不同风险等级的企业怎么监管", "不同风险等级的企业怎么监管", ()),
        ("哪个部门管得多", "哪个部门管得多", ()),
    ],
)
def test_only_the_comparing_words_are_taken_away(asked, core, kinds):
    found = without_comparing(asked, places=False)
    assert (found.core, found.kinds) == (core, kinds)


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("静安和湛江的领导带队检查频率有什么不一样", ("每月1次", "不少于2次")),
        ("常州和上海对“一票否决”的后果规定有何不同", ("取消考核评优", "当年不得参加")),
        ("常州诫勉和降职，哪个影响时间长", ("6个月内", "2年内不得提拔")),
        (
            "成都的党委和政府每年听安全生产汇报的次数是不是一样的",
            ("党委全会", "召开安全生产工作会议不少于2次"),
        ),
    ],
)
def test_both_sides_are_answered(ask, question, sides):
    answer = ask(question)
    assert answer.status is Status.ANSWERED
    assert all(side in answer.answer for side in sides)


def test_of_two_sanctions_joined_the_one_that_is_not_there_is_named(ask):
    answer = ask("常州诫勉和撤职各多久不得提拔")
    assert "6个月内不得提拔" in answer.answer
    assert any("撤职" in notice for notice in answer.notices)
