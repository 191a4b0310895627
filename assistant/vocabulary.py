"""The words that people may have meant: those of the edition, of the lexicon, and common ones."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import jieba
import jieba.posseg

from assistant.phrases import Phrases
from assistant.sounds import blurred, in_use, is_han, syllables_of
from index.lexicon.loading import FOLDER, parse_yaml, read_yaml, texts
from index.lexicon.offices import Offices
from index.lexicon.terms import abbreviations, sanctions, synonyms, time_words

#: How much of the probability goes to the edition, to the language, to the lexicon.
_EDITION, _LANGUAGE, _LEXICON = 0.5, 0.3, 0.2
_COMMON, _LONGEST, _PHRASE = 200, 4, 6
#: How much oftener than any other entry of the lexicon a way of asking is typed.
_ASKING = 12.0
_RARE_CHARACTER = 3
_COMMON_VERB = 1500
#: Of the characters that sound alike, only so many can be meant by a lone syllable.
_HOMOPHONES = 12
_HAN_RUN = re.compile(r"[\u4e00-\u9fff]+")


class Word(NamedTuple):
    """A word or set phrase.

    Attributes:
        text: in simplified characters.
        sounds: its syllables without tones.
        cost: the negative logarithm of its probability.
        target: whether a slip may be mended into it: a word of the edition or the lexicon, or two
            longer ones that stand side by side in the edition.
    """

    text: str
    sounds: tuple[str, ...]
    cost: float
    target: bool


@dataclass(slots=True)
class Node:
    """Where words that begin with the same blurred syllables part."""

    next: dict[str, Node] = field(default_factory=dict)
    words: list[Word] = field(default_factory=list)


class Vocabulary:
    """Words by their sound.

    Args:
        texts: the documents of the edition.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        jieba.dt.initialize()
        jieba.posseg.dt.initialize()
        self._edition, self._phrases, self._pairs, single, total = _counted(texts)
        self._lexicon = _lexicon_phrases()
        known = Counter(self._edition)
        known.update(self._phrases)
        known.update(self._pairs)
        known.update(single)
        weight = sum(self._lexicon.values())
        language = jieba.dt.FREQ
        common = {
            word: count
            for word, count in language.items()
            if count >= _COMMON and 1 < len(word) <= _LONGEST
        }
        singles = (w for w, n in language.items() if len(w) == 1 and n >= _RARE_CHARACTER)
        self.root = Node()  # of the words of more than one character
        self._words: dict[str, Word] = {}
        # in a settled order: of two readings that are as likely the same is taken every time
        for text in sorted({*known, *self._lexicon, *common, *singles}):
            share = (
                _EDITION * known.get(text, 0) / total
                + _LANGUAGE * language.get(text, 0) / jieba.dt.total
                + _LEXICON * self._lexicon.get(text, 0) / weight
            )
            sounds = syllables_of(text)
            if share and sounds and all(map(in_use, text)):
                target = self.is_ours(text) or text in self._phrases
                self._add(Word(text, sounds, -math.log(share), target))
        self.singles = _by_sound(w for w in self._words.values() if len(w.text) == 1)

    def __contains__(self, text: str) -> bool:
        return text in self._words

    def get(self, text: str) -> Word | None:
        """The word that is written so."""
        return self._words.get(text)

    def is_ours(self, text: str) -> bool:
        """Whether it is a word of the edition or an entry of the lexicon: never a slip."""
        return text in self._edition or text in self._lexicon

    def is_known(self, text: str) -> bool:
        """Whether it stands in the edition or the lexicon, be it as two words side by side."""
        return self.is_ours(text) or text in self._phrases or text in self._pairs

    @staticmethod
    def is_verb(text: str) -> bool:
        """Whether it is a verb of one character that everybody uses."""
        tag = jieba.posseg.dt.word_tag_tab.get(text, "")
        common = jieba.dt.FREQ.get(text, 0) >= _COMMON_VERB
        return len(text) == 1 and common and tag.startswith("v")

    def _add(self, word: Word) -> None:
        self._words[word.text] = word
        if len(word.text) == 1:
            return
        node = self.root
        for sound in word.sounds:
            node = node.next.setdefault(blurred(sound), Node())
        node.words.append(word)


def _by_sound(words: Iterable[Word]) -> dict[str, list[Word]]:
    """Blurred syllable → the characters that sound so, the most frequent first."""
    found: dict[str, list[Word]] = {}
    for word in sorted(words, key=lambda word: word.cost):
        found.setdefault(blurred(word.sounds[0]), []).append(word)
    return {sound: characters[:_HOMOPHONES] for sound, characters in found.items()}


def _counted(
    texts: Iterable[str],
) -> tuple[Counter[str], Counter[str], Counter[str], Counter[str], int]:
    """The words of *texts*, pairs side by side, single characters, and how many words there are.

    Pairs of two longer words (挂牌督办) are told from those with a character (的领导).
    """
    words: Counter[str] = Counter()
    phrases: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    single: Counter[str] = Counter()
    for text in texts:
        for run in _HAN_RUN.findall(text):
            cut = jieba.lcut(run, HMM=False)
            for word in cut:
                (words if len(word) > 1 else single)[word] += 1
            for one, other in pairwise(cut):
                if len(one + other) <= _PHRASE:
                    long = len(one) > 1 and len(other) > 1
                    (phrases if long else pairs)[one + other] += 1
    return words, phrases, pairs, single, max(1, words.total())


def _lexicon_phrases() -> dict[str, float]:
    """The entries of the lexicon, with how often they are typed beside one another."""
    found: dict[str, float] = {}
    for text, worth in (
        *((text, _ASKING) for text in _ways_of_asking()),
        *((text, 1.0) for text in _entries()),
    ):
        if len(text) > 1 and all(map(is_han, text)):
            found[text] = max(worth, found.get(text, 0.0))
    return found


def _ways_of_asking() -> Iterator[str]:
    content = parse_yaml((FOLDER / "questions.yaml").read_text(encoding="utf-8"))
    for section, phrases in content.items():
        if section != "filler":
            yield from map(str, phrases)
    yield from typing_notes()["spoken"]


@lru_cache(maxsize=1)
def typing_notes() -> dict[str, tuple[str, ...]]:
    """What ``typing.yaml`` says, by section.

    Raises:
        LexiconError: the file is damaged.
    """
    file = "typing.yaml"
    content = read_yaml(file, ("look_alikes", "spoken"))
    return {name: texts(section, file, name) for name, section in content.items()}


def _entries() -> Iterator[str]:
    yield from Phrases.load().filler
    for synonym in synonyms():
        yield from (*synonym.say, *synonym.write)
    for terms in (sanctions(), time_words(), abbreviations()):
        for term in terms:
            yield from term.words
    for office in Offices.load().all:
        for name in (office.name, *office.as_written, *office.as_spoken):
            if len(name) <= _PHRASE:
                yield name
