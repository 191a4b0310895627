"""Days, periods and counts in running text, and sums with them.

A period of months ends on the same day of a later month, clipped to the month's end; a period of
days is counted from the day after. Nothing here knows a document.

>>> end_of(Moment(2025, 8, 31), periods("6个月内不得提拔")[0].value)
Moment(year=2026, month=2, day=28)
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, TypeVar

from index.numerals import NUMERAL_CLASS, to_int

T = TypeVar("T")
_N = f"[{NUMERAL_CLASS}]{{1,5}}"


@dataclass(frozen=True)
class Found(Generic[T]):
    """A value and where it stands: ``text[start:end]``.

    Args:
        value: what was read.
        start, end: the stretch.
        words: the stretch itself.
    """

    value: T
    start: int
    end: int
    words: str


@dataclass(frozen=True, order=True)
class Moment:
    """A day, or a whole month where no day is known.

    Args:
        year, month: as in the calendar.
        day: 1 to 31, or 0 for the whole month.
    """

    year: int
    month: int
    day: int = 0

    @classmethod
    def of(cls, day: date) -> Moment:
        """The moment of *day*."""
        return cls(day.year, day.month, day.day)

    def __str__(self) -> str:
        return f"{self.year}年{self.month}月" + (f"{self.day}日" if self.day else "")


@dataclass(frozen=True)
class Period:
    """A length of time; one of the two counts is not 0.

    Args:
        months: calendar months.
        days: calendar days.
    """

    months: int = 0
    days: int = 0


@dataclass(frozen=True)
class Clock:
    """A time of the day in minutes after midnight; from 1440 on it is one of the next day."""

    minutes: int

    def __str__(self) -> str:
        next_day, minutes = divmod(self.minutes, 24 * 60)
        hour, minute = divmod(minutes, 60)
        return "次日" * bool(next_day) + f"{hour}时" + (f"{minute}分" if minute else "")


# --- periods

_PERIOD = re.compile(
    rf"(?<![第每度\d])(?:(?P<years>{_N})年(?P<half_year>半)?(?:零?(?P<and>{_N})个月)?(?!度|代|级|{_N}月)"
    rf"|(?P<months>{_N})个(?P<half_month>半)?月|(?P<quarters>{_N})个季度"
    rf"|(?P<weeks>{_N})个?(?:周|星期|礼拜)(?!年)|(?P<days>{_N})(?:日|天)(?!报)|(?P<half>半年))"
)
_DURATION = re.compile(rf"(?P<half>半)(?:个)?小时|(?P<n>{_N})个?(?P<unit>小时|钟头|分钟)")
_MONTHS_IN, _DAYS_IN = {"years": 12, "months": 1, "quarters": 3}, {"weeks": 7, "days": 1}
_FIRST_YEAR = 1000


def periods(text: str) -> list[Found[Period]]:
    """The periods of days, months and years in *text*; no dates, no 每年, no working days.

    >>> [found.words for found in periods("2024年3月10日起2年内，每年报告，30日内申诉，一年半")]
    ['2年', '30日', '一年半']
    """
    taken = [(m.start(), m.end()) for m in _DATE.finditer(text)]
    found = []
    for match in _PERIOD.finditer(text):
        if any(start <= match.start() < end for start, end in taken):
            continue
        value = _period(match)
        if value is not None:
            found.append(Found(value, match.start(), match.end(), match[0]))
    return found


def _period(match: re.Match[str]) -> Period | None:
    if match["half"]:
        return Period(months=6)
    unit = next(name for name in _MONTHS_IN | _DAYS_IN if match[name])
    number = _number(match[unit])
    if number is None or number >= _FIRST_YEAR or match["half_month"]:
        return None
    more = 6 * bool(match["half_year"]) + (_number(match["and"]) or 0)
    return Period(number * _MONTHS_IN.get(unit, 0) + more, number * _DAYS_IN.get(unit, 0))


def durations(text: str) -> list[Found[int]]:
    """The lengths in hours and minutes in *text*, in minutes."""
    found = []
    for match in _DURATION.finditer(text):
        number = _number(match["n"]) if match["n"] else 1
        if number is not None:
            unit = 1 if match["unit"] == "分钟" else 30 if match["half"] else 60
            found.append(Found(number * unit, match.start(), match.end(), match[0]))
    return found


def end_of(start: Moment, period: Period) -> Moment | None:
    """The last day of *period* counted from *start*; None for days counted from a whole month."""
    if period.months:
        year, month = divmod(start.year * 12 + start.month - 1 + period.months, 12)
        last = calendar.monthrange(year, month + 1)[1]
        return Moment(year, month + 1, min(start.day, last))
    if not start.day:
        return None
    return Moment.of(date(start.year, start.month, start.day) + timedelta(days=period.days))


# --- dates

_DIGITS = "〇零一二三四五六七八九"
_YEAR = rf"(?P<year>(?:19|20)\d\d|[{_DIGITS}]{{4}})"
_DATE = re.compile(
    rf"(?<!\d)(?:{_YEAR}年|(?P<spoken>今年|去年|前年|明年|本年|上年|当年)的?)?"
    rf"(?P<month>{_N})月份?(?:(?P<day>{_N})(?:[日号]|(?=[^\d个月年次起])))?(?!度)"
    rf"|(?<!\d)(?P<y>(?:19|20)\d\d)(?P<mark>[-/.])(?P<m>\d{{1,2}})(?:(?P=mark)(?P<d>\d{{1,2}}))?(?!\d)"
    r"|(?P<near>今天|今日|昨天|昨日|前天)"
)
_MONTHS = "january february march april may june july august september october november december"
_MONTH_NAMES = {name[:3]: n for n, name in enumerate(_MONTHS.split(), 1)}
_ENGLISH = re.compile(
    r"(?<![a-z\d])(?:(?P<d1>\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m1>[a-z]{3,9})\.?,?\s+(?P<y1>(?:19|20)\d\d)"
    r"|(?P<m2>[a-z]{3,9})\.?\s+(?P<d2>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y2>(?:19|20)\d\d))(?!\d)",
    re.IGNORECASE,
)
_SPOKEN_YEAR = {"今年": 0, "本年": 0, "去年": -1, "上年": -1, "前年": -2, "明年": 1}
_NEAR = {"今天": 0, "今日": 0, "昨天": -1, "昨日": -1, "前天": -2}
#: A date that only names a document is no event: 2018年12月的办法.
_OF_DOCUMENT = re.compile(
    r"的?(?:那?[版份个部]|办法|规定|通知|文件|清单|意见|方案|函|印发|发布|出台|发文)"
)


def dates(text: str, as_of: date, year: int | None = None) -> list[Found[Moment]]:
    """The days and months that *text* names, those that only name a document left out.

    Args:
        text: the question, or a provision.
        as_of: today, for 去年5月1号 and 昨天.
        year: the year of dates that name none (3月7日); without it the latest not after *as_of*.
    """
    found = []
    for match in _DATE.finditer(text):
        value = _moment(match, as_of, year)
        if value is not None and not _OF_DOCUMENT.match(text, match.end()):
            found.append(Found(value, match.start(), match.end(), match[0]))
    return found + _english_dates(text)


def _english_dates(text: str) -> list[Found[Moment]]:
    """The days written in English: 6 May 2023, March 10th, 2024."""
    found = []
    for match in _ENGLISH.finditer(text):
        name = (match["m1"] or match["m2"]).lower()
        month = _MONTH_NAMES.get(name[:3])
        if month is None or not _MONTHS.split()[month - 1].startswith(name):
            continue
        value = _valid(int(match["y1"] or match["y2"]), month, int(match["d1"] or match["d2"]))
        if value is not None:
            found.append(Found(value, match.start(), match.end(), match[0]))
    return found


def _moment(match: re.Match[str], as_of: date, year: int | None) -> Moment | None:
    if match["near"]:
        return Moment.of(as_of + timedelta(days=_NEAR[match["near"]]))
    month = _number(match["m"] or match["month"])
    written = match["d"] or match["day"]
    day = _number(written) if written else 0
    if month is None or day is None:
        return None
    if match["y"] or match["year"]:
        return _valid(_digits(match["y"] or match["year"]), month, day)
    if match["spoken"] in _SPOKEN_YEAR:
        return _valid(as_of.year + _SPOKEN_YEAR[match["spoken"]], month, day)
    if not day or match["spoken"]:
        return None  # 8月 alone, 当年8月: of a year that is not known
    if year is not None:
        return _valid(year, month, day)
    latest = _valid(as_of.year, month, day)
    is_past = latest is None or latest <= Moment.of(as_of)
    return latest if is_past else _valid(as_of.year - 1, month, day)


def _valid(year: int, month: int, day: int) -> Moment | None:
    try:
        date(year, month, day or 1)
    except ValueError:
        return None
    return Moment(year, month, day)


_ROUGH = re.compile("[一二两三四五六七八九]{2}")


def _digits(year: str) -> int:
    return int("".join(str(max(_DIGITS.index(c) - 1, 0)) if c in _DIGITS else c for c in year))


def _number(numeral: str | None) -> int | None:
    """The number, or None where it is none, or a rough one (一两, 三五)."""
    try:
        return to_int(numeral) if numeral and not _ROUGH.search(numeral) else None
    except ValueError:
        return None


_CLOCK = re.compile(
    rf"(?P<half>凌晨|早上|清晨|上午|中午|下午|傍晚|晚上|夜里)?(?P<hour>{_N})"
    rf"(?:[:：](?P<exact>[0-5]\d)|[点时](?:(?P<thirty>半)|(?P<minute>{_N})分?|整)?)"
)


def clocks(text: str) -> list[Found[Clock]]:
    """The times of the day in *text*: 下午3点半, 14:20, 8时."""
    found = []
    for match in _CLOCK.finditer(text):
        hour = _number(match["hour"])
        written = match["exact"] or match["minute"]
        minute = 30 if match["thirty"] else _number(written) if written else 0
        if hour is None or minute is None or hour > 24 or minute > 59:
            continue
        afternoon = match["half"] in {"下午", "傍晚", "晚上", "夜里"} and hour < 12
        value = Clock((hour + 12 * afternoon) * 60 + minute)
        found.append(Found(value, match.start(), match.end(), match[0]))
    return found


# --- counts

_SAME_UNIT = {"回": "次", "趟": "次", "遍": "次", "名": "人", "个人": "人", "位": "人"}
_UNITS = "个人|起|人|名|位|次|回|趟|遍|项|家|处|件|%|％"
_AT_LEAST = "不少于|不得少于|至少|不低于|不得低于|最少"
_AT_MOST = "不超过|不得超过|至多|最多|不多于"
_COUNT = re.compile(
    rf"(?:(?:(?P<least>{_AT_LEAST})|(?P<most>{_AT_MOST}))[^，。；、：,;:\d]{{0,6}}?)?"
    rf"(?P<number>{_N})(?P<unit>{_UNITS})(?P<behind>及?以上|以下|以内|之内)?"
)


@dataclass(frozen=True)
class Count:
    """How many of something.

    Args:
        number: how many.
        unit: of what, one word for each kind (回 is 次).
        bound: 1 for at least, -1 for at most, 0 where nothing is said.
    """

    number: int
    unit: str
    bound: int = 0

    def is_met_by(self, number: int) -> bool:
        """Whether *number* satisfies it; a count without a bound is a least one."""
        return number <= self.number if self.bound < 0 else number >= self.number


def counts(text: str) -> list[Found[Count]]:
    """The counts in *text* with their bounds.

    >>> [(f.words, f.value.bound) for f in counts("每年至少召开2次会议，发生3起以上事故")]
    [('至少召开2次', 1), ('3起以上', 1)]
    """
    found = []
    for match in _COUNT.finditer(text):
        number = _number(match["number"])
        before = text[: match.start("number")][-1:]
        if number is None or before in {"第", "每"}:
            continue
        bounded = match["least"] or match["most"]
        start = match.start() if bounded else match.start("number")
        least = match["least"] or (match["behind"] or "").endswith("以上")
        bound = 1 if least else -1 if match["most"] or match["behind"] else 0
        unit = _SAME_UNIT.get(match["unit"], match["unit"])
        words = text[start : match.end()]
        found.append(Found(Count(number, unit, bound), start, match.end(), words))
    return found
