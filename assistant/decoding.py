"""What was meant by a stretch of characters and Latin letters: a noisy channel, decoded by Viterbi.

The likeliest way through the stretch, word by word of the vocabulary, each character of a word
typed as itself, as another of the same sound or shape, or as its syllable in Latin letters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from assistant.sounds import blurred, is_han, sound_of, spelt, syllables_at
from assistant.vocabulary import Node, Vocabulary, Word
from index.lexicon.slips import readings

#: What a character costs that is typed as another: of its sound, nearly so, or of its shape.
SAME_SOUND, NEAR_SOUND, SAME_SHAPE = 6.5, 8.0, 7.0
#: What a syllable costs that is typed as its neighbour: zeren as zheren.
_NEAR_SYLLABLE = 2.5
#: What a Latin letter costs that belongs to no word, and a character that does not.
_STRAY_LETTER, _STRAY_CHARACTER = 14.0, 15.0
#: Numerals, negations, particles: a slip in them is never mended, nor one into them.
_FIXED = frozenset("零〇一二三四五六七八九十百千万亿两几不没无非否勿的了着过呢吧啊呀吗么个")
_NEVER = float("inf")
_LONGEST_WORD, _LONGEST_MENDED = 12, 6


@dataclass(frozen=True, slots=True)
class Piece:
    """A word that ``text[start:end]`` stands for, and how much the reading costs."""

    start: int
    end: int
    word: str
    cost: float


@dataclass(frozen=True, slots=True)
class _Step:
    """One character of a word, as typed: where it begins and ends in the text."""

    start: int
    end: int
    han: bool


@dataclass(frozen=True)
class Stretch:
    """What is to be read.

    Args:
        text: small letters and characters without blanks between them.
        breaks: positions where a blank or apostrophe stood: no syllable goes across them.
        mendable: how much dearer than usual it is to mend the character at a position; a
            character that is not listed stays as it is.
    """

    text: str
    breaks: frozenset[int] = frozenset()
    mendable: Mapping[int, float] = field(default_factory=dict)


class Decoder:
    """Reads stretches by one vocabulary.

    Args:
        vocabulary: the words that may have been meant.
        look_alikes: character → characters that are mistaken for it by their shape.
    """

    def __init__(self, vocabulary: Vocabulary, look_alikes: Mapping[str, str]) -> None:
        self._vocabulary = vocabulary
        self._look_alikes = look_alikes

    def read(self, stretch: Stretch) -> tuple[Piece, ...]:
        """The likeliest words of *stretch*, from left to right."""
        size = len(stretch.text)
        best: list[Piece | None] = [None] * (size + 1)
        reached = [0.0] + [_NEVER] * size
        for start in range(size):
            if reached[start] == _NEVER:
                continue
            for piece in self._pieces(stretch, start):
                total = reached[start] + piece.cost
                if total < reached[piece.end]:
                    reached[piece.end], best[piece.end] = total, piece
        pieces: list[Piece] = []
        last = best[size]
        while last is not None:
            pieces.append(last)
            last = best[last.start]
        return tuple(reversed(pieces))

    def _pieces(self, stretch: Stretch, start: int) -> Iterator[Piece]:
        yield self._stray(stretch.text, start)
        if is_han(stretch.text[start]):
            yield from self._as_typed(stretch.text, start)
        else:
            yield from self._lone_syllables(stretch, start)
        if self._may_differ(stretch, start):
            yield from self._words_from(stretch, self._vocabulary.root, start, ())

    def _stray(self, text: str, start: int) -> Piece:
        if not is_han(text[start]):
            return Piece(start, start + 1, text[start], _STRAY_LETTER)
        known = self._vocabulary.get(text[start])
        cost = min(known.cost, _STRAY_CHARACTER) if known else _STRAY_CHARACTER
        return Piece(start, start + 1, text[start], cost)

    def _as_typed(self, text: str, start: int) -> Iterator[Piece]:
        for end in range(start + 2, min(start + _LONGEST_WORD, len(text)) + 1):
            known = self._vocabulary.get(text[start:end])
            if known is not None:
                yield Piece(start, end, known.text, known.cost)

    def _lone_syllables(self, stretch: Stretch, start: int) -> Iterator[Piece]:
        for end, sounds in self._next(stretch, start):
            for word in self._vocabulary.singles.get(sounds[0], ()):
                near = word.sounds[0] != spelt(stretch.text[start:end])
                yield Piece(start, end, word.text, word.cost + near * _NEAR_SYLLABLE)

    @staticmethod
    def _may_differ(stretch: Stretch, start: int) -> bool:
        """Whether a word that begins here may be typed otherwise than it is written."""
        reach = range(start, min(start + _LONGEST_WORD, len(stretch.text)))
        if any(not is_han(stretch.text[at]) for at in reach):
            return True
        return any(at in stretch.mendable for at in reach[:_LONGEST_MENDED])

    def _words_from(
        self, stretch: Stretch, node: Node, position: int, steps: tuple[_Step, ...]
    ) -> Iterator[Piece]:
        """Every word that *steps* and what follows them may stand for."""
        for word in node.words:
            cost = self._channel(stretch, word, steps)
            if cost < _NEVER:
                yield Piece(steps[0].start, position, word.text, word.cost + cost)
        if position == len(stretch.text) or len(steps) == _LONGEST_WORD:
            return
        for end, sounds in self._next(stretch, position):
            step = _Step(position, end, is_han(stretch.text[position]))
            for sound in sounds:
                after = node.next.get(sound)
                if after is not None:
                    yield from self._words_from(stretch, after, end, (*steps, step))

    def _next(self, stretch: Stretch, position: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Where the character or syllable at *position* ends, and what it may sound like."""
        character = stretch.text[position]
        if is_han(character):
            yield position + 1, self._sounds(character, shapes=bool(stretch.mendable))
            return
        for end in syllables_at(stretch.text, position):
            if not any(position < at < end for at in stretch.breaks):
                yield end, (blurred(spelt(stretch.text[position:end])),)

    def _sounds(self, character: str, *, shapes: bool) -> tuple[str, ...]:
        like = self._look_alikes.get(character, "") if shapes else ""
        sounds = (blurred(sound) for one in character + like for sound in readings(one)[:2])
        return tuple(dict.fromkeys(sounds))

    def _channel(self, stretch: Stretch, word: Word, steps: tuple[_Step, ...]) -> float:
        """What it costs to have typed *word* so; `_NEVER` where nobody would."""
        cost, mended = 0.0, 0
        for character, sound, step in zip(word.text, word.sounds, steps, strict=True):
            typed = stretch.text[step.start : step.end]
            if not step.han:
                cost += 0.0 if spelt(typed) == sound else _NEAR_SYLLABLE
            elif typed != character:
                mended += 1
                slip = self._slip(typed, character, sound, long=len(word.text) > 2)
                cost += slip + stretch.mendable.get(step.start, _NEVER)
                if cost >= _NEVER:
                    return _NEVER
        # A slip is mended only into what the edition or the lexicon says, and never all of a word.
        may_be = word.target and mended * 2 <= len(word.text)
        return cost if may_be or not mended else _NEVER

    def _slip(self, typed: str, meant: str, sound: str, *, long: bool) -> float:
        if typed in _FIXED or meant in _FIXED:
            return _NEVER
        if sound == sound_of(typed):
            return SAME_SOUND
        if meant in self._look_alikes.get(typed, ""):
            return SAME_SHAPE
        if long and blurred(sound) == blurred(sound_of(typed)):
            return NEAR_SOUND
        return _NEVER
