"""Duties: lists under a bearer's name, and sentences that lay something on somebody."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from index.address import Level
from index.lexicon.imposing import duty_patterns
from index.lists import ENUMERATED, bare
from index.provision import Document, Provision
from index.quantities import Frequency, Term, deadlines, frequencies
from index.sanction_register import Sanction, is_case_list
from index.subjects import named_by, named_first, offices_in
from index.units import Unit, sentences, whole


@dataclass(frozen=True)
class Duty:
    """What somebody has to do.

    Args:
        bearer: who, as the text names him: in the sentence itself, or above it.
        offices: ids of the offices that the bearer's name means; none where it is no known one.
        unit: the words, an exact stretch of a provision.
        frequencies: how often, as far as the words say.
        deadline: until when, or None.
    """

    bearer: str
    offices: frozenset[str]
    unit: Unit
    frequencies: tuple[Frequency, ...] = ()
    deadline: Term | None = None


def duties_of(document: Document, sanctions: Iterable[Sanction] = ()) -> Iterator[Duty]:
    """The duties that *document* lays on somebody, in the order of its text.

    Args:
        document: where to look.
        sanctions: its sanctions; a sentence that imposes one is no duty.
    """
    imposing: dict[str, list[Unit]] = {}
    for sanction in sanctions:
        for unit in (sanction.unit, sanction.consequence):
            imposing.setdefault(unit.provision.id, []).append(unit)
    lists = dict(_lists(document))
    for provision in document.provisions:
        taken = imposing.get(provision.id, [])
        if provision.id in lists:
            unit = bare(whole(provision))
            if unit.text and not unit.text.startswith("《") and not _overlaps(unit, taken):
                yield _duty(lists[provision.id], unit)
            continue
        for bearer, unit in _in_text(document, provision):
            if not _overlaps(unit, taken):
                yield _duty(bearer, unit)


def _overlaps(unit: Unit, others: Iterable[Unit]) -> bool:
    """Whether most of *unit* is one of *others*, or the other way round."""
    for other in others:
        shared = min(unit.end, other.end) - max(unit.start, other.start)
        if shared > 0.5 * (unit.end - unit.start):
            return True
    return False


def _duty(bearer: str, unit: Unit) -> Duty:
    until = deadlines(unit.text)
    return Duty(
        bearer,
        offices_in(bearer),
        unit,
        tuple(frequencies(unit.text)),
        until[0] if until else None,
    )


# --- lists


def _lists(document: Document) -> Iterator[tuple[str, str]]:
    """Ids of provisions that are each a duty of the one that their list names, with his name."""
    for provision in document.provisions:
        bearer = _bearer_of_list(document, provision)
        if not bearer:
            continue
        children = [document.by_id[child] for child in provision.children]
        items = [c for c in children if c.level in ENUMERATED]
        for item in items or children:
            yield from _items(document, item, bearer)


def _items(document: Document, item: Provision, bearer: str) -> Iterator[tuple[str, str]]:
    """*item*, or what stands below it where it only heads it."""
    if _bearer_of_list(document, item):
        return
    if not item.lead.endswith(("：", ":")) and (item.is_leaf or item.lead != item.heading):
        yield item.id, bearer
    for child in item.children:
        yield from _items(document, document.by_id[child], bearer)


def _bearer_of_list(document: Document, provision: Provision) -> str:
    """Whose duties stand below *provision*; empty where it opens no list of duties."""
    if provision.is_leaf:
        return ""
    headed = _headed(provision.heading)
    if headed:
        return headed
    children = [document.by_id[child] for child in provision.children]
    if not any(child.level in ENUMERATED for child in children):
        return ""
    opening = provision.lead
    if not opening.endswith(("：", ":")):
        before = [c for c in children if c.level is Level.PARAGRAPH]
        opening = before[-1].lead if before else ""
    return announced(opening)


def _headed(heading: str) -> str:
    """The bearer in a heading like 党委主要负责人职责 or 政府：11项安全生产工作职责."""
    patterns = duty_patterns()
    ends = [m for m in patterns["headed"].finditer(heading) if m.end() == len(heading)]
    if not ends or patterns["acting"].match(heading):
        return ""
    found = re.match(
        "(?P<name>.+?)(?:的|：|:)?(?:主要|岗位|共同|具体|安全生产|工作|监管|管理|消防|领导|法定|\\d+项|基本)*$",
        heading[: min(m.start() for m in ends)],
    )
    name = found["name"] if found else ""
    return name if offices_in(name) and named_first(name) else ""


def announced(opening: str) -> str:
    """The bearer that the words before a list of duties name; empty where they announce none.

    >>> announced("辖市、区党委主要负责人安全生产职责主要包括：")
    '辖市、区党委主要负责人'
    """
    patterns = duty_patterns()
    last = re.split("[。；]", opening.rstrip("：: "))[-1]
    if not opening.endswith(("：", ":")) or patterns["case_lists"].search(last):
        return ""
    if not patterns["duty_lists"].search(last):
        return ""
    if patterns["may"].search(last) and not patterns["must"].search(last):
        return ""
    by = named_by(opening)
    if by is not None and offices_in(by.words):
        return by.words
    name = named_first(_before_the_noun(opening))
    return name.words if name is not None else ""


def _before_the_noun(opening: str) -> str:
    """The words before what is announced: 党委主要负责人 of 党委主要负责人安全生产职责主要包括."""
    found = _ANNOUNCED.match(opening)
    return found["name"] if found else opening


_ANNOUNCED = re.compile(
    "(?P<name>[^，。；：]+?)(?:的)?(?:安全生产|主要|消防|岗位|工作|法定|具体|下列)*(?:职责|责任|义务)"
)


# --- running text


def _in_text(document: Document, provision: Provision) -> Iterator[tuple[str, Unit]]:
    """The duties in the provision's own words, each with its bearer."""
    bearer = ""
    opens = any(document.by_id[child].level in ENUMERATED for child in provision.children)
    for sentence in sentences(provision):
        text = sentence.text
        if text.rstrip("。") == provision.heading or (opens and announced(text)):
            continue
        if is_case_list(text) and opens:
            continue
        if not opens and text.endswith(("：", ":")):
            continue
        for own, unit in _by_bearer(sentence):
            stated = own or bearer
            if _foreign(unit.text) and not own:
                bearer = ""
                continue
            if stated and _is_duty(unit.text, stated, goes_on=not own):
                yield stated, bare(unit)
            bearer = "" if _NEWS.search(unit.text[:80]) else own or bearer


