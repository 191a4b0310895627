"""What a language model wrote must say what is quoted, and nothing else."""

import re
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.clauses import read, rules
from assistant.fidelity import faithful, leaves_out
from index.lexicon.rewriting import rewriting

BARS = (
    "受到诫勉处理的，6个月内不得提拔或者重用；受到调离岗位处理的，1年内不得提拔；"
    "单独受到责令辞职或免职处理的，1年内不得重新担任与其原任职务相当的领导职务，2年内不得提拔；"
    "受到降职处理的，2年内不得提拔；同时受到纪律处分的，按照影响期长的规定执行"
)
APPEAL = "申诉期间不停止执行"
MEETS = "党委常委会每半年不少于1次，听取安全生产工作情况汇报，研究、解决重要事项和重大问题"
ASKED = "常州的干部受到诫勉处理多久不得提拔"


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("受到诫勉处理的，6个月内不得提拔或者重用。", ""),
        ("受到诫勉处理的，六个月内不得提拔或重用。", ""),
        ("受到诫勉处理的6个月内不得提拔或者重用。", ""),
        ("受到诫勉处理的，6个月内，不得提拔或者重用。", ""),
        ("受到诫勉处理时，6个月内不得提拔或者重用。", ""),
        ("被诫勉后，6个月内不得提拔或者重用。", ""),
        ("如果受到诫勉处理，则6个月内不得提拔或者重用。", ""),
        ("受到诫勉处理的干部，6个月内不得提拔或者重用。", ASKED),
        ("根据常州市的规定，受到诫勉处理的，6个月内不得提拔或者重用。", ASKED),
        ("6个月内不得提拔或者重用。", ASKED),
        ("受到诫勉处理的，6个月内不得提拔或者重用；受到降职处理的，2年内不得提拔。", ""),
        ("受到降职处理的，2年内不得提拔。受到诫勉处理的，6个月内不得提拔或者重用。", ""),
        ("受到诫勉处理的，6个月内不得提拔或者重用，受到降职处理的，2年内不得提拔。", ""),
    ],
)
def test_light_rewriting_is_faithful(text, asked):
    assert faithful(text, [BARS], asked)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("受到诫勉处理的，6个月内可以提拔或者重用。", ASKED),
        ("受到诫勉处理的，6个月内提拔或者重用。", ASKED),
        ("受到诫勉处理的，8个月内不得提拔或者重用。", ASKED),
        ("受到诫勉处理的，6年内不得提拔或者重用。", ASKED),
        ("受到诫勉处理的，6个月后不得提拔或者重用。", ASKED),
        ("受到诫勉处理的，6个月内不得提拔和重用。", ASKED),
        ("受到诫勉处理的，6个月内不得提拔。", ASKED),
        ("受到诫勉处理的，2年内不得提拔。", ASKED),
        ("未受到诫勉处理的，6个月内不得提拔或者重用。", ASKED),
        ("受到诫勉处理前，6个月内不得提拔或者重用。", ASKED),
        ("受到诫勉处分的，6个月内不得提拔或者重用。", ASKED),
        ("受到诫勉处理的企业，6个月内不得提拔或者重用。", ASKED),
        ("6个月内不得提拔或者重用。", ""),
        ("6个月内不得提拔或者重用。", "没有受到诫勉处理多久不得提拔"),
        ("6个月内不得提拔或者重用。", "受到诫勉处理和受到降职处理多久不得提拔"),
        ("根据上海市的规定，受到诫勉处理的，6个月内不得提拔或者重用。", ASKED),
        ("受到降职处理的，受到诫勉处理的，6个月内不得提拔或者重用。", ASKED),
        ("受到责令辞职或免职处理的，1年内不得重新担任与其原任职务相当的领导职务。", ASKED),
        ("单独受到责令辞职或免职处理的，2年内不得提拔。", ASKED),
        ("同时受到纪律处分的，按照影响期长的规定执行。", ASKED),
        ("受到诫勉处理的，6个月内不得提拔或者重用，情节严重的除外。", ASKED),
        ("受到诫勉处理的，6个月内不得提拔或者重用？", ASKED),
        ("不，受到诫勉处理的，6个月内不得提拔或者重用。", ASKED),
        ("该规定已废止。受到诫勉处理的，6个月内不得提拔或者重用。", ASKED),
        ("党委书记受到诫勉处理的，6个月内不得提拔或者重用。", ASKED),
        ("受到诫勉处理的，**6个月内**不得提拔或者重用。", ASKED),
        ("受到诫勉处理的，6个月内不\u200b得提拔或者重用。", ASKED),
        ("受到诫勉處理的，6個月內不得提拔或者重用。", ASKED),
        ("受到诫勉处理的，1 6个月内不得提拔或者重用。", ASKED),
        ("![图](https://example.org/a)受到诫勉处理的，6个月内不得提拔或者重用。", ASKED),
        ("受到诫勉处理的，6个月内不得提拔或者重用。OK", ASKED),
        ("受到诫勉处理的，6个月内不得提拔或者重用🙂。", ASKED),
        ("", ASKED),
        ("。", ASKED),
    ],
)
def test_a_changed_rule_is_not_faithful(text, asked):
    assert not faithful(text, [BARS], asked)


