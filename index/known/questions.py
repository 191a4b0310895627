"""The known questions of an edition, and the ones among them that a new question is nearest to.

A line of the file says of one document what answers some questions::

    {"document": "changzhou-2018", "answers": ["受到诫勉处理的，6个月内不得提拔或者重用；"],
     "questions": ["挨了诫勉多久不能往上走", …]}

``answers`` are exact words of the document, one entry for each sentence or item of the whole
answer; an entry may be a list of words that say the same in several places. Without any, the
document does not say what the questions ask. The questions name no place: the document is of one.
A line whose words no longer stand in the document is left out: a new wording forgets old answers.
That the document does not say something holds for the very text that was looked at, no other.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from index.errors import AnzeError
from index.known.answering import ANSWERING, Answering, key_of, read_answering, read_by
from index.known.metric import METRIC, Metric, read_metric
from index.known.vectors import KeptVectors, digest_of, read_vectors
from index.lexical import highest
from index.provision import Document

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import TfidfVectorizer

QUESTIONS = Path(__file__).with_name("questions.jsonl")
VECTORS = Path(__file__).with_name("vectors.safetensors")
_log = logging.getLogger(__name__)

_ANOTHERS = "问过的问题没有用上：它们的向量属于另一个模型。请运行 python -m index.known。"
_UNREAD = "有 %d 个问过的问题还没有向量，没有用上。请运行 python -m index.known。"

Floats = npt.NDArray[np.float32]
_NONE: Floats = np.empty((0, 0), np.float32)
_NO_NUMBERS: Floats = np.empty(0, np.float32)
#: Where an answer, or another that says the same, stands: start and end in the document's text.
Alternatives = tuple[tuple[int, int], ...]


class KnownQuestionsError(AnzeError):
    """A file of known questions says something that cannot be used."""


@dataclass(frozen=True)
class Entry:
    """A line of the file.

    Args:
        document: id of the document.
        answers: the whole answer, each part with the words that say the same; empty where the
            document does not say.
        questions: what was asked, without the place's name.
    """

    document: str
    answers: tuple[tuple[str, ...], ...]
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """A question that was asked of a document.

    Args:
        text: its words.
        document: the document's id.
        answers: the parts of the whole answer; empty where the document does not say.
        line: the short name of the line that holds it (`index.known.answering.key_of`).
    """

    text: str
    document: str
    answers: tuple[Alternatives, ...]
    line: bytes = b""


@dataclass(frozen=True)
class Near:
    """A known question, and how alike it is to a new one, 0 to 1."""

    likeness: float
    known: Known


@dataclass(frozen=True)
class Likely:
    """An answer, by the question of it that is most like the new one, and its probability."""

    probability: float
    near: Near


@dataclass(frozen=True)
class Asked:
    """A new question, ready to be compared with the known ones.

    Args:
        meaning: its vector, changed as theirs were, float32 [dimension].
        read: what tells its answer, float32 [2 * dimension]; empty where nothing does.
        words: the weights of its letters and pairs of letters (tf-idf), float32 [terms].
    """

    meaning: Floats
    read: Floats
    words: Floats


class KnownQuestions:
    """The known questions of some documents, ready to be compared with a new one.

    Args:
        known: the questions.
        vectors: how they are compared, float32 [questions, dimension], unit length.
        metric: what made these of the encoder's vectors; None where they are the encoder's.
        answering: what tells a question's answer, learnt with this *metric*; None for nothing.
    """

    def __init__(
        self,
        known: Sequence[Known],
        vectors: Floats,
        metric: Metric | None = None,
        answering: Answering | None = None,
    ) -> None:
        order = sorted(range(len(known)), key=lambda n: known[n].document)  # a stretch for each
        self._known = tuple(known[n] for n in order)
        self._vectors = vectors[order] if order else vectors
        self._metric = metric
        self._answering = answering if metric else None
        self._of: dict[str, slice] = {}
        for n, one in enumerate(self._known):
            start = self._of[one.document].start if one.document in self._of else n
            self._of[one.document] = slice(start, n + 1)
        self._asking: dict[bytes, list[int]] = {}
        for n, one in enumerate(self._known):
            self._asking.setdefault(one.line, []).append(n)

    @classmethod
    def shipped(
        cls,
        documents: Iterable[Document],
        reader: str,
        metric: Path = METRIC,
        answering: Path = ANSWERING,
    ) -> KnownQuestions:
        """Those of the file beside this module that were asked of *documents*.

        Args:
            documents: what may be read; nothing is known of any other.
            reader: digest of what reads questions. Where the vectors are another's, nothing is
                known: answers then rest on the text alone.
            metric: how questions are compared; as the encoder reads them where it is another's.
            answering: what tells a question's answer; nothing does where it is another's.

        Raises:
            KnownQuestionsError: the file is damaged.
        """
        vectors = read_vectors(VECTORS, reader)
        if vectors is None:
            _log.warning(_ANOTHERS)
            return cls((), _NONE)
        change, told = read_metric(metric, reader), read_answering(answering, reader)
        return cls.of(documents, read_entries(QUESTIONS), vectors, change, told)

    @classmethod
    def of(
        cls,
        documents: Iterable[Document],
        entries: Iterable[Entry],
        vectors: KeptVectors,
        metric: Metric | None = None,
        answering: Answering | None = None,
    ) -> KnownQuestions:
        """Those of *entries* whose words stand in *documents* and whose vectors are there."""
        texts = {document.id: document.text for document in documents}
        amended = {
            name for name, text in texts.items() if vectors.texts.get(name) != digest_of(text)
        }
        entries = (e for e in entries if e.answers or e.document not in amended)
        found = [known for entry in entries for known in _found(entry, texts)]
        kept = [known for known in found if known.text in vectors]
        if len(kept) < len(found):
            _log.warning(_UNREAD, len(found) - len(kept))
        if not kept:
            return cls((), _NONE)
        texts_kept = list(dict.fromkeys(known.text for known in kept))
        row = {text: n for n, text in enumerate(texts_kept)}
        read = vectors.of(texts_kept)
        compared = metric(read) if metric else read
        return cls(kept, compared[[row[known.text] for known in kept]], metric, answering)

    def __len__(self) -> int:
        return len(self._known)

    def has(self, documents: Collection[str]) -> bool:
        """Whether something was asked of any of *documents*, by their ids."""
        return any(name in self._of for name in documents)

    def without(self, texts: Collection[str | None]) -> KnownQuestions:
        """The others: to learn or measure how questions that are new do."""
        kept = [n for n, known in enumerate(self._known) if known.text not in texts]
        left = [self._known[n] for n in kept]
        return KnownQuestions(left, self._vectors[kept], self._metric, self._answering)

    def read(self, text: str, vector: Floats) -> Asked:
        """A new question, which the encoder reads as *vector*."""
        if not self._known:
            return Asked(vector, _NO_NUMBERS, _NO_NUMBERS)
        meaning = self._metric(vector) if self._metric else vector
        read = read_by(vector, meaning) if self._answering else _NO_NUMBERS
        weights, _ = self._words
        return Asked(meaning, read, weights.transform([_letters(text)]).toarray().ravel())

    @cached_property
    def _words(self) -> tuple[TfidfVectorizer, dict[str, csr_matrix]]:
        """What weighs letters and pairs of letters, and those of the questions of each document."""
        from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - slow

        weights = TfidfVectorizer(
            analyzer="char", ngram_range=(1, 2), sublinear_tf=True, dtype=np.float32
        )
        table = weights.fit_transform([_letters(one.text) for one in self._known])
        return weights, {document: table[stretch] for document, stretch in self._of.items()}

    def nearest_by_meaning(self, asked: Asked, documents: Collection[str], k: int) -> list[Near]:
        """The *k* questions asked of *documents* that are most alike, the most alike first.

        What has nothing in common with the new one is none of them.

        Args:
            asked: the new question; what counts is the cosine of the vectors.
            documents: ids.
            k: how many at most.
        """
        of = (
            (name, self._vectors[self._of[name]] @ asked.meaning)
            for name in self._inside(documents)
        )
        return self._best(of, k)

    def nearest_by_words(self, asked: Asked, documents: Collection[str], k: int) -> list[Near]:
        """As `nearest_by_meaning`, by the words' letters and pairs of letters, rare ones more."""
        inside = self._inside(documents)
        tables = self._words[1] if inside else {}
        return self._best(((name, tables[name] @ asked.words) for name in inside), k)

    def likeliest(self, asked: Asked, documents: Collection[str], k: int) -> list[Likely]:
        """The *k* likeliest answers among those of *documents*; none where nothing tells them.

        Args:
            asked: the new question.
            documents: ids.
            k: how many at most.
        """
        lines = [line for name in self._inside(documents) for line in self._lines.get(name, ())]
        if self._answering is None or not lines:
            return []
        rows = np.asarray([self._answering.rows[line] for line in lines])
        likely = self._answering(asked.read, rows)
        return [
            Likely(float(likely[n]), self._most_alike(asked, self._asking[lines[n]]))
            for n in highest(likely, k)
        ]

    def _most_alike(self, asked: Asked, among: Sequence[int]) -> Near:
        alike = self._vectors[among] @ asked.meaning
        best = int(alike.argmax())
        return Near(float(alike[best]), self._known[among[best]])

    @cached_property
    def _lines(self) -> dict[str, list[bytes]]:
        """The lines of each document that the network can tell."""
        rows = self._answering.rows if self._answering else {}
        found: dict[str, list[bytes]] = {}
        for line, asking in self._asking.items():
            if line in rows:
                found.setdefault(self._known[asking[0]].document, []).append(line)
        return found

    def _inside(self, documents: Collection[str]) -> list[str]:
        return [name for name in self._of if name in documents]

    def _best(self, likeness_of: Iterable[tuple[str, Floats]], k: int) -> list[Near]:
        found = [
            (float(alike[n]), self._of[name].start + n)
            for name, alike in likeness_of
            for n in highest(alike, k)
        ]
        found.sort(key=lambda one: (-one[0], one[1]))
        return [Near(likeness, self._known[n]) for likeness, n in found[:k]]


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())


