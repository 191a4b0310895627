"""Whether what was found holds the very thing that is asked for, not only its surroundings.

The words of 具体是哪10类 or 扣多少分 may all stand in a sentence that names neither the kinds nor
the points. What must be there follows from the question alone: points for 多少分, a month for
几月, a share for a rate, as many things as the question counts, a meaning for a word's meaning.
"""

from __future__ import annotations

import re

from assistant.conclusions import is_fact, limits_on
from assistant.each import sets_apart
from assistant.evidence import Group
from assistant.query import Ask, Query
from assistant.terms import shares_wording
from assistant.values import values, wanted
from index.numerals import NUMERAL_CLASS, to_int
from index.reckon import counts

_N = f"[{NUMERAL_CLASS}]"
#: What a question asks for → what an answer to it holds.
_NEEDED: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (
        re.compile("多少分(?!钟)|几分(?!钟)|[扣加打]分|分数|得分|及格线"),
        re.compile(rf"{_N}+(?:\.\d+)?分(?![之钟管工类级别析解为])"),
    ),
    (
        re.compile("几月|哪个?月|月份"),
        re.compile(rf"(?<![个{NUMERAL_CLASS}]){_N}{{1,3}}月|年[底初末中]|每月|[当次]月"),
    ),
    (
        re.compile(
            "(?:(?<![频效])率|比例|比重|占比)(?:[^，。？?]{0,8}(?:多少|百分之几|几成)"
            "|[^。？?]{0,12}(?:控制在|超过|低于|高于|达到|上限|下限)[^，。？?]{0,4}(?:多少|几|是))"
        ),
        re.compile(rf"[%％‰]|分之|\d\.\d|{_N}+(?:成|倍)|(?:不超过|以内|以下|控制在|低于){_N}+"),
    ),
)
#: A rate is named by what it is measured on (十万人死亡率), which is no value of it.
_RATE = re.compile(r"(?:亿元|[十百千万]+[人车吨]|百万吨)(?:GDP)?[^，。；、]{0,14}率")
#: Accidents are counted with this word.
_TIMES = "起"
#: What is counted, behind the number: 2起较大生产安全事故.
_THING = re.compile("[^，,。？?；;]*?(?:事故|事件|案件|[死伤]亡)")
_NAME = re.compile(
    "叫(?:什么|啥)(?:名字?|姓名)?(?=$|[\\s？?，,。呀啊呢])|(?:什么|啥)名字|姓名|名字|姓(?:什么|啥)"
)
_WHICH = re.compile(
    rf"(?:哪|具体(?:是|指|为))(?P<which>{_N}{{1,3}})大?[\u4e00-\u9fff]"
    rf"|(?<!{_N})(?P<each>{_N}{{1,3}})个?(?![年月日])[\u4e00-\u9fff]{{1,3}}各?(?:自|是|指|代表)(?:指|的是)?(?:什么|啥|哪)"
)
#: What parts the things that are counted up.
_APART = re.compile("、|以及|会同|连同|和|与|及|或者?|”“")
_SERIES = re.compile("[；;]|[一二三四五六七八九十]是")
_BRACKET = re.compile("[（(：][^（）()。；]*")
_TITLE = re.compile("《[^》]*》")
#: “三个必须”要求: what stands in marks and is called a principle is named, not explained.
_CALLED = re.compile('[”」』"]的?(?:原则|要求)')
_MEANING = re.compile(
    "什么意思|啥意思|什么叫|啥叫|何谓|含义|定义|指什么|指的是什么|怎么理解|解释一下"
)
#: 死了3个人算较大事故吗 asks for the numbers by which accidents are told apart.
_CLASSIFIES = re.compile(
    "[算属]|够(?:得|不)?上|定(?:性|为|成)|达到|是(?:不是)?(?:什么|哪|一般|较大|重大|特)"
)
_CLASS_ASKED = re.compile(
    r"(?:什么|哪[种类级])[^，,]{0,4}事故|(?:一般|较大|重大)[^，,]{0,4}事故(?=[吗么嘛不？?\s]|还是|$)"
)
_LOSSES = frozenset({"人", "名", "万元", "元", "亿元"})
_EXPLAINS = re.compile(
    "是指|指的是|，即|即[：“是]|所称|所指|统称|简称|包括|要求|原则|：|（|是[^否不]|坚持|就是|要(?!求)"
)

#: So many characters behind a word stands what explains it.
_NEAR = 24


