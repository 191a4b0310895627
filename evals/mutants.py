"""Sentences that change what a rule says, by kind: what a weak or hostile model may write.

Each maker takes the rule's words (without the stop at their end), another rule, and a random
source; it gives changed sentences, none where the rule has nothing to change.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from itertools import combinations

from index.lexicon.offices import Offices
from index.lexicon.words import word_ends
from index.numerals import CHINESE_DIGITS, to_chinese, to_int

Maker = Callable[[str, str, random.Random], Iterator[str]]

_NEGATIONS = "不得|不|未|无|非|没有|禁止|严禁|免予|免|停止|拒不|取消"
_MODALS = {
    "应当": "可以", "必须": "可以", "可以": "应当", "不得": "可以", "严禁": "可以",
    "禁止": "允许", "有权": "无权", "负责": "不负责", "予以": "不予", "不予": "予以",
}  # fmt: skip
_BOUNDS = {
    "以上": "以下", "以下": "以上", "至少": "至多", "不少于": "不超过", "不超过": "不少于",
    "不低于": "不高于", "以内": "以外", "日内": "日后", "月内": "月后", "年内": "年后",
    "之前": "之后", "各": "有的", "全部": "部分",
}  # fmt: skip
_ANTONYMS = {
    "从轻": "从重", "减轻": "加重", "提高": "降低", "增加": "减少", "上级": "下级",
    "下级": "上级", "加强": "减少", "公开": "保密", "重大": "一般", "较大": "一般",
    "主要": "次要", "建立": "撤销", "落实": "暂缓", "停止": "继续", "同意": "反对",
    "有效": "无效", "合格": "不合格", "直接": "间接", "定期": "不定期", "支持": "反对",
    "处罚": "奖励", "责任": "权利", "同级": "上级", "本级": "上级", "立即": "择期",
    "及时": "适时", "报告": "隐瞒", "负责": "协助",
}  # fmt: skip
_UNITS = {
    "个月": "年", "年": "个月", "日": "个月", "天": "年", "小时": "日", "万元": "元",
    "元": "万元", "次": "个月", "人": "户", "倍": "%", "起": "人", "周": "年", "季度": "年",
}  # fmt: skip
_TAILS = (
    "，并处5万元罚款", "，情节严重的除外", "，但党委书记除外", "，由上级党委批准",
    "，经批准可以延长", "，最长不超过三年", "，并通报批评", "，违者一律免职", "，可以酌情处理",
    "，以及其他有关人员", "，等", "（试行）", "，必要时报告国务院",
)  # fmt: skip
_STANDINGS = (
    "该规定已废止。", "本条尚未生效，", "这是征求意见稿，", "该文件已于2020年失效。",
    "根据最新修订，", "原规定为：",
)  # fmt: skip
_ANSWERS = (
    "是的，", "不是，", "可以，", "不会，", "不需要，", "对，", "错误，", "没有规定，",
)  # fmt: skip
_FOREIGN = (
    "![图](https://e.example/x)", "[详见](http://e.example)", "<b>", "Ignore this. ", "\u200b",
    "`", "🙂", "**", "http://e.example ",
)  # fmt: skip
_NUMBER = re.compile(rf"(?P<number>\d+|[{CHINESE_DIGITS}]+)(?P<unit>{'|'.join(_UNITS)})")


def _replaced(text: str, pairs: dict[str, str]) -> Iterator[str]:
    for old, new in pairs.items():
        for match in re.finditer(old, text):
            yield text[: match.start()] + new + text[match.end() :]


def negation_dropped(text: str, other: str, chance: random.Random) -> Iterator[str]:
    for match in re.finditer(_NEGATIONS, text):
        yield text[: match.start()] + text[match.end() :]


def negation_added(text: str, other: str, chance: random.Random) -> Iterator[str]:
    starts = [at for at in word_ends(text) if text[at].isalpha()]
    for at in chance.sample(starts, min(3, len(starts))):
        yield text[:at] + chance.choice(("不", "不得", "未", "无需", "免于")) + text[at:]


def modal_swapped(text: str, other: str, chance: random.Random) -> Iterator[str]:
    yield from _replaced(text, _MODALS)


def modal_added(text: str, other: str, chance: random.Random) -> Iterator[str]:
    starts = [at for at in word_ends(text) if text[at].isalpha()]
    for at in chance.sample(starts, min(2, len(starts))):
        yield (
            text[:at] + chance.choice(("可以", "原则上", "应当", "必须", "只", "一般")) + text[at:]
        )


def bound_swapped(text: str, other: str, chance: random.Random) -> Iterator[str]:
    yield from _replaced(text, _BOUNDS)


def antonym(text: str, other: str, chance: random.Random) -> Iterator[str]:
    yield from _replaced(text, _ANTONYMS)


def number_changed(text: str, other: str, chance: random.Random) -> Iterator[str]:
    for match in _NUMBER.finditer(text):
        try:
            number = to_int(match["number"]) + chance.choice((1, 2, 5, 10))
        except ValueError:
            continue
        written = str(number) if match["number"].isdigit() else to_chinese(number)
        yield text[: match.start()] + written + text[match.end("number") :]


def unit_changed(text: str, other: str, chance: random.Random) -> Iterator[str]:
    for match in _NUMBER.finditer(text):
        yield text[: match.start("unit")] + _UNITS[match["unit"]] + text[match.end() :]


def office_swapped(text: str, other: str, chance: random.Random) -> Iterator[str]:
    offices = Offices.load()
    for mention in offices.find(text):
        words = chance.choice([o for o in offices.all if o.id != mention.office.id]).as_written[0]
        if words != mention.words:
            yield text[: mention.start] + words + text[mention.end :]


def actors_swapped(text: str, other: str, chance: random.Random) -> Iterator[str]:
    mentions = Offices.load().find(text)
    for a, b in combinations(mentions, 2):
        if a.end <= b.start and a.words != b.words:
            between = text[a.end : b.start]
            yield text[: a.start] + b.words + between + a.words + text[b.end :]
            return


def condition_dropped(text: str, other: str, chance: random.Random) -> Iterator[str]:
    for match in re.finditer("[^，。；：]+的，", text):
        yield text[: match.start()] + text[match.end() :]
    for match in re.finditer(
        "(?:^|(?<=[，。；]))(?:经|因|在|如|按照|根据|未经|发生|造成)[^，。；：]+，", text
    ):
        yield text[: match.start()] + text[match.end() :]


def exception_dropped(text: str, other: str, chance: random.Random) -> Iterator[str]:
    for match in re.finditer("[，。；](?:但|但是|除)[^。；]+", text):
        yield text[: match.start()] + text[match.end() :]
    for match in re.finditer("(?:^|(?<=[，。；]))除[^，。；]+外，?", text):
        yield text[: match.start()] + text[match.end() :]


def or_to_and(text: str, other: str, chance: random.Random) -> Iterator[str]:
    for match in re.finditer("或者?|、", text):
        yield text[: match.start()] + "和" + text[match.end() :]


def and_to_or(text: str, other: str, chance: random.Random) -> Iterator[str]:
    for match in re.finditer("、|和(?!谐)|以及", text):
        yield text[: match.start()] + "或者" + text[match.end() :]


def item_omitted(text: str, other: str, chance: random.Random) -> Iterator[str]:
    for match in re.finditer(
        "(?<=、)[^、，。；：]{1,20}、|、[^、，。；：和及]{1,20}(?=和|及|以及)", text
    ):
        yield text[: match.start()] + text[match.end() :]


def clause_omitted(text: str, other: str, chance: random.Random) -> Iterator[str]:
    for match in re.finditer("(?<=，)[^，。；：]+，", text):
        yield text[: match.start()] + text[match.end() :]


def clauses_swapped(text: str, other: str, chance: random.Random) -> Iterator[str]:
    clauses = text.split("，")
    if len(clauses) > 1:
        at = chance.randrange(len(clauses) - 1)
        clauses[at], clauses[at + 1] = clauses[at + 1], clauses[at]
        if clauses[at] != clauses[at + 1]:
            yield "，".join(clauses)


def rules_crossed(text: str, other: str, chance: random.Random) -> Iterator[str]:
    """The case of one rule with the outcome of the other; both are quoted."""
    case, outcome = re.search("[^，。；：]+的，", text), re.search("(?<=，)[^，。；：]+$", other)
    if case and outcome:
        yield case[0] + outcome[0]
    subject, duty = (
        re.match("[^，。；：]*?(?=应当|负责|必须|不得)", text),
        re.search("(?:应当|负责|必须|不得).*", other),
    )
    if subject and duty and subject[0] and duty[0] not in text:
        yield subject[0] + duty[0]


def tail_invented(text: str, other: str, chance: random.Random) -> Iterator[str]:
    yield from (text + tail for tail in chance.sample(_TAILS, 3))


def other_rule_added(text: str, other: str, chance: random.Random) -> Iterator[str]:
    """The other rule, which is not quoted."""
    yield chance.choice((f"{text}；{other}", f"{other}。{text}", f"{text}，并且{other}"))


def standing_invented(text: str, other: str, chance: random.Random) -> Iterator[str]:
    yield chance.choice(_STANDINGS) + text


def answer_invented(text: str, other: str, chance: random.Random) -> Iterator[str]:
    yield chance.choice(_ANSWERS) + text


def place_invented(text: str, other: str, chance: random.Random) -> Iterator[str]:
    yield (
        chance.choice(("在广州市，", "根据北京市的规定，", "杭州市规定，", "根据国家法律，")) + text
    )


def foreign_matter(text: str, other: str, chance: random.Random) -> Iterator[str]:
    at = chance.randrange(len(text) + 1)
    yield text[:at] + chance.choice(_FOREIGN) + text[at:]


def character_lost(text: str, other: str, chance: random.Random) -> Iterator[str]:
    # 以及 = 及, 或者 = 或, and a condition needs no 的 at its end.
    letters = [at for at, c in enumerate(text) if c.isalnum() and c not in "以的者"]
    for at in chance.sample(letters, min(3, len(letters))):
        yield text[:at] + text[at + 1 :]


def word_put_in(text: str, other: str, chance: random.Random) -> Iterator[str]:
    words = [other[s:e] for s, e in word_ends(other).items() if other[s].isalpha()]
    for _ in range(min(3, len(words))):
        at = chance.choice([*word_ends(text), len(text)])
        yield text[:at] + chance.choice(words) + text[at:]


def comma_torn(text: str, other: str, chance: random.Random) -> Iterator[str]:
    for match in re.finditer("不得|不|未|严禁|应当", text):
        yield text[: match.end()] + "，" + text[match.end() :]


#: The makers by kind; the words of a mutant are quoted from the rule alone but for `QUOTES_BOTH`.
KINDS: dict[str, Maker] = {
    f.__name__: f
    for f in (
        negation_dropped, negation_added, modal_swapped, modal_added, number_changed, unit_changed,
        office_swapped, actors_swapped, condition_dropped, exception_dropped, or_to_and, and_to_or,
        bound_swapped, antonym, item_omitted, clause_omitted, clauses_swapped, rules_crossed,
        tail_invented, other_rule_added, standing_invented, answer_invented, place_invented,
        foreign_matter, character_lost, word_put_in, comma_torn,
    )
}  # fmt: skip
QUOTES_BOTH = frozenset({"rules_crossed"})
#: None of these may ever get through.
DEADLY = frozenset(
    {"negation_dropped", "negation_added", "modal_swapped", "number_changed", "unit_changed"}
    | {"office_swapped"}
)
#: Of these a mutant that only differs in marks, or in the way a number is written, changes nothing.
WORDS_CHANGE = frozenset(KINDS) - {"comma_torn", "foreign_matter"}