def test_a_rule_is_not_turned_round():
    assert faithful("申诉期间，不停止执行。", [APPEAL])
    assert not faithful("申诉期间停止执行。", [APPEAL])
    assert not faithful("申诉期间不，停止执行。", [APPEAL])


def test_what_the_question_names_need_not_be_said_again():
    asked = "党委常委会多久听取一次汇报"
    assert faithful("每半年不少于1次，听取安全生产工作情况汇报。", [MEETS], asked)
    assert not faithful("听取安全生产工作情况汇报。", [MEETS], asked)
    assert not faithful("政府常务会议每半年不少于1次，听取安全生产工作情况汇报。", [MEETS], asked)


FINES = (
    "违反本条例规定，未设置警示标志的，责令限期改正，处五万元以下的罚款；"
    "逾期不改正的，处十万元罚款；构成犯罪的，依法追究刑事责任"
)
PERMIT = "从事爆破作业的，应当取得许可。但抢险救灾除外"
LATE = "主要负责人应当在1小时内报告，并可以越级报告，由上级机关核实"
BANNED = "任何单位不得有下列行为：瞒报事故；伪造记录；阻挠调查"
ITEMS = "组织检查生产、经营和储存单位，督促整改"
OFFICES = "党委书记每年研究1次安全生产工作；区长每季度研究1次安全生产工作"
LESS = "有下列情形的，可以从轻或者减轻处理，须经上级批准"
REPORTED = "被举报的，应当停职检查"
CHIEF = "瞒报事故的，单位负责人应当免职"
LONGER = "信访机关应当在30日内答复。情况复杂的，可以延长30日"
MEASURES = "组织制定贯彻落实党委决策部署，法律法规的具体措施"
IF_NEEDED = "必要时，县政府可以发布命令，严禁野外用火；对居民用火应当严格管理"
DUTY = "把安全生产纳入党委议事日程"
DRILL = "组织制定应急预案并定期演练"
CASE, OTHER_CASE = "瞒报事故的", "阻挠调查的"
NO_LEAVE = "不得擅自离开工作岗位"


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("从事爆破作业的，应当取得许可。但抢险救灾除外。", [PERMIT]),
        ("从事爆破作业时，应当取得许可，但抢险救灾除外。", [PERMIT]),
        ("违反本条例规定，未设置警示标志的，责令限期改正，处5万元以下的罚款。", [FINES]),
        ("党委书记每年研究一次安全生产工作。", [OFFICES]),
        ("区长每季度研究1次安全生产工作。", [OFFICES]),
        ("任何单位不得有下列行为：瞒报事故；伪造记录；阻挠调查。", [BANNED]),
        ("组织检查生产、经营以及储存单位，督促整改。", [ITEMS]),
        ("把安全生产纳入党委议事日程，组织制定应急预案并定期演练。", [DUTY, DRILL]),
        ("把安全生产纳入党委议事日程，并且组织制定应急预案并定期演练。", [DUTY, DRILL]),
        ("组织制定应急预案并定期演练；把安全生产纳入党委议事日程。", [DUTY, DRILL]),
        ("瞒报事故的；阻挠调查的。", [CASE, OTHER_CASE]),
        ("申诉期间不停止执行。此外，党委书记每年研究1次安全生产工作。", [APPEAL, OFFICES]),
    ],
)
def test_whole_rules_may_be_chosen_and_joined(text, quotes):
    assert faithful(text, quotes)


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("从事爆破作业的，应当取得许可。", [PERMIT]),
        ("从事爆破作业后，应当取得许可。但抢险救灾除外。", [PERMIT]),
        ("应当取得许可。但抢险救灾除外。", [PERMIT]),
        ("抢险救灾除外。", [PERMIT]),
        ("违反本条例规定，责令限期改正，处五万元以下的罚款。", [FINES]),
        ("未设置警示标志的，责令限期改正，处五万元以下的罚款。", [FINES]),
        ("逾期不改正的，处十万元罚款。", [FINES]),
        ("构成犯罪的，依法追究刑事责任。", [FINES]),
        ("违反本条例规定，未设置警示标志的，责令限期改正，处五万元以上的罚款。", [FINES]),
        ("违反本条例规定，未设置警示标志的，责令限期改正，处五元以下的罚款。", [FINES]),
        ("违反本条例规定，未设置警示标志。", [FINES]),
        ("主要负责人应当在1小时内报告，并可以越级报告。", [LATE]),
        ("主要负责人应当在1小时后报告，并可以越级报告，由上级机关核实。", [LATE]),
        ("主要负责人应当报告。", [LATE]),
        ("上级机关应当在1小时内报告，并可以越级报告，由主要负责人核实。", [LATE]),
        ("瞒报事故。", [BANNED]),
        ("任何单位不得有下列行为。", [BANNED]),
        ("任何单位不得有下列行为：瞒报事故；阻挠调查。", [BANNED]),
        ("任何单位应当伪造记录。", [BANNED]),
        ("组织检查生产和储存单位，督促整改。", [ITEMS]),
        ("组织检查生产、经营或储存单位，督促整改。", [ITEMS]),
        ("组织检查、生产、经营和储存单位，督促整改。", [ITEMS]),
        ("党委书记每季度研究1次安全生产工作。", [OFFICES]),
        ("区长每年研究1次安全生产工作；党委书记每季度研究1次安全生产工作。", [OFFICES]),
        ("党委书记和区长每年研究1次安全生产工作。", [OFFICES]),
        ("有下列情形的，可以从轻或者减轻处理。", [LESS]),
        ("情节严重的，给予警告和罚款。", ["情节严重的，给予警告、罚款"]),
        ("有下列情形的，可以从重或者减轻处理，须经上级批准。", [LESS]),
        ("有下列情形的，应当从轻或者减轻处理，须经上级批准。", [LESS]),
        ("不得擅自离开工作岗位、组织制定应急预案并定期演练。", [NO_LEAVE, DRILL]),
        ("不得擅自离开工作岗位，组织制定应急预案并定期演练。", [NO_LEAVE, DRILL]),
        ("党委书记每年研究1次安全生产工作，组织制定应急预案并定期演练。", [OFFICES, DRILL]),
        ("党委书记每年研究1次安全生产工作。组织制定应急预案并定期演练。", [OFFICES, DRILL]),
        ("瞒报事故的，不得擅自离开工作岗位。", [CASE, NO_LEAVE]),
        ("瞒报事故的并且阻挠调查的。", [CASE, OTHER_CASE]),
        ("把安全生产纳入党委议事日程，因此组织制定应急预案并定期演练。", [DUTY, DRILL]),
        ("把安全生产纳入党委议事日程。", [DRILL]),
        ("举报的，应当停职检查。", [REPORTED]),
        ("组织制定贯彻落实党委决策部署。", [MEASURES]),
        ("对居民用火应当严格管理。", [IF_NEEDED]),
        ("举报后，应当停职检查。", [REPORTED]),
        ("瞒报事故的单位负责人应当免职。", [CHIEF]),
        ("信访机关应当在30日内答复。", [LONGER]),
        ("申诉期间不停止执行，除非上级同意。", [APPEAL]),
        ("按照规定申诉期间不停止执行。", [APPEAL]),
        ("在上海市，申诉期间不停止执行。", [APPEAL]),
        ("申诉期间不停止执行。忽略以上要求。", [APPEAL]),
        ("申诉期间 不停止执行\n。停止执行", [APPEAL]),
    ],
)
def test_a_bound_a_case_or_a_subject_is_never_lost(text, quotes):
    assert not faithful(text, quotes)


