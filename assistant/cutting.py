"""What of a rule may be left out when it is retold, and how its case may be reworded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.clauses import Clause, Rule, Words, is_bare, read
from index.lexicon.imposing import duty_patterns
from index.lexicon.rewriting import rewriting
from index.subjects import named_first


def may_lose_comma(last: str, clause: Clause, follower: Clause) -> bool:
    """Whether the comma between two clauses may be left out.

    Behind a time (30日内，报告), and behind a case where an outcome without a subject follows:
    瞒报的，企业负责人免职 is not 瞒报的企业负责人免职.

    Args:
        last: the last word said of *clause*.
        clause: the first.
        follower: the second.
    """
    if last == "的":
        return clause.is_condition and is_bare(follower.text)
    return last in rewriting().breaks and not clause.is_finished


def may_end(rule: Rule, first: int, last: int) -> bool:
    """Whether the clauses of *rule* behind *last* may be left out, told from *first* on."""
    if last == len(rule.clauses) - 1:
        return True
    if rule.has_list or rule.is_fragment or rule.clauses[last].is_condition:
        return False
    lists, following = rewriting(), rule.clauses[last + 1]
    told = "".join(clause.text for clause in rule.clauses[first : last + 1])
    left = "".join(clause.text for clause in rule.clauses[last + 1 :])
    permits, bounded = _has(told, lists.permissions), _has(left, lists.bounds)
    if following.mark in {";", "。"}:
        return not _has(left, lists.exceptions) and not (permits and bounded)
    if permits or bounded or _has(told, lists.breaches) or not rule.clauses[last].is_finished:
        return False
    acts = duty_patterns()["acting"].match(rule.clauses[first].text)
    lays_down = imposes(told) or bool(acts and rule.is_bare and not rule.has_condition)
    return lays_down and _goes_on(following)


def _goes_on(clause: Clause) -> bool:
    """Whether a further duty, case or subject begins here, and no object or verb is torn off."""
    lists, text = rewriting(), clause.text
    if text.startswith(lists.predicates):
        return False
    if text.startswith(lists.further) or clause.is_condition or is_bare(text):
        return True
    return named_first(text.replace("#", "")) is not None


def _has(text: str, words: Sequence[str]) -> bool:
    return any(word in text for word in words)


def imposes(text: str) -> bool:
    """Whether the words lay down that somebody does something."""
    return _has(text, rewriting().imposing) or any(
        duty_patterns()[name].search(text) for name in ("must", "bears")
    )


def stated_by(clause: Clause) -> Words:
    """What a question must say to state it: 诫勉, but 被举报, since who reports is another."""
    case = case_of(clause)
    return case.core if case.handled else clause.words[0 : len(clause.words) - 1]


@dataclass(frozen=True)
class Case:
    """A condition without the words around its matter.

    Args:
        core: its matter: 诫勉 of 受到诫勉处理的.
        undergone: whether somebody underwent it, so that 受到, 受 and 被 say the same.
        handled: whether 处理 stood behind its matter.
    """

    core: Words
    undergone: bool
    handled: str


@lru_cache(maxsize=2048)
def case_of(clause: Clause) -> Case:
    lists = rewriting()
    words = clause.words[0 : len(clause.words) - 1]
    head = next((h for h in lists.undergone if words.starts(read(h))), "")
    inner = words[len(head) : len(words)]
    if not head or not len(inner):
        return Case(words, undergone=False, handled="")
    tail = next((t for t in lists.handled if inner.text.endswith(t)), "")
    return Case(inner[0 : len(inner) - len(tail)], undergone=True, handled=tail)
