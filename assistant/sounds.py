"""How characters sound: syllables without tones, and which of them many people confuse."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from pypinyin.constants import PHRASES_DICT, PINYIN_DICT
from pypinyin.contrib.tone_convert import to_normal

from index.lexicon.slips import readings

#: Initials and finals that speakers of many dialects do not tell apart: clear → blurred.
_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))
#: F and H before U: hu for fu, hui for fei.
_F_AS_H = {"fu": "hu", "fei": "hui", "fan": "huan", "fang": "huan", "fen": "hun", "feng": "hun"}
_LONGEST_SYLLABLE = 6
_HAN = ("\u4e00", "\u9fff")
#: Phrases whose characters sound otherwise than alone, with their syllables.
_PHRASES: dict[str, list[list[str]]] = PHRASES_DICT


def is_han(character: str) -> bool:
    """Whether it is a Chinese character."""
    return _HAN[0] <= character <= _HAN[1]


@lru_cache(maxsize=4096)
def blurred(syllable: str) -> str:
    """The syllable as those hear it who tell none of its neighbours apart.

    >>> blurred("zheng") == blurred("zen"), blurred("lan") == blurred("nang")
    (True, True)
    """
    if syllable in _F_AS_H:
        syllable = _F_AS_H[syllable]
    for clear, blur in _INITIALS:
        if syllable.startswith(clear):
            syllable = blur + syllable.removeprefix(clear)
            break
    return syllable.removesuffix("g") if syllable.endswith("ng") else syllable


@lru_cache(maxsize=1)
def typed_syllables() -> frozenset[str]:
    """Every syllable that somebody may type: those of the language and their confusions."""
    common = (c for c in map(chr, PINYIN_DICT) if is_han(c) and in_use(c))
    plain = {reading for c in common for reading in readings(c)[:1]}
    plain = {s for s in plain if s.isascii() and s.isalpha() and any(v in s for v in "aeiouv")}
    plain -= {"o", "e", "a", "ei", "yo", "den", "eng", "nia", "lo"}
    confused = {other for syllable in plain for other in _confusions(syllable)}
    return frozenset(plain | confused | {"e", "lue", "nue", "lyu", "nyu"})


def in_use(character: str) -> bool:
    """Whether it is one of the simplified characters that everybody types."""
    try:
        return len(character.encode("gb2312")) > 1
    except UnicodeEncodeError:
        return False


def _confusions(syllable: str) -> Iterator[str]:
    for clear, blur in _INITIALS[:3]:
        if syllable.startswith(clear):
            yield blur + syllable.removeprefix(clear)
        elif syllable.startswith(blur):
            yield clear + syllable.removeprefix(blur)
    if syllable.endswith(("in", "en", "an")):
        yield syllable + "g"
    elif syllable.endswith(("ing", "eng", "ang")):
        yield syllable.removesuffix("g")


def spelt(syllable: str) -> str:
    """The usual spelling of a syllable: lyu and lue as lv and lve."""
    return {"lyu": "lv", "nyu": "nv", "lue": "lve", "nue": "nve"}.get(syllable, syllable)


def syllables_at(letters: str, start: int) -> Iterator[int]:
    """Where a syllable that begins at *start* may end."""
    known = typed_syllables()
    for end in range(start + 1, min(start + _LONGEST_SYLLABLE, len(letters)) + 1):
        if letters[start:end] in known:
            yield end


@lru_cache(maxsize=2048)
def is_pinyin(word: str) -> bool:
    """Whether all of *word*, in small letters, falls into syllables."""
    reached = {0}
    for position in range(len(word)):
        if position in reached:
            reached.update(syllables_at(word, position))
    return bool(word) and len(word) in reached


def syllables_of(word: str) -> tuple[str, ...]:
    """The syllables of a Chinese word; empty where a character of it is none."""
    if not all(map(is_han, word)):
        return ()
    sounds: list[str] = []
    while len(sounds) < len(word):
        at = len(sounds)
        phrase = next((word[at : at + n] for n in (4, 3, 2) if word[at : at + n] in _PHRASES), "")
        if phrase and len(phrase) == len(_PHRASES[phrase]):
            sounds += [_toneless(one[0]) for one in _PHRASES[phrase]]
        else:
            sounds.append(sound_of(word[at]))
    return tuple(sounds)


def sound_of(character: str) -> str:
    """The usual sound of a character, without its tone."""
    return readings(character)[0]


@lru_cache(maxsize=4096)
def _toneless(syllable: str) -> str:
    return str(to_normal(syllable))
