"""Texts for the language model: one ``.md`` a prompt, with the sections ``system`` and ``user``."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Formatter

_SECTION = re.compile(r"^## (\w+)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
#: What each prompt is filled in with.
_PLACEHOLDERS = {
    "compose": {"question", "evidence"},
    "expand": {"question"},
    "follow_up": {"turns", "question"},
}


class PromptError(Exception):
    """A prompt file is missing, or not as it has to be."""


@dataclass(frozen=True)
class Prompt:
    """A prompt as it stands in its file.

    Args:
        name: the file's name without its ending.
        system: what the model is told to do.
        user: what it is given, with placeholders in braces.
        digest: the first twelve hexadecimal digits of the file's SHA-256.
    """

    name: str
    system: str
    user: str
    digest: str


@cache
def load(name: str) -> Prompt:
    """The prompt called *name*.

    Raises:
        PromptError: there is none, a section is missing, or it asks for what it is not given.
    """
    file = files(__name__) / f"{name}.md"
    if name not in _PLACEHOLDERS or not file.is_file():
        raise PromptError(f"没有名为“{name}”的提示词。可用的有：{'、'.join(_PLACEHOLDERS)}。")
    text = file.read_text("utf-8")
    sections = {found[1]: found[2].strip() for found in _SECTION.finditer(text)}
    if set(sections) != {"system", "user"} or not all(sections.values()):
        raise PromptError(f"提示词 {name}.md 应有 ## system 和 ## user 两节，且都不为空。")
    named = {field for part in sections.values() for field in _fields(part, name)}
    if named != _PLACEHOLDERS[name]:
        wanted = "、".join(sorted(_PLACEHOLDERS[name]))
        raise PromptError(f"提示词 {name}.md 的占位符应是 {wanted}。")
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    return Prompt(name, sections["system"], sections["user"], digest)


def _fields(text: str, name: str) -> list[str]:
    try:
        return [field for _, field, _, _ in Formatter().parse(text) if field is not None]
    except ValueError as error:
        raise PromptError(f"提示词 {name}.md 里的花括号不成对：{error}。") from error
