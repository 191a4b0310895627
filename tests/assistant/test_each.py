"""Questions that set several sanctions, or two posts, side by side."""

import pytest

from assistant.models import Question, Status


@pytest.fixture
def ask(assistant):
    return lambda question: assistant.ask(Question(question=question))


def test_two_sanctions_are_answered_by_the_sentence_for_each(ask):
    answer = ask("常州受到诫勉和降职处理的，分别多长时间不得提拔？")
    assert answer.status is Status.ANSWERED
    assert "6个月内不得提拔" in answer.answer
    assert "2年内不得提拔" in answer.answer


def test_one_of_two_that_is_not_there_is_not_made_up(ask):
    answer = ask("常州受到记过和开除处理的，分别多长时间不得提拔？")
    assert "6个月" not in answer.answer
