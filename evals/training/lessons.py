"""What the encoder learns from: questions with passages that answer them, and some that do not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evals.training.example import Candidated, Example

#: The hardest wrong passages of an example that are kept.
_HARD = 4


@dataclass(frozen=True)
class Passage:
    """A text with the stretches in it that are told apart.

    Args:
        text: what the encoder reads.
        words_from: where its own words begin; before them stand title and headings.
        stretches: start, end and label (1 right, 0 wrong, -1 neither) of each.
    """

    text: str
    words_from: int
    stretches: tuple[tuple[int, int, int], ...]

    @classmethod
    def whole(cls, context: str, words: str, *, is_right: bool) -> Passage:
        """A passage that answers as a whole, or not at all."""
        start, text = len(context) + 1, f"{context}\n{words}"
        return cls(text, start, ((start, len(text), int(is_right)),))


@dataclass(frozen=True)
class Lesson:
    """A question with passages that answer it, any one of them by itself, and wrong ones."""

    question: str
    right: tuple[Passage, ...]
    wrong: tuple[Passage, ...]


def of_examples(texts: Sequence[str], found: Sequence[Example]) -> Iterator[Lesson]:
    """The lessons in labelled examples: questions that are answered, with the hardest wrong chunks.

    Args:
        texts: the embedded text of each chunk.
        found: the examples; their candidates name chunks by position.
    """
    for example in found:
        by_chunk: dict[int, list[Candidated]] = {}
        for candidate in example.candidates:
            if candidate.position >= 0:
                by_chunk.setdefault(candidate.position, []).append(candidate)
        right = [n for n, inside in by_chunk.items() if any(c.label == 1 for c in inside)]
        if not right:  # a list: its items are right
            right = [
                n
                for n, inside in by_chunk.items()
                if example.answered and any(c.label == -1 and not c.is_list for c in inside)
            ]
        wrong = [n for n, inside in by_chunk.items() if all(c.label == 0 for c in inside)]
        if right:
            yield Lesson(
                example.question,
                (_passage(texts[right[0]], by_chunk[right[0]], is_right=True),),
                tuple(_passage(texts[n], by_chunk[n], is_right=False) for n in wrong[:_HARD]),
            )


def _passage(text: str, inside: Sequence[Candidated], *, is_right: bool) -> Passage:
    is_promoted = is_right and all(c.label != 1 for c in inside)
    stretches = tuple(
        (c.start, c.end, 1 if is_promoted and c.label == -1 else c.label) for c in inside
    )
    return Passage(text, inside[0].words_from, stretches)
