"""Lines in no chunk (文号, 主送, 落款): known questions find them where no search does."""

import pytest

from assistant.beyond_search import is_within_reach, of_known_lines
from assistant.known import Nearest
from assistant.models import Question, Status
from assistant.query import Scope
from index.known.questions import Known, Near

CHENGDU = "chengdu-2020"
NUMBER = "成安委〔2020〕9号"
AUDIT = "每年听取安全生产工作情况汇报不少于2次"


@pytest.fixture(scope="module")
def document(assistant):
    return assistant.index.document(CHENGDU)


@pytest.fixture(scope="module")
def scope(document):
    return Scope("成都市", (document,))


def near(document, likeness, *answers):
    places = (document.text.index(words) for words in answers)
    spans = tuple(
        ((start, start + len(words)),) for start, words in zip(places, answers, strict=True)
    )
    return Near(likeness, Known(f"q{likeness}", CHENGDU, spans))


def test_the_line_that_answered_most_of_the_questions_like_it_is_shown(assistant, document, scope):
    nearest = Nearest([near(document, 0.9, NUMBER), near(document, 0.7, AUDIT)])
    group = of_known_lines(scope, nearest, assistant.index)
    assert [part.unit.text for part in group.evidence] == [NUMBER]
    assert not is_within_reach(nearest, assistant.index)


def test_nothing_is_shown_where_they_are_unlike_or_disagree(assistant, document, scope):
    unlike = Nearest([near(document, 0.5, NUMBER)])
    apart = Nearest([near(document, 0.9, NUMBER), near(document, 0.9), near(document, 0.89)])
    for nearest in (Nearest(), unlike, apart):
        assert of_known_lines(scope, nearest, assistant.index) is None


def test_what_a_search_finds_is_left_to_the_search(assistant, document, scope):
    nearest = Nearest([near(document, 0.9, AUDIT)])
    assert of_known_lines(scope, nearest, assistant.index) is None
    assert is_within_reach(nearest, assistant.index)


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("写报告要引用成都2020年那份安全清单，文号怎么标？", f"{NUMBER}。"),
        ("成都印发清单的通知，收件单位都包括谁？", "市政府安委会各成员单位"),
        ("静安的意见下发对象是谁", "区安委会各成员单位、各区管国有企业"),
    ],
)
def test_wordings_that_no_pattern_knows_find_the_line(assistant, question, line):
    answer = assistant.ask(Question(question=question))
    assert answer.status is Status.ANSWERED, answer.answer
    assert line in answer.answer


@pytest.mark.parametrize("question", ["湛江这份函为什么不公开", "成都2017年那版清单是几号文"])
def test_more_than_the_line_says_is_refused(assistant, question):
    assert assistant.ask(Question(question=question)).status is Status.REFUSED


def test_what_is_reported_to_whom_is_no_question_about_the_recipients_of_the_document(assistant):
    answer = assistant.ask(Question(question="静安区的安全情况要报送给哪个部门，作什么用？"))
    assert "向党委组织部门报送安全生产工作情况" in answer.answer


def test_a_provision_with_its_number_in_front_is_no_line_beyond_the_search(assistant):
    document = assistant.index.document("zhanjiang-2016")
    scope = Scope("湛江经济技术开发区", (document,))
    start = document.text.index("（二）实行安全生产例会制度")
    place = ((start, document.text.index("。", start + 15) + 1),)
    nearest = Nearest([Near(0.9, Known("例会", "zhanjiang-2016", (place,)))])
    assert of_known_lines(scope, nearest, assistant.index) is None