def _by_bearer(sentence: Unit) -> Iterator[tuple[str, Unit]]:
    """*sentence*, cut where another bearer begins; each stretch with the bearer that it names."""
    text = sentence.text
    name, start = _subject(text)
    cuts: list[tuple[int, str]] = [(start, name)]
    for match in re.finditer("[，；]", text):
        rest = text[match.end() :]
        other = named_first(rest)
        if match.end() <= start or other is None or other.words == cuts[-1][1]:
            continue
        if text[: match.start()].endswith(("时", "下", "后", "前", "中")):
            continue  # 在管委会的直接领导下: the sentence has not come to its verb
        known = bool(offices_in(other.words))
        if _lays(rest[other.end :], firmly=match[0] == "，", known=known):
            cuts.append((match.end(), other.words))
    ends = [start for start, _ in cuts[1:]] + [len(text)]
    for (start, name), end in zip(cuts, ends, strict=True):
        yield name, Unit(sentence.provision, sentence.start + start, sentence.start + end)


def _subject(text: str) -> tuple[str, int]:
    """The bearer of *text*, also behind a time, a reason or a case; and where his part begins."""
    begins = 0
    for match in [None, *re.finditer("，", text)]:
        start = match.end() if match else 0
        ahead = text[:start]
        if match and (ahead.count("，") > 4 or duty_patterns()["must"].search(ahead)):
            break
        piece = re.split("[，；]", text[start:])[0]
        name, by = named_first(text[start:]), named_by(piece)
        if by is not None and (name is None or by.start <= name.end + 4) and by.start < 24:
            return by.words, begins
        if name is not None:
            return name.words, begins if _AHEAD.match(ahead) else start
        if not _AHEAD.match(text[begins:]):
            begins = start
    return "", 0


#: What stands before the bearer and belongs to his duty: a time, a basis, a case.
_AHEAD = re.compile(
    "$|(?:按照|根据|依据|为|在|对|从|经|自|每|因|凡|由于|同时|除|当|发生|符合|遇)"
    "|[^，；]*(?:时|后|前|的|中|内|初|下)，"
)


def _lays(behind: str, *, firmly: bool, known: bool) -> bool:
    """Whether the words behind a name lay something on it, at once where *firmly*."""
    patterns = duty_patterns()
    first = re.split("[；。]", behind.lstrip("，")[:60])[0]
    if firmly:
        first = behind[:30].split("，", maxsplit=1)[0]
        if known and _EVERY.match(behind):
            return True
        return any(patterns[kind].search(first) for kind in ("must", "bears"))
    kinds = ("must", "bears", "does") if known else ("must", "bears")
    return any(patterns[kind].search(first) for kind in kinds)


_EVERY = re.compile("每(?:年|季|月|周|半|两|日|天)")
_NEWS = re.compile("了《|近期|近日|表示|印发了|提出了|规定了|细化了|不仅|包括|是指|所称|统称")


def _is_duty(text: str, bearer: str, *, goes_on: bool) -> bool:
    """Whether *text* lays a duty on *bearer*, rather than tells of him or lets him do something."""
    patterns = duty_patterns()
    if _NEWS.search(text[:80]):
        return False
    if patterns["must"].search(text):
        return True
    if patterns["may"].search(text[:40]):
        return False
    if goes_on or patterns["bears"].search(text):
        return True
    return bool(offices_in(bearer)) and bool(patterns["does"].search(text))


def _foreign(text: str) -> bool:
    """Whether *text* has a subject of its own that is no bearer: 安全设施投资应当纳入概算."""
    patterns = duty_patterns()
    head = re.split("[，；。]", text)[0]
    if head.endswith(("时", "的", "后", "前", "中")):
        return False
    must = patterns["must"].search(head)
    if text.startswith(("《", "“", "本办法", "本条例", "本法", "本规定")):
        return True
    if must is None:
        return patterns["acting"].match(text) is None and not _VERB_FIRST.match(text)
    return must.start() > 0 and not patterns["acting"].match(text) and not _VERB_FIRST.match(text)


_VERB_FIRST = re.compile(
    "同时|定期|及时|认真|依法|积极|每|按照|严格|逐级|不断|并|要|应|必须|不得|将|把|对|在|从|结合|切实|加大|需要|发现|参加|进一步|协助|领导|监督"
)
