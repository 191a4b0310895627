"""Lessons from articles of law: known questions, and pairs that the structure of a law makes.

    known question          → the article that answers it, against what ranks high beside it
    words that refer (违反本法第四十条规定，…的) → the article that they point to
    an item or a paragraph  → its article without it
    a chapter's heading     → an article under it, its heading taken away

The pairs need nobody's label; what is wrong beside them are other articles of the same law.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby

from evals.articles import LONGEST, Article
from evals.known import Asked
from evals.signals import Desk, best
from evals.training.lessons import Lesson, Passage
from index.address import Address, Level

#: Wrong articles kept beside a known question, and beside a pair.
_HARD, _NEAR = 50, 6
#: Characters of a question that is made of a law's own words.
_SHORTEST, _LONGEST_ASKED = 10, 90
#: Share of the laws, and of the other questions, that are kept from the encoder (per cent).
_LAWS_HELD, _HELD = 25, 15
#: A law in a larger share of the questions is not kept out: too little would be left to learn.
_COMMON = 0.2

_OWN_LAW = re.compile("(?:本|该)(?:法|条例|规定|办法|规则|细则|解释)$")
_SENTENCE = re.compile("[^。；\n]+[。；]?")
_MARK = re.compile(r"^\s*[（(]?[一二三四五六七八九十\d]{1,4}[）)、.．]\s*")
_ORDINAL = re.compile(r"第[一二三四五六七八九十百零\d]+(?:分编|编|章|节)\s*")


def held_out(asked: Sequence[Asked], articles: Sequence[Article]) -> tuple[set[int], set[int]]:
    """Which questions the encoder never sees, by place: of laws kept out whole, and others.

    Both are settled by hashes of titles and ids, so that what was held out can be told later: the
    weights of the signals (`evals.training.fusion`) are learnt from these alone.
    """
    laws = [{articles[gold].law for gold in question.gold} for question in asked]
    often = {
        law for each in laws for law in each if sum(law in x for x in laws) > _COMMON * len(laws)
    }
    kept_out = {law for each in laws for law in each - often if _percent(law) < _LAWS_HELD}
    strange = {n for n, each in enumerate(laws) if each & kept_out}
    others = {n for n, q in enumerate(asked) if _percent(q.id) < _HELD}
    return strange, others - strange


def _percent(name: str) -> int:
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 100


def of_questions(desk: Desk, places: Collection[int]) -> Iterator[Lesson]:
    """The lessons of known questions: their articles against those that rank highest beside them.

    Args:
        desk: the library and the known questions.
        places: which of the known questions are learnt from.
    """
    articles = desk.library.articles
    for place in sorted(places):
        asked = desk.known.asked[place]
        found = desk.candidates(asked.text, range(len(desk.known.asked)))
        order = found.positions[best(found.signals[:, 1], _HARD + len(asked.gold))]
        wrong = [int(n) for n in order if int(n) not in asked.gold][:_HARD]
        yield Lesson(
            asked.text,
            tuple(_whole(articles[n], is_right=True) for n in asked.gold),
            tuple(_whole(articles[n], is_right=False) for n in wrong),
        )


def of_structure(
    articles: Sequence[Article], count: int, rng: random.Random, barred: Collection[str] = ()
) -> list[Lesson]:
    """About *count* lessons that the structure makes, of all kinds and as many laws as can be.

    Args:
        articles: those of one law stand together.
        count: how many lessons; fewer where the laws hold fewer.
        rng: chooses.
        barred: titles of laws that are left out.
    """
    laws = [
        list(group) for title, group in groupby(articles, lambda a: a.law) if title not in barred
    ]
    by_kind: dict[str, list[Lesson]] = {}
    for law in laws:
        made: dict[str, list[Lesson]] = {}
        for kind, lesson in _of_law(law, rng):
            made.setdefault(kind, []).append(lesson)
        for kind, some in made.items():  # a code of a thousand articles counts as a few laws
            by_kind.setdefault(kind, []).extend(rng.sample(some, min(len(some), 12)))
    each = -(-count // max(1, len(by_kind)))
    chosen = [x for some in by_kind.values() for x in rng.sample(some, min(len(some), each))]
    rng.shuffle(chosen)
    return chosen[:count]


def _of_law(law: Sequence[Article], rng: random.Random) -> Iterator[tuple[str, Lesson]]:
    numbers = {article.number: article for article in law}
    for article in law:
        for words, target in _references(article, numbers):
            yield "reference", _lesson(words, _whole(target, is_right=True), target, law, rng)
        for words, rest in _parts(article):
            right = Passage.whole(_context(article), rest[:LONGEST], is_right=True)
            yield "part", _lesson(words, right, article, law, rng)
        heading = _ORDINAL.sub("", article.heading.rpartition("/")[2]).strip()
        if len(heading) >= 4:
            bare = f"{article.law} {article.number}"
            right = Passage.whole(bare, article.content[:LONGEST], is_right=True)
            others = [a for a in law if a.heading != article.heading]
            yield "heading", _lesson(f"{article.law} {heading}", right, article, others, rng)


def _references(article: Article, numbers: Mapping[str, Article]) -> Iterator[tuple[str, Article]]:
    """Sentences of *article* that point to one other article of its law, less the pointing."""
    for sentence in _SENTENCE.findall(article.content):
        spans = list(Address.find_spans(sentence))
        if len(spans) != 1:
            continue
        address, start, end = spans[0]
        own = _OWN_LAW.search(sentence[:start])
        step = address.steps[0]
        target = numbers.get(sentence[start:end].partition("条")[0] + "条")
        if own is None or step.level is not Level.ARTICLE or target in (None, article):
            continue
        words = sentence[: own.start()] + sentence[end:]
        if _SHORTEST <= len(words) <= _LONGEST_ASKED and target is not None:
            yield words, target


def _parts(article: Article) -> Iterator[tuple[str, str]]:
    """Each line of *article* that says enough by itself, with the others."""
    lines = article.content.split("\n")
    for n, line in enumerate(lines):
        words = _MARK.sub("", line)
        if len(lines) > 1 and _SHORTEST <= len(words) <= _LONGEST_ASKED:
            yield words, "\n".join(lines[:n] + lines[n + 1 :])


def _lesson(
    words: str, right: Passage, target: Article, others: Sequence[Article], rng: random.Random
) -> Lesson:
    wrong = rng.sample(others, min(len(others), _NEAR))
    return Lesson(
        words,
        (right,),
        tuple(_whole(a, is_right=False) for a in wrong if a is not target),
    )


def _whole(article: Article, *, is_right: bool) -> Passage:
    return Passage.whole(_context(article), article.content[:LONGEST], is_right=is_right)


def _context(article: Article) -> str:
    return article.embedded.partition("\n")[0]
