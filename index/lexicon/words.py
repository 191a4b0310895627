"""Where jieba's dictionary sees word borders, and whether it knows a word."""

from __future__ import annotations

import logging
from functools import lru_cache

import jieba


@lru_cache(maxsize=1)
def _tokenizer() -> jieba.Tokenizer:
    jieba.setLogLevel(logging.WARNING)
    jieba.dt.initialize()
    return jieba.dt


def is_word(text: str) -> bool:
    """Whether the dictionary has `text` as a word."""
    return bool(_tokenizer().FREQ.get(text))


def word_ends(text: str) -> dict[int, int]:
    """Start → end of each word of `text`; an unknown stretch falls into single characters."""
    ends, position = {}, 0
    for word in _tokenizer().cut(text, HMM=False):
        ends[position] = position + len(word)
        position += len(word)
    return ends
