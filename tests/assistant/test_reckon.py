"""Days, periods and counts as people and regulations write them, and sums with them."""

from datetime import date

import pytest

from index.reckon import Moment, Period, clocks, counts, dates, durations, end_of, periods

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2024年3月10日受到诫勉", ["2024年3月10日"]),
        ("2024-03-10受到诫勉", ["2024年3月10日"]),
        ("2024.3.10 诫勉", ["2024年3月10日"]),
        ("二〇二四年三月十日", ["2024年3月10日"]),
        ("去年5月1号被诫勉", ["2025年5月1日"]),
        ("今年3月", ["2026年3月"]),
        ("3月7日才送过去", ["2026年3月7日"]),
        ("12月5号出的事", ["2025年12月5日"]),
        ("昨天", ["2026年11月20日"]),
        ("8月出了事故", []),
        ("2018年12月的办法", []),
        ("2024年2月30日", []),
        ("6个月内不得提拔", []),
        ("去年5月1号诫勉，今年3月能提拔吗", ["2025年5月1日", "2026年3月"]),
    ],
)
def test_dates(text, read):
    assert [str(found.value) for found in dates(text, TODAY)] == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("6个月内不得提拔", [Period(months=6)]),
        ("两年", [Period(months=24)]),
        ("一年半", [Period(months=18)]),
        ("1年6个月", [Period(months=18)]),
        ("半年", [Period(months=6)]),
        ("30日内", [Period(days=30)]),
        ("两周", [Period(days=14)]),
        ("每半年一次，每年2次，第3年", []),
        ("5个工作日", []),
        ("一两年", []),
        ("2017年，上年度，3月7日", []),
    ],
)
def test_periods(text, read):
    assert [found.value for found in periods(text)] == read


@pytest.mark.parametrize(
    ("start", "period", "end"),
    [
        (Moment(2024, 3, 10), Period(months=6), "2024年9月10日"),
        (Moment(2025, 8, 31), Period(months=6), "2026年2月28日"),
        (Moment(2023, 8, 31), Period(months=6), "2024年2月29日"),
        (Moment(2024, 2, 29), Period(months=12), "2025年2月28日"),
        (Moment(2024, 12, 15), Period(months=1), "2025年1月15日"),
        (Moment(2024, 3, 10), Period(days=30), "2024年4月9日"),
        (Moment(2024, 3), Period(months=6), "2024年9月"),
    ],
)
def test_the_end_of_a_period(start, period, end):
    assert str(end_of(start, period)) == end


def test_days_are_not_counted_from_a_month():
    assert end_of(Moment(2024, 3), Period(days=30)) is None


def test_counts_have_their_bounds_and_one_name_for_a_unit():
    found = counts("发生2起以上事故，不少于3次，只开过一回，不超过2人，第3次")
    assert [(f.value.number, f.value.unit, f.value.bound) for f in found] == [
        (2, "起", 1),
        (3, "次", 1),
        (1, "次", 0),
        (2, "人", -1),
    ]


def test_hours():
    assert [str(found.value) for found in clocks("下午3点半，14:20，8时")] == [
        "15时30分",
        "14时20分",
        "8时",
    ]
    assert [found.value for found in durations("1小时内，半小时，30分钟")] == [60, 30, 30]