def lacks_what_is_asked(query: Query, group: Group) -> bool:
    """Whether the evidence for *query* does not hold what it asks for."""
    if any(part.verdict for part in group.evidence):
        return False
    text = query.core
    found = " ".join(part.unit.text for part in group.evidence)
    if _asks_for_name(query) or _lacks_date(query, found) or _is_foreign(query, found):
        return True
    bare = _RATE.sub("", found)
    if any(asked.search(text) and not needed.search(bare) for asked, needed in _NEEDED):
        return True
    if _MEANING.search(text) and not _explains(query, found):
        return True
    if _counted(text) > _most_things(group) or _cannot_classify(text, found):
        return True
    return _passes_over_count(query, found)


def _explains(query: Query, found: str) -> bool:
    """Whether it is said what something is, and said behind a word of the question.

    Any sentence has a bracket or asks for something (部署要求): what follows the word tells.
    """
    words = {word for term in query.terms for word in term.variants if word in found}
    if not words:
        return bool(_EXPLAINS.search(found))
    found = _TITLE.sub("", found)  # what only a title names is not explained
    ends = (m.end() for word in words for m in re.finditer(re.escape(word), found))
    return any(_EXPLAINS.search(_CALLED.sub("", found[end : end + _NEAR])) for end in ends)


def _cannot_classify(asked: str, found: str) -> bool:
    """Whether it is asked of which class an accident with so many losses is, and none are there."""
    thing = _CLASS_ASKED.search(asked)
    if thing is None or not _CLASSIFIES.search(asked[: thing.end()]):
        return False
    told = [c for c in counts(asked[: thing.start()]) if c.value.unit in _LOSSES]
    return bool(told) and not any(c.value.unit in _LOSSES for c in counts(found))


def _is_foreign(query: Query, found: str) -> bool:
    """Whether no word of the question stands anywhere in the edition: 离婚冷静期几天.

    People have their own words for what a rule says (打架 for 不一致): two characters that both
    share are enough to look at it as an answer.
    """
    if not query.terms or query.offices or query.addresses:
        return False
    if any(term.known or term.decides for term in query.terms):
        return False
    return not shares_wording(query.core, found)


def _asks_for_name(query: Query) -> bool:
    """Whether the name of whoever holds a post is asked for, which no rule gives."""
    named = _NAME.search(query.core)
    if named is None or not query.offices:
        return False
    return (
        query.core[: named.start()]
        .rstrip("是的")
        .endswith(tuple(mention.words for mention in query.offices))
    )


def _lacks_date(query: Query, found: str) -> bool:
    """Whether a day is asked for and nothing but a year is there: 2017年."""
    if Ask.DATE not in query.kinds or re.search("哪一?年|年份", query.core):
        return False
    bare = re.sub(rf"(?<!\d)(?:19|20)\d\d年(?!{_N}+月)度?", "", found)
    return not any(values(kind, bare) for kind in (Ask.DATE, Ask.PERIOD))


def _passes_over_count(query: Query, found: str) -> bool:
    """Whether the question tells how many times it happened and the evidence counts nothing.

    What follows from 今年已经2起较大事故 says a rule that counts accidents; one on any single
    accident is another case. Where the evidence answers to more than what is counted (怎么上报),
    the number is beside the point.
    """
    if wanted(query.kinds) is not None or query.asks(Ask.BODY, Ask.WHEN, Ask.DEFINITION, Ask.TEXT):
        return False
    asked = query.core
    told = [c for c in counts(asked) if c.value.unit == _TIMES and is_fact(asked, c)]
    told = [c for c in told if c.value.number > 1]
    if not told or limits_on(asked, found):
        return False
    thing = _THING.match(asked, told[-1].end)
    case = asked[: thing.end() if thing else told[-1].end]
    others = [t for t in query.terms if t.word not in case and (not t.decides or sets_apart(t))]
    return not any(term.found_in(found) for term in others)


def _counted(text: str) -> int:
    """How many things are to be named: 哪10类, 这四个数字各指什么; 0 where none are counted."""
    found = _WHICH.search(text)
    if found is None:
        return 0
    try:
        return to_int(found["which"] or found["each"])
    except ValueError:
        return 0


def _most_things(group: Group) -> int:
    """The most things that the evidence can be read to count up."""
    texts = [_TITLE.sub("", part.unit.text) for part in group.evidence]
    clauses = [clause for text in texts for clause in re.split("[，,。；;：]", text)]
    in_row = max((len(_APART.findall(clause)) + 1 for clause in clauses), default=0)
    series = max((len(_SERIES.findall(text)) + 1 for text in texts), default=0)
    bracketed = [len(re.findall("[，,]", b)) + 1 for text in texts for b in _BRACKET.findall(text)]
    quoted = max((text.count("“") for text in texts), default=0)
    return max(len(texts), in_row, series, quoted, *bracketed, 0)
