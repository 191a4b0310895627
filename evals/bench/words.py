"""BM25 over words, which `index.lexical` decided against: jieba's cut for search."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from pathlib import Path

import bm25s
import jieba
import numpy as np
import numpy.typing as npt

from index.lexical import simplify

_HAS_WORD = re.compile(r"[\u3400-\u9fffa-z0-9]")


def words(text: str) -> list[str]:
    """The words of *text* and the shorter ones in them, without punctuation."""
    return [word for word in jieba.cut_for_search(simplify(text)) if _HAS_WORD.search(word)]


class WordIndex:
    """As `index.lexical.LexicalIndex`, over words."""

    def __init__(self, ranker: bm25s.BM25) -> None:
        jieba.setLogLevel(logging.WARNING)  # it tells on loading its dictionary
        self._ranker = ranker

    @classmethod
    def build(cls, texts: Sequence[str]) -> WordIndex:
        """An index over *texts*."""
        index = cls(bm25s.BM25(method="lucene"))
        index._ranker.index([words(text) for text in texts], show_progress=False)
        return index

    @classmethod
    def open(cls, folder: Path) -> WordIndex:
        """The index saved in *folder*."""
        return cls(bm25s.BM25.load(str(folder), load_corpus=False))

    def save(self, folder: Path) -> None:
        """Write the index into *folder*."""
        self._ranker.save(str(folder), show_progress=False)

    def scores(self, query: str) -> npt.NDArray[np.float32]:
        """The score of each text for *query*, float32 [texts]; 0 where no word is shared."""
        known = [word for word in words(query) if word in self._ranker.vocab_dict]
        if not known:
            return np.zeros(int(self._ranker.scores["num_docs"]), np.float32)
        return np.asarray(self._ranker.get_scores(known), np.float32)
