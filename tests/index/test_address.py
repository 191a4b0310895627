"""Addresses: what people type → one canonical form, and what counts as an address in a question."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.address import Address, AddressError, Level, Step, canonical_number
from index.numerals import to_chinese, to_int

TYPED = [
    ("第二十条第三项", "第二十条第（三）项"),
    ("20条3项", "第二十条第（三）项"),
    ("二十条（三）", "第二十条第（三）项"),
    ("二十条三项", "第二十条第（三）项"),
    ("第 20 条 第 (3) 项", "第二十条第（三）项"),
    ("第２０条", "第二十条"),
    ("第二十一条第二款", "第二十一条第二款"),
    ("第二十条之一", "第二十条之一"),
    ("第一百二十条之六第二款第（三）项第1目", "第一百二十条之六第二款第（三）项第1目"),
    ("第三部分(二)", "第三部分（二）"),
    ("第二部分（四）第3项第（2）目", "第二部分（四）第3项第（2）目"),
    ("二、（四）3.（2）", "第二部分（四）第3项第（2）目"),
    ("成都清单二（四）3（2）", "成都清单第二部分（四）第3项第（2）目"),
    ("常办[2018]30号第30条", "常办〔2018〕30号第三十条"),
    ("常办（2018）第30号第二十条第三项", "常办〔2018〕30号第二十条第（三）项"),
    ("《消防法》第六十条", "消防法第六十条"),
    ("第3章第2节", "第三章第二节"),
    ("20条3", "第二十条第（三）项"),
]


@pytest.mark.parametrize(("typed", "canonical"), TYPED)
def test_what_people_type_has_one_canonical_form(typed, canonical):
    assert str(Address.parse(typed)) == canonical


@pytest.mark.parametrize("canonical", sorted({canonical for _, canonical in TYPED}))
def test_the_canonical_form_reads_back_as_itself(canonical):
    assert str(Address.parse(canonical)) == canonical


@pytest.mark.parametrize("text", ["", "诫勉", "个人所得税起征点", "2018年12月14日", "第条"])
def test_what_is_no_address_is_an_error_that_says_how_to_write_one(text):
    with pytest.raises(AddressError, match="第二十条第（三）项"):
        Address.parse(text)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("常办〔2018〕30号第二十条第三项原文", ["常办〔2018〕30号第二十条第（三）项"]),
        ("常州第一百条写了什么", ["第一百条"]),
        ("第二十一条第二款和第二十二条讲什么", ["第二十一条第二款", "第二十二条"]),
        ("20条3项原文是什么", ["第二十条第（三）项"]),
        ("《安全生产法》第九十四条、第九十五条", ["安全生产法第九十四条", "安全生产法第九十五条"]),
        ("一年发生2起以上事故", []),
        ("政府有11条职责吗", []),
        ("任期内连续3年优秀", []),
        ("“三个必须”是哪三条要求", []),
        ("组织部长的职责，至少写十条。", []),
        ("给我列出十条", []),
        ("帮我写20条", []),
        ("列10条成都市长的职责", []),
        ("总结成三条就行", []),
        ("前5条是什么", []),
        ("给我列出20条原文", ["第二十条"]),
        ("至少第十条要写全", ["第十条"]),
        ("只看20条", ["第二十条"]),
        ("受到诫勉处理多久不得提拔[1]", []),
        ("答案里的【2】是哪条", []),
        ("约谈警示制度[二]是什么", ["（二）"]),
        ("约谈警示制度(1)是什么", ["第（1）目"]),
        ("20条[3]", ["第二十条第（三）项"]),
    ],
)
def test_addresses_are_found_in_running_text(question, found):
    assert [str(address) for address in Address.find(question)] == found


def test_the_stretch_of_an_address_is_its_words_even_with_blanks_inside():
    text = "请问 第 20 条 第 3 项 原文"
    (_, start, end), *_ = Address.find_spans(text)
    assert text[start:end] == "第 20 条 第 3 项"


def test_an_article_contains_its_items_and_not_those_of_another():
    article, item = Address.parse("第二条"), Address.parse("第二条第一项")
    assert article.contains(item)
    assert not item.contains(article)
    assert not article.contains(Address.parse("第二十条第一项"))
    assert not article.contains(Address.parse("消防法第二条第一项"))


def test_addresses_sort_as_they_stand_in_the_text():
    typed = ["第十条", "第二条之一", "第二条", "第二条第（二）项", "第二条第（十）项"]
    assert [str(a) for a in sorted(map(Address.parse, typed))] == [
        "第二条",
        "第二条第（二）项",
        "第二条第（十）项",
        "第二条之一",
        "第十条",
    ]


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("常办[2018]30号", "常办〔2018〕30号"),
        ("成安委（2020）9号", "成安委〔2020〕9号"),
        ("没有文号", None),
    ],
)
def test_document_numbers_are_printed_one_way(typed, printed):
    assert canonical_number(typed) == printed


@given(st.integers(min_value=0, max_value=9999))
def test_numerals_go_both_ways(number):
    assert to_int(to_chinese(number)) == number == to_int(str(number))


_numbers = st.integers(min_value=1, max_value=1300)


@given(
    article=_numbers,
    branch=st.integers(min_value=0, max_value=9),
    paragraph=st.integers(min_value=0, max_value=20),
    item=st.integers(min_value=0, max_value=40),
)
def test_every_address_below_an_article_reads_back(article, branch, paragraph, item):
    steps = [Step(Level.ARTICLE, article, branch)]
    if paragraph:
        steps.append(Step(Level.PARAGRAPH, paragraph))
    if item:
        steps.append(Step(Level.ITEM, item))
    address = Address(tuple(steps))
    assert Address.parse(str(address)) == address


@given(st.text(max_size=60))
def test_no_text_breaks_the_search_for_addresses(text):
    for address, start, end in Address.find_spans(text):
        assert 0 <= start < end <= len(text)
        assert str(address)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2.0版 二（六）第5点讲什么", ["第二部分（六）第5项"]),
        ("看一下三、（四）", ["第三部分（四）"]),
        ("第四部分第一小节", ["第四部分（一）"]),
        ("第二部分第三大点", ["第二部分（三）"]),
        ("最后一条说什么", ["倒数第一条"]),
        ("第二十条倒数第二项", ["第二十条倒数第二项"]),
        ("2020（1）号", []),
        ("成都 党委主要职责 六条", []),
        ("成都党委主要职责第六条", ["第六条"]),
    ],
)
def test_outline_numbers_and_places_counted_from_the_end(text, found):
    assert [str(address) for address in Address.find(text)] == found
