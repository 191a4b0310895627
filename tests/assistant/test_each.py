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


def cited(answer):
    return {citation.address for citation in answer.citations}


@pytest.mark.parametrize(
    ("question", "addresses"),
    [
        # what each has to do about one thing, with the posts joined in several ways
        ("常州书记和区长在发展规划这件事上各管哪头", {"第六条第（二）项", "第七条第（二）项"}),
        (
            "常州的书记那边和区长那边，谁开会听安全听得更勤？",
            {"第六条第（四）项", "第七条第（三）项"},
        ),
        ("常州区长和分管副区长在安委会工作上怎么分工？", {"第七条第（六）项", "第九条第（三）项"}),
        # things of any kind
        ("常州安全巡查结果与考核结果的通报对象分别是谁？", {"第十二条", "第十三条"}),
    ],
)
def test_each_of_those_set_side_by_side_is_answered_by_its_own_provision(ask, question, addresses):
    answer = ask(question)
    assert answer.status is Status.ANSWERED
    assert addresses <= cited(answer)


def test_the_lists_of_two_posts_are_shown_whole(ask):
    answer = ask("常州分管安全的副区长和其他副区长职责各有哪些？")
    assert {
        "第九条第（一）项",
        "第九条第（六）项",
        "第十条第（一）项",
        "第十条第（六）项",
    } <= cited(answer)


def test_two_questions_in_one_are_both_answered(ask):
    answer = ask("成都安委会谁挂帅，平常又是谁在管日常工作？")
    said = [citation.quote for citation in answer.citations]
    assert any("领导政府安全生产委员会工作" in quote for quote in said)
    assert any("负责领导安全生产委员会日常工作" in quote for quote in said)


@pytest.mark.parametrize(
    "question",
    [
        "静安区委组织部长的安全生产岗位职责有哪些？",
        "上海统战部长在安全上做啥",
        "静安工会主席抓安全要做哪几件",
    ],
)
def test_a_post_that_the_text_gives_no_duties_is_not_given_others(ask, question):
    assert ask(question).status is Status.REFUSED


def test_one_duty_of_a_post_is_asked_for_and_not_its_list(ask):
    answer = ask("成都工会主席在劳动竞赛上负责什么？")
    assert [citation.quote for citation in answer.citations if "竞赛" in citation.quote]
    assert not any("事故调查" in citation.quote for citation in answer.citations)
