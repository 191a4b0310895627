"""The registers: real excerpts, broken ones, and what must hold of every record."""

import pytest

from index.edition import SHIPPED, read_edition
from index.normalise import decode, normalise
from index.parse import parse
from index.provision import Metadata
from index.quantities import deadlines, frequencies, moneys
from index.register import register_of
from tests.shared import needs, shared

LIST = """第一条 企业主要负责人履行下列职责：
（一）建立健全责任制；
（二）每季度至少组织1次检查。
第二条 建设单位应当自收到通知之日起30日内报告。安全设施投资应当纳入概算。
第三条 监理单位可以提出意见。
"""
CASES = """第一条 经营者有下列行为之一的，责令改正，处二万元以上五万元以下的罚款；\
情节严重的，吊销许可证：
（一）瞒报事故的；
（二）拒绝检查的。
第二条 受到诫勉处理的，6个月内不得提拔；受到降职处理的，2年内不得提拔。
第三条 有前款行为的，对单位处十万元以下的罚款，对其主要负责人给予撤职处分。
"""


def register(text):
    return register_of(parse(Metadata(id="x", title="试行办法"), text))


def test_each_item_of_a_list_is_a_duty_of_the_one_it_names():
    duties = register(LIST).duties
    assert [(d.unit.provision.id, d.bearer) for d in duties][:2] == [
        ("x/1/i1", "企业主要负责人"),
        ("x/1/i2", "企业主要负责人"),
    ]
    assert duties[1].frequencies[0].per_year == 4


def test_a_sentence_has_the_bearer_at_its_head_and_its_deadline():
    duty = register(LIST).duties[2]
    assert duty.bearer == "建设单位"
    assert duty.deadline is not None
    assert duty.deadline.words == "自收到通知之日起30日内"
    assert duty.deadline.days == 30


def test_what_is_laid_on_a_thing_and_what_is_only_allowed_are_no_duties():
    texts = [duty.unit.text for duty in register(LIST).duties]
    assert not any("纳入概算" in text or "提出意见" in text for text in texts)


def test_a_list_of_cases_gives_a_record_for_each_case_and_grade():
    found = [s for s in register(CASES).sanctions if s.unit.provision.id.startswith("x/1/")]
    assert [(s.unit.provision.id, s.kinds) for s in found] == [
        ("x/1/i1", ("rectification_order", "fine")),
        ("x/1/i1", ("licence_revocation",)),
        ("x/1/i2", ("rectification_order", "fine")),
        ("x/1/i2", ("licence_revocation",)),
    ]
    assert found[0].whom == "经营者"
    assert found[0].money is not None
    assert (found[0].money.least, found[0].money.most) == (20_000, 50_000)


def test_each_case_of_a_sentence_has_its_own_period():
    found = [s for s in register(CASES).sanctions if s.unit.provision.id == "x/2"]
    assert [(s.condition.text, s.period.months) for s in found] == [
        ("受到诫勉处理的", 6),
        ("受到降职处理的", 24),
    ]


def test_what_is_imposed_on_others_is_a_record_of_its_own():
    found = [s for s in register(CASES).sanctions if s.unit.provision.id == "x/3"]
    assert [s.whom for s in found] == ["单位", "其主要负责人"]
    assert found[1].kinds[0] == "removal_by_discipline"


@pytest.mark.parametrize(
    "text", ["", "。", "：\n（一）\n", "第一条\n", "应当应当应当", "的，；的，；处罚款"]
)
def test_broken_text_gives_no_error(text):
    register(text or "空")


@pytest.mark.parametrize(
    ("text", "words", "per_year"),
    [
        ("每半年不少于1次", "每半年不少于1次", 2),
        ("每年听取汇报不少于2次", "每年听取汇报不少于2次", 2),
        ("每季度召开一次会议", "每季度召开一次", 4),
        ("每周1次带队检查", "每周1次", 52),
        ("定期研究", "定期", None),
    ],
)
def test_a_frequency_is_read_with_its_words(text, words, per_year):
    found = frequencies(text)[0]
    assert (found.words, found.per_year) == (words, per_year)


@pytest.mark.parametrize(
    ("text", "least", "most", "unit"),
    [
        ("处十万元以下的罚款", None, 100_000, "yuan"),
        ("处违法所得一倍以上五倍以下的罚款", 1, 5, "times"),
        ("处上一年年收入百分之四十的罚款", 40, 40, "percent"),
    ],
)
def test_a_sum_is_read_with_its_bounds(text, least, most, unit):
    found = moneys(text)[0]
    assert (found.least, found.most, found.unit) == (least, most, unit)


def test_an_exact_deadline_goes_before_a_loose_one():
    assert [d.words for d in deadlines("应当立即报告，并在24小时内续报")] == ["24小时内", "立即"]


def check_exact(document):
    register = register_of(document)
    units = [duty.unit for duty in register.duties]
    units += [unit for s in register.sanctions for unit in (s.unit, s.consequence)]
    units += [s.condition for s in register.sanctions if s.condition]
    for unit in units:
        text = document.by_id[unit.provision.id].text
        assert unit.text
        assert text[unit.start : unit.end] == unit.text
    assert all(duty.bearer in document.text for duty in register.duties)
    for found in (f for duty in register.duties for f in duty.frequencies):
        assert found.words in document.text
    return len(units)


def test_every_record_of_the_edition_is_an_exact_stretch():
    assert sum(check_exact(document) for document in read_edition(SHIPPED)) > 250


@needs("laws")
def test_every_record_of_other_laws_is_an_exact_stretch():
    for path in sorted((shared("laws") / "national").glob("*.md"))[::8]:
        text = normalise(decode(path.read_bytes())).text
        check_exact(parse(Metadata(id="x", title=path.stem), text))


def test_a_known_duty_and_a_known_sanction_are_in_the_register():
    document = next(d for d in read_edition(SHIPPED) if d.id == "changzhou-2018")
    found = register_of(document)
    duty = next(d for d in found.duties if d.unit.provision.id == "changzhou-2018/6/i4")
    assert duty.bearer == "辖市、区党委主要负责人"
    assert "party_principal" in duty.offices
    assert duty.frequencies[0].words == "每半年不少于1次"
    imposed = [s for s in found.sanctions if s.unit.provision.id == "changzhou-2018/30"]
    assert [s.period.words for s in imposed if s.period][:3] == ["6个月", "1年", "1年"]
