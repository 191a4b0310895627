"""Questions for a sum that do not say the word money."""

import pytest

from assistant.query import Ask
from assistant.values import holds


@pytest.mark.parametrize("question", ["要罚他多少", "第一个举报的人能拿多少奖金"])
def test_a_sum_answers_how_much(question):
    assert holds(Ask.COUNT, "处5万元以上10万元以下的罚款", question)
    assert not holds(Ask.COUNT, "对直接负责的主管人员给予处分", question)


def test_a_sum_does_not_answer_how_many_people():
    assert not holds(Ask.COUNT, "处5万元以上10万元以下的罚款", "罚几个人")
