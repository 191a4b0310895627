"""The values that single facts are about: periods, frequencies, counts, sums, dates, bodies."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.query import Ask
from index.numerals import NUMERAL_CLASS

_N = f"[{NUMERAL_CLASS}]+(?:\\.\\d+)?"
_PATTERNS: dict[Ask, re.Pattern[str]] = {
    Ask.PERIOD: re.compile(
        rf"(?<![第\d])(?:{_N}(?:个(?:半)?)?(?:年|月|季度|星期|周|个?工作日|日|天|小时|分钟|学时|课时)|半年|一年半)"
        r"(?!度|[\d一二三四五六七八九十]{1,2}月)(?:以内|之内|内|以上|以下|后|前)?|终身|永久|[当次]年(?!度)|[当次本]年度"
    ),
    Ask.FREQUENCY: re.compile(
        rf"每(?:半|两|{_N}个?)?(?:年|季度|季|月|周|旬|日|天)|(?:不少于|至少|不低于)?{_N}次|定期|不定期|经常"
    ),
    Ask.COUNT: re.compile(rf"{_N}(?:起|人|名|次|项|个|处|家|种|倍|%|％|类)(?!月)"),
    Ask.NUMBER: re.compile(rf"{_N}"),
    Ask.MONEY: re.compile(
        rf"{_N}(?:多)?(?:万|亿|千|百)?元|(?:收入|金额|价款|所得)[^，。；]{{0,6}}{_N}[%％倍]"
    ),
    Ask.SHARE: re.compile(rf"{_N}[%％‰]|[百千]分之{_N}|{_N}(?:成|倍)(?!立|为|员|果|本)"),
    Ask.DATE: re.compile(rf"{_N}年{_N}月{_N}日|{_N}月{_N}日|之日起|{_N}月底?|每年初|年底"),
    Ask.BODY: re.compile(
        r"部门|机关|委员会|委|政府|办公室|负责人|单位|机构|组织|书记|主任|领导|工会|热线|\d{5}"
    ),
}
#: What else can answer: 多久 may mean how often, 隔多久 how long, 到哪天 until when.
_ACCEPTED = {
    Ask.PERIOD: (Ask.PERIOD, Ask.FREQUENCY),
    Ask.FREQUENCY: (Ask.FREQUENCY, Ask.PERIOD),
    Ask.DATE: (Ask.DATE, Ask.PERIOD),
}
#: 罚他多少, 能拿多少奖金 ask for money without saying so.
_OF_MONEY = re.compile("罚|奖金|赔|补偿|补助|费|款")
#: 多久 and 隔多久 may ask for a period or a frequency; 多少日 asks for a period only.
_EITHER = re.compile("多久|多长|隔|一[次回趟]|how long|how often", re.IGNORECASE)
#: 几小时, 多少学时 want that unit, or one of the same measure.
_UNIT = re.compile("(?:几|多少)个?(?:小时|分钟|学时|课时)")
_SAME_MEASURE = (("小时", "分钟"), ("学时", "课时"))
_COUNTED = re.compile(r"(?:几|多少)(?P<unit>个人|人|名|起|次|项|家|种|处)")
_SAME_UNITS = (("人", "名", "个人"),)
#: The kinds whose answer must hold a value; 谁 is answered by most sentences, so it is no test.
TYPED = (Ask.FREQUENCY, Ask.PERIOD, Ask.MONEY, Ask.SHARE, Ask.DATE, Ask.NUMBER, Ask.COUNT)


def values(kind: Ask, text: str) -> list[str]:
    """The values of *kind* in *text*, in order.

    >>> values(Ask.PERIOD, "受到诫勉处理的，6个月内不得提拔")
    ['6个月内']
    """
    return list(_values(kind, text))


@lru_cache(maxsize=32768)
def _values(kind: Ask, text: str) -> tuple[str, ...]:
    return tuple(match[0] for match in _PATTERNS[kind].finditer(text))


def wanted(kinds: tuple[Ask, ...]) -> Ask | None:
    """The type of value that a question of these *kinds* wants, or None."""
    return next((kind for kind in TYPED if kind in kinds), None)


def holds(kind: Ask, text: str, question: str = "") -> bool:
    """Whether *text* holds a value that can answer a *question* for *kind*.

    A question that names what is counted (几个人, 多少起) wants that counted.
    """
    counted = _COUNTED.search(question) if kind is Ask.COUNT else None
    if counted:
        units = next((u for u in _SAME_UNITS if counted["unit"] in u), (counted["unit"],))
        return any(value.endswith(units) for value in values(kind, text))
    if kind is Ask.COUNT and _OF_MONEY.search(question):
        return any(values(each, text) for each in (Ask.MONEY, Ask.SHARE))
    named = _UNIT.search(question) if kind is Ask.PERIOD else None
    if named:
        measure = next(units for units in _SAME_MEASURE if named[0].endswith(units))
        return any(unit in value for value in values(kind, text) for unit in measure)
    either = kind is Ask.DATE or _EITHER.search(question)
    accepted = _ACCEPTED.get(kind, (kind,)) if either else (kind,)
    return any(values(each, text) for each in accepted)


def is_exact(kind: Ask | None, text: str) -> bool:
    """Whether *text* says how often in numbers (每年2次), not only 定期."""
    return kind is Ask.FREQUENCY and bool(re.search(rf"{_N}次|每(?:半年|季度|月|周)", text))
