"""Single facts: who, when, whether; what the sentence that is shown must hold, and what not."""

import pytest

from assistant.models import Question, Reason, Status, Turn
from assistant.phrases import Phrases
from assistant.query import Ask
from assistant.service import Assistant


@pytest.fixture
def said(assistant: Assistant):
    def said(text: str, *before: str) -> list[str]:
        history = tuple(Turn(role="user", content=words) for words in before)
        answer = assistant.ask(Question(question=text, history=history))
        return [statement.text for statement in answer.statements]

    return said


@pytest.fixture
def reason(assistant: Assistant):
    def reason(text: str) -> Reason | None:
        answer = assistant.ask(Question(question=text))
        assert answer.status is Status.REFUSED, answer.answer
        return answer.reason

    return reason


# --- what a document says of itself


@pytest.mark.parametrize(
    ("question", "lines"),
    [
        ("成都的责任清单2.0版是哪天印发的？", ["2020年7月27日。"]),
        ("成都这份清单是哪个机关印发的", ["成都市人民政府安全生产委员会。"]),
        (
            "常州办法是哪两个单位联合印发的？",
            ["中共常州市委办公室。", "常州市人民政府办公室。"],
        ),
        ("常州那个办法的文号是多少？", ["常办〔2018〕30号。"]),
        ("湛江这份函能对外公开吗？", ["公开方式：不公开。"]),
        ("湛江的稿子抄送给了谁？", ["抄送：区党政领导班子成员。"]),
    ],
)
def test_the_lines_at_head_and_end_answer_questions_about_the_document(said, question, lines):
    assert said(question) == lines


def test_publishing_a_decision_is_no_question_about_the_document(said):
    assert said("常州问责决定要不要公开？") == ["责任追究决定作出后，应当及时向社会公布。"]


# --- who


def test_the_post_in_the_heading_is_said_before_its_duty(said):
    assert said("成都庙里头的安全，常委里归哪一位督促？") == [
        "党委常委、统战部部长岗位职责：",
        "督促、指导做好寺庙等宗教活动场所安全生产工作。",
    ]


def test_the_subject_earlier_in_the_sentence_is_said_before_what_it_does(said):
    first, second = said("静安住宅电梯安全隐患专项整治由哪个部门负责实施？")
    assert first.startswith("市场监管部门要")
    assert second.startswith("重点实施住宅电梯安全隐患专项整治")


def test_a_post_that_the_sentence_or_the_question_names_is_not_said_again(said):
    assert said("成都 综合协调 安全生产 一般哪位政府领导") == [
        "原则上由担任党委常委的政府领导负责安全生产综合协调工作，其安全生产主要职责包括："
    ]
    (only,) = said("成都 政法委书记 行刑衔接 落实哪个办法")
    assert only.startswith("督促、指导相关部门严格落实《四川省")


def test_who_holds_a_post_by_rule_is_answered_and_a_name_is_not(said, reason):
    (rule,) = said("常州一个区里安全上的一把手责任是谁扛")
    assert "第一责任人" in rule
    assert reason("常州现在的市委书记是谁") is Reason.NO_PROVISION


# --- whether, and under which condition


@pytest.mark.parametrize(
    "question",
    [
        "申诉的时候处分停不停？",
        "常州干部一申诉，处理决定就先停下来了是吧",
    ],
)
def test_the_sentence_that_decides_is_shown_and_not_the_one_beside_it(said, question):
    assert said(question) == ["申诉期间，不停止责任追究决定的执行。"]


def test_the_sentence_that_decides_is_shown_where_the_one_beside_it_is_likelier(said):
    question = "不服追责决定递了申诉，处理是不是就先放一放、等结果再说？"
    assert "申诉期间，不停止责任追究决定的执行。" in said(question)


def test_a_paragraph_that_refers_back_decides_of_what_it_refers_to(said):
    assert said("常州通报和停职检查能不能一起用") == [
        "以上方式，可以单独使用，也可合并使用，但不得避重就轻或相互替代。"
    ]


def test_years_told_are_no_question_for_a_period(said):
    (only,) = said("常州的领导都退休好几年了，当年失职酿成的大事故，还能找他算账吗？")
    assert "不论是否已调离转岗、提拔或者退休" in only
    assert Ask.PERIOD not in Phrases.load().kinds("退休好几年了，还能追究吗")


