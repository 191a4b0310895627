"""How often, until when, how long and how much: the quantities of duties and sanctions.

Each keeps its words exactly as written and where they stand in the text that was read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from index.lexicon.terms import TimeWord, time_words
from index.numerals import NUMERAL_CLASS, to_int
from index.reckon import periods

_N = f"[{NUMERAL_CLASS}]+"


@dataclass(frozen=True)
class Frequency:
    """How often: 每半年至少1次.

    Args:
        times: how many times in one unit; None where nothing is counted (定期).
        unit: id of the unit in `time.yaml`: half_yearly, quarterly, regular.
        bound: 1 for at least, -1 for at most, 0 where nothing is said.
        per_year: how many times a year, None where it cannot be said.
        words: as written, ``text[start:end]``.
        start, end: where it stands.
    """

    times: int | None
    unit: str
    bound: int
    per_year: int | None
    words: str
    start: int
    end: int


@dataclass(frozen=True)
class Term:
    """A length of time or a day until which something is done: 6个月, 30日内, 每年初.

    Args:
        months, days: the length; both 0 where the words give none (每年初).
        words: as written, ``text[start:end]``.
        start, end: where it stands.
    """

    months: int
    days: int
    words: str
    start: int
    end: int


@dataclass(frozen=True)
class Money:
    """A sum, or a share or multiple of one: 二万元以上五万元以下, 违法所得一倍以上五倍以下.

    Args:
        least, most: the bounds, None where there is none.
        unit: yuan, times or percent.
        words: as written, ``text[start:end]``.
        start, end: where it stands.
    """

    least: float | None
    most: float | None
    unit: str
    words: str
    start: int
    end: int


_EVERY = re.compile(rf"每(?:个)?(?:半|两|{_N})?个?(?:年度?|季度|季|月|周|星期|旬|日|天)(?!底|终)")
_AT_LEAST = re.compile("至少|不少于|不得少于|不低于|最少")
_AT_MOST = re.compile("不超过|不得超过|至多|最多")
_LOOSE = re.compile("定期或者?不定期|(?<!不)定期|不定期")
#: Further than this behind 每年 the count is of something else.
_NEAR = 30


def frequencies(text: str) -> list[Frequency]:
    """How often things are to be done, from left to right.

    >>> [(f.words, f.times, f.per_year) for f in frequencies("党委常委会每半年不少于1次听取汇报")]
    [('每半年不少于1次', 1, 2)]
    """
    found = [_counted(text, match) for match in _EVERY.finditer(text)]
    taken = [(f.start, f.end) for f in found if f is not None]
    for match in _LOOSE.finditer(text):
        if not any(start <= match.start() < end for start, end in taken):
            unit = "irregular" if match[0] == "不定期" else "regular"
            found.append(Frequency(None, unit, 0, None, match[0], match.start(), match.end()))
    return sorted((f for f in found if f is not None), key=lambda f: f.start)


def _counted(text: str, every: re.Match[str]) -> Frequency | None:
    unit = _unit(every[0])
    if unit is None:
        return None
    behind = re.compile("[。；]").split(text[every.end() : every.end() + _NEAR])[0]
    behind = behind.partition("每")[0]
    count = re.search(rf"(?P<number>{_N})[次回](?P<above>以上)?", behind)
    number = _number(count["number"]) if count else 1
    if number is None:
        return None
    end = every.end() + (count.end() if count else 0)
    said = text[every.start() : end]
    least = _AT_LEAST.search(said) or (count and count["above"])
    bound = 1 if count and least else -1 if count and _AT_MOST.search(said) else 0
    a_year = number * unit.per_year if unit.per_year else None
    return Frequency(number, unit.id, bound, a_year, said, every.start(), end)


@lru_cache(maxsize=256)
def _unit(words: str) -> TimeWord | None:
    for mention in time_words().find(words.replace("每个", "每")):
        if mention.term.kind == "frequency" and mention.term.per_year:
            return mention.term
    return None


_WITHIN = re.compile("(?:以|之)?内|以前|之前|前")
_HOURS = re.compile(rf"{_N}个?(?:小时|分钟)(?:以|之)?内")
_WORKING = re.compile(rf"{_N}个?工作日(?:以|之)?内")
_FROM = re.compile(r"自[^，。；]{1,24}?之日起$")


def deadlines(text: str) -> list[Term]:
    """Until when things are to be done: 30日内, 每年初, 及时; exact ones first.

    >>> [d.words for d in deadlines("应当自收到申请之日起30日内作出决定，并立即报告")]
    ['自收到申请之日起30日内', '立即']
    """
    exact = [_reaching_back(text, term) for term in terms(text) if _WITHIN.match(text, term.end)]
    for pattern in (_HOURS, _WORKING):
        exact += [Term(0, 0, m[0], m.start(), m.end()) for m in pattern.finditer(text)]
    loose = [
        Term(0, 0, m.words, m.start, m.end)
        for m in time_words().find(text)
        if m.term.kind == "deadline" and not any(e.start <= m.start < e.end for e in exact)
    ]
    loose.sort(key=lambda d: _unit_id(d.words) == "at_once")
    return sorted(exact, key=lambda d: d.start) + loose


def _unit_id(words: str) -> str:
    return next((m.term.id for m in time_words().find(words)), "")


def _reaching_back(text: str, term: Term) -> Term:
    """*term* with 内 behind it and 自…之日起 before it."""
    within = _WITHIN.match(text, term.end)
    end = within.end() if within else term.end
    since = _FROM.search(text[: term.start])
    start = since.start() if since else term.start
    return Term(term.months, term.days, text[start:end], start, end)


def terms(text: str) -> list[Term]:
    """The lengths of time in *text*, from left to right."""
    return [Term(f.value.months, f.value.days, f.words, f.start, f.end) for f in periods(text)]


_SUM = rf"(?:{_N}(?:[.．]\d+)?(?:百|千|万|亿|十万|百万|千万)?)"
_MONEY = re.compile(
    rf"(?:(?P<of>[^，。；、]{{0,8}}?(?:所得|价款|收入|金额|货值|工资|年收入|投资额|造价)[^，。；]{{0,12}}?))?"
    rf"(?P<low>{_SUM})(?P<unit1>元|倍|%|％)(?:(?:以上|至|到)(?P<high>{_SUM})(?P<unit2>元|倍|%|％)(?:以下)?"
    rf"|(?P<edge>以上|以下|以内))?|(?P<parts>百分之)(?P<plow>{_N})(?:(?:以上|至)百分之(?P<phigh>{_N})(?:以下)?)?"
)
_UNITS = {"元": "yuan", "倍": "times", "%": "percent", "％": "percent"}
_FACTORS = {"万": 10_000, "亿": 100_000_000, "千": 1_000, "百": 100}


def moneys(text: str) -> list[Money]:
    """The sums, shares and multiples in *text*, from left to right.

    >>> [(m.least, m.most, m.unit) for m in moneys("处二万元以上五万元以下的罚款")]
    [(20000.0, 50000.0, 'yuan')]
    """
    return [m for m in map(_money, _MONEY.finditer(text)) if m is not None]


def _money(match: re.Match[str]) -> Money | None:
    if match["parts"]:
        low, high, unit, edge = match["plow"], match["phigh"], "percent", None
    else:
        low, high, unit = match["low"], match["high"], _UNITS[match["unit1"]]
        edge = match["edge"]
    first, second = _sum(low), _sum(high) if high else None
    if first is None:
        return None
    start = match.start("parts") if match["parts"] else match.start("low")
    words = match.string[start : match.end()]
    if high:
        return Money(first, second, unit, words, start, match.end())
    least = None if edge in {"以下", "以内"} else first
    most = None if edge == "以上" else first
    return Money(least, most, unit, words, start, match.end())


def _sum(written: str) -> float | None:
    digits = re.fullmatch(r"(\d+(?:[.．]\d+)?)([百千万亿]?)", written)
    if digits:
        return float(digits[1].replace("．", ".")) * _FACTORS.get(digits[2], 1)
    number = _number(written)
    return None if number is None else float(number)


def _number(numeral: str) -> int | None:
    try:
        return to_int(numeral)
    except ValueError:
        return None
