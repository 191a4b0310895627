"""What may change when a rule is retold, and what must not: the lists of `rewriting.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from index.lexicon.loading import FOLDER, LexiconError, read_sections

FILE = "rewriting.yaml"


@dataclass(frozen=True)
class Rewriting:
    """The lists of `rewriting.yaml`, longest words first; what each is for stands there."""

    openings: tuple[str, ...]
    loose_openings: tuple[str, ...]
    place_before: tuple[str, ...]
    place_behind: tuple[str, ...]
    joins: tuple[str, ...]
    then: tuple[str, ...]
    suppose: tuple[str, ...]
    undergone: tuple[str, ...]
    handled: tuple[str, ...]
    undergone_ends: tuple[str, ...]
    condition_ends: tuple[str, ...]
    persons: tuple[str, ...]
    and_words: tuple[str, ...]
    whole_words: tuple[str, ...]
    unfinished_ends: tuple[str, ...]
    unfinished_starts: tuple[str, ...]
    grounds: tuple[str, ...]
    ground_ends: tuple[str, ...]
    breaks: tuple[str, ...]
    dependents: tuple[str, ...]
    bare_starts: tuple[str, ...]
    further: tuple[str, ...]
    predicates: tuple[str, ...]
    bounds: tuple[str, ...]
    excepting: tuple[str, ...]
    exceptions: tuple[str, ...]
    permissions: tuple[str, ...]
    imposing: tuple[str, ...]
    breaches: tuple[str, ...]
    scoping: tuple[str, ...]
    alternatives: tuple[str, ...]
    negations: tuple[str, ...]


@lru_cache(maxsize=1)
def rewriting() -> Rewriting:
    """The lists of the shipped file.

    Raises:
        LexiconError: the file is missing or cannot be used.
    """
    lists = read_sections(FOLDER / FILE, ("rewriting",))["rewriting"]
    known = set(Rewriting.__dataclass_fields__)
    if not isinstance(lists, dict) or set(lists) != known:
        raise LexiconError(f"词库文件 {FILE} 应当正好有这些表：{'、'.join(sorted(known))}。")
    if not all(isinstance(w, str) for words in lists.values() for w in words):
        raise LexiconError(f"词库文件 {FILE} 里只能有文字。")
    return Rewriting(**{k: tuple(sorted(v, key=len, reverse=True)) for k, v in lists.items()})
