"""Names of places: a table of text → (words, place, how), with what must not be found."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.lexicon.places import Gazetteer, Place, PlaceMention

#: Places that a caller might cover; none is special to the code.
COVERED = ("上海市", "湛江经济技术开发区", "常州市", "成都市", "静安区")


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


def found(mentions: list[PlaceMention], text: str) -> list[tuple[str, str, str]]:
    return [(text[m.start : m.end], m.place.name, m.how) for m in mentions]


NAMES = [
    ("常州市委书记", [("常州市", "常州市", "name")]),
    ("常州政府主要负责人的职责", [("常州", "常州市", "name")]),
    ("常州的书记多久开一次会", [("常州", "常州市", "name")]),
    ("请问静安区长每月检查几次", [("静安区", "静安区", "name")]),
    ("上海静安区的区长", [("上海静安区", "静安区", "name")]),
    ("上海市静安", [("上海市静安", "静安区", "name")]),
    ("上海市的静安区", [("上海市的静安区", "静安区", "name")]),
    ("江苏省常州市武进区", [("江苏省常州市武进区", "武进区", "name")]),
    ("成都市各区县", [("成都市", "成都市", "name")]),
    ("上海和成都一样吗", [("上海", "上海市", "name"), ("成都", "成都市", "name")]),
    ("湛江开发区镇党委", [("湛江开发区", "湛江经济技术开发区", "name")]),
    ("湛江市经开区", [("湛江市经开区", "湛江经济技术开发区", "name")]),
    ("广东湛江经济技术开发区", [("广东湛江经济技术开发区", "湛江经济技术开发区", "name")]),
    ("天府新区管委会", [("天府新区", "四川天府新区", "name")]),
    ("广州呢", [("广州", "广州市", "name")]),
    ("那双流区呢", [("双流区", "双流区", "name")]),
    ("内蒙古怎么规定", [("内蒙古", "内蒙古自治区", "name")]),
    ("恩施州的规定", [("恩施州", "恩施土家族苗族自治州", "name")]),
    ("吉林市", [("吉林市", "吉林市", "name")]),
    ("吉林", [("吉林", "吉林省", "name")]),
    ("闸北区的规定还有效吗", [("闸北区", "闸北区", "name")]),
    ("乾县", [("乾县", "乾县", "name")]),
    ("上海市民能举报吗", [("上海", "上海市", "name")]),
    ("常州市场监管局", [("常州", "常州市", "name")]),
    ("上海静安区域内", [("上海静安", "静安区", "name")]),
    # Names that are ordinary words, with their ending or straight after where they lie.
    ("中山市", [("中山市", "中山市", "name")]),
    ("东方市的市长", [("东方市", "东方市", "name")]),
    ("北京朝阳", [("北京朝阳", "朝阳区", "name")]),
    ("天津和平", [("天津和平", "和平区", "name")]),
    ("海南东方", [("海南东方", "东方市", "name")]),
    ("晋城市城区", [("晋城市城区", "城区", "name")]),
    ("公安县县长", [("公安县", "公安县", "name")]),
]
OTHER_SCRIPTS = [
    ("上海靜安區", [("上海靜安區", "静安区", "traditional")]),
    ("常州市武進區", [("常州市武進區", "武进区", "traditional")]),
    ("成都東部新區", [("成都東部新區", "成都东部新区", "traditional")]),
    ("changzhou", [("changzhou", "常州市", "pinyin")]),
    ("ChangZhou shi", [("ChangZhou shi", "常州市", "pinyin")]),
    ("chang zhou de guiding", [("chang zhou", "常州市", "pinyin")]),
    ("changzhou市的书记", [("changzhou市", "常州市", "pinyin")]),
    ("changzhoushiweishuji", [("changzhoushi", "常州市", "pinyin")]),
    ("chéngdū", [("chéngdū", "成都市", "pinyin")]),
    ("zhanjiang kaifaqu", [("zhanjiang kaifaqu", "湛江经济技术开发区", "pinyin")]),
    ("jing an qu", [("jing an qu", "静安区", "pinyin")]),
    ("How long is an official in Changzhou barred?", [("Changzhou", "常州市", "pinyin")]),
    ("How often must Shanghai inspect", [("Shanghai", "上海市", "pinyin")]),
    ("Jing'an District, Shanghai", [("Jing'an District, Shanghai", "静安区", "pinyin")]),
    ("Shanghai Jing'an District", [("Shanghai Jing'an District", "静安区", "pinyin")]),
    (
        "the Zhanjiang Economic and Technological Development Zone",
        [
            (
                "Zhanjiang Economic and Technological Development Zone",
                "湛江经济技术开发区",
                "name",
            )
        ],
    ),
    ("Xi'an", [("Xi'an", "西安市", "pinyin")]),
    ("Changzhou's rule for mayors", [("Changzhou", "常州市", "pinyin")]),
    ("Canton", [("Canton", "广州市", "name")]),
    ("Inner Mongolia", [("Inner Mongolia", "内蒙古自治区", "name")]),
]
SLIPS = [
    ("常洲市的规定", [("常洲市", "常州市", "slip")]),
    ("常洲呢", [("常洲", "常州市", "slip")]),
    ("长洲市", [("长洲市", "常州市", "slip")]),
    ("成督的组织部长", [("成督", "成都市", "slip")]),
    ("城都", [("城都", "成都市", "slip")]),
    ("尚海的规定", [("尚海", "上海市", "slip")]),
    ("甚江开发区", [("甚江开发区", "湛江经济技术开发区", "slip")]),
    ("赞江开发区", [("赞江开发区", "湛江经济技术开发区", "slip")]),
    ("晶安区", [("晶安区", "静安区", "slip")]),
    ("上海静案区", [("上海静案区", "静安区", "slip")]),
    ("杭洲", [("杭洲", "杭州市", "slip")]),
    ("石家装", [("石家装", "石家庄市", "slip")]),
    ("毫州市", [("毫州市", "亳州市", "slip")]),
]


@pytest.mark.parametrize(("text", "expected"), NAMES + OTHER_SCRIPTS + SLIPS)
def test_place_is_found(
    gazetteer: Gazetteer, text: str, expected: list[tuple[str, str, str]]
) -> None:
    assert found(gazetteer.find(text, COVERED), text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "安全生产管理", "开发区的书记", "和平时期", "东方", "朝阳产业", "中山装", "长期",
        "长治久安", "城区", "管理县级政府", "相应县级政府", "会同有关部门", "公安机关", "公安县级",
        "合作市场监管", "资源", "通道", "平安", "平安建设", "安康杯", "日照", "保障安全",
        "制定安全生产计划", "确定安全责任", "对于都要检查的", "完成督查", "形成督办机制", "程度",
        "在会上还要汇报吗", "海难", "提前进行", "海报", "上还没有", "市和县（市）区人民政府",
        "兴安全之风", "成安委〔2020〕9号", "一岗双责", "党政同责", "第三方", "区长", "全市",
        "本市", "各辖市、区", "责任清单", "三明治",
        "how long an official is barred", "the guide", "long an", "a mile", "he can ban", "xian",
        "in the county", "what is the penalty", "fine", "", " ", "？", "12345",
    ],
)  # fmt: skip
def test_no_place(gazetteer: Gazetteer, text: str) -> None:
    assert found(gazetteer.find(text, COVERED), text) == []


def test_homophones_without_preference(gazetteer: Gazetteer) -> None:
    (mention,) = gazetteer.find("changzhou")
    assert mention.place.name == "常州市"
    assert "长洲区" in [place.name for place in mention.others]


def test_preference_chooses_among_places_of_one_name(gazetteer: Gazetteer) -> None:
    assert {p.name for p in gazetteer.find("鼓楼区")[0].options} == {"鼓楼区"}
    for city in ("南京市", "福州市", "徐州市", "开封市"):
        (mention,) = gazetteer.find("鼓楼区的区长", prefer=[city])
        assert mention.place.parent == city
        (mention,) = gazetteer.find(f"{city}鼓楼区")
        assert (mention.place.parent, mention.others) == (city, ())


def test_preferred_place_that_no_file_has(gazetteer: Gazetteer) -> None:
    text = "常州白鹭湖生态园的书记"
    (mention,) = gazetteer.find(text, prefer=["常州白鹭湖生态园"])
    assert found([mention], text) == [("常州白鹭湖生态园", "常州白鹭湖生态园", "name")]
    assert gazetteer.is_within(mention.place, "常州市")


def test_zone_that_is_not_listed_lies_in_its_city(gazetteer: Gazetteer) -> None:
    (mention,) = gazetteer.find("南通经开区党工委书记")
    assert (mention.place.name, mention.place.level) == ("南通经开区", "zone")
    assert gazetteer.is_within(mention.place, "南通市")
    assert gazetteer.is_within("南通经开区", "江苏省")


@pytest.mark.parametrize(
    ("inner", "outer", "expected"),
    [
        ("静安区", "上海市", True),
        ("上海市静安区", "上海市", True),
        ("静安", "上海", True),
        ("上海市", "上海市", True),
        ("上海市", "静安区", False),
        ("武进区", "江苏省", True),
        ("湛江经济技术开发区", "湛江市", True),
        ("湛江开发区", "广东省", True),
        ("湛江市", "湛江经济技术开发区", False),
        ("闸北区", "静安区", True),
        ("闸北区", "上海市", True),
        ("杭州市", "上海市", False),
        ("不存在的地方", "上海市", False),
        ("", "上海市", False),
    ],
)
def test_is_within(gazetteer: Gazetteer, inner: str, outer: str, expected: bool) -> None:
    assert gazetteer.is_within(inner, outer) is expected


def test_names_above(gazetteer: Gazetteer) -> None:
    assert [p.name for p in gazetteer.ancestors("武进区")] == ["常州市", "江苏省"]
    place = gazetteer.lookup("常州市武进区")
    assert place is not None
    assert gazetteer.full_name(place) == "江苏省常州市武进区"
    assert gazetteer.ancestors("不存在的地方") == []


@pytest.mark.parametrize(
    ("name", "pinyin"),
    [
        ("重庆市", "chong qing shi"), ("厦门市", "xia men shi"), ("长春市", "chang chun shi"),
        ("长子县", "zhang zi xian"), ("朝阳市", "chao yang shi"), ("六安市", "lu an shi"),
        ("乐清市", "yue qing shi"), ("蚌埠市", "beng bu shi"), ("洪洞县", "hong tong xian"),
        ("亳州市", "bo zhou shi"), ("番禺区", "pan yu qu"), ("西藏自治区", "xi zang zi zhi qu"),
    ],
)  # fmt: skip
def test_pinyin_of_polyphones(gazetteer: Gazetteer, name: str, pinyin: str) -> None:
    place = gazetteer.lookup(name)
    assert place is not None
    assert place.pinyin == pinyin


def test_the_country_is_complete(gazetteer: Gazetteer) -> None:
    by_level = dict.fromkeys(("province", "prefecture", "county", "zone"), 0)
    for place in gazetteer.places:
        by_level[place.level] += 1
        assert len(place.pinyin.split()) == len(place.name)
    assert by_level["province"] == 34
    assert by_level["prefecture"] > 330
    assert by_level["county"] > 2800


def test_every_large_place_is_found_by_its_name(gazetteer: Gazetteer) -> None:
    large = [place for place in gazetteer.places if place.rank < 2]
    missed = [p.name for p in large if not _finds(gazetteer, f"请问{p.name}的书记", p)]
    assert missed == []


def _finds(gazetteer: Gazetteer, text: str, place: Place) -> bool:
    return any(place in mention.options for mention in gazetteer.find(text))


def test_a_question_is_read_in_two_milliseconds(gazetteer: Gazetteer) -> None:
    text = (
        "请问常州市的党政领导干部受到诫勉处理以后多长时间之内不能提拔或者重用，成都和静安区一样吗"
    )
    gazetteer.find(text, COVERED)
    best = min(_seconds(gazetteer, text) for _ in range(20))
    assert best < 0.002


def _seconds(gazetteer: Gazetteer, text: str) -> float:
    begin = time.perf_counter()
    gazetteer.find(text, COVERED)
    return time.perf_counter() - begin


PIECES = st.sampled_from(
    [
        "常州",
        "上海市",
        "静安区",
        "的",
        "市",
        "区",
        "县",
        "开发区",
        "changzhou",
        " ",
        "常洲",
        "靜安",
        "長",
        "安",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=80),
    st.lists(PIECES, max_size=12).map("".join),
    st.text("常州洲成都市区安an'\0 "),
)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_any_text_is_read(gazetteer: Gazetteer, text: str) -> None:
    mentions = gazetteer.find(text, COVERED)
    ends = [0, *(mention.end for mention in mentions)]
    for end_before, mention in zip(ends, mentions, strict=False):
        assert end_before <= mention.start < mention.end <= len(text)
        assert mention.place == mention.options[0]


@pytest.mark.parametrize("text", ["\ud800常州", "常州\udfff市", "\0常州", "İstanbul常州", "ﷺ常州"])
def test_odd_characters_keep_the_places(gazetteer: Gazetteer, text: str) -> None:
    (mention,) = gazetteer.find(text)
    assert mention.place.name == "常州市"
    assert text[mention.start : mention.start + 2] == "常州"
