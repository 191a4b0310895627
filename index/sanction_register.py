"""Sanctions: what is imposed, in which case, on whom, for how long and how much.

A list of cases under one ruling gives a record for each case and each grade of the ruling; a
sentence gives one for each of its cases.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from index.lexicon.imposing import imposed_any, imposed_patterns
from index.lexicon.terms import sanctions
from index.lists import ENUMERATED, bare
from index.provision import Document, Provision
from index.quantities import Money, Term, moneys, terms
from index.subjects import named_first, offices_in
from index.units import Unit, sentences, whole


@dataclass(frozen=True)
class Sanction:
    """What is imposed in a case.

    Args:
        kinds: ids of `sanctions.yaml`, in the order of the words.
        unit: the record's own words: the case in a list, else case and consequence.
        condition: the case, or None where it is all of another provision.
        consequence: what is imposed; stands in another provision where a list shares it.
        whom: who is sanctioned, as the text names him; empty where it does not.
        offices: ids of the offices that this names.
        period: how long, or None.
        money: how much, or None.
    """

    kinds: tuple[str, ...]
    unit: Unit
    condition: Unit | None
    consequence: Unit
    whom: str = ""
    offices: frozenset[str] = frozenset()
    period: Term | None = None
    money: Money | None = None


_CASES = re.compile(
    "(?:下列|以下|前款|上述)[^，。；：]{0,16}(?:情形|行为|情况|问题)|(?:情形|行为|情况)之一"
)
_FOR = re.compile("对|凡|因|突破|任期|连续|被")
_OF_CASE = re.compile("的[^，的]{1,20}$")
#: In one breath: 凡…不合格的区县党委当年不得…, 对…的责任人员依法给予处分.
_IN_ONE = re.compile(
    "(?:凡|对|因)[^，]{2,120}?的(?:[^，的]{1,24}?)?(?=当年|一律|不得|应当|依法|给予|予以|按照|根据|处[以\\d一二三五])"
)
_PIECE = re.compile("[^，；]+[，；]?")
_OTHERS = re.compile("(?:并|同时)?对(?!此|外)")
_WHOM = (
    re.compile(
        "对(?P<whom>[^，；]{1,60}?)(?:判处|处(?=[以一二三四五六七八九十百千两\\d])|给予|进行|予以|实[行施]|依法|依照|作出|罚|追究|采取|可以|约谈|按照)"
    ),
    re.compile(
        "追究(?P<whom>[^，；]{2,24}?)的?(?<!刑)(?<!刑事)(?<!法律)(?:主要|重要|直接|领导|法律|刑事|相应|行政)*责任"
    ),
    re.compile("责令(?P<whom>[^，；]{2,12}?(?:单位|人员|人(?!员)))"),
)
_LONG_ENOUGH = 4
#: Kinds that last for a time; another's 一年 is that of an income.
_LASTING = frozenset(
    {
        "no_promotion",
        "no_merit",
        "industry_ban",
        "detention",
        "fixed_term_imprisonment",
        "licence_revocation",
        "suspension",
        "veto",
    }
)
#: What is pursued, not whom: 追究刑事责任.
_NOBODY = frozenset({"刑事", "法律", "民事", "行政", "其刑事", "其法律", "领导", "相应"})


def sanctions_of(document: Document) -> Iterator[Sanction]:
    """The sanctions, milder measures and rewards of *document*, in the order of its text."""
    found = [*_of_lists(document)]
    opening = {unit.provision.id: unit for unit in _openings(document)}
    for provision in document.provisions:
        for sentence in sentences(provision):
            heads = opening.get(provision.id)
            if heads is None or sentence.start != heads.start:
                found += _of_sentence(sentence)
    found.sort(key=lambda s: (s.unit.provision.start + s.unit.start, s.consequence.start))
    yield from found


# --- lists of cases


def _openings(document: Document) -> Iterator[Unit]:
    """The sentences that stand before lists of cases."""
    for provision in document.provisions:
        unit = _opening(document, provision)
        if unit is not None:
            yield unit


def _opening(document: Document, provision: Provision) -> Unit | None:
    """The sentence before the items of *provision*: in its own words, or a paragraph's."""
    children = [document.by_id[child] for child in provision.children]
    first = next((n for n, c in enumerate(children) if c.level in ENUMERATED), None)
    if first is None:
        return None
    before = [provision] if not first else [children[first - 1]]
    said = [s for p in before for s in sentences(p)]
    if not said or not _CASES.search(said[-1].text):
        return None
    return said[-1]


def _of_lists(document: Document) -> Iterator[Sanction]:
    for provision in document.provisions:
        opening = _opening(document, provision)
        if opening is None:
            continue
        grades = list(_of_sentence(opening))
        children = (document.by_id[child] for child in provision.children)
        for item in (c for c in children if c.level in ENUMERATED):
            case = bare(whole(item))
            if grades:
                yield from (replace(g, unit=case, condition=case) for g in grades if case.text)
            elif case.text:
                yield from _ruled_in_item(case, opening)


def is_case_list(text: str) -> bool:
    """Whether *text* announces cases: 有下列情形之一的."""
    return bool(_CASES.search(text))


def _ruled_in_item(case: Unit, opening: Unit) -> Iterator[Sanction]:
    """The sanction that an item itself holds, in the case that the opening words give."""
    if kinds_in(case.text) and not list(_of_sentence(case)):
        yield _sanction(case, opening, case, bare(opening).text)


# --- sentences


@dataclass
class _Grade:
    """A case and what is imposed in it, while a sentence is read; places in its text."""

    start: int
    ruled: int
    end: int
    inherited: tuple[int, int] | None = None


