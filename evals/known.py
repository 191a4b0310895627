"""Questions whose articles are known: a new question is led by the ones it resembles.

Nothing of it is in the encoder: the questions are read from a file when ranking begins.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.embeddings import SentenceEmbeddings
from index.lexical import LexicalIndex

#: How many of the nearest known questions point to their articles, and how many to their laws.
NEAREST = 150
NEAREST_FOR_LAWS = 200
#: A known question weighs exp((cosine - 0.75) / 0.1): 1 where it is as near as the nearest is in
#: the median, e times as much for each tenth nearer.
_USUAL, _WIDTH = 0.75, 0.1


@dataclass(frozen=True)
class Asked:
    """A question.

    Args:
        id: its id in the file.
        text: its words.
        gold: positions of the articles that answer it; empty where that is not known.
    """

    id: str
    text: str
    gold: tuple[int, ...]


def read_questions(path: Path, positions: Mapping[str, int]) -> tuple[Asked, ...]:
    """The questions in *path*, JSON lines with ``id query`` and, where known, ``gold``.

    Args:
        path: the file.
        positions: of the articles, by id.

    Raises:
        OSError, ValueError, KeyError: it cannot be read, lacks a key or names an unknown article.
    """
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return tuple(
        Asked(row["id"], row["query"], tuple(positions[gold] for gold in row.get("gold", ())))
        for row in rows
    )


@dataclass(frozen=True)
class Votes:
    """What the known questions say to a new one.

    Args:
        by_meaning: for articles, the summed weight of the near questions that they answer.
        by_words: the same with BM25 between the questions.
        by_law: for laws, as `by_meaning`; a question's weight is divided among its laws.
        total: the weight of all near questions.
        nearest: cosine of the nearest one.
    """

    by_meaning: Mapping[int, float]
    by_words: Mapping[int, float]
    by_law: Mapping[int, float]
    total: float
    nearest: float


class KnownQuestions:
    """The benchmark's known questions, ready to be compared with a new one.

    Their answers are whole articles; those that the product knows (`index.known`) are answered by
    sentences and items.
    """

    def __init__(
        self, asked: Sequence[Asked], law_of: npt.NDArray[np.int64], embeddings: SentenceEmbeddings
    ) -> None:
        """Reads the questions.

        Args:
            asked: the questions; those without an article are left out.
            law_of: the law of each article, as a number.
            embeddings: reads them, and new ones.
        """
        self.asked = tuple(question for question in asked if question.gold)
        self.laws = tuple({int(law_of[gold]) for gold in q.gold} for q in self.asked)
        self._embeddings = embeddings
        texts = [question.text for question in self.asked]
        vectors = [embeddings.embed_alike(text) for text in texts]
        self._vectors = np.stack(vectors) if texts else None
        self._lexical = LexicalIndex.build(texts) if texts else LexicalIndex.of_nothing()

    def votes(self, text: str, barred: Collection[int] = ()) -> Votes:
        """What they say to a question.

        Args:
            text: its words.
            barred: known questions, by place, that are not to be asked (in training: itself).
        """
        if self._vectors is None or len(barred) >= len(self.asked):
            return Votes({}, {}, {}, 0.0, 0.0)
        cosines = self._vectors @ self._embeddings.embed_alike(text)
        scores = self._lexical.scores(text)
        cosines[list(barred)], scores[list(barred)] = -1, 0
        nearest = np.argsort(-cosines, kind="stable")
        weights = np.exp((cosines - _USUAL) / _WIDTH)
        for_laws = nearest[:NEAREST_FOR_LAWS]
        return Votes(
            self._of_articles(nearest[:NEAREST], weights),
            self._of_articles(np.argsort(-scores, kind="stable")[:NEAREST], scores),
            self._of_laws(for_laws, weights),
            float(weights[for_laws].sum()),
            float(cosines[nearest[0]]),
        )

    def _of_articles(
        self, places: npt.NDArray[np.int64], weights: npt.NDArray[np.float32]
    ) -> dict[int, float]:
        votes: dict[int, float] = {}
        for place in places:
            for gold in self.asked[place].gold:
                votes[gold] = votes.get(gold, 0.0) + float(weights[place])
        return votes

    def _of_laws(
        self, places: npt.NDArray[np.int64], weights: npt.NDArray[np.float32]
    ) -> dict[int, float]:
        votes: dict[int, float] = {}
        for place in places:
            laws = self.laws[place]
            for law in laws:
                votes[law] = votes.get(law, 0.0) + float(weights[place]) / len(laws)
        return votes
