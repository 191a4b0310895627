"""What is asked for stands in the answer, or there is none; what is half answerable is answered."""

from __future__ import annotations

import pytest

from assistant.models import Question, Reason, Status, Turn


@pytest.fixture
def ask(assistant):
    def answer(asked: str, *before: str):
        turns = tuple(Turn(role="user", content=words) for words in before)
        return assistant.ask(Question(question=asked, history=turns))

    return answer


@pytest.mark.parametrize(
    "asked",
    [
        "静安交警要严查的10大类突出交通违法，具体是哪10类？",
        "静安说的“三级五覆盖”，三级是哪三级？",
        "静安讲的“3371”安全生产工作思路，这四个数字各指什么？",
        "湛江开发区把亿元GDP死亡率列进了考核，控制在多少以内？",
        "成都清单要求一年至少调研检查两次，只去了一次的扣多少分？",
        "静安把不夜城商厦列为挂牌督办，要在几月底前整改完？",
        "“安全生产月”定在几月份？",
        "成都清单里一岗双责是什么意思",
        "成都的组织部长叫什么名字？",
        "离婚 冷静期 几天",
        "常州的实施办法准备什么时候废止？",
        "上海那个《暂行规定》是哪年哪月哪日开始施行的？",
        "常州办法里引用的江苏省实施细则，是哪一天施行的？",
    ],
)
def test_what_stands_near_but_is_not_what_is_asked_is_refused(ask, asked):
    assert ask(asked).status is Status.REFUSED


@pytest.mark.parametrize(
    ("asked", "holds"),
    [
        ("“五覆盖”是哪五个？", "党政同责"),
        ("“三不伤害”是哪三个不？", "不被人伤害"),
        ("静安的“四张清单”是哪四张？", "权力清单"),
        ("湛江那份函到点没回，算我们有意见还是没意见", "视为没有意见"),
        ("常州以前发过的老规定跟2018年这个打架，听谁的？", "按照本办法执行"),
    ],
)
def test_what_is_there_in_other_words_is_answered(ask, asked, holds):
    answer = ask(asked)
    assert answer.status is Status.ANSWERED
    assert holds in answer.answer


def test_the_answerable_half_of_a_question_for_a_telephone_number_is_answered(ask):
    answer = ask("湛江那份稿子的意见最晚什么时候交，交给谁、联系电话多少？")
    assert answer.status is Status.ANSWERED
    assert "2016年3月4日" in answer.answer
    assert "个人信息" in answer.answer
    alone = ask("成都应急管理局分管副局长是谁，电话多少")
    assert alone.reason is Reason.PERSONAL_DATA


@pytest.mark.parametrize(
    ("asked", "holds"),
    [
        ("成都這份責任清單是哪個機關印發的", "成都市人民政府安全生产委员会"),
        ("成都的责任清单是哪天印发的", "2020年7月27日"),
        ("常州的文号是多少", "常办〔2018〕30号"),
        ("湛江这份函能对外公开吗", "公开方式：不公开"),
        ("静安那个2017年的安全工作意见现在还作数吗？", "已于2017年12月31日到期"),
        ("上海那份材料是文件还是报纸上登的？", "不是规定原文"),
        ("Is the Shanghai text the regulation itself or a newspaper article?", "不是规定原文"),
        ("湛江通知是不是已经定稿了？", "尚未生效"),
    ],
)
def test_a_question_about_the_document_itself_is_answered_from_it(ask, asked, holds):
    answer = ask(asked)
    assert answer.status is Status.ANSWERED
    assert holds in answer.answer


def test_all_kinds_of_document_that_are_named_are_found(ask):
    answer = ask("这五份文件里头，哪些是还没定稿的、过了期的、或者根本不是原文的？")
    cited = {citation.document.id for citation in answer.citations}
    assert cited == {"zhanjiang-2016", "jingan-2017", "shanghai-2015"}


@pytest.mark.parametrize(
    ("asked", "provision"),
    [
        ("湛江通知一（六）说的啥", "zhanjiang-2016/1/6"),
        ("上海党委那7条里头第4条念给我听听", "shanghai-2015/h2/4"),
        ("成都清单二（四）6讲了啥", "chengdu-2020/2/4/6"),
    ],
)
def test_an_address_is_read_among_the_words_that_ask_for_it(ask, asked, provision):
    cited = {citation.provision_id for citation in ask(asked).citations}
    assert any(one.startswith(provision) for one in cited)


def test_a_follow_up_replaces_the_day_with_the_sanction(ask):
    before = "常州干部2024年3月1日被诫勉，什么时候能提拔？"
    answer = ask("如果是2024年11月20日调离岗位呢？", before)
    assert "2025年11月20日" in answer.answer


def test_years_of_prison_are_no_bar_to_promotion(ask):
    assert ask("一般判几年", "常州干部涉嫌职务犯罪谁来查").status is Status.REFUSED


def test_a_follow_up_for_others_asks_the_same_of_them(ask):
    answer = ask("退了休的呢", "常州出了事，领导已经调走了还追究不")
    assert "退休" in answer.answer


def test_a_name_that_a_document_coins_by_a_number_says_what_is_asked(ask):
    assert "检查要严，执法要严" in ask("五个要严 是什么").answer


def test_who_is_not_in_charge_is_another_post(ask):
    answer = ask("duties of the deputy mayors of Chengdu who are NOT in charge of safety")
    assert all(c.provision_id.startswith("chengdu-2020/2/7") for c in answer.citations)
