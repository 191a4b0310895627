"""What fails verification is dropped: attempts to smuggle something past the verifier."""

from dataclasses import replace
from datetime import date

import pytest

from assistant.draft import Draft, DraftGroup, DraftStatement, Quote
from assistant.library import Library
from assistant.verify import stands, verify
from index.provision import Audience


@pytest.fixture
def library(assistant):
    return Library(assistant.index, Audience.INTERNAL, date(2026, 11, 21))


def quote(library: Library, provision_id: str, words: str) -> Quote:
    provision = library.provision(provision_id)
    start = provision.text.index(words)
    return Quote(provision, start, start + len(words), words)


@pytest.fixture
def bar(library):
    return quote(library, "changzhou-2018/30", "受到诫勉处理的，6个月内不得提拔或者重用")


def test_the_regulation_s_own_words_stand(library, bar):
    assert stands(DraftStatement("受到诫勉处理的，6个月内不得提拔或者重用。", (bar,)), library)


@pytest.mark.parametrize(
    "text",
    [
        "受到诫勉处理的，8个月内不得提拔或者重用。",
        "受到诫勉处理的，6年内不得提拔或者重用。",
        "受到诫勉处理的，六年内不得提拔或者重用。",
        "受到诫勉处理的，6个月内不得提拔或者重用，2年内不得重新任职。",
        "根据第二十九条，受到诫勉处理的，6个月内不得提拔或者重用。",
        "区委书记受到诫勉处理的，6个月内不得提拔或者重用。",
        "受到诫勉处理的，可以正常参加评优评先，不影响任何待遇和晋升。",
    ],
)
def test_what_the_quotation_does_not_say_is_dropped(library, bar, text):
    assert not stands(DraftStatement(text, (bar,)), library)


def test_a_statement_without_a_quotation_is_dropped(library):
    assert not stands(DraftStatement("应当高度重视安全生产工作。", ()), library)


def test_an_altered_quotation_is_dropped(library, bar):
    altered = replace(bar, words=bar.words.replace("6", "8"))
    assert not stands(DraftStatement(altered.words, (altered,)), library)


def test_a_right_quotation_under_the_wrong_address_is_dropped(library, bar):
    elsewhere = replace(bar, provision=library.provision("changzhou-2018/29"))
    assert not stands(DraftStatement(bar.words, (elsewhere,)), library)


def test_a_quotation_from_another_document_is_dropped(library, bar):
    elsewhere = replace(bar, provision=library.provision("chengdu-2020/2/4/3/1"))
    assert not stands(DraftStatement(bar.words, (elsewhere,)), library)


def test_a_provision_that_only_pretends_to_hold_the_words_is_dropped(library, bar):
    text = "受到诫勉处理的，8个月内不得提拔"
    forged = replace(bar.provision, text=text)
    smuggled = Quote(forged, 0, len(text), text)
    assert not stands(DraftStatement(text, (smuggled,)), library)


def test_a_stretch_outside_the_provision_is_dropped(library, bar):
    assert not stands(DraftStatement("", (replace(bar, start=-5, end=3),)), library)


def test_what_fails_is_left_out_and_the_rest_is_numbered_anew(library, bar):
    second = quote(library, "changzhou-2018/30", "受到降职处理的，2年内不得提拔")
    draft = Draft(
        "",
        (
            DraftGroup(
                "",
                (
                    DraftStatement("受到诫勉处理的，9个月内不得提拔或者重用。", (bar,)),
                    DraftStatement(f"{second.words}。", (second,)),
                    DraftStatement(f"{second.words}。", (second,)),
                ),
            ),
        ),
        (),
    )
    verified = verify(draft, library)
    assert verified.dropped == ["受到诫勉处理的，9个月内不得提拔或者重用。"]
    assert [citation.n for citation in verified.citations] == [1]
    assert verified.lines == [f"{second.words}。[1]"] * 2


ASKED = "常州干部2024年3月10日受到诫勉,到哪天才能提拔"


def test_a_sum_stands_where_the_verifier_arrives_at_the_same(library, bar):
    right = "自2024年3月10日起算6个月，至2024年9月10日止（按所引条文推算）。"
    assert stands(DraftStatement(right, (bar,)), library, ASKED)


@pytest.mark.parametrize(
    "text",
    [
        "自2024年3月10日起算6个月，至2024年9月9日止（按所引条文推算）。",
        "自2024年3月10日起算8个月，至2024年11月10日止（按所引条文推算）。",
        "自2024年4月10日起算6个月，至2024年10月10日止（按所引条文推算）。",
        "不对：文件写的是8个月。",
        "对：文件写的是6个月。",
        "1起，达到“2起以上”的条件。",
    ],
)
def test_another_result_than_the_verifier_s_is_dropped(library, bar, text):
    assert not stands(DraftStatement(text, (bar,)), library, ASKED)


def test_a_sum_is_dropped_where_the_question_or_the_quotation_lacks_an_input(library, bar):
    right = DraftStatement(
        "自2024年3月10日起算6个月，至2024年9月10日止（按所引条文推算）。", (bar,)
    )
    assert not stands(right, library, "常州受到诫勉多久不得提拔")
    other = quote(library, "changzhou-2018/30", "受到降职处理的，2年内不得提拔")
    assert not stands(replace(right, quotes=(other,)), library, ASKED)
