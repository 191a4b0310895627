"""Whether a sentence that a language model wrote says what the quoted words say, and nothing else.

The sentence is taken apart from left to right. It must be made of clauses of the quotations, each
whole and in its own order, with words of glue between them, and each part must stand by itself:
no outcome without its condition, no rule without what bounds it, nothing put under another rule's
subject. Whatever cannot be read so is not faithful, so a word that nobody foresaw is refused, not
let through. What may be reworded is in `rewriting.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from assistant.clauses import Clause, Rule, Words, read, rules
from assistant.cutting import Case, case_of, imposes, may_end, may_lose_comma, stated_by
from index.lexicon.offices import Offices
from index.lexicon.places import Gazetteer
from index.lexicon.rewriting import rewriting

#: After so many steps a sentence counts as one that cannot be read.
_STEPS = 2000
#: How many times as long as its quotations a sentence may be.
_LONGEST = 2
#: The marks that a sentence may end with.
_LAST = frozenset({"", "。", ";", ":"})
_WRITTEN = re.compile(r"[\u4e00-\u9fff〇0-9０-９，。；：、！“”‘’（）《》〈〉,.;:!()\"' ]")
#: What must stand so in a quotation: words in quotation or title marks, a number that starts at 0.
_AS_WRITTEN = re.compile(r"[“‘《〈\"'][^”’》〉\"']*[”’》〉\"']?|[”’》〉]|(?<!\d)[0０]+\d")
_CLAUSE = re.compile(r"[^，,。；;：:、！!？?\s]+")
#: The share of a clause's characters that must be told for it not to be missing.
_CLAUSE_THERE = 0.6
_TORN_NUMBER = re.compile(r"[\d０-９.．]\s+[\d０-９.．]")


def faithful(text: str, quotes: Sequence[str], asked: str = "") -> bool:
    """Whether *text* says nothing but what *quotes* say, with no condition or bound left out.

    Args:
        text: one sentence, or a few, that lean on these quotations.
        quotes: the exact words of the provisions.
        asked: the question; a condition that it states may be left out, and its one place named.
    """
    if not _is_plain(text, quotes):
        return False
    said = read(text)
    return any(_is_same(said, read(q)) for q in quotes) or _Reading(said, quotes, asked).succeeds()


def _is_same(said: Words, quoted: Words) -> bool:
    """Whether both say the same words with the same marks between them."""
    marks = said.gaps[1:-1] == quoted.gaps[1:-1] and said.gaps[-1] in _LAST
    return len(said) > 0 and said.words == quoted.words and marks


def leaves_out(text: str, quote: str) -> bool:
    """Whether a clause of *quote* is missing from *text*, or does not stand where it stands there.

    Words within a clause may be others; a clause is there where most of its characters are, between
    those of the clauses beside it.
    """
    told = [False] * len(quote)
    for block in SequenceMatcher(None, quote, text, autojunk=False).get_matching_blocks():
        told[block.a : block.a + block.size] = [True] * block.size
    return any(
        sum(told[clause.start() : clause.end()]) < len(clause[0]) * _CLAUSE_THERE
        for clause in _CLAUSE.finditer(quote)
    )


def _is_plain(text: str, quotes: Sequence[str]) -> bool:
    """Whether nothing is in *text* but Chinese characters, digits, stops, and what is quoted."""
    quoted = set().union(*quotes)
    if not text.strip() or len(text) > _LONGEST * sum(map(len, quotes)) + 40:
        return False
    if _TORN_NUMBER.search(text) or "\n" in text.strip():
        return False
    if any(not any(mark in quote for quote in quotes) for mark in _AS_WRITTEN.findall(text)):
        return False
    return all(c in quoted or _WRITTEN.match(c) for c in text.strip())


@dataclass(frozen=True)
class _Part:
    """A rule, or the part of one, that the sentence retells, or nothing yet.

    Args:
        quote, number: which quotation and which rule of it.
        rule: the rule.
        first, last: its first and last clause that are retold.
    """

    quote: int
    number: int
    rule: Rule
    first: int
    last: int

    @property
    def words(self) -> str:
        return "".join(c.text for c in self.rule.clauses[self.first : self.last + 1])


class _Reading:
    """One sentence, being taken apart."""

    def __init__(self, said: Words, quotes: Sequence[str], asked: str) -> None:
        self._said = said
        self._asked = read(asked) if asked.strip() else read("")
        self._question = asked
        unique = tuple(dict.fromkeys(quotes))
        self._rules = [(q, n, r) for q, u in enumerate(unique) for n, r in enumerate(rules(u))]
        self._dead: set[tuple[int, _Part | None, frozenset[tuple[int, int]]]] = set()

    def succeeds(self) -> bool:
        """Whether some reading takes the whole sentence."""
        return any(self._rest(at, None, frozenset()) for at in self._openings())

    # Around the parts.

    def _openings(self) -> Iterator[int]:
        """Where the first part may begin."""
        yield 0
        lists = rewriting()
        for phrase in lists.loose_openings:
            yield from self._behind(phrase, 0)
        for phrase in (*lists.openings, *_place_phrases(self._question)):
            for at in self._behind(phrase, 0):
                if at < len(self._said) and self._said.gaps[at] in {",", ":"}:
                    yield at

    def _rest(self, at: int, before: _Part | None, told: frozenset[tuple[int, int]]) -> bool:
        """Whether the words from *at* on are parts that may follow *before*."""
        key = (at, before, told)
        if key in self._dead or len(self._dead) > _STEPS:
            return False
        if before and at == len(self._said) and self._said.gaps[at] in _LAST:
            return True
        for start, join in self._joins(at) if before else [(at, "")]:
            for part, end in self._parts(start, first=before is None):
                place = (part.quote, part.number)
                fits = before is None or self._may_follow(before, part, at, join)
                if place not in told and fits and self._rest(end, part, told | {place}):
                    return True
        self._dead.add(key)
        return False

    def _joins(self, at: int) -> Iterator[tuple[int, str]]:
        """Where the next part may begin, and the word of glue before it."""
        yield at, ""
        for phrase in (*rewriting().joins, "、"):
            for end in self._behind(phrase, at):
                if not self._said.gaps[end] or self._said.gaps[end] == ",":
                    yield end, phrase

    def _may_follow(self, before: _Part, part: _Part, at: int, join: str) -> bool:
        """Whether *part*, put behind *before* with this mark and glue, is still read as quoted."""
        mark = self._said.gaps[at]
        if not mark and not join:
            return False
        if before.rule.is_fragment or part.rule.is_fragment:
            both = before.rule.is_fragment and part.rule.is_fragment
            return both and (mark in {";", "。"} if not join else join == "、")
        if mark == ":" or (part.rule.leans and join != ""):
            return False
        in_order = (before.quote, before.number + 1) == (part.quote, part.number)
        if in_order and not join and before.last == len(before.rule.clauses) - 1:
            return mark in {"。", ";"} or (mark == "," and part.rule.mark == ";")
        if part.rule.leans or (join in _FURTHER and part.rule.clauses[0].is_condition):
            return False
        alike = before.rule.is_bare and part.rule.is_bare and not before.rule.has_condition
        if mark in {"。", ";"} and join != "、":
            return not part.rule.is_bare or alike
        scoped = any(word in before.words for word in rewriting().scoping)
        told = before.rule.has_topic or (imposes(before.words) and not before.rule.is_bare)
        return (part.rule.has_topic and told and join != "、") or (alike and not scoped)

    # One part.

    def _parts(self, at: int, *, first: bool) -> Iterator[tuple[_Part, int]]:
        """The parts that the sentence may tell from *at* on, and where each ends."""
        for quote, number, rule in self._rules:
            for index, start, offset in self._beginnings(rule, at, first=first):
                for last, end in self._told(rule, index, index, start, offset):
                    if may_end(rule, index, last):
                        yield _Part(quote, number, rule, index, last), end

    def _beginnings(self, rule: Rule, at: int, *, first: bool) -> Iterator[tuple[int, int, int]]:
        """The clause of *rule* to begin with, where in the sentence, and its words left out.

        Conditions and a subject that the question states may be left out in front.
        """
        yield 0, at, 0
        if rule.clauses[0].is_condition and len(rule.clauses) > 1:
            for phrase in rewriting().suppose:
                if not rule.clauses[0].text.startswith(rewriting().suppose):
                    yield from ((0, end, 0) for end in self._before_word(phrase, at))
            yield from ((0, end, 0) for end in self._behind_persons(at))
        if not first or rule.has_list:
            return
        if rule.subject and self._states(rule.clauses[0].words[: rule.subject]):
            yield 0, at, rule.subject
        for index, clause in enumerate(rule.clauses[:-1], 1):
            if not clause.is_condition or not self._states(stated_by(clause)):
                return
            yield index, at, 0

    def _told(
        self, rule: Rule, index: int, begun: int, at: int, offset: int = 0
    ) -> Iterator[tuple[int, int]]:
        """The last clause told and the end, for every way to tell clauses from *index* on."""
        clause = rule.clauses[index]
        for end in self._ends(clause, at, offset, whole=index == len(rule.clauses) - 1):
            yield index, end
            if index + 1 < len(rule.clauses):
                follower = rule.clauses[index + 1]
                for start in self._next_clause(clause, follower, end):
                    yield from self._told(rule, index + 1, begun, start)

    def _ends(self, clause: Clause, at: int, offset: int, *, whole: bool) -> Iterator[int]:
        """Where *clause* ends if the sentence tells it from *at* on."""
        words = clause.words[offset : len(clause.words)]
        if self._is_told(words, at):
            yield at + len(words)
        if clause.is_condition and not whole and not offset:
            yield from self._reworded(clause, at)

    def _is_told(self, words: Words, at: int) -> bool:
        """Whether *words* stand at *at*, joined as they are quoted."""
        end = at + len(words)
        exact = "或" in words.words
        said = self._said.words[at:end] if exact else self._said.folded[at:end]
        if said != (words.words if exact else words.folded):
            return False
        marks = ((self._said.gaps[i], self._said.words[i - 1]) for i in range(at + 1, end))
        return all(not mark or (mark == "," and word in rewriting().breaks) for mark, word in marks)

    def _reworded(self, clause: Clause, at: int) -> Iterator[int]:
        """Where a condition ends that is told in other words: 被诫勉后."""
        lists, case = rewriting(), case_of(clause)
        for head in lists.undergone if case.undergone else ("",):
            for start in self._behind(head, at):
                yield from self._case_ends(case, start, lists.condition_ends)
                if self._is_told(case.core, start):
                    for end in (start + len(case.core), *self._after_handled(case, start)):
                        yield end
                        for behind in self._behind("的", end):
                            yield from self._behind_persons(behind)
        if case.undergone:
            for head in (*lists.undergone, *([""] if case.handled else [])):
                for start in self._behind(head, at):
                    yield from self._case_ends(case, start, lists.undergone_ends)

    def _case_ends(self, case: Case, at: int, ends: Sequence[str]) -> Iterator[int]:
        """Where the matter of *case* ends with one of *ends* behind it."""
        if self._is_told(case.core, at):
            for middle in (at + len(case.core), *self._after_handled(case, at)):
                for end in ends:
                    yield from self._behind(end, middle)

    def _after_handled(self, case: Case, at: int) -> Iterator[int]:
        if case.handled:
            yield from self._behind(case.handled, at + len(case.core))

    def _behind_persons(self, at: int) -> Iterator[int]:
        """Where a word for people ends that the question uses too."""
        for person in rewriting().persons:
            if person in self._question:
                yield from self._behind(person, at)

    def _next_clause(self, clause: Clause, follower: Clause, at: int) -> Iterator[int]:
        """Where *follower* may begin behind *clause*, which ended at *at*."""
        if at >= len(self._said):
            return
        mark = self._said.gaps[at]
        last = self._said.words[at - 1]
        left_out = not mark and follower.mark == "," and may_lose_comma(last, clause, follower)
        if left_out or mark in _MARKS_FOR[follower.mark]:
            yield at
        if clause.is_condition and follower.mark == "," and mark in {"", ","}:
            for phrase in rewriting().then:
                yield from self._behind(phrase, at)

    def _behind(self, phrase: str, at: int) -> Iterator[int]:
        """The place behind *phrase*, if the sentence has it at *at* without a mark inside."""
        words = read(phrase)
        end = at + len(words)
        if self._said.words[at:end] == words.words and not any(self._said.gaps[at + 1 : end]):
            yield end

    def _before_word(self, phrase: str, at: int) -> Iterator[int]:
        """As `_behind`, where no mark stands behind the phrase: 对，受到… is no 对受到…."""
        yield from (end for end in self._behind(phrase, at) if not self._said.gaps[end])

    def _states(self, words: Words) -> bool:
        """Whether the question says *words* in one piece, not denied, with no choice offered."""
        lists = rewriting()
        text, said = words.text, self._asked.text
        if len(words) < 2 or text not in said or any(w in said for w in lists.alternatives):
            return False
        before, _, behind = said.partition(text)
        others = Offices.load().find(before + "，" + behind)
        denied = any(word in before for word in lists.negations)
        return not denied and all(mention.office.general for mention in others)


#: Glue that would make one case of two.
_FURTHER = frozenset({"并", "并且", "而且"})
#: By which marks of the sentence a mark between two clauses of a rule may be given.
_MARKS_FOR = {
    ",": {","},
    ":": {":", ","},
    ";": {";", ",", "。"},
    "。": {"。", ";", ","},
    "?": {"。"},
}


@lru_cache(maxsize=256)
def _place_phrases(asked: str) -> tuple[str, ...]:
    """What may be said in front to name the place, if the question names exactly one."""
    mentions = Gazetteer.load().find(asked) if asked.strip() else []
    if len({mention.place for mention in mentions}) != 1:
        return ()
    place = mentions[0].place
    names = {place.name, place.short, *(asked[m.start : m.end] for m in mentions)}
    lists = rewriting()
    phrases = (f"{b}{n}{e}" for b in lists.place_before for n in names for e in lists.place_behind)
    return tuple(sorted(phrases, key=len, reverse=True))
