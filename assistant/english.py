"""English words of a question, read as the Chinese ones that regulations and askers use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from index.lexicon.loading import LexiconError, read_yaml, texts
from index.lexicon.offices import Offices
from index.lexicon.terms import sanctions, synonyms

_FILE = "english.yaml"
_WORD = re.compile(r"[a-z]+")
_RUN = re.compile(r"[A-Za-z]+(?:[ \-]+[A-Za-z]+)*")
_LONGEST = 9
#: A question that begins so is answered with yes or no.
_AUXILIARIES = frozenset(
    {"is", "are", "was", "were", "do", "does", "did", "can", "could", "may", "might", "must"}
    | {"should", "shall", "has", "have", "will", "would"}
)
#: Left out inside phrases: chair of the committee is found as chair committee.
_GLUE = frozenset({"a", "an", "th", "the", "of", "to", "for", "on", "in", "at", "by", "with", "be"})
#: the deputy mayor who is in charge of safety is the deputy mayor in charge of safety.
_WHO_IS = re.compile(
    r"(?<=\w),? (?:who|that|which) (?:is|are|was|were) (?=in charge|responsible)", re.I
)
YES_NO = "吗"


@dataclass(frozen=True)
class Translation:
    """What an English phrase is read as; `asking` where it only asks."""

    chinese: str
    asking: bool


class English:
    """The phrases, by their stems.

    Args:
        drop: words that carry nothing.
        phrases: English phrase → what it is read as; of two for one phrase the first counts.
    """

    def __init__(self, drop: Iterable[str], phrases: Iterable[tuple[str, Translation]]) -> None:
        self._drop = frozenset(drop)
        self._phrases: dict[tuple[str, ...], Translation] = {}
        words = {stem(word) for word in self._drop}
        for phrase, translation in phrases:
            stems = tuple(map(stem, _WORD.findall(phrase.lower())))
            words.update(stems)
            self._phrases.setdefault(stems, translation)
            bare = _bare(stems)
            if len(bare) > 1:  # on duty is not duty
                self._phrases.setdefault(bare, translation)
        self._words = frozenset(words)

    @classmethod
    @lru_cache(maxsize=1)
    def load(cls) -> English:
        """The shipped phrases, and the English names in the other files of the lexicon.

        Raises:
            LexiconError: the file is damaged.
        """
        content = read_yaml(_FILE, ("drop", "asking", "terms"))
        own = [
            *_section(content["asking"], "asking", asking=True),
            *_section(content["terms"], "terms", asking=False),
        ]
        return cls(texts(content["drop"], _FILE, "drop"), [*own, *_from_lexicon()])

    @staticmethod
    def joined(text: str) -> str:
        """*text* with what is told of a post joined to it."""
        return _WHO_IS.sub(" ", text)

    def knows(self, word: str) -> bool:
        """Whether *word* is part of an English phrase, or a small word."""
        return stem(word.lower()) in self._words

    def within(self, text: str) -> str:
        """*text* in Chinese with the English phrases in it translated where they stand."""
        return _RUN.sub(lambda run: self._in_place(run[0]), text)

    def _in_place(self, run: str) -> str:
        found = self.translate(run.split())
        if not any(isinstance(part, Translation) for part in found):
            return run
        return "".join(p.chinese if isinstance(p, Translation) else f" {p} " for p in found)

    def translate(self, words: list[str]) -> list[str | Translation]:
        """*words* phrase by phrase, the longest first; an unknown word as it stands."""
        stems = [stem(word.lower()) for word in words]
        found: list[str | Translation] = []
        position = 0
        while position < len(words):
            translation, taken = self._at(stems, position)
            if translation is not None:
                found.append(translation)
            elif words[position].lower() not in self._drop:
                found.append(words[position])
            position += taken
        return found

    def _at(self, stems: list[str], start: int) -> tuple[Translation | None, int]:
        for size in range(min(_LONGEST, len(stems) - start), 0, -1):
            words = tuple(stems[start : start + size])
            found = self._phrases.get(words)
            if found is None and not {words[0], words[-1]} & _GLUE:
                found = self._phrases.get(_bare(words))
            if found is not None:
                return found, size
        return None, 1


def _bare(stems: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in stems if word not in _GLUE)


def asks_yes_or_no(words: list[str]) -> bool:
    """Whether an English question that begins with *words* is answered with yes or no."""
    return bool(words) and words[0].lower() in _AUXILIARIES


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """*word* without its endings, alike for all its forms.

    >>> stem("punishes"), stem("punishing"), stem("duties"), stem("duty"), stem("handled")
    ('punish', 'punish', 'duty', 'duty', 'handl')
    """
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith(("sses", "shes", "ches", "xes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        word = word[:-1]
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) > len(ending) + 3:
            word = word.removesuffix(ending)
            if word[-1] == word[-2] and word[-1] not in "ls":
                word = word[:-1]
            break
    return word.removesuffix("e") if len(word) > 3 else word


def _section(content: Any, name: str, *, asking: bool) -> Iterator[tuple[str, Translation]]:
    if not isinstance(content, dict):
        raise LexiconError(f"词库文件 {_FILE}：{name} 应当是“中文: 英文的列表”的形式。")
    for chinese, phrases in content.items():
        for phrase in texts(phrases, _FILE, str(chinese)):
            yield phrase, Translation(str(chinese), asking)


def _from_lexicon() -> Iterator[tuple[str, Translation]]:
    """The English names of offices, sanctions and everyday words, as their first Chinese one."""
    for office in Offices.load().all:
        names = (*office.as_written, *office.as_spoken)
        for phrase in office.english:
            yield phrase, Translation(next(iter(names), office.name), asking=False)
            if office.has_head:
                head = Translation(f"{next(iter(names), office.name)}负责人", asking=False)
                yield from ((words, head) for words in (f"{phrase} head", f"head of {phrase}"))
    for sanction in sanctions():
        for phrase in sanction.english:
            yield phrase, Translation(sanction.name, asking=False)
    for synonym in synonyms():
        chinese = [word for word in synonym.say if not word.isascii()] or [*synonym.write]
        for phrase in synonym.say:
            if phrase.isascii() and _WORD.match(phrase):
                yield phrase, Translation(chinese[0], asking=False)
