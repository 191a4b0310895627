"""What the page says, in each language that it can be shown in; answers stay Chinese."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

import yaml

#: The first is the one shown at ``/``.
LANGUAGES = ("zh", "en")
_FOLDER = Path(__file__).parent
_SCRIPT = "script."


class Words:
    """The texts of one language by their keys.

    Args:
        language: ``zh`` or ``en``.
        texts: key → text; those under ``script.`` are for the page's scripts.
    """

    def __init__(self, language: str, texts: Mapping[str, str]) -> None:
        self.language = language
        self._texts = dict(texts)

    def __getitem__(self, key: str) -> str:
        return self._texts[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    @property
    def tag(self) -> str:
        """The language as HTML names it."""
        return {"zh": "zh-CN"}.get(self.language, self.language)

    @property
    def home(self) -> str:
        """Where the page in this language is."""
        return "/" if self.language == LANGUAGES[0] else f"/{self.language}/"

    def for_scripts(self) -> str:
        """The texts that scripts show, as JSON."""
        said = {k.removeprefix(_SCRIPT): v for k, v in self._texts.items() if k.startswith(_SCRIPT)}
        return json.dumps(said, ensure_ascii=False)


@lru_cache(maxsize=len(LANGUAGES))
def words_of(language: str) -> Words:
    """The texts of *language*."""
    path = _FOLDER / f"{language}.yaml"
    return Words(language, yaml.safe_load(path.read_text(encoding="utf-8")))
