"""Questions for a day before a document was there, for the documents themselves, with a count."""

from datetime import date

import pytest

from assistant.models import Answer, Question, Reason, Status, Turn
from assistant.service import Assistant
from assistant.standing import caution
from assistant.validity import asks_only_standing
from index.provision import Metadata, Standing


@pytest.fixture
def ask(assistant: Assistant):
    def ask(text: str, *before: str, **more) -> Answer:
        history = tuple(Turn(role="user", content=words) for words in before)
        return assistant.ask(Question(question=text, history=history, **more))

    return ask


def documents(answer: Answer) -> set[str]:
    return {citation.document.id for citation in answer.citations}


@pytest.mark.parametrize(
    ("question", "day", "began", "lacked"),
    [
        ("静安区2017年领导多久带队检查一次", date(2016, 6, 1), "2017年1月1日起才施行", "尚未施行"),
        ("成都区长的职责", date(2019, 6, 1), "2020年7月27日才印发", "还没有这份文件"),
        ("常州受到诫勉多久不得提拔", date(1900, 1, 1), "2018年12月14日才印发", "还没有这份文件"),
    ],
)
def test_a_text_that_was_not_there_on_the_day_is_said_so_before_its_words(
    ask, question, day, began, lacked
):
    answer = ask(question, as_of=day)
    (notice,) = answer.notices
    assert began in notice
    assert lacked in notice
    assert answer.answer.startswith(notice)


def test_a_text_of_a_later_year_is_not_called_in_force(ask):
    answer = ask("常州2017年有效吗", as_of=date(2017, 1, 1))
    assert "2017年1月1日时还没有这份文件" in answer.answer
    assert "现行有效" not in answer.answer
    assert "现行有效" in ask("常州实施办法有效吗", as_of=date(2018, 12, 14)).answer


def test_between_its_issue_and_its_first_day_a_text_is_not_yet_in_force():
    text = Metadata("x", "办法", issued_on=date(2020, 1, 1), effective_on=date(2020, 3, 1))
    day = date(2020, 2, 1)
    assert not text.binds_on(day)
    assert text.standing_on(day) is Standing.IN_FORCE
    assert "2020年3月1日起才施行，2020年2月1日时尚未施行" in caution(text, day)
    assert caution(text, date(2020, 3, 1)) == ""


def test_a_text_without_a_date_gets_no_such_notice():
    assert caution(Metadata("x", "办法"), date(1900, 1, 1)) == ""


@pytest.mark.parametrize("before", [(), ("比较常州和成都的约谈规定",)])
def test_which_document_is_not_in_force_yet_is_answered(ask, before):
    assert documents(ask("哪份文件还没生效", *before)) == {"zhanjiang-2016"}
    then = ask("哪份文件还没生效", *before, as_of=date(2019, 1, 1))
    assert documents(then) == {"zhanjiang-2016", "chengdu-2020"}


@pytest.mark.parametrize(
    "question", ["现行有效的是哪几份", "现行有效的文件有哪些", "哪些文件现行有效"]
)
def test_which_documents_are_in_force_is_answered(ask, question):
    assert documents(ask(question)) == {"changzhou-2018", "chengdu-2020"}


@pytest.mark.parametrize(
    "question", ["你们有哪些文件", "收录了哪些文件", "都有什么文件", "你这里有哪些地方的文件"]
)
def test_all_documents_are_listed_with_their_standing(ask, assistant, question):
    listed = {document.id for document in assistant.documents().documents}
    assert documents(ask(question)) == listed


def test_no_document_of_the_kind_asked_for_is_a_refusal(ask):
    answer = ask("哪份文件被取代了")
    assert (answer.status, answer.reason) == (Status.REFUSED, Reason.NO_PROVISION)


@pytest.mark.parametrize(
    "question",
    ["今年已经2起较大事故", "今年常州已经2起较大事故会怎样", "一年发生2起较大事故怎么处理"],
)
def test_a_number_of_accidents_is_not_answered_by_a_rule_that_counts_none(ask, question):
    answer = ask(question, jurisdiction="常州市")
    assert (answer.status, answer.reason) == (Status.REFUSED, Reason.NO_PROVISION)


