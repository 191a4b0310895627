"""BM25 over Chinese: character bigrams, with Latin words and numbers whole.

Bigrams need no dictionary, so 第一责任人 and 双随机一公开 match as typed; measured beside words
they rank as well (project notes).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import bm25s
import numpy as np
import numpy.typing as npt
from opencc import OpenCC

_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9.%]+")


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    return OpenCC("t2s")


def simplify(text: str) -> str:
    """*text* in simplified characters and half-width letters, lower case; for matching only."""
    return str(_converter().convert(unicodedata.normalize("NFKC", text))).lower()


def tokens(text: str) -> list[str]:
    """The terms of *text*: bigrams of Chinese runs, single characters alone, other words whole.

    >>> tokens("每半年1次")
    ['每半', '半年', '1', '次']
    """
    found: list[str] = []
    for run in _RUN.findall(simplify(text)):
        if run[0].isascii() or len(run) == 1:
            found.append(run)
        else:
            found.extend(run[i : i + 2] for i in range(len(run) - 1))
    return found


def highest(scores: npt.NDArray[np.float32], k: int) -> list[int]:
    """The positions of the *k* highest scores above 0, highest first, of equals the earlier one.

    Only what may be among them is sorted: over a million scores that takes 6 ms instead of 28.

    >>> highest(np.array([0, 2, 1, 2], np.float32), 2)
    [1, 3]
    """
    places = np.flatnonzero(scores > 0)
    if len(places) > k > 0:
        least = np.partition(scores[places], len(places) - k)[len(places) - k]
        places = places[scores[places] >= least]
    order = np.argsort(-scores[places], kind="stable")[:k]
    found: list[int] = places[order].tolist()
    return found


class LexicalIndex:
    """BM25 (Robertson; the Lucene form of the formula) over texts, by their position."""

    def __init__(self, ranker: bm25s.BM25 | None) -> None:
        self._ranker = ranker

    @classmethod
    def of_nothing(cls) -> LexicalIndex:
        """An index over no texts, which BM25 itself cannot be."""
        return cls(None)

    @classmethod
    def build(cls, texts: Sequence[str]) -> LexicalIndex:
        """An index over *texts*; at least one must hold a term."""
        ranker = bm25s.BM25(method="lucene")
        # Each term is held once, not at every place: less than half the memory.
        held: dict[str, str] = {}
        terms = [[held.setdefault(term, term) for term in tokens(text)] for text in texts]
        ranker.index(terms, show_progress=False)
        return cls(ranker)

    @classmethod
    def open(cls, folder: Path) -> LexicalIndex:
        """The index saved in *folder*."""
        return cls(bm25s.BM25.load(str(folder), load_corpus=False))

    def save(self, folder: Path) -> None:
        """Write the index into *folder*; one over nothing is not written."""
        if self._ranker is not None:
            self._ranker.save(str(folder), show_progress=False)

    def scores(self, query: str) -> npt.NDArray[np.float32]:
        """The BM25 score of each text for *query*, float32 [texts]; 0 where no term is shared."""
        if self._ranker is None:
            return np.zeros(0, dtype=np.float32)
        known = [t for t in tokens(query) if t in self._ranker.vocab_dict]
        if not known:
            return np.zeros(self._ranker.scores["num_docs"], dtype=np.float32)
        return np.asarray(self._ranker.get_scores(known), dtype=np.float32)

    def __len__(self) -> int:
        return int(self._ranker.scores["num_docs"]) if self._ranker is not None else 0
