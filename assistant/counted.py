"""What follows from something that happened: the rule that counts the same, or its case in a list.

今年已经3起一般事故会怎样 has few words of the rule that answers it (2起以上一般…事故的，不得提拔).
What tells that rule from others is that it counts the same thing over the same time. Where none
counts, an accident is one of the cases for which officials answer (对发生…事故负有领导责任的).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.candidates import Candidate
from assistant.conclusions import is_fact, limits_on
from assistant.evidence import Evidence, Group
from assistant.query import Ask, Query, Scope
from assistant.tallies import same_class
from assistant.terms import WHAT_FOLLOWS, Term
from assistant.values import wanted
from index.lexicon.terms import sanctions
from index.provision import Document, Provision
from index.reckon import counts
from index.units import Unit, whole

#: Sanctions that are less than others would be.
MILDER = frozenset({"lighter", "exemption"})

#: A rule whose condition is met is shown before one whose condition is not.
MET, UNMET = 0.8, 0.45
_TIMES = "起"
_THING = re.compile("[^，,。？?；;]*?(?:事故|事件|案件|[死伤]亡)")
#: Words of the case itself and of what follows from it: every such rule may leave them out.
_OF_THE_CASE = re.compile("发生|出事|事故|再|又|一年|今年|(?:会|要)?(?:怎|咋|如何)|后果|下场|结果")
_ACCIDENT = re.compile("(?:特别重大|重大|较大|一般)?(?:生产安全)?事故")
_ASKS_OUTCOME = re.compile("会?怎么?样|后果|下场|怎么?处理|咋处理|[担负]什么责|追究|问责|追责")
_OPENS_CASES = re.compile("(?:下列|以下)(?:情形|行为|情况).*：$")
#: An accident and nothing besides it: none that was kept secret, none after some order.
_ACCIDENT_ALONE = re.compile(
    "^对?发生(?:[^，。；]{0,6}生产安全|[^，。；]{0,4})事故[^，。；]{0,12}的?[。；]?$"
)
#: From this weight on a word asks for something besides.
_TELLING = 0.4


def counting_rule(
    query: Query, scored: Sequence[tuple[float, Candidate]]
) -> tuple[Unit, float] | None:
    """The sentence that counts what the question counts, with what it is worth; or None.

    Args:
        query: the question.
        scored: the place's candidates with their probabilities, the likeliest first.
    """
    if not _tells_count(query):
        return None
    best: tuple[bool, float, Unit] | None = None
    for likely, candidate in scored:
        unit = candidate.unit
        if unit is None or not _says_the_rest(query, candidate):
            continue
        limits = limits_on(query.core, unit.text)
        if limits and (best is None or (any(limits), likely) > best[:2]):
            best = any(limits), likely, unit
    return (best[2], MET if best[0] else UNMET) if best is not None else None


def _tells_count(query: Query) -> bool:
    if wanted(query.kinds) is not None or query.asks(Ask.BODY, Ask.WHEN, Ask.DEFINITION, Ask.TEXT):
        return False
    asked = query.core
    return any(
        c.value.unit == _TIMES and not c.value.bound and is_fact(asked, c) for c in counts(asked)
    )


def _says_the_rest(query: Query, candidate: Candidate) -> bool:
    """Whether the candidate speaks of what is asked besides what happened (约谈, 提拔)."""
    said = f"{' '.join(candidate.stretch.above)} {candidate.stretch.lead} {candidate.stretch.text}"
    rest = [
        term
        for term in query.terms
        if term.weight >= _TELLING and not _OF_THE_CASE.search(term.word)
    ]
    return all(term.found_in(said) for term in rest)


def case_of_accident(scope: Scope, query: Query) -> Group | None:
    """The case of a rule on who answers for what that is an accident, for what follows from one.

    Args:
        scope: the place.
        query: the question; only one that tells an accident and asks for nothing but what follows.
    """
    told = _ACCIDENT.search(query.core)
    if told is None or not _ASKS_OUTCOME.search(query.core) or not query.asks(Ask.OPEN, Ask.LIST):
        return None
    if any(t.weight >= _TELLING and not _is_of_the_case(t) for t in query.terms):
        return None
    if any(c.value.unit == _TIMES and c.value.number > 1 for c in counts(query.core)):
        return None  # what several bring is said by a rule that counts them, or not at all
    for document in scope.documents:
        for lead, item in _cases(document):
            if same_class(told[0], item.text) and _ACCIDENT_ALONE.search(item.text):
                evidence = (Evidence(whole(lead), opens=True), Evidence(whole(item), item.label))
                return Group(scope, evidence, UNMET, is_reckoned=True)
    return None


def _is_of_the_case(term: Term) -> bool:
    named = [m.term.id for words in term.variants for m in sanctions().find(words)]
    return bool(_OF_THE_CASE.search(term.word)) or WHAT_FOLLOWS in named


def _cases(document: Document) -> Iterator[tuple[Provision, Provision]]:
    """The items of the rules that say for what officials answer, each with its lead."""
    for provision in document.provisions:
        lead = provision.lead
        named = {m.term.id for m in sanctions().find(lead)} if _OPENS_CASES.search(lead) else set()
        if WHAT_FOLLOWS in named and not named & MILDER:
            yield from ((provision, document.by_id[child]) for child in provision.children)