def test_a_number_of_accidents_does_not_hide_what_else_is_asked(ask):
    answer = ask("常州今年发生了2起较大事故，考核优秀能从轻吗")
    assert answer.status is Status.ANSWERED
    counted = ask("上海市中心城区今年已经2起较大事故会怎样")
    assert "2起，达到" in counted.answer


def test_a_post_named_twice_is_explained_once(ask):
    answer = ask("常州区长的职责，区长要做什么").answer
    assert "“区长”按文件中的“政府主要负责人”查" in answer


NUMBER = "常办〔2018〕30号"
ISSUERS = "中共常州市委办公室"
TITLE = "常州市党政领导干部安全生产责任制规定实施办法"


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("常州市党政领导干部安全生产责任制那个实施办法的发文字号是多少？", NUMBER),
        ("常州 实施办法 印发机关", ISSUERS),
        ("常州的这个办法是市安监局自己发的吧？", ISSUERS),
        ("常州市党政领导干部安全生产责任制实施办法是哪一天印发的？", "2018年12月14日"),
        ("常州那份文件是哪年哪月出来的啊", "2018年12月14日"),
        ("常州的实施办法是2019年年初才印发的，对不对？", "2018年12月14日"),
        ("常州那份讲安全责任的文件全名叫什么？", TITLE),
        ("成都的清单标题是什么", "成都市党委政府和党政领导干部安全生产责任清单（2.0版）"),
        ("常州这份通知是下发给哪些单位的？", "各辖市、区委，各辖市、区人民政府"),
        ("静安2017意见发给了谁", "区安委会各成员单位、各区管国有企业"),
        ("静安这份意见印给谁", "区安委会各成员单位、各区管国有企业"),
    ],
)
def test_what_a_document_says_of_itself_is_quoted(ask, question, said):
    answer = ask(question)
    assert answer.status is Status.ANSWERED
    assert any(said in citation.quote for citation in answer.citations)
    assert len(answer.citations) <= 3


@pytest.mark.parametrize(
    "question",
    [
        "成都那老清单，2017年几月几号发的？",
        "常州这份实施办法的有效期是几年？",
        "常州约谈通知书的文号是多少",
        "常州现在的市委书记叫什么名字？",
        "成都责任清单3.0版几号出来，听说快了",
    ],
)
def test_what_a_document_does_not_say_of_itself_is_refused(ask, question):
    assert ask(question).status is Status.REFUSED


@pytest.mark.parametrize(
    "question", ["静安遇到大问题平时由谁坐下来定？", "常州谁先提出来要查某个干部？"]
)
def test_who_sits_down_or_brings_up_is_no_question_about_the_issuer(ask, question):
    answer = ask(question)
    assert not any("/pre/" in c.provision_id or "/end/" in c.provision_id for c in answer.citations)


@pytest.mark.parametrize(
    "question",
    [
        "静安区2017年的安全生产工作意见，今天还有效吗？",
        "静安那份意见现在还能不能用",
        "静安那份意见现在还得照着办吗",
        "静安17年的文件现在拿来用行不行",
        "靜安的意見還有沒有效力",
        "jingan de yijian hai youxiao ma",
        "静安那个意见现在算不算数了？好几年前的",
    ],
)
def test_whether_a_document_still_holds_is_answered_however_it_is_asked(assistant, question):
    answer = assistant.ask(Question(question=question))
    assert answer.status is Status.ANSWERED
    assert "到期" in answer.answer
    assert answer.citations[0].provision_id.startswith("jingan-2017/pre/")


@pytest.mark.parametrize(
    "question",
    ["上海的是原话还是记者写的", "上海那个材料能直接引用到公文里吗", "上海的规定现在还有效吗"],
)
def test_whether_a_report_is_the_text_itself_is_answered_however_it_is_asked(assistant, question):
    answer = assistant.ask(Question(question=question))
    assert answer.status is Status.ANSWERED
    assert "报道" in answer.answer


def test_who_carries_a_document_out_is_not_whether_it_holds():
    names = ["静安区2017年安全生产工作意见"]
    assert asks_only_standing("这份意见现在还管用吗?", names)
    assert not asks_only_standing("这份意见由谁执行?", names)
    assert not asks_only_standing("意见的印发日期", names)
    assert not asks_only_standing("意见里原文怎么说约谈的", names)
