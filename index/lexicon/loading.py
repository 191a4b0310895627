"""Reads the lexicon's YAML files into frozen dataclasses; whatever they do not know is an error."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, Field, fields
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

import yaml

from index.errors import AnzeError

FOLDER = Path(__file__).parent
#: The parser in C reads the lexicon in a tenth of the time; not every build of PyYAML has it.
_LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
T = TypeVar("T")


class LexiconError(AnzeError):
    """A lexicon file says something that cannot be used; names the file and the entry."""


def read_yaml(name: str, sections: Iterable[str]) -> dict[str, Any]:
    """The file's top level, which must be a mapping of exactly these sections.

    Raises:
        LexiconError: the file is missing, is not YAML, or has other sections.
    """
    return read_sections(FOLDER / name, sections)


def parse_yaml(text: str) -> Any:
    """What `text` says in YAML, as plain values.

    Raises:
        yaml.YAMLError: it is not YAML.
    """
    return yaml.load(text, Loader=_LOADER)


def read_sections(path: Path, sections: Iterable[str]) -> dict[str, Any]:
    """As `read_yaml`, for a file anywhere."""
    try:
        content = parse_yaml(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise LexiconError(f"词库文件 {path.name} 读不出来：{error.strerror}。") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise LexiconError(f"词库文件 {path.name} 不是合格的 YAML：{error}") from error
    expected = set(sections)
    if not isinstance(content, dict) or set(content) != expected:
        found = "、".join(map(str, content)) if isinstance(content, dict) else "无"
        raise LexiconError(
            f"词库文件 {path.name} 的顶层应当是 {'、'.join(sorted(expected))}，现在是：{found}。"
        )
    return content


def read_entries(cls: type[T], entries: Any, file: str) -> tuple[T, ...]:
    """One `cls` for each mapping of the list `entries`.

    Args:
        cls: a dataclass whose fields are str, bool, int, float or tuple[str, ...], or None.
        entries: what the YAML file holds in this section.
        file: its name, for error messages.

    Raises:
        LexiconError: an unknown or missing key, or a value of another type.
    """
    if not isinstance(entries, list):
        raise LexiconError(f"词库文件 {file}：这一节应当是一个列表。")
    return tuple(_entry(cls, entry, f"{file} 第{n}条") for n, entry in enumerate(entries, 1))


def _entry(cls: type[T], entry: Any, where: str) -> T:
    if not isinstance(entry, Mapping):
        raise LexiconError(f"词库文件 {where}：应当是“键: 值”的形式。")
    known: dict[str, Field[Any]] = {f.name: f for f in fields(cls)}  # type: ignore[arg-type]
    label = next((str(entry[k]) for k in ("id", "name") if k in entry), "")
    where = f"{where}（{label}）" if label else where
    unknown = [str(key) for key in entry if key not in known]
    if unknown:
        raise LexiconError(
            f"词库文件 {where}：不认识的键“{'、'.join(unknown)}”，可用的键：{'、'.join(known)}。"
        )
    missing = [name for name, f in known.items() if _required(f) and name not in entry]
    if missing:
        raise LexiconError(f"词库文件 {where}：缺少“{'、'.join(missing)}”。")
    hints = get_type_hints(cls)
    return cls(**{key: _value(value, hints[key], key, where) for key, value in entry.items()})


def _required(f: Field[Any]) -> bool:
    return f.default is MISSING and f.default_factory is MISSING


def _value(value: Any, hint: Any, key: str, where: str) -> Any:
    """`value` as the field's type; a list of texts becomes a tuple without empty or double ones."""
    if hint == tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
            raise LexiconError(f"词库文件 {where}：“{key}”应当是文字的列表。")
        doubles = {v for v in value if value.count(v) > 1}
        if doubles:
            raise LexiconError(f"词库文件 {where}：“{key}”里重复了“{'、'.join(sorted(doubles))}”。")
        return tuple(value)
    allowed = tuple(getattr(hint, "__args__", (hint,)))
    if float in allowed:
        allowed += (int,)
    of_type = isinstance(value, tuple(t for t in allowed if isinstance(t, type)))
    if not of_type or (isinstance(value, bool) and bool not in allowed):
        raise LexiconError(f"词库文件 {where}：“{key}”的值“{value}”类型不对。")
    if isinstance(value, str) and not value.strip():
        raise LexiconError(f"词库文件 {where}：“{key}”是空的。")
    return value


def texts(value: Any, file: str, section: str) -> tuple[str, ...]:
    """A section that is a plain list of texts.

    Raises:
        LexiconError: it is not.
    """
    return tuple(_value(value, tuple[str, ...], section, file))


def check_choice(value: str, choices: Iterable[str], key: str, where: str) -> None:
    """Refuses a value that is not one of `choices`.

    Raises:
        LexiconError: it is not.
    """
    if value not in set(choices):
        allowed = "、".join(choices)
        raise LexiconError(f"词库文件 {where}：“{key}”只能是 {allowed}，不能是“{value}”。")


def check_unique(ids: Iterable[str], file: str) -> None:
    """Refuses two entries of one id.

    Raises:
        LexiconError: there are.
    """
    seen: set[str] = set()
    for id_ in ids:
        if id_ in seen:
            raise LexiconError(f"词库文件 {file}：“{id_}”出现了两次。")
        seen.add(id_)
