"""One script for matching: simplified characters, one kind of bracket; every offset stays."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import opencc

_UNCONVERTIBLE = re.compile("[\ud800-\udfff\0]")
_SAME = str.maketrans("()［］[]〔〕'`ʼ’", "（）（）（）（）''''")


@lru_cache(maxsize=1)
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def simplify(text: str) -> str:
    """`text` in simplified characters, character for character.

    >>> simplify("靜安區黨委")
    '静安区党委'
    """
    whole = text if text.isascii() else _convert(_without_surrogates(text))
    if len(whole) == len(text):
        return whole
    return "".join(_simplify_character(character) for character in text)


def for_matching(text: str) -> str:
    """As `simplify`, with one kind of bracket and apostrophe, half-width letters, lower case.

    >>> for_matching("黨(工)委 Ｍayor")
    '党（工）委 mayor'
    """
    plain = "".join(map(_fold, simplify(text).translate(_SAME)))
    return plain if len(plain) == len(text) else simplify(text)


@lru_cache(maxsize=8192)
def _fold(character: str) -> str:
    if "！" <= character <= "～" and unicodedata.category(character)[0] in "LN":
        character = chr(ord(character) - 0xFEE0)
    lower = character.lower()
    return lower if len(lower) == 1 else character


def _without_surrogates(text: str) -> str:
    return _UNCONVERTIBLE.sub("\ufffd", text)


@lru_cache(maxsize=8192)
def _simplify_character(character: str) -> str:
    simplified = _convert(_without_surrogates(character))
    return simplified if len(simplified) == 1 else character


def _convert(text: str) -> str:
    return str(_converter().convert(text))
