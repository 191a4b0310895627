"""What tells sentences apart that have the same words: with whom, which rule prevails, all who.

The scorer sees how the question's words are covered. 镇里跟部门签 and 镇里跟区里签 have the same
words; which of two sanctions counts is said by a rule that names neither; and of several posts that
have to do the same the likeliest alone is no answer to 哪些领导.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.candidates import Candidate
from assistant.evidence import Evidence, Group
from assistant.phrases import asks_which_prevails
from assistant.query import Ask, Query
from assistant.values import wanted
from index.address import Level
from index.subjects import offices_in
from index.units import Unit

Judged = tuple[float, Candidate]

#: 按照影响期长的规定执行, 以正式文件为准, 与本办法不一致的，按照本办法执行.
_PREVAILS = re.compile(
    "(?:按照?|依照|适用)[^，。；]{2,16}(?:执行|办理|处理)[。；]?$|以[^，。；]{2,16}为准|从其规定"
)
_SEVERAL = re.compile("同时|并(?:处|罚)|不一致|冲突|竞合|两种以上|合并")
#: Least probability for the rule that says which of several prevails, unless it stands in the
#: provision that is likeliest.
_PREVAILING_NEEDED = 0.14
_WITH = "跟|和|与|同|向|给|对"
_BETWEEN = re.compile("[^，,。；]{0,6}$")
_DOES_TOGETHER = re.compile("^[^，,。？?；]{0,4}?(?:签|订|报告|报|谈|商|反馈|通报)")
_PARTNER = re.compile(
    "(?:与|同|向|和)(?P<partner>[^，。；与]{2,60}?)(?:签订|签|报告|反馈|通报|沟通)"
)
_ALL_WHO = re.compile(
    "(?:哪些|哪几[个位名类])(?:级|类)?(?:领导|人|干部|负责人|同志|书记|常委|岗位|职务)|哪几位|都有谁"
)
#: Least probability of a list that is shown for its items, and of which level it is.
_LIST_NEEDED = 0.14
_SHORT_LISTS = frozenset({Level.POINT, Level.DIVISION, Level.ARTICLE, Level.ITEM, Level.HEADING})
_MOST_BEARERS = 8
_TELLING = 0.29


def prevailing(query: Query, scored: Sequence[Judged]) -> Unit | None:
    """The sentence that says which of several rules holds, where that is asked: 按哪个算."""
    if not asks_which_prevails(query.core):
        return None
    governing = {candidate.stretch.provision.id for _, candidate in scored[:1]}
    for likely, candidate in scored:
        unit = candidate.unit
        if unit is None:
            continue
        if likely < _PREVAILING_NEEDED and unit.provision.id not in governing:
            continue
        if _PREVAILS.search(unit.text) and _SEVERAL.search(unit.text):
            return unit
    return None


def whole_list(
    query: Query, sentence: Group | None, scored: Sequence[Judged]
) -> tuple[Evidence, ...] | None:
    """All of the list whose items are the best sentences, where a post's duties are asked for.

    A word that the list lacks (平时各要管哪些) keeps it from governing the question; that it is
    likely beside its items shows that it is meant.
    """
    if sentence is None or not (query.asks(Ask.LIST) and query.bearers):
        return None
    if wanted(query.kinds) is not None or query.asks(Ask.BODY, Ask.YES_NO, Ask.DEFINITION):
        return None
    parents = {part.unit.provision.parent for part in sentence.evidence if not part.opens}
    for likely, candidate in scored:
        if candidate.unit is None and likely >= _LIST_NEEDED:
            provision = candidate.stretch.provision
            if parents == {provision.id} and provision.level in _SHORT_LISTS:
                return candidate.evidence
    return None


def with_partner(query: Query, fitting: list[Judged]) -> list[Judged]:
    """*fitting* without what is done with others than those that the question names.

    跟部门签 is not answered by who signs with the district; all stay where none suits.
    """
    partners = _partners(query)
    if not partners:
        return fitting
    met = [_partner_met(candidate, partners) for _, candidate in fitting]
    if True not in met:
        return fitting
    return [one for one, suits in zip(fitting, met, strict=True) if suits is not False]


def _partners(query: Query) -> set[str]:
    """The offices with whom something is done together: 跟下面部门签."""
    found = set()
    for mention in query.offices:
        at = query.core.find(mention.words)
        before, behind = query.core[:at], query.core[at + len(mention.words) :]
        joined = re.search(f"(?:{_WITH}){_BETWEEN.pattern}", before)
        if at > 0 and joined and _DOES_TOGETHER.match(behind):
            found.add(mention.office.id)
    return found


def _partner_met(candidate: Candidate, partners: set[str]) -> bool | None:
    """Whether the sentence names one of *partners* as such; None where it names nobody."""
    if candidate.unit is None:
        return None
    named = [m["partner"] for m in _PARTNER.finditer(candidate.unit.text)]
    if not named:
        return None
    return bool(offices_in(named[-1]) & partners)


def all_bearers(query: Query, scored: Sequence[Judged], best: Unit) -> list[Unit]:
    """Every sentence of the place that gives others the duty that *best* gives; *best* alone
    where it is not asked who all has it (哪些领导要带队检查)."""
    if not (query.asks(Ask.BODY) and _ALL_WHO.search(query.core)):
        return [best]
    said = [t for t in query.terms if t.weight >= _TELLING and t.found_in(best.text) == 1]
    if len(said) < 2:
        return [best]
    found = [best]
    for _, candidate in scored:
        unit = candidate.unit
        if unit is None or unit == best or unit.provision == best.provision:
            continue
        if all(term.found_in(unit.text) == 1 for term in said):
            found.append(unit)
    return found[:_MOST_BEARERS]
