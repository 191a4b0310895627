"""The content words of a question, what they weigh, and how much of them a text covers."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import jieba.posseg

from index.chunk import Chunk
from index.lexical import tokens
from index.lexicon.terms import abbreviations, sanctions, synonyms
from index.lexicon.words import is_word

#: How much a word's kind counts: names of things carry a question, adverbs hardly do.
_WEIGHT_OF_KIND = {"n": 1.0, "v": 0.85, "l": 0.9, "i": 0.9, "j": 1.0, "x": 0.8, "e": 0.8, "a": 0.6}
_OTHER_KIND = 0.4
#: An unknown word that names no thing (翻身, 偷偷) is somebody's way of speaking: it must not sink
#: an answer. An unknown noun (工资) is what is asked about: an answer without it is none.
_UNKNOWN_WORTH = 0.25
_NOUNS = frozenset("nljix")
#: Said around a sanction without changing which: 被诫勉了.
_VOICE = re.compile(r"^(?:被|受到?|挨|遭)|(?:处理|了|过|的)$")
_QUOTED = re.compile(r"[“\"‘「『]([^”\"’」』]{2,16})[”\"’」』]")
_COINED = re.compile(r"[一二三四五六七八九十两]{1,2}[个张项种级大条][^、，]|\d[\d+]+$")
#: 追不追责 asks about 追责, and not about 不追责.
_WHETHER = re.compile(r"([\u4e00-\u9fff])不(\1[\u4e00-\u9fff])")
_EMPTY_KINDS = frozenset({"m", "q", "r", "u", "y", "uj", "ul", "p", "c", "f", "t"})
#: A word of three or more characters counts in part where most of its bigrams are found.
_PART_NEEDED, _PART_WORTH = 0.6, 0.8
#: A word as common as this tells nothing; any other has a base weight, since a sentence that
#: lacks 事故 does not answer a question about accidents, however common the word is.
_UBIQUITOUS, _BASE, _TELLING = 0.12, 0.3, 0.15
#: The sanction that stands for any: 怎么罚, 有什么后果.
WHAT_FOLLOWS = "accountability"
#: What a word in the headings above is worth beside one in the sentence itself.
CONTEXT_WORTH = 0.9


@dataclass(frozen=True)
class Term:
    """A content word of the question.

    Args:
        word: as asked, simplified.
        weight: inverse document frequency times the worth of its kind.
        variants: the word and what regulations write for it.
        decides: whether an answer without it is none: a sanction asked about.
        known: whether it, or what regulations write for it, stands anywhere in the index.
    """

    word: str
    weight: float
    variants: tuple[str, ...]
    decides: bool = False
    known: bool = True

    def found_in(self, text: str) -> float:
        """How far *text* holds the word or a variant: 1 whole, less in part, 0 not."""
        if any(variant in text for variant in self.variants):
            return 1.0
        return max((_found(variant, text) for variant in self.variants), default=0.0)


def _found(word: str, text: str) -> float:
    if word in text:
        return 1.0
    pairs = _pairs(word)
    if not pairs:
        return 0.0
    share = sum(pair in text for pair in pairs) / len(pairs)
    return share * _PART_WORTH if share >= _PART_NEEDED else 0.0


@lru_cache(maxsize=8192)
def _pairs(word: str) -> tuple[str, ...]:
    """The character pairs of a word that may count in part; none of a short or Latin one."""
    if len(word) < 3 or word.isascii():
        return ()
    return tuple(word[i : i + 2] for i in range(len(word) - 1))


class Weights:
    """How rare words are in one index, from which terms get their weight.

    Args:
        chunks: all chunks of the index.
    """

    def __init__(self, chunks: Sequence[Chunk]) -> None:
        self._texts = [chunk.embedded for chunk in chunks]
        self._counts: Counter[str] = Counter()
        self._known: dict[str, int] = {}
        quoted = {name for text in self._texts for name in _QUOTED.findall(text)}
        #: Names that the documents coin by a number: 五个要严, 四张清单, 5+2, 3371.
        coined = (name for name in quoted if _COINED.match(name))
        self.coined = tuple(sorted(coined, key=lambda name: (-len(name), name)))

    def rarity(self, word: str) -> float:
        """Inverse document frequency of *word*, in nats, scaled to 1 for a word not there."""
        if word not in self._known:
            self._known[word] = sum(word in text for text in self._texts)
        total = len(self._texts)
        return math.log((total + 1) / (self._known[word] + 0.5)) / math.log(2 * (total + 1))

    def knows(self, word: str) -> bool:
        """Whether the word stands anywhere in the index."""
        return self.rarity(word) < 1.0


def content_terms(
    text: str, asking: re.Pattern[str], stop: frozenset[str], weights: Weights
) -> tuple[Term, ...]:
    """The weighted content words of *text*, each once.

    Set phrases and everyday words of the lexicon are taken whole, with what regulations write for
    them; the rest is cut into words.

    Args:
        text: a question without place and office, simplified.
        asking: the phrases that only ask.
        stop: words that carry no content.
        weights: the rarity of words in the index.
    """
    found: dict[str, Term] = {}
    text = _WHETHER.sub(_asserted, text)
    rest = text
    for quoted in _QUOTED.finditer(text):  # what is set in marks is asked about as a whole
        found[quoted[1]] = _term(quoted[1], (), 1.0, weights)
        rest = rest[: quoted.start()] + " " * len(quoted[0]) + rest[quoted.end() :]
    for name in weights.coined:  # cut into words it would say nothing: 五个, 要, 严
        if name in rest:
            found[name] = _term(name, (), 1.0, weights)
            rest = rest.replace(name, " " * len(name))
    for start, end, words, variants in _mentions(rest):
        if words not in stop and len(words) > 1 and not asking.fullmatch(words):
            found[words] = _term(words, variants, 1.0, weights)
            named = sanctions().find(words)
            kinds = [kind for mention in named for kind in _kinds_of(mention.term.id)]
            if kinds:
                # 怎么罚, 问责 say only that there is a sanction, not which: any will do.
                found[words] = _term(words, (*variants, *kinds), 1.0, weights)
            if named:
                found[words] = replace(found[words], decides=True)
            rest = rest[:start] + " " * (end - start) + rest[end:]
    for token in jieba.posseg.cut(asking.sub(" ", rest)):
        word = token.word.strip().lower()
        if _carries_content(word, token.flag, stop):
            worth = _WEIGHT_OF_KIND.get(token.flag[:1], _OTHER_KIND)
            if token.flag[:1] not in _NOUNS and not weights.knows(word):
                worth *= _UNKNOWN_WORTH
            found.setdefault(word, _term(word, (), worth, weights))
    telling = tuple(term for term in found.values() if term.weight >= _TELLING)
    return telling or tuple(found.values())


def _asserted(asked: re.Match[str]) -> str:
    """The verb of two characters that is doubled, where it is one."""
    return asked[2] if is_word(asked[2]) or sanctions().find(asked[2]) else asked[0]


@lru_cache(maxsize=64)
def _kinds_of(sanction: str) -> tuple[str, ...]:
    """What regulations write for the kinds of a wide sanction; none for one that has no kinds.

    问责 has all that are no reward, 一票否决 what it forbids.
    """
    kinds = [term for term in sanctions().all if term.part_of == sanction]
    if sanction == WHAT_FOLLOWS:
        kinds = [term for term in sanctions().all if term.kind != "reward"]
    forbids = (word for term in kinds for word in term.words if word.startswith(("不得", "取消")))
    return tuple(dict.fromkeys((*(term.name for term in kinds), *forbids)))


def _mentions(text: str) -> list[tuple[int, int, str, tuple[str, ...]]]:
    """Lexicon entries that *text* names, longest first wins: start, end, words, variants."""
    mentions = [(m.start, m.end, m.words, m.term.write) for m in synonyms().find(text)]
    mentions += [(m.start, m.end, m.words, m.term.words) for m in sanctions().find(text)]
    mentions += [
        (m.start, m.end, m.words, (m.term.name, *m.term.means)) for m in abbreviations().find(text)
    ]
    kept: dict[tuple[int, int], tuple[int, int, str, tuple[str, ...]]] = {}
    for start, end, words, variants in sorted(mentions, key=lambda m: m[0] - m[1]):
        same = kept.get((start, end))
        if same is not None:
            kept[start, end] = (start, end, words, (*same[3], *variants))
        elif all(end <= other[0] or start >= other[1] for other in kept):
            kept[start, end] = (start, end, words, tuple(variants))
    return sorted(kept.values())


def _carries_content(word: str, kind: str, stop: frozenset[str]) -> bool:
    if not word or word in stop or not re.search(r"\w", word):
        return False
    if word[0].isdigit() or (len(word) == 1 and not word.isascii()):
        return False
    if len(word) == 2 and not word.isascii() and not is_word(word):
        return False  # two characters that the dictionary does not know: a wrong cut (得议, 要学)
    return len(word) > 2 or kind not in _EMPTY_KINDS


def _term(word: str, variants: Iterable[str], worth: float, weights: Weights) -> Term:
    # 问责 would make any mention of it an answer to 问责方式: a variant must say as much.
    bare = _VOICE.sub("", word)
    narrow = (v for v in variants if v == bare or v not in bare)
    forms = tuple(dict.fromkeys((word.lower(), *narrow)))
    rarest = min(weights.rarity(form) for form in forms)
    if rarest < _UBIQUITOUS:
        return Term(word, rarest * worth, forms)
    known = any(weights.knows(form) for form in forms)
    return Term(word, (_BASE + (1 - _BASE) * rarest) * worth, forms, known=known)


def coverage(terms: Sequence[Term], text: str, context: str = "") -> float:
    """The share of the terms' weight that *text* holds, its *context* counting almost as much.

    Returns:
        0 to 1; 1 where there are no terms.
    """
    total = sum(term.weight for term in terms)
    if not total:
        return 1.0
    held = sum(
        term.weight * max(term.found_in(text), CONTEXT_WORTH * term.found_in(context))
        for term in terms
    )
    return held / total


def shares_wording(question: str, text: str) -> float:
    """The share of the question's bigrams that *text* has word for word, to tell equals apart."""
    asked = set(tokens(question))
    return len(asked & set(tokens(text))) / len(asked) if asked else 0.0
