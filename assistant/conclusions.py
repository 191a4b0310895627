"""What follows from a question and quoted words by reckoning: sums, conditions met, right or wrong.

The composer says these sentences; the verifier works them out anew from the question and the
quotation and lets through none that comes out differently. Every input stands in one of the two.
Where it is not plain which value is meant, nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

from assistant.tallies import SENTENCE_STOPS, each_month, same_class, same_window
from index.numerals import NUMERAL_CLASS
from index.reckon import (
    Count,
    Found,
    Moment,
    Period,
    clocks,
    counts,
    dates,
    durations,
    end_of,
    periods,
)

T = TypeVar("T")

_ASSERTS = re.compile("对吧|对吗|对不对|是吧|是不是|没错|记错|是这样|真的吗|属实|吧[？?。！!]*$")
_ASKS_WHEN = re.compile("(?:什么|啥)时候|何时|多久|多长|哪[天年月日]|几[月号日年]|到期|期满|会怎")
_ASKS_IF_OVER = re.compile(
    "现在|目前|今天|如今|过了|满了|到期|期满|结束|还能|还算|还在|能不能|可以|能.{0,8}吗|了吗|了没"
)
#: Questions come with half-width marks, provisions with full-width ones.
_STOPS = "，；。：、？！或,;:?!\n"
_CLAUSE = re.compile(rf"[^{_STOPS}]+")
_HAPPENS = re.compile("发生|造成|出现|[死伤]亡|的$|情形")
_LONGEST = 44
#: Said of people everywhere: they tell no consequence from another.
_PEOPLE = {"领导", "干部", "人员", "负责", "责人"}
#: Words before a count that tell what has happened, and those that ask how often.
_TOLD = re.compile(
    "[过了]|发生|出现|里头?$|内$|今年|去年|上年|当年|已|只|才|仅|现在|目前|一共|总共|发生|有$"
)
_ASKED = re.compile("多久|多长|多少|几|每|隔|各")
#: A clause that tells when a text came, and not when something happened to somebody.
_TEXT_CAME = re.compile("(?:[发出下]|印发)(?:了|过)?(?:一?[份个])?新?(?:文件?|通知)")
#: Spans that no period of a provision is measured in.
_OTHER_SPAN = re.compile(f"[{NUMERAL_CLASS}]+个?(?:工作日|小时|分钟|周|星期)")
_LATE = "之后，已过期限。"
_VERDICT, _SUM = re.compile("不?对：文件"), re.compile("自.*起算")


def conclusions(asked: str, words: str, as_of: date) -> tuple[str, ...]:
    """The sentences that follow from *asked* and the quoted *words*, in the order to be said.

    >>> conclusions("2024年3月10日受到诫勉，到什么时候", "受到诫勉处理的，6个月内不得提拔",
    ...             date(2026, 1, 1))
    ('自2024年3月10日起算6个月，至2024年9月10日止（按所引条文推算）。',)
    """
    verdict = _verdict(asked, words, as_of)
    if verdict:
        return (verdict,)
    found = (_sum(asked, words, as_of), _hours(asked, words), _deadline(asked, words, as_of))
    summed = next(filter(None, found), "")
    return (summed,) if summed else tuple(filter(None, (_comparison(asked, words),)))


def asserts(asked: str) -> bool:
    """Whether the question takes something for granted and wants it confirmed: …，对吧."""
    return bool(_ASSERTS.search(asked))


def is_late(sentence: str) -> bool:
    """Whether a conclusion says that a last day has passed."""
    return sentence.endswith(_LATE)


def contradict(said: Iterable[str]) -> bool:
    """Whether some of the sentences say right and others wrong, or two sums differ.

    >>> contradict(["对：文件写的是6个月。", "不对：文件写的是2年。"])
    True
    """
    distinct = set(said)
    verdicts = {sentence[0] for sentence in distinct if _VERDICT.match(sentence)}
    sums = [sentence for sentence in distinct if _SUM.match(sentence)]
    return len(verdicts) > 1 or len(sums) > 1


# --- which of several values is meant


def _meant(asked: str, text: str, values: Sequence[Found[T]]) -> Found[T] | None:
    """The one value whose surroundings share most with the question; None where that is not plain.

    Values that are equal do not compete.
    """
    if not values:
        return None
    said = _pairs(asked) - _PEOPLE
    shared = [len(said & _pairs(around)) for around in _surroundings(text, values)]
    best = max(shared)
    winners = [value for value, n in zip(values, shared, strict=True) if n == best]
    return winners[0] if len({value.value for value in winners}) == 1 else None


def _surroundings(text: str, values: Sequence[Found[T]]) -> list[str]:
    """For each value the clauses that go with it, within its sentence.

    A clause without a value goes with the one before it; one that sets a case (受到诫勉处理的，)
    with all that follow.
    """
    around = [""] * len(values)
    for sentence in re.finditer(f"[^{SENTENCE_STOPS}]+", text):
        holder, case, is_open = -1, "", False
        for clause in _CLAUSE.finditer(sentence[0]):
            start, end = sentence.start() + clause.start(), sentence.start() + clause.end()
            inside = [n for n, value in enumerate(values) if start <= value.start < end]
            for n in inside:
                around[n] += f"{case}|{clause[0]}"
            if inside:
                holder, is_open = inside[-1], False
            elif clause[0].endswith("的"):
                case, is_open = f"{case if is_open else ''}|{clause[0]}", True
            elif holder >= 0:
                around[holder] += f"|{clause[0]}"
    return around


def _clause_start(text: str, at: int) -> int:
    return max(text.rfind(stop, 0, at) for stop in _STOPS) + 1


def _clause_end(text: str, at: int) -> int:
    return min((n for stop in _STOPS if (n := text.find(stop, at)) >= 0), default=len(text))


def _pairs(text: str) -> set[str]:
    """The pairs of neighbouring characters in *text*; quantities part words."""
    words = re.split(rf"[\W\d]|[{NUMERAL_CLASS}]+(?=[年个起次人名月日天季周])", text)
    return {word[i : i + 2] for word in words for i in range(len(word) - 1)}


# --- a day and a period


def _sum(asked: str, words: str, as_of: date) -> str:
    """From the day in the question to the end of the period in the quotation."""
    days = [day for day in dates(asked, as_of) if not _TEXT_CAME.search(_around(asked, day))]
    if not days:
        return ""
    terms = _terms(words)
    period = _meant(asked, words, terms)
    start = days[0].value
    if period is None:
        return _each_sum(start, words, terms) if _ASKS_WHEN.search(asked) else ""
    end = end_of(start, period.value)
    if end is None:
        return ""
    over = _over(asked, [found.value for found in days[1:]], end, as_of)
    return f"自{start}起算{period.words}，至{end}止（按所引条文推算）{over}。"


def _each_sum(start: Moment, words: str, terms: Sequence[Found[Period]]) -> str:
    """From a day to the end of each period, where one rule sets several: 1年内不得…，2年内….

    Which of them is meant is not plain, and all hold.
    """
    if len(terms) < 2 or re.search(f"[{SENTENCE_STOPS}；]", words[terms[0].start : terms[-1].end]):
        return ""
    told = []
    for term in terms:
        end = end_of(start, term.value)
        if end is None:
            return ""
        told.append(f"{words[term.start : _clause_end(words, term.start)]}，至{end}止")
    return f"自{start}起算：{'；'.join(told)}（按所引条文推算）。"


def _around(text: str, found: Found[Moment]) -> str:
    """The clause that *found* stands in."""
    return text[_clause_start(text, found.start) : _clause_end(text, found.end)]


def _is_term(words: str, period: Found[Period]) -> bool:
    """Whether a period runs from an event (6个月内不得…, 自…之日起1年), and is no span in which
    something is counted (1年内发生2起) or repeated (每30日)."""
    behind = words[period.end : period.end + 12]
    if re.match(r"(?:以|之)?内", behind):
        window = words[period.end : _clause_end(words, period.end)]
        from_event = re.search("之日起$|[后起]$", words[: period.start])
        return bool(from_event) or not counts(window)
    before = words[_clause_start(words, period.start) : period.start]
    return bool(
        re.match("[后前]?(?:不|内|[，。；,;]|$)|后", behind) or re.search("起|[后为至满]$", before)
    )


def _over(asked: str, others: Sequence[Moment], end: Moment, as_of: date) -> str:
    """Whether the period is over on the other day that the question names, else today."""
    if not others and not _ASKS_IF_OVER.search(asked):
        return ""
    day = others[-1] if others else Moment.of(as_of)
    if bool(day.day) != bool(end.day):
        day, end = Moment(day.year, day.month), Moment(end.year, end.month)
        if day == end:
            return ""
    return f"；{day}{'已满' if day > end else '尚未届满'}"


def _hours(asked: str, words: str) -> str:
    """From the hour in the question to the end of the hours or minutes in the quotation."""
    times, spans = clocks(asked), durations(words)
    span = _meant(asked, words, spans)
    if not times or span is None or not re.match("(?:以|之)?内", words[span.end :]):
        return ""
    end = type(times[0].value)(times[0].value.minutes + span.value)
    return f"自{times[0].value}起算{span.words}，至{end}止（按所引条文推算）。"


def _deadline(asked: str, words: str, as_of: date) -> str:
    """The day in the question beside the last day that the quotation sets."""
    limits = [d for d in dates(words, as_of) if _is_limit(words, d)]
    if len({limit.value for limit in limits}) != 1:
        return ""
    limit = limits[0].value
    days = [d.value for d in dates(asked, as_of, year=limit.year) if d.value.day]
    if len(days) != 1 or not limit.day or days[0] == limit:
        return ""
    late = days[0] > limit
    return f"{days[0]}在所引条文写的{limit}{_LATE if late else '之前，没有过期。'}"


def _is_limit(words: str, day: Found[Moment]) -> bool:
    behind = words[day.end : day.end + 10]
    return bool(
        re.match(r"[^，。；,;]{0,6}前", behind)
        or re.search("[至到]$|截[止至]$", words[: day.start])
    )


# --- a count and a condition


def _comparison(asked: str, words: str) -> str:
    """The count in the question beside the condition in the quotation."""
    had = each_month(asked) or [c for c in counts(asked) if not c.value.bound and is_fact(asked, c)]
    for one in had:
        same = [c for c in had if c.value.unit == one.value.unit]
        limits = [c for c in counts(words) if c.value.unit == one.value.unit]
        limit = _meant(asked, words, limits)
        if len(same) == 1 and limit is not None and _comparable(asked, one, words, limit):
            return _compared(one, words, limit)
    return ""


def is_fact(asked: str, one: Found[Count]) -> bool:
    """Whether the question tells the count (今年已经2起, 只开过一回) and does not ask with it."""
    before = asked[_clause_start(asked, one.start) : one.start]
    return bool(_TOLD.search(before)) and not _ASKED.search(before)


def _comparable(asked: str, one: Found[Count], words: str, limit: Found[Count]) -> bool:
    """Whether both count the same class of thing over the same time."""
    thing = asked[one.end : _clause_end(asked, one.end)]
    counted = words[limit.end : _clause_end(words, limit.end)]
    return same_class(thing, _first_counted(counted)) and same_window(asked, words, limit)


def _first_counted(words: str) -> str:
    """*words* up to the next count: 较大以上生产安全事故或2起以上一般… counts two things."""
    following = counts(words)
    return words[: following[0].start] if following else words


def limits_on(asked: str, words: str) -> list[bool]:
    """For each condition in *words* on what the question counts, whether it is met.

    >>> limits_on("今年已经3起一般事故", "发生1起重大事故或2起以上一般事故的，不得提拔")
    [True]
    """
    had = [c for c in counts(asked) if not c.value.bound and is_fact(asked, c)]
    return [
        limit.value.is_met_by(one.value.number)
        for one in had
        for limit in counts(words)
        if limit.value.unit == one.value.unit and _comparable(asked, one, words, limit)
    ]


def _compared(one: Found[Count], words: str, limit: Found[Count]) -> str:
    said, number = _clause(words, limit), one.value.number
    met = limit.value.is_met_by(number)
    around = words[_clause_start(words, limit.start) : _clause_end(words, limit.end)]
    what = "条件" if _HAPPENS.search(around) else "要求"
    had = f"{number}{_unit_of(limit)}"
    if limit.value.bound < 0:
        return f"{had}，{'没有超过' if met else '超过了'}“{said}”的{what}。"
    short = f"，还差{limit.value.number - number}{_unit_of(limit)}" if not met else ""
    short = short if what == "要求" else ""
    return f"{had}，{'达到' if met else '未达到'}“{said}”的{what}{short}。"


def _unit_of(limit: Found[Count]) -> str:
    """The unit as the quotation writes it."""
    bare = re.sub("(?:及?以上|以下|以内|之内)$", "", limit.words)
    return re.sub(r"^.*[\d零〇一二三四五六七八九十百千两]", "", bare)


def _clause(words: str, found: Found[Count]) -> str:
    """The clause that *found* stands in, its own words alone where that is long."""
    start, end = _clause_start(words, found.start), _clause_end(words, found.end)
    for begin, stop in ((start, end), (start, found.end), (found.start, end)):
        clause = re.sub("的$", "", words[begin:stop].strip())
        if len(clause) <= _LONGEST and clause.count("（") == clause.count("）"):
            return clause
    return found.words


# --- right or wrong


def _verdict(asked: str, words: str, as_of: date) -> str:
    """Whether the value that the question takes for granted is that of the quotation."""
    if not asserts(asked) or dates(asked, as_of):
        return ""
    judged = [
        _judged(asked, words, _claims(asked), _terms(words)),
        _judged(asked, words, _counts(asked), _counts(words)),
    ]
    wrong = next((j for j in judged if j and j[0] is False), None)
    right = next((j for j in judged if j and j[0] is True), None)
    if wrong is not None:
        return f"不对：文件写的是{wrong[1]}。"
    if right is None or any(span not in words for span in _OTHER_SPAN.findall(asked)):
        return ""  # six months and six working days: not both are right
    return f"对：文件写的是{right[1]}。"


def _judged(
    asked: str, words: str, claimed: Sequence[Found[T]], written: Sequence[Found[T]]
) -> tuple[bool, str] | None:
    """Whether the one value in the question equals that in the quotation, and the latter."""
    if len({c.value for c in claimed}) != 1 or not written:
        return None
    claim = claimed[0]
    comparable = [w for w in written if _is_like(claim.value, w.value)]
    meant = _meant(asked, words, comparable)
    if meant is None:
        return None
    is_right = _is_equal(claim.value, meant.value)
    if isinstance(meant.value, Count) and not same_window(asked, words, meant):
        # 每月1次 is not 每周1次: the same number is no reason to say that it is right.
        return None if is_right else (False, meant.words)
    return is_right, meant.words


def _claims(asked: str) -> list[Found[Period]]:
    """The periods in a question, those left out in which it counts something (一年出2起)."""
    return [p for p in periods(asked) if not counts(asked[p.end : _clause_end(asked, p.end)])]


def _terms(words: str) -> list[Found[Period]]:
    return [period for period in periods(words) if _is_term(words, period)]


def _counts(text: str) -> list[Found[Count]]:
    return [found for found in counts(text) if found.value.unit not in {"项", "件", "家", "处"}]


def _is_like(claim: object, written: object) -> bool:
    if isinstance(claim, Count) and isinstance(written, Count):
        return claim.unit == written.unit and claim.bound * written.bound >= 0
    return isinstance(claim, Period) and isinstance(written, Period)


def _is_equal(claim: object, written: object) -> bool:
    if isinstance(claim, Count) and isinstance(written, Count):
        return claim.number == written.number
    return claim == written
