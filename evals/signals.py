"""What speaks for an article: the numbers that `evals.fusion` weighs, for some hundred candidates.

question → candidates of BM25, of the vectors and of known questions → a row of numbers for each
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from evals.articles import Library
from evals.known import KnownQuestions, Votes
from index.embeddings import Reading, Vectors

#: The numbers of a candidate, in this order.
SIGNALS = (
    "lexical",  # BM25 over character bigrams
    "late",  # MaxSim over the encoder's token vectors
    "coherence",  # how much of what fits best is of the same law
    "before",  # cosine of the article before it
    "behind",  # cosine of the article behind it
    "asked",  # near known questions that it answers
    "asked_words",  # the same, near by BM25
    "law",  # near known questions that its law answers, as a share
    "law_cautious",  # the same, with more left for the laws that they know nothing of
    "nearest",  # how near the nearest known question is
    "size",  # how many articles its law has
)
#: Those that need no known questions.
UNLED = ("lexical", "late", "coherence", "before", "behind", "size")
#: Of each ranking, how many become candidates.
LEXICAL, DENSE = 80, 120
#: So many of the laws that hold most of what is nearest give so many articles nearest in meaning.
IN_NEAR_LAWS = (3, 100)
#: So many of the laws that known questions point to most, taken together, give so many articles
#: nearest in meaning; the first also give those nearest in words.
IN_LAWS = ((3, 100), (10, 100))
IN_LAWS_LEXICAL = (3, 50)
_SHARPNESS = 0.03
_SHARPNESS_DENSE = 0.05
_LEAST_SHARE = 0.01
#: Weight beside the known questions' own for all that they know nothing of.
_UNKNOWN, _UNKNOWN_CAUTIOUS = 0.1, 1.0

Positions = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Candidates:
    """Articles that may answer a question.

    Args:
        positions: int64 [candidates].
        signals: float32 [candidates, len(SIGNALS)].
    """

    positions: Positions
    signals: npt.NDArray[np.float32]


@dataclass(frozen=True)
class Desk:
    """What a question is put to: a library and what was asked of it before."""

    library: Library
    known: KnownQuestions

    @cached_property
    def law_of(self) -> npt.NDArray[np.int64]:
        """The law of each article, as a number."""
        return law_numbers(self.library)

    @cached_property
    def law_sizes(self) -> npt.NDArray[np.int64]:
        """How many articles each law has."""
        return np.bincount(self.law_of)

    def candidates(self, question: str, barred: Collection[int] = ()) -> Candidates:
        """The candidates for *question*; known questions at the places *barred* say nothing."""
        return self.candidates_as_read(
            question, self.library.embeddings.read_query(question), barred
        )

    def candidates_as_read(
        self, question: str, reading: Reading, barred: Collection[int] = ()
    ) -> Candidates:
        """As `candidates`, for a question that the encoder has read."""
        lexical = self.library.lexical.scores(question)
        similar = self.library.vectors @ reading.vector
        votes = self.known.votes(question, barred)
        positions = self._collect(lexical, similar, votes)
        late = self.late(reading, positions)
        laws = self.law_of[positions]
        columns = (
            lexical[positions],
            late,
            _coherence(laws, late),
            similar[np.maximum(positions - 1, 0)],
            similar[np.minimum(positions + 1, len(similar) - 1)],
            _logs(positions, votes.by_meaning, 1.0),
            _logs(positions, votes.by_words, 5.0),
            _shares(laws, votes, _UNKNOWN),
            _shares(laws, votes, _UNKNOWN_CAUTIOUS),
            np.full(len(positions), votes.nearest),
            np.log(self.law_sizes[laws]),
        )
        return Candidates(positions, np.stack(columns, axis=1).astype(np.float32))

    def late(self, reading: Reading, positions: Positions) -> Vectors:
        """MaxSim of the question with some articles, float32 [positions]."""
        tokens = self.library.tokens
        similarities = tokens.similarities(tokens.centred(reading.tokens), positions.tolist())
        tokens.release()
        means = [float(found.max(axis=1).mean()) for found in similarities]
        return np.array(means, np.float32)

    def _collect(self, lexical: Vectors, similar: Vectors, votes: Votes) -> Positions:
        nearest = best(similar, DENSE)
        found = [best(lexical, LEXICAL), nearest, np.array([*votes.by_meaning], np.int64)]
        voted = sorted(votes.by_law, key=lambda law: -votes.by_law[law])
        near = self._laws_of(nearest, similar)
        sources = [(similar, near, IN_NEAR_LAWS), (lexical, voted, IN_LAWS_LEXICAL)]
        sources += [(similar, voted, each) for each in IN_LAWS]
        for scores, laws, (most, count) in sources:
            inside = np.flatnonzero(np.isin(self.law_of, laws[:most]))
            found.append(inside[best(scores[inside], count)])
        return np.unique(np.concatenate(found))

    def _laws_of(self, nearest: Positions, similar: Vectors) -> list[int]:
        """The laws of the *nearest* articles, the one with most of what is nearest first."""
        weights = np.exp((similar[nearest] - similar[nearest[0]]) / _SHARPNESS_DENSE)
        sums = np.bincount(self.law_of[nearest], weights)
        return [int(law) for law in np.argsort(-sums, kind="stable") if sums[law] > 0]


def law_numbers(library: Library) -> npt.NDArray[np.int64]:
    """The law of each article, as a number."""
    numbers: dict[str, int] = {}
    laws = (numbers.setdefault(article.law, len(numbers)) for article in library.articles)
    return np.fromiter(laws, np.int64, len(library.articles))


def best(scores: Vectors, count: int) -> Positions:
    """The places of the *count* largest scores, largest first; the earlier one of equals."""
    if count < len(scores):
        some = np.argpartition(-scores, count)[:count]
    else:
        some = np.arange(len(scores))
    return some[np.lexsort((some, -scores[some]))].astype(np.int64)


def _coherence(laws: Positions, late: Vectors) -> Vectors:
    """The logarithm of each candidate's law's share of what fits best, token by token."""
    weights = np.exp((late - late.max()) / _SHARPNESS)
    sums = np.zeros(int(laws.max()) + 1)
    np.add.at(sums, laws, weights)
    return np.asarray(np.log(sums[laws] / weights.sum() + _LEAST_SHARE), np.float32)


def _logs(positions: Positions, votes: Mapping[int, float], unit: float) -> Vectors:
    found = np.array([votes.get(int(position), 0.0) for position in positions], np.float32)
    return np.asarray(np.log1p(found / unit), np.float32)


def _shares(laws: Positions, votes: Votes, unknown: float) -> Vectors:
    """The logarithm of the known questions' share that each candidate's law has."""
    found = np.array([votes.by_law.get(int(law), 0.0) for law in laws], np.float32)
    return np.asarray(np.log((found + unknown) / (votes.total + unknown)), np.float32)
