"""Names of posts: a table of text → (words, office), with what must not be found."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.lexicon.offices import SIDES, Offices

BOTH = ["party_principal", "government_principal"]


@pytest.fixture(scope="module")
def offices() -> Offices:
    return Offices.load()


@pytest.mark.parametrize(
    ("text", "words", "ids"),
    [
        # the party committee
        ("书记", "书记", ["party_principal"]),
        ("市委书记", "市委书记", ["party_principal"]),
        ("区委書記多久开会", "区委書記", ["party_principal"]),
        ("镇党委书记", "镇党委书记", ["party_principal"]),
        ("党工委书记", "党工委书记", ["party_principal"]),
        ("党委主要负责人", "党委主要负责人", ["party_principal"]),
        ("镇(街道)党(工)委主要负责人", "镇(街道)党(工)委主要负责人", ["party_principal"]),
        ("区委的一把手", "区委的一把手", ["party_principal"]),
        ("副书记", "副书记", ["party_deputy_secretary"]),
        ("区委副书记", "区委副书记", ["party_deputy_secretary"]),
        ("纪委书记", "纪委书记", ["discipline_secretary"]),
        ("组织部长", "组织部长", ["organization_head"]),
        ("市委组织部部长", "市委组织部部长", ["organization_head"]),
        ("组织部管什么", "组织部", ["organization_department"]),
        ("政法委书记", "政法委书记", ["political_legal_secretary"]),
        ("宣传部长", "宣传部长", ["publicity_head"]),
        ("宣传部门", "宣传部门", ["publicity_department"]),
        ("统战部长", "统战部长", ["united_front_head"]),
        ("工会主席", "工会主席", ["union_chair"]),
        ("工会要做什么", "工会", ["trade_union"]),
        ("其他常委", "其他常委", ["party_other_standing"]),
        ("党委常委会其他成员", "党委常委会其他成员", ["party_other_standing"]),
        ("党委常委会多久听一次汇报", "党委常委会", ["party_standing_committee"]),
        # the government
        ("区长", "区长", ["government_principal"]),
        ("县长怎么当", "县长", ["government_principal"]),
        ("镇长", "镇长", ["government_principal"]),
        ("街道办主任", "街道办主任", ["government_principal"]),
        ("管委会主任", "管委会主任", ["government_principal"]),
        ("政府的一把手", "政府的一把手", ["government_principal"]),
        ("分管安全的副区长", "分管安全的副区长", ["government_deputy_safety"]),
        ("主管安全生产工作的副县长", "主管安全生产工作的副县长", ["government_deputy_safety"]),
        ("管安全的领导", "管安全的领导", ["government_deputy_safety"]),
        ("分管副市长", "分管副市长", ["government_deputy_safety"]),
        ("分管领导", "分管领导", ["government_deputy_safety"]),
        ("分管安全生产工作的负责人", "分管安全生产工作的负责人", ["government_deputy_safety"]),
        ("常务副市长", "常务副市长", ["government_safety_coordinator"]),
        ("其他副区长", "其他副区长", ["government_other"]),
        ("副市长", "副市长", ["government_other"]),
        ("区政府", "区政府", ["government"]),
        ("镇政府", "镇政府", ["township_government"]),
        # both
        ("一把手", "一把手", BOTH),
        ("党政一把手", "党政一把手", BOTH),
        ("党政主要负责人", "党政主要负责人", BOTH),
        ("区委、区政府主要领导", "区委、区政府主要领导", BOTH),
        ("党委和政府的主要负责人", "党委和政府的主要负责人", BOTH),
        ("班子成员", "班子成员", ["leadership_members"]),
        ("党政领导干部", "党政领导干部", ["party_government_leaders"]),
        # bodies and departments
        ("安委会主任由谁担任", "安委会主任", ["safety_committee_chair"]),
        ("安委办", "安委办", ["safety_committee_office"]),
        ("安委会", "安委会", ["safety_committee"]),
        ("安监局", "安监局", ["safety_department"]),
        ("应急局长", "应急局长", ["department_principal", "safety_department"]),
        ("住建局局长", "住建局局长", ["department_principal", "construction_department"]),
        ("公安部门负责人", "公安部门负责人", ["department_principal", "police_department"]),
        ("建管部门要做什么", "建管部门", ["construction_department"]),
        ("消防部门", "消防部门", ["fire_department"]),
        ("交警部门", "交警部门", ["traffic_police"]),
        ("民防办", "民防办", ["civil_defence_department"]),
        ("纪检监察机关", "纪检监察机关", ["discipline_organ"]),
        # enterprises
        ("老板", "老板", ["enterprise_principal"]),
        ("企业主要负责人", "企业主要负责人", ["enterprise_principal"]),
        ("安全员", "安全员", ["safety_officer"]),
        ("员工", "员工", ["worker"]),
        # English
        ("the Party Secretary of Changzhou", "Party Secretary", ["party_principal"]),
        ("party secretaries", "party secretaries", ["party_principal"]),
        ("Who is the mayor?", "mayor", ["government_principal"]),
        ("deputy mayor in charge of work safety",) * 2 + (["government_deputy_safety"],),
        ("deputy mayors", "deputy mayors", ["government_other"]),
        ("head of the organization department",) * 2 + (["organization_head"],),
    ],
)
def test_office_is_found(offices: Offices, text: str, words: str, ids: list[str]) -> None:
    mentions = offices.find(text)
    assert [mention.office.id for mention in mentions] == ids
    assert {mention.words for mention in mentions} == {words}
    assert {text[mention.start : mention.end] for mention in mentions} == {words}


@pytest.mark.parametrize(
    "text",
    [
        "习近平总书记", "书记员", "文书记录", "静安区长期", "区长远", "增长", "延长", "班主任",
        "市长热线", "消防安全", "安全教育", "哪个部门", "领导责任", "谁负责安全",
        "mayoral", "a party", "", "天气", "税",
    ],
)  # fmt: skip
def test_no_office(offices: Offices, text: str) -> None:
    assert offices.find(text) == []


def test_several_offices_in_order(offices: Offices) -> None:
    mentions = offices.find("书记、区长和分管安全的副区长")
    assert [mention.office.id for mention in mentions] == [
        "party_principal",
        "government_principal",
        "government_deputy_safety",
    ]


@pytest.mark.parametrize(
    ("id_", "nearest"),
    [
        ("organization_head", "party_other_standing"),
        ("government_deputy_safety", "government_other"),
        ("government_safety_coordinator", "government_deputy_safety"),
        ("safety_committee_chair", "government_principal"),
        ("safety_officer", "enterprise"),
    ],
)
def test_wider_posts(offices: Offices, id_: str, nearest: str) -> None:
    wider = offices.broader(offices[id_])
    assert wider[0].id == nearest
    assert offices[id_] not in wider


def test_every_office_is_found_by_its_own_name(offices: Offices) -> None:
    for office in offices.all:
        assert office.side in SIDES
        assert office.as_written
        ids = {mention.office.id for mention in offices.find(office.name)}
        assert office.id in ids or office.id == "party_government_principals"


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.text(max_size=60), st.text("书记区长副市委、党组织部门政府的安全分管", max_size=40)
    )
)
def test_any_text_is_read(offices: Offices, text: str) -> None:
    for mention in offices.find(text):
        assert text[mention.start : mention.end] == mention.words != ""
