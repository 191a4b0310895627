"""What keeps a sentence from answering, however likely the scorer takes it to be.

A value of the type that is asked for must be there, and the sanctions that are asked about; what
only lets somebody off is no answer to what follows.
"""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.asked import opens_cases_only
from assistant.candidates import lead_of_item
from assistant.counted import MILDER
from assistant.query import Ask, Query
from assistant.terms import WHAT_FOLLOWS, Term
from assistant.values import holds, wanted
from index.lexicon.terms import sanctions
from index.provision import Document
from index.units import Unit

#: From this weight on a word says what is asked.
TELLING = 0.45
CASES = re.compile("下列|以下(?:情形|行为|情况)")
#: From this probability on a sentence may leave one of several sanctions asked about unnamed.
_SURE = 0.5
_UNHEARD_OF = 0.95
#: From this on a sentence may lack a word that no document has.
_FAIRLY_SURE = 0.3
_BRINGS = "不取"
#: How people ask for less than usual without naming it.
REFERS_BACK = re.compile("以上|上述|前述|前款|前项")
_ASKS_FOR_LESS = re.compile(
    "轻|免|不(?:会|被|用|要|再|予)?(?:追|罚|处|担|问)|宽|饶|放过|例外|特殊|尽职|尽责|该做的"
)
_OF_THE_EVENT = re.compile("事故|发生|出事")
#: 没别的处分, 没有受其他处理: what is said not to have been there is not asked about.
_NOT_THERE_BEHIND = (
    "(?:任何|别的|其他|其它)的?{}(?:也|都|又)?(?:没有?(?:受|挨|背|给)?|无)(?![^，,。])"
)
_NOT_THERE = "(?<!有)(?:没有?|无|未)(?:(?:受到?|有|挨|背|给)?(?:任何|别的|其他|其它)|受到?|挨|背)"
#: 市委书记是谁, 姓什么 ask for a name, which no rule gives; 由谁担任, 是谁扛 do not.
_ASKS_NAME = re.compile(
    "(?:是|叫)(?:谁|哪位|哪个人)(?:啊|呀|呢|来着)?(?:[？?。，,]|$)|姓(?:什么|啥|甚)|名叫|叫什么名"
)


def has_what_is_asked(query: Query, unit: Unit, document: Document, likely: float) -> bool:
    """Whether a value of the type asked for is there, and the sanctions asked about.

    For an item the words that open its list count as well (有下列行为之一的，处…罚款：).

    Args:
        query: the question.
        unit: the sentence.
        document: where it stands.
        likely: the probability that the scorer gives it; what is likely may lack more.
    """
    need = wanted(query.kinds)
    led = f"{unit.text} {lead_of_item(unit.provision, document)}"
    if opens_cases_only(query, led):
        return False
    if need is not None and not holds(need, led, query.core):
        return False
    if need is not None and CASES.search(unit.text) and not unit.provision.is_leaf:
        return False  # what it gives holds for the cases below it: they answer, with it before them
    if not query.terms and query.asks(Ask.BODY) and _ASKS_NAME.search(query.core):
        return False
    around = f"{' '.join(unit.provision.heading_path)} {unit.provision.heading} {led}"
    if REFERS_BACK.match(unit.text):
        around = f"{around} {_before(unit, document)}"
    if not _names_sanctions(query, around, sure=likely >= _SURE):
        return False
    if _only_mitigates(query, led):
        return False
    unheard = [term for term in query.terms if term.weight >= _UNHEARD_OF]
    return likely >= _without_unheard(query) or all(term.found_in(around) for term in unheard)


def _before(unit: Unit, document: Document) -> str:
    """What stands before the unit's paragraph, which it speaks of: 以上方式，可以单独使用."""
    parent = document.by_id.get(unit.provision.parent or "")
    siblings = parent.children if parent else ()
    if unit.provision.id not in siblings:
        return ""
    return " ".join(document.by_id[i].text for i in siblings[: siblings.index(unit.provision.id)])


def _only_mitigates(query: Query, led: str) -> bool:
    """Whether the text only says when less than usual follows, and nothing of that is asked.

    Of 发生较大事故会怎样 a rule that lets some off (上年度考核优秀的，可以从轻) tells the
    exception; it answers who speaks of leniency, or of what it requires.
    """
    if not query.asks(Ask.OPEN, Ask.LIST) or _ASKS_FOR_LESS.search(query.core):
        return False
    if _is_milder(query.core) or not _is_milder(led):
        return False
    telling = (t for t in query.terms if t.weight >= TELLING and not _OF_THE_EVENT.search(t.word))
    return not any(
        term.found_in(led) for term in telling if not (term.decides or _only_asks_outcome(term))
    )


@lru_cache(maxsize=8192)
def _is_milder(text: str) -> bool:
    return any(mention.term.id in MILDER for mention in sanctions().find(text))


def _only_asks_outcome(term: Term) -> bool:
    """Whether the word asks for any sanction there is: 会怎样, 下场."""
    return any(m.term.id == WHAT_FOLLOWS for v in term.variants[1:] for m in sanctions().find(v))


def _without_unheard(query: Query) -> float:
    """From which probability on a sentence may lack a word that no document has.

    Beside a sanction that word is what is asked about it: 被通报…年终奖怎么发.
    """
    return _SURE if any(term.decides for term in query.terms) else _FAIRLY_SURE


def _names_sanctions(query: Query, around: str, *, sure: bool) -> bool:
    """Whether the sanctions asked about are named.

    Of two sanctions one may be unnamed where the scorer is *sure*: 同时受到纪律处分的，按…执行.
    """
    asked = sanctions_asked(query)
    # Where sure, what a sanction brings with it (不得提拔) may be said in other words.
    needed = [term for term in asked if not sure or term.word[0] not in _BRINGS]
    named = [term.found_in(around) == 1 for term in needed]
    return all(named) or (sure and 2 * sum(named) >= len(named))


def sanctions_asked(query: Query) -> list[Term]:
    """The sanctions that the answer must name: none that was not there (没别的处分), and those that
    only ask what follows (后果, 怎么处理) where no other is named."""
    decisive = [
        term for term in query.terms if term.decides and not _is_not_there(term, query.core)
    ]
    special = [term for term in decisive if not _only_asks_what_follows(term)]
    return special or decisive


def _is_not_there(term: Term, asked: str) -> bool:
    """Whether the sanction is said not to have been there: 没别的处分, 别的处分没有."""
    word = re.escape(term.word)
    return bool(
        re.search(_NOT_THERE + word, asked) or re.search(_NOT_THERE_BEHIND.format(word), asked)
    )


def _only_asks_what_follows(term: Term) -> bool:
    return all(mention.term.id == WHAT_FOLLOWS for mention in sanctions().find(term.word))