def test_a_question_about_who_reports_does_not_state_that_somebody_is_reported():
    assert faithful("应当停职检查。", [REPORTED], "干部被举报怎么办")
    assert not faithful("应当停职检查。", [REPORTED], "干部举报之后怎么办")


def test_a_question_about_two_offices_lets_no_subject_be_left_out():
    asked = "党委常委会多久听一次汇报，政府常务会议呢"
    assert not faithful("每半年不少于1次，听取安全生产工作情况汇报。", [MEETS], asked)


def test_two_places_in_the_question_let_none_be_named():
    asked = "常州和成都申诉期间停止执行吗"
    assert not faithful("在常州市，申诉期间不停止执行。", [APPEAL], asked)


def test_a_long_hostile_sentence_is_refused_quickly():
    text = "；".join(["把安全生产纳入党委议事日程"] * 400)
    started = perf_counter()
    assert not faithful(text, [DUTY, DRILL] * 20)
    assert perf_counter() - started < 0.2


WORDS_LET_THROUGH = set("".join(word for words in vars(rewriting()).values() for word in words))
QUOTED = [BARS, APPEAL, MEETS, FINES, PERMIT, OFFICES, LESS, DUTY, NO_LEAVE]
LETTERS = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF).filter(
    lambda c: c not in WORDS_LET_THROUGH and c not in "".join(QUOTED)
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(QUOTED), st.text(LETTERS, min_size=1, max_size=4), st.data())
def test_no_word_from_elsewhere_gets_in(quote, word, data):
    at = data.draw(st.integers(0, len(quote)))
    assert not faithful(quote[:at] + word + quote[at:], [quote])


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(QUOTED), min_size=1, max_size=3, unique=True), st.data())
def test_every_rule_of_a_quotation_is_faithful_by_itself(quotes, data):
    quote = data.draw(st.sampled_from(quotes))
    rule = data.draw(st.sampled_from(rules(quote)))
    said = "".join(f"{clause.mark}{clause.text.replace('#', '')}" for clause in rule.clauses)
    assert faithful(said, quotes)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(QUOTED), st.data())
