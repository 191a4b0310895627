"""Questions that set things side by side: what is looked for, apart from the comparing.

谁更密, 差多少, 是不是一样 stand in no provision; what is compared does. Of 诫勉和降职哪个时间长 the
period of each is looked for, of 领导检查的次数谁更密 the frequency.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.query import Ask

_END = r"(?=[啊呀呢嘛]?\s*(?:[，,。；;？?！!]|$))"
_WHICH = (
    "(?:谁|哪个|哪边|哪家|哪里|哪儿|哪方|哪地|哪份|哪[一两]?[个家边份种])"
    "(?!部门|单位|机关|机构|人|岗位|领导|职务)(?:地方|城市|文件|处理)?"
)
#: What is more or less: 会开得 (it stays, being looked for), 影响时间.
_DONE = "的?(?P<what>[^，,。；;？?！!谁哪的]{1,4}(?=得))?"
_MEASURED = "(?:时间|次数|频率|频次|期限|影响|限制|规定|要求|处罚|后果|得|的|定|管)*"
_MORE = (
    "(?:更|最|要|比较)?(?:频繁|多|少|长|短|久|密|勤|严格?|重|轻|高|低|宽|快|慢)"
    "(?:一?[些点])?[呢啊呀]?"
)
_SAME = "(?:是不是|是否|都|算不算)*(?:不?一样|不?相同|不?一致)(?:还是不一样|不|吗|么|没有|的)*"
_OTHER = (
    "(?:有|存在)?(?:什么|何|啥|哪些|没有)?"
    "(?:不同|不一样|区别|差别|差异|异同)(?:之处|点|的地方)?"
    "(?:在(?:哪里|哪儿|哪)|是什么|吗|呢)?"
)
_GAP = "(?:的?时间|期限)?(?:相|要)?差(?:距|了)?(?:多少|多久|多长时间|多长|几年|几个月|多大)"
_FRAMES = tuple(
    re.compile(form + _END)
    for form in (
        f"{_WHICH}{_DONE}{_MEASURED}{_MORE}",
        _OTHER,
        f"(?:的?(?:口径|要求|规定|说法|做法|标准))?{_SAME}",
        "差[在别]?(?:哪里|哪儿|哪)(?:呢|了)?",
        _GAP,
        f"{_WHICH}(?P<what>[^，,。；;？?！!谁哪]{{2,10}}?)(?:[\u4e00-\u9fff]得)(?:更|最|比较|要)?(?:频繁|勤|密|多)",
        f"{_WHICH}(?P<what>[^，,。；;？?！!谁哪]{{1,10}}?)(?:更|最|比较)(?:频繁|多|少|勤|密|早|快)",
        "(?:都|又)?(?:怎么|如何|咋|怎样)个?分工(?:的|呢)?",
        "(?:相互|互相|做个|作个)?(?:比一比|比比看?|比较(?:一下)?|对比(?:一下)?|相比|比起来)",
    )
)
#: Which place's text has it: asked only where places are named.
_WHO_SAYS = re.compile(
    f"{_WHICH}的?(?:文件|办法|规定)?(?:里|中)?(?:明确)?(?:写明|规定|提到|写到|说到|写清楚?)[了过着]?"
)
_OFTEN, _LONG = re.compile("次数|频|密|勤|几次"), re.compile("时间|期限|[长短久年月]")
#: What is left between names that were taken out: 和 of 常州和成都.
_JOINTS = re.compile(
    r"(?:(?<=\s)|^)(?:还是|以及|相比|[和跟与及同比、]|[两二三四五几]个?(?:地方?|处|家|市)的?)+"
    r"(?=\s|[，,：:？?。]|$)"
    r"|(?<=\s)[两二三四五几]个?(?:地方?|处|家|市)的?"
)


@dataclass(frozen=True)
class Compared:
    """A question's words without the comparing.

    Args:
        core: what is looked for.
        kinds: what the comparing asks for besides; empty where nothing is compared.
    """

    core: str
    kinds: tuple[Ask, ...]


def without_comparing(core: str, *, places: bool) -> Compared:
    """*core* without the words that only compare, and the kinds that these ask for.

    Args:
        core: a question whose names are blanks.
        places: whether several places are named, which 哪个写明了 chooses among.

    >>> without_comparing("诫勉和降职哪个时间长？", places=False)
    Compared(core='诫勉和降职？', kinds=(<Ask.COMPARE: 'compare'>, <Ask.PERIOD: 'period'>))
    """
    left = without_joints(core) if places else core
    compared: list[str] = []
    for frame in (*_FRAMES, *((_WHO_SAYS,) if places else ())):
        compared += [match[0] for match in frame.finditer(left)]
        left = frame.sub(_what_is_done, left)
    if not compared or not re.search(r"\w", left):
        return Compared(without_joints(core) if places else core, ())
    said = " ".join(compared)
    kinds = [Ask.COMPARE]
    if _OFTEN.search(said) or re.search("次数|频[率次]", left):
        kinds.append(Ask.FREQUENCY)
    elif _LONG.search(said):
        kinds.append(Ask.PERIOD)
    return Compared(left, tuple(kinds))


def without_joints(text: str) -> str:
    """*text* without what joined the names that were taken out of it: 和, 两地的."""
    return _JOINTS.sub(" ", text)


def _what_is_done(frame: re.Match[str]) -> str:
    return frame.groupdict().get("what") or ""