def _found(entry: Entry, texts: Mapping[str, str]) -> Iterator[Known]:
    text = texts.get(entry.document)
    if text is None:
        return
    answers = tuple(tuple(_spans(same, text)) for same in entry.answers)
    line = key_of(entry.document, entry.answers)
    if all(answers):
        for question in entry.questions:
            yield Known(question, entry.document, answers, line)


def _spans(same: Sequence[str], text: str) -> Iterator[tuple[int, int]]:
    for words in same:  # often under more than one post, and the line does not say under which
        for match in re.finditer(re.escape(words), text):
            yield match.span()


def read_entries(path: Path) -> Iterator[Entry]:
    """The lines of *path*.

    Raises:
        KnownQuestionsError: it cannot be read, or a line says something else.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise KnownQuestionsError(f"读不了“问过的问题”文件 {path.name}：{error}。") from error
    for number, line in enumerate(lines, 1):
        try:
            yield _entry(json.loads(line))
        except (ValueError, TypeError, KeyError) as error:
            raise KnownQuestionsError(
                f"“问过的问题”文件 {path.name} 第 {number} 行不能用：每行要有 document、answers、"
                "questions 三样，且 answers 照抄文件原文。"
            ) from error


def _entry(row: Any) -> Entry:
    answers = tuple((same,) if isinstance(same, str) else tuple(same) for same in row["answers"])
    entry = Entry(row["document"], answers, tuple(row["questions"]))
    words = (entry.document, *entry.questions, *(one for same in answers for one in same))
    if set(row) != {"document", "answers", "questions"} or not all(map(_is_said, words)):
        raise ValueError(row)
    return entry


def _is_said(words: object) -> bool:
    return isinstance(words, str) and bool(words.strip())