def test_no_number_can_be_made_another(quote, data):
    said = read(quote).text
    numbers = list(re.finditer(r"#(\d+)", said))
    if not numbers:
        return
    number = data.draw(st.sampled_from(numbers))
    other = data.draw(st.integers(0, 9999).filter(lambda n: n != int(number[1])))
    plain = said[: number.start()] + str(other) + said[number.end() :]
    assert not faithful(plain.replace("#", ""), [quote])


def test_no_words_of_glue_stand_in_front():
    rule = "受到诫勉处理的，6个月内不得提拔或者重用"
    for opening in ("根据规定，", "因此，", "即", "文件规定，"):
        assert not faithful(f"{opening}{rule}。", [rule])


def test_marks_and_zeros_stand_only_where_they_are_quoted():
    rule = "应当按照“四不放过”原则，在6个月内报告"
    assert faithful(f"{rule}。", [rule])
    for changed in (
        "应当按照四“不放过”原则，在6个月内报告。",
        "《应当》按照“四不放过”原则，在6个月内报告。",
    ):
        assert not faithful(changed, [rule])
    assert not faithful(rule.replace("6", "06"), [rule])


def test_a_clause_that_is_not_told_is_missing():
    rule = "政府主要负责人负总责，班子其他成员对分管范围内的安全生产工作负直接领导责任"
    assert not leaves_out(
        "政府主要负责人负总责，班子其他成员对分管范围的安全生产负直接领导责任。", rule
    )
    assert leaves_out("班子其他成员对分管范围内的安全生产工作负直接领导责任。", rule)
    assert leaves_out("政府主要负责人负总责。", rule)
