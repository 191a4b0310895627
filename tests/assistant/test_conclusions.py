"""What follows from a question and quoted words, and what is not said because it does not."""

from datetime import date

import pytest

from assistant.conclusions import conclusions, contradict

TODAY = date(2026, 11, 21)
BAR = "受到诫勉处理的，6个月内不得提拔或者重用"
TWO_BARS = "单独受到免职处理的，1年内不得重新担任与其原任职务相当的领导职务，2年内不得提拔"
TALKS = "中心城区一年内发生2起以上较大生产安全事故的；郊区县一年内发生3起以上较大生产安全事故的"
MEETINGS = "每年调研检查不少于2次，每年至少召开2次党委常委会会议或专题会研究推动安全生产工作"
QUARTERLY = "每季度至少召开1次政府常务会会议研究推动安全生产工作"
FROM_ACCIDENT = (
    "1年内发生1起重大事故或2起以上较大事故的，自事故发生之日起1年内，主要负责人不得提拔任用"
)


@pytest.mark.parametrize(
    ("asked", "words", "said"),
    [
        (
            "2024年3月10日受到诫勉,到什么时候不得提拔?",
            BAR,
            "自2024年3月10日起算6个月，至2024年9月10日止（按所引条文推算）。",
        ),
        (
            "2026年8月31日受到诫勉,现在能提拔吗",
            BAR,
            "自2026年8月31日起算6个月，至2027年2月28日止（按所引条文推算）；"
            "2026年11月21日尚未届满。",
        ),
        (
            "去年3月1号诫勉的,今年3月能重用吗",
            BAR,
            "自2025年3月1日起算6个月，至2025年9月1日止（按所引条文推算）；2026年3月已满。",
        ),
        (
            "2025年6月1日被免职,哪天能提拔",
            TWO_BARS,
            "自2025年6月1日起算2年，至2027年6月1日止（按所引条文推算）。",
        ),
        (
            "2025年5月20日发生一起较大事故,不得提拔到什么时候",
            FROM_ACCIDENT,
            "自2025年5月20日起算1年，至2026年5月20日止（按所引条文推算）。",
        ),
        (
            "下午3点20分出的事故,最晚几点报",
            "单位负责人应当于1小时内报告",
            "自15时20分起算1小时，至16时20分止（按所引条文推算）。",
        ),
        (
            "3月7日才把意见送过去,还算数吗",
            "于2016年3月4日下班前将意见反馈我办",
            "2016年3月7日在所引条文写的2016年3月4日之后，已过期限。",
        ),
        (
            "郊区今年2起较大事故,要约谈吗",
            TALKS,
            "2起，未达到“郊区县一年内发生3起以上较大生产安全事故”的条件。",
        ),
        (
            "郊区今年已经3起较大事故",
            TALKS,
            "3起，达到“郊区县一年内发生3起以上较大生产安全事故”的条件。",
        ),
        (
            "今年只开过一回研究安全生产的常委会,还得补几次",
            MEETINGS,
            "1次，未达到“每年至少召开2次党委常委会会议”的要求，还差1次。",
        ),
        ("诫勉后两年不得提拔,对吧", BAR, "不对：文件写的是6个月。"),
        ("诫勉后半年不得提拔,对吧", BAR, "对：文件写的是6个月。"),
        ("郊区一年出2起较大事故就要约谈,没错吧?", TALKS, "不对：文件写的是3起以上。"),
        ("每年要检查3次,对吗", "每年调研检查不少于2次", "不对：文件写的是不少于2次。"),
    ],
)
def test_what_follows(asked, words, said):
    assert conclusions(asked, words, TODAY) == (said,)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("受到诫勉多久不得提拔", BAR),
        ("受过诫勉2年了能提拔吗", BAR),
        ("2018年12月的办法里诫勉多久不得提拔", BAR),
        ("2024年3月10日受到诫勉", "受到诫勉处理的，应当书面检查"),
        ("2025年6月1日被免职", TWO_BARS),  # which of two periods is not plain
        ("今年3起较大事故", TALKS),  # which district is not plain
        ("郊区今年2起重大事故", TALKS),  # another class of accident
        ("多久开一次会", QUARTERLY),
        ("一季度开过一次常务会,二季度没开", QUARTERLY),
        ("一年内发生几起要约谈", TALKS),
        ("诫勉影响期6个月、降职两年,对吧", BAR),
        ("是不是要书面检查", BAR),
    ],
)
def test_what_does_not_follow_is_not_said(asked, words):
    assert conclusions(asked, words, TODAY) == ()


def test_a_wrong_span_is_not_called_right_because_the_right_one_stands_beside_it():
    asked = "假设第三十条的6个月被解释为6个工作日，那诫勉的影响期就是6个工作日，是这样吧"
    assert conclusions(asked, BAR, TODAY) == ()


def test_nothing_is_counted_from_the_day_on_which_a_text_came():
    assert conclusions("省委昨天发了文件，诫勉后多久不得提拔", BAR, TODAY) == ()
    assert conclusions("昨天受到诫勉，多久不得提拔", BAR, TODAY)


def test_right_and_wrong_at_once_and_two_sums_contradict():
    assert contradict(["对：文件写的是6个月。", "不对：文件写的是2年。"])
    assert contradict(["自2024年3月10日起算6个月。", "自2024年3月10日起算1年。"])
    assert not contradict(["不对：文件写的是6个月。"])


def test_one_in_each_of_several_months_is_added_up():
    asked = "中心城区今年2月和9月各发生一起较大事故,会被约谈吗"
    said = "2起，达到“中心城区一年内发生2起以上较大生产安全事故”的条件。"
    assert conclusions(asked, TALKS, TODAY) == (said,)


def test_the_same_number_over_another_span_of_time_is_not_called_right():
    weekly = "各部门、街镇党政领导每周1次带队安全检查"
    assert conclusions("街镇领导每月带队检查一次,对吗", weekly, TODAY) == ()
    assert conclusions("街镇领导每周带队检查一次,对吗", weekly, TODAY) == ("对：文件写的是1次。",)


def test_a_word_for_the_person_does_not_choose_the_consequence():
    asked = "有个区领导2023年9月1日单独受到免职,要过到哪一天才能提拔"
    said = "自2023年9月1日起算2年，至2025年9月1日止（按所引条文推算）。"
    assert conclusions(asked, TWO_BARS, TODAY) == (said,)


def test_a_day_written_in_english_is_reckoned_from():
    asked = "An official was demoted on 2 March 2024 降职 提拔"
    said = "自2024年3月2日起算2年，至2026年3月2日止（按所引条文推算）。"
    assert conclusions(asked, "受到降职处理的，2年内不得提拔", TODAY) == (said,)


def test_of_several_periods_that_one_rule_sets_each_is_reckoned():
    asked = "2024年6月30号被免职，会怎么样"
    words = "受到免职处理的，1年内不得重新担任相当的领导职务，2年内不得提拔；"
    (said,) = conclusions(asked, words, date(2026, 11, 23))
    assert "1年内不得重新担任相当的领导职务，至2025年6月30日止" in said
    assert "2年内不得提拔，至2026年6月30日止" in said


def test_periods_of_different_cases_are_not_reckoned_together():
    words = "受到诫勉处理的，6个月内不得提拔；受到降职处理的，2年内不得提拔；"
    assert conclusions("2024年6月30日受到处理，会怎么样", words, date(2026, 11, 23)) == ()