def test_by_which_rule_asks_for_no_period(said):
    longest = ["同时受到纪律处分的，按照影响期长的规定执行。"]
    assert said("常州干部被问责的同时还背了纪律处分，不得提拔的期限按哪一个算？") == longest


def test_what_was_not_imposed_needs_not_be_named(said):
    (only,) = said("常州有位区领导被免了职，没别的处分，几年之内升不上去？")
    assert only.startswith("单独受到责令辞职或免职处理的")


def test_a_sanction_in_the_heading_of_a_provision_counts(said):
    (only,) = said("湛江一个镇一年里出几起一般工矿商贸伤亡事故，就会被一票否决？")
    assert "2起以上一般工矿商贸领域伤亡事故" in only


def test_scope_is_asked_in_everyday_words(said):
    (only,) = said("我是常州街道的，这办法管不管得到我们街道领导？")
    assert only.endswith("参照本办法执行。")


@pytest.mark.parametrize(
    "question",
    [
        "湛江开发区瞒报事故的镇领导判几年啊，坐牢不",
        "成都的常委一年没跑够两次调研检查，会给什么处分？",
        "静安区领导没按月带队检查的，会怎么处理？",
        "常州市的干部只受了党内警告、没有别的处理，多长时间之内不能提拔？",
    ],
)
def test_a_sanction_that_no_provision_attaches_is_refused(reason, question):
    assert reason(question) is Reason.NO_PROVISION


# --- what the scorer is sure of goes before what was found by its form


def test_the_ways_are_not_told_where_it_is_asked_whether_they_go_together(said):
    assert said("常州的几种问责方式可以合并使用吗？") == [
        "以上方式，可以单独使用，也可合并使用，但不得避重就轻或相互替代。"
    ]


def test_from_light_to_heavy_asks_for_no_leniency(said):
    (told,) = said("常州问责的手段从轻到重有哪几种？")
    assert "通报、诫勉、停职检查" in told


def test_how_many_are_counted_is_answered_by_the_sentence_that_counts(said):
    (told,) = said("上海各级党委的安全职责一共列了多少条？")
    assert "7项职责" in told


def test_a_list_that_was_asked_for_in_vain_before_is_not_shown(reason):
    asked = "Chengdu: how many deputy secretaries-general assist the comprehensive coordinator?"
    assert reason(asked) is Reason.NO_PROVISION


@pytest.mark.parametrize("question", ["常州撤职的几年内不得提拔", "常州干部吃了警告处分要等多久"])
def test_a_sanction_that_the_text_does_not_have_is_not_answered_with_another(reason, question):
    assert reason(question) is Reason.NO_PROVISION


def test_one_sentence_that_tells_both_parts_is_enough(said):
    assert said("常州安全生产巡查的结果反馈给谁、通报给谁？") == [
        "安全生产巡查结果向被巡查地区党委和政府主要负责人反馈，同时向本级党委组织部门通报。"
    ]


def test_a_ban_on_promotion_is_understood_in_english(said):
    asked = "How long is promotion barred after a demotion in Changzhou?"
    assert said(asked)[-1:] == ["受到降职处理的，2年内不得提拔。"]


def test_harsher_treatment_is_understood_in_common_words(said):
    (told,) = said("常州什么样的头头要往狠里处理？")
    assert told.endswith("应当从重追究责任。")


@pytest.mark.parametrize(
    "question",
    [
        "成都党委向全会做报告，安全那段由哪个部门起草？",
        "湛江开发区安委会的半年通报，要由哪位领导签发？",
        "静安修老房子、拆楼，哪个局长签字才能动工？",
        "常州区委常委会听安全汇报，一回至少得讲多长时间？",
        "What is the salary of the safety committee director in Changzhou?",
    ],
)
def test_what_nobody_is_said_to_do_and_no_length_is_given_for_is_refused(assistant, question):
    assert assistant.ask(Question(question=question)).status is Status.REFUSED


def test_an_act_that_the_text_says_in_other_words_is_answered(assistant):
    asked = "湛江镇里跟下面各部门签安全责任书，由谁代表镇里签字？"
    assert assistant.ask(Question(question=asked)).status is Status.ANSWERED
    asked = "常州的区委常委会多久听一次安全汇报，每次要听多长时间？"
    answer = assistant.ask(Question(question=asked))
    assert "每半年不少于1次" in answer.answer
    asked = "湛江那稿子是哪个办公室起草、发出来征意见的？"
    assert assistant.ask(Question(question=asked)).status is Status.ANSWERED
