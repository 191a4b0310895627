"""A quotation as rules and clauses: the smallest parts that somebody may retell by themselves.

A rule is a stretch that stands on its own: mostly what lies between two 。 or ；. What leans on the
stretch before it (但…, 其…, an outcome without its condition) is the same rule. A rule is cut into
clauses at its commas.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from index.lexicon.imposing import duty_patterns
from index.lexicon.rewriting import rewriting
from index.numerals import CHINESE_DIGITS, to_int
from index.subjects import named_first

#: Marks that part one thing from the next, the weakest first.
GAPS = ",:;。"
_SOFT = "“”‘’\"'《》〈〉「」『』 \u3000\t\r"
_STOPS = {"!": "。", "?": "?", "！": "。", "\n": "\n"}
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_TENS = frozenset("十百千廿卅")


@dataclass(frozen=True)
class Words:
    """A text as words and the marks between them.

    Args:
        words: characters, numbers as ``#6``, and the few words that count as one.
        folded: the same with all words for 'and' alike.
        gaps: the mark before each word, and behind the last one; empty where there is none.
    """

    words: tuple[str, ...]
    folded: tuple[str, ...]
    gaps: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.words)

    def __getitem__(self, part: slice) -> Words:
        start, stop, _ = part.indices(len(self.words))
        gaps = ("", *self.gaps[start + 1 : stop], "")
        return Words(self.words[start:stop], self.folded[start:stop], gaps)

    @cached_property
    def text(self) -> str:
        """The words as one string; numbers keep their sign, so that none runs into another."""
        return "".join(self.words)

    def starts(self, words: Words) -> bool:
        """Whether these words begin with *words*, as written."""
        return self.words[: len(words)] == words.words


@dataclass(frozen=True)
class Clause:
    """A stretch between two marks.

    Args:
        words: what it says.
        mark: the mark before it, empty for the first of its rule.
    """

    words: Words
    mark: str

    @cached_property
    def text(self) -> str:
        return self.words.text

    @cached_property
    def is_condition(self) -> bool:
        """Whether it says in which case: …的."""
        return self.words.words[-1:] == ("的",)

    @cached_property
    def is_finished(self) -> bool:
        """Whether it can end a sentence without what comes behind it."""
        lists, text = rewriting(), self.text
        if text.endswith(lists.unfinished_ends) or self.words.words[-1].startswith("#"):
            return False
        if text.startswith(lists.unfinished_starts):
            return False
        return not (text.endswith(lists.ground_ends) and any(w in text for w in lists.grounds))


@dataclass(frozen=True)
class Rule:
    """A stretch that can be retold by itself.

    Args:
        clauses: its clauses.
        mark: the mark before it in its quotation, empty for the first.
        subject: how many words of its first clause name whom it is about; 0 where none are found.
    """

    clauses: tuple[Clause, ...]
    mark: str
    subject: int

    @cached_property
    def text(self) -> str:
        return "".join(clause.text for clause in self.clauses)

    @cached_property
    def has_condition(self) -> bool:
        return any(clause.is_condition for clause in self.clauses)

    @cached_property
    def is_fragment(self) -> bool:
        """Whether it is only a case, an item of a list of cases: 瞒报事故的."""
        return self.clauses[-1].is_condition

    @cached_property
    def has_topic(self) -> bool:
        """Whether it says itself whom or which case it is about."""
        return bool(self.subject) or (len(self.clauses) > 1 and self.clauses[0].is_condition)

    @cached_property
    def is_bare(self) -> bool:
        """Whether it begins with what is done, so that it is about whoever was named before."""
        return not self.has_topic and is_bare(self.clauses[0].text)

    @cached_property
    def leans(self) -> bool:
        """Whether its first word points back."""
        return self.clauses[0].text.startswith(rewriting().dependents)

    @cached_property
    def has_list(self) -> bool:
        return any(clause.mark == ":" for clause in self.clauses)


def is_bare(text: str) -> bool:
    """Whether *text* begins with what is done or how often, and names nobody who does it."""
    if text.startswith("本"):
        return False
    return bool(
        text.startswith((*rewriting().bare_starts, "#"))
        or any(duty_patterns()[name].match(text) for name in ("acting", "must", "does", "may"))
    )


@lru_cache(maxsize=1)
def _reader() -> re.Pattern[str]:
    whole = "|".join(map(re.escape, rewriting().whole_words))
    return re.compile(
        rf"(?P<digits>\d+(?:\.\d+)?)|(?P<numeral>[{CHINESE_DIGITS}]+)|(?P<or>或者?)|(?P<and>并且?)"
        rf"|(?P<whole>{whole}|以及)|(?P<one>.|\n)"
    )


@lru_cache(maxsize=8192)
def read(text: str) -> Words:
    """*text* as words and marks; widths, quotation marks and blanks make no difference."""
    plain = unicodedata.normalize("NFKC", _THOUSANDS.sub("", text))
    words: list[str] = []
    gaps: list[str] = []
    gap = ""
    for match in _reader().finditer(plain):
        found = match[0]
        mark = found if found in GAPS else _STOPS.get(found, "")
        if mark and not _between_digits(plain, match):
            gap = _stronger(gap, mark)
        elif found not in _SOFT:
            for word in _spelt(match):
                words.append(word)
                gaps.append("。" if gap == "\n" else gap)
                gap = ""
    gaps.append("。" if gap == "\n" else gap)
    join = rewriting().and_words
    return Words(tuple(words), tuple("和" if w in join else w for w in words), tuple(gaps))


def _stronger(first: str, second: str) -> str:
    order = "\n,:;。?"
    return max(first, second, key=lambda mark: order.find(mark) if mark else -1)


def _between_digits(text: str, match: re.Match[str]) -> bool:
    """Whether a colon stands within a time: 8:30."""
    around = text[match.start() - 1 : match.start()] + text[match.end() : match.end() + 1]
    return match[0] == ":" and match.start() > 0 and len(around) == 2 and around.isdigit()


def _spelt(match: re.Match[str]) -> Iterable[str]:
    found = match[0]
    if match["digits"]:
        value = float(found)
        return (f"#{int(value)}" if value.is_integer() and "." not in found else f"#{value}",)
    if match["numeral"]:
        number = _number(found)
        return found if number is None else (f"#{number}",)
    if match["or"]:
        return ("或",)
    return ("并",) if match["and"] else (found,)


def _number(numeral: str) -> int | None:
    """What one digit, or a numeral with tens, writes; a row of digits is no number."""
    if len(numeral) > 1 and not _TENS & set(numeral):
        return None
    if len(numeral) > 1 and re.search("[一二三四五六七八九两]{2}", numeral):
        return None
    try:
        return to_int(numeral)
    except ValueError:
        return None


@lru_cache(maxsize=2048)
def rules(quote: str) -> tuple[Rule, ...]:
    """The rules of a quotation, in order."""
    found: list[Rule] = []
    for mark, stretch in _stretches(read(quote)):
        clauses = tuple(_clauses(stretch))
        rule = Rule(clauses, mark, _subject(clauses))
        if found and _leans_on(rule, found[-1]):
            before = found.pop()
            first = Clause(clauses[0].words, mark)
            rule = Rule((*before.clauses, first, *clauses[1:]), before.mark, before.subject)
        found.append(rule)
    return tuple(found)


def _stretches(words: Words) -> Iterator[tuple[str, Words]]:
    """The parts between 。, and ； where no colon announces a list; each behind its mark."""
    sentences = list(_cut(words, "。?"))
    for mark, sentence in sentences:
        if ":" in sentence.gaps[1:-1]:
            yield mark, sentence
            continue
        for inner, part in _cut(sentence, ";"):
            yield inner or mark, part


def _cut(words: Words, marks: str) -> Iterator[tuple[str, Words]]:
    start, before = 0, ""
    for at in range(1, len(words)):
        if words.gaps[at] and words.gaps[at] in marks:
            yield before, words[start:at]
            start, before = at, words.gaps[at]
    if len(words):
        yield before, words[start : len(words)]


def _clauses(words: Words) -> Iterator[Clause]:
    for mark, part in _cut(words, ",:;"):
        yield Clause(part, mark)


def _subject(clauses: tuple[Clause, ...]) -> int:
    """How many words of the first clause name its subject."""
    text = clauses[0].text.replace("#", "")
    name = named_first(text)
    return len(read(text[: name.end])) if name else 0


def _leans_on(rule: Rule, before: Rule) -> bool:
    """Whether *rule*, which comes next in the quotation, cannot be told without *before*."""
    if rule.leans or any(word in rule.text for word in rewriting().excepting):
        return True
    opened = before.has_topic or (len(before.clauses) > 1 and not before.clauses[0].is_finished)
    if rule.is_bare and (opened or before.has_condition):
        return True
    if rule.mark != ";" or before.is_fragment or rule.subject or (rule.is_bare and not opened):
        return False
    if not rule.has_topic:
        return True
    # 违反规定的，责令改正；对劳动者造成损害的，赔偿: only what begins alike is another case.
    return opened and rule.clauses[0].words.words[0] != before.clauses[0].words.words[0]