def _of_sentence(sentence: Unit) -> list[Sanction]:
    """The sanctions of *sentence*, one for each case and each person."""
    text = sentence.text
    if not imposed_any().search(text):
        return []
    found = []
    for grade in _grades(text):
        condition = grade.inherited or (grade.start, grade.ruled)
        if condition[0] == condition[1] or not kinds_in(text[grade.ruled : grade.end]):
            continue
        at = [
            bare(Unit(sentence.provision, sentence.start + a, sentence.start + b))
            for a, b in ((grade.start, grade.end), condition, (grade.ruled, grade.end))
        ]
        found.append(_sanction(at[0], at[1], at[2], text))
    return found


def _grades(text: str) -> Iterator[_Grade]:
    """*text* taken apart: at each new case, and where something is imposed on others."""
    grade: _Grade | None = None
    case: tuple[int, int] | None = None
    for piece in _PIECE.finditer(text):
        words, start = piece[0].rstrip("，；。："), piece.start()
        rules_before = grade is not None and bool(kinds_in(text[grade.ruled : start]))
        opened = grade is not None and case is None and bool(_FOR.match(text[grade.start :]))
        ends_case = _ends_case(words, opened=opened)
        after = text[start - 1] if start else "；"
        if ends_case:
            if grade is None or rules_before or (_FOR.match(words) and case is None):
                if grade is not None and rules_before:
                    yield grade
                grade = _Grade(start, piece.end(), piece.end())
            else:
                grade = _Grade(grade.start, piece.end(), piece.end())
            case = (grade.start, grade.ruled)
            continue
        whole_case = _IN_ONE.match(words)
        if whole_case and kinds_in(words[whole_case.end() :]) and case is None:
            if grade is not None:
                yield grade
            grade = _Grade(start, start + whole_case.end(), piece.end())
            case = (grade.start, grade.ruled)
            continue
        if grade is None:
            grade = _Grade(start, start, piece.end())
        elif rules_before and case and _begins_anew(words, text[grade.ruled : start], after):
            yield grade
            grade = _Grade(start, start, piece.end(), case)
        else:
            grade.end = piece.end()
        if case is None:
            grade.ruled = grade.start
    if grade is not None:
        yield grade


def _ends_case(words: str, *, opened: bool) -> bool:
    """Whether a case ends with this piece: …的, 对…的责任人员, 符合…的情形.

    Args:
        words: the piece.
        opened: whether a case that names persons (对…) has begun before it.
    """
    if len(words) < _LONG_ENOUGH:
        return False
    if words.endswith("的"):
        return True
    if words.endswith(("情形", "之一")) and "的" in words:
        return True
    persons = _OF_CASE.search(words)
    return bool(opened or _FOR.match(words)) and persons is not None and not kinds_in(persons[0])


def _begins_anew(words: str, before: str, after: str) -> bool:
    """Whether something else is imposed with this piece: on others, or for another period."""
    if not kinds_in(words):
        return False
    if after == "；" or _OTHERS.match(words):
        return True
    if terms(words) and terms(before):
        return True
    barred = words.find("不得")
    return barred > 1 and named_first(words) is not None


def kinds_in(text: str) -> tuple[str, ...]:
    """The kinds of what *text* imposes, in the order of its words.

    >>> kinds_in("采取通报、诫勉、停职检查等方式问责")
    ('notice', 'admonition', 'suspension', 'accountability')
    """
    return _kinds(text)


@lru_cache(maxsize=16384)
def _kinds(text: str) -> tuple[str, ...]:
    if not imposed_any().search(text):
        return ()
    found = []
    for id_, pattern in imposed_patterns().items():
        match = pattern.search(text)
        if match and not (id_ in _rewards() and _is_barred(text, match.start())):
            found.append((match.start(), id_))
    return tuple(id_ for _, id_ in sorted(found))


def _is_barred(text: str, at: int) -> bool:
    """Whether what stands at *at* is taken away: 不得参加评选…及表彰奖励."""
    return "不得" in re.split("[，；]", text[:at])[-1]


@lru_cache(maxsize=1)
def _rewards() -> frozenset[str]:
    return frozenset(kind.id for kind in sanctions() if kind.kind == "reward")


def _sanction(unit: Unit, condition: Unit | None, consequence: Unit, sentence: str) -> Sanction:
    kinds = kinds_in(consequence.text)
    whom = _whom(consequence.text, condition.text if condition else "", sentence)
    lengths = terms(consequence.text) if _LASTING & set(kinds) else []
    sums = moneys(consequence.text) if "fine" in kinds or "compensation" in kinds else []
    return Sanction(
        kinds,
        unit,
        condition,
        consequence,
        whom,
        offices_in(whom),
        lengths[0] if lengths else None,
        sums[0] if sums else None,
    )


def _whom(consequence: str, case: str, sentence: str) -> str:
    """Who is sanctioned: named in the consequence, else by the case, else by its subject."""
    for pattern in _WHOM:
        match = pattern.search(consequence)
        if match and len(match["whom"]) > 1 and match["whom"] not in _NOBODY:
            return match["whom"]
    for piece in _PIECE.findall(consequence):
        name = named_first(piece)
        if name is not None and "不得" in piece:
            return name.words
    of_case = _OF_CASE.search(case)
    if of_case and _FOR.match(case):
        return of_case[0][1:]
    for words in (case, sentence):
        bare_words = re.sub("^(?:对|凡)", "", words)
        name = named_first(bare_words)
        if name is not None:
            return name.words
    return ""
