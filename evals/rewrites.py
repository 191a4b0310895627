"""Honest light rewritings of a rule, by kind: what must be let through."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from index.numerals import to_chinese
from index.subjects import named_first


@dataclass(frozen=True)
class Rewrite:
    """A sentence that says what is quoted, and the question that it answers."""

    text: str
    asked: str = ""


Maker = Callable[[str, str, random.Random], Iterator[Rewrite]]
_CASE = re.compile("^(?P<case>[^，。；：]+)的，(?P<outcome>[^。；：]+)$")
_FURTHER = re.compile(
    "(?P<kept>[^，。；：]*(?:应当|负责)[^，。；：]+)，(?:并|及时|组织|督促)[^。；：]*$"
)
_BOUNDING = "不得|须|除|但|以上|以下|经|由|至少|条件|限|仅|才|视为"
_OPEN = re.compile("(?:的|时|后|前|内)$|可以|免")
_WITH_UNIT = re.compile(r"(?<![\d.])\d{1,2}(?=个月|年内|日内|次|人|天|倍)")


def verbatim(text: str, other: str, chance: random.Random) -> Iterator[Rewrite]:
    yield Rewrite(text)


def stopped(text: str, other: str, chance: random.Random) -> Iterator[Rewrite]:
    yield Rewrite(text + "。")


def placed(text: str, other: str, chance: random.Random) -> Iterator[Rewrite]:
    lead = chance.choice(("在常州市，", "根据常州市的规定，", "常州规定，", "常州："))
    yield Rewrite(lead + text, "常州对这件事是怎么规定的")


def when_for_case(text: str, other: str, chance: random.Random) -> Iterator[Rewrite]:
    if _CASE.match(text):
        yield Rewrite(text.replace("的，", chance.choice(("时，", "的情况下，", "，")), 1))


def supposed(text: str, other: str, chance: random.Random) -> Iterator[Rewrite]:
    match = _CASE.match(text)
    if match and not re.match("对|如|若|因|为", text):
        yield Rewrite(f"如果{match['case']}，则{match['outcome']}")


def comma_left_out(text: str, other: str, chance: random.Random) -> Iterator[Rewrite]:
    if re.match("^[^，。；：]+的，(?:[0-9一二三]|不得|应当|由|处|给予|责令|依法)[^。；：]*$", text):
        yield Rewrite(text.replace("的，", "的", 1))


def case_from_question(text: str, other: str, chance: random.Random) -> Iterator[Rewrite]:
    match = _CASE.match(text)
    if match and not re.search("[和或与及、跟同比不未没无非除免别否停撤消]", match["case"]):
        yield Rewrite(match["outcome"], f"{match['case']}会怎么样")


def subject_from_question(text: str, other: str, chance: random.Random) -> Iterator[Rewrite]:
    name = named_first(text)
    if not name or name.start or re.search("[和或与及、跟同比不未没无非除]", name.words):
        return
    if "：" not in text and len(text) > name.end + 3:
        yield Rewrite(text[name.end :], f"{name.words}要做什么")


def numerals(text: str, other: str, chance: random.Random) -> Iterator[Rewrite]:
    changed = _WITH_UNIT.sub(lambda m: to_chinese(int(m[0])), text)
    if changed != text:
        yield Rewrite(changed)


def shorter_or(text: str, other: str, chance: random.Random) -> Iterator[Rewrite]:
    if "或者" in text:
        yield Rewrite(text.replace("或者", "或"))


def other_and(text: str, other: str, chance: random.Random) -> Iterator[Rewrite]:
    if not re.search("或|和谐|共和", text) and re.search("、.{1,6}和(?!、)", text):
        yield Rewrite(text.replace("和", "以及", 1))


def joined(text: str, other: str, chance: random.Random) -> Iterator[Rewrite]:
    """Both rules, each a whole sentence that says whom or what it is about."""
    cases = text.endswith("的") or other.endswith("的")
    if (_CASE.match(other) or named_first(other)) and not cases and not other.startswith("同时"):
        yield Rewrite(f"{text}{chance.choice(('；', '。', '。此外，', '。同时，'))}{other}。")


def one_of_several(text: str, other: str, chance: random.Random) -> Iterator[Rewrite]:
    """One of the rules between the ；, one that names its own case or subject."""
    if "：" not in text and "；" in text:
        parts = re.split("[；。]", text)
        if not all(_CASE.match(p) and p[:2] == text[:2] for p in parts):
            return
        yield from (Rewrite(part) for part in parts)


def end_left_out(text: str, other: str, chance: random.Random) -> Iterator[Rewrite]:
    """A rule without the further duty behind it."""
    match = _FURTHER.match(text)
    bounded = match and re.search(_BOUNDING, text[match.end("kept") :])
    if match and not bounded and not _OPEN.search(match["kept"]):
        yield Rewrite(match["kept"])


KINDS: dict[str, Maker] = {
    f.__name__: f
    for f in (
        verbatim, stopped, placed, when_for_case, supposed, comma_left_out,
        case_from_question, subject_from_question, numerals, shorter_or, other_and, joined,
        one_of_several, end_left_out,
    )
}  # fmt: skip
QUOTES_BOTH = frozenset({"joined"})
