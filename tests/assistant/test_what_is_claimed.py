"""Yes or no, what is taken for granted, and what a text is good for."""

import pytest

from assistant.models import Question, Reason, Status, Turn
from assistant.query import Ask
from assistant.values import holds


@pytest.fixture
def ask(assistant):
    def ask(text: str, *before: str):
        history = tuple(Turn(role="user", content=words) for words in before)
        return assistant.ask(Question(question=text, history=history))

    return ask


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("湛江开发区那份通知能拿来处分干部吗", "不能作为现行依据"),
        ("常州的办法哪天开始执行的", "2018年12月14日"),
        ("湛江的稿子过了期限没回复，算没意见吗", "逾期不回复的，视为没有意见"),
        ("常州退了休的领导还追不追责", "不论是否已调离转岗、提拔或者退休"),
        ("成都的统战部长，安全不归他管吧", "寺庙等宗教活动场所"),
        ("成都的常委一年看一次安全就算完成任务了吧", "不少于2次"),
        ("上海的规定给党委列了11项职责、给政府列了7项，对吗", "7项职责"),
        ("湛江开发区征求意见最晚哪天报，不报会怎样", "视为没有意见"),
    ],
)
def test_what_is_doubted_is_decided_by_the_text(ask, question, said):
    answer = ask(question)
    assert answer.status is Status.ANSWERED
    assert said in answer.answer


def test_a_question_of_the_text_and_one_of_what_it_rules_are_both_answered(ask):
    answer = ask("常州这个办法从哪天起生效，老规定跟它打架听谁的")
    assert "本办法自发布之日起施行" in answer.answer
    assert "与本办法不一致的，按照本办法执行" in answer.answer


def test_whether_a_text_holds_that_is_not_there_is_refused(ask):
    answer = ask("川安委〔2020〕1号废止了没有")
    assert (answer.status, answer.reason) == (Status.REFUSED, Reason.NO_PROVISION)


def test_the_same_is_asked_of_another_place(ask):
    answer = ask("常州也有这个规定吗", "上海安全一票否决怎么规定的")
    assert "严格落实安全生产“一票否决”制度" in answer.answer


def test_hours_are_asked_for_and_months_are_none():
    question = "几个小时之内上报"
    assert holds(Ask.PERIOD, "应当在1小时内报告", question)
    assert not holds(Ask.PERIOD, "每半年通报1次", question)
