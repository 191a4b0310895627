"""The edition: one file a document, metadata in front matter, the clean text below it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from dataclasses import asdict, fields
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

import yaml

from index.errors import BadDocument
from index.normalise import Edit
from index.parse import parse
from index.provision import Audience, Authority, Document, Metadata, Standing

#: The edition that the product ships.
SHIPPED = Path(__file__).parent / "corpus"
_FENCE = "---\n"
_ENUMS: dict[str, type[Enum]] = {
    "standing": Standing,
    "authority": Authority,
    "audience": Audience,
}
_DATES = {"issued_on", "effective_on", "expires_on"}
_ID = re.compile("[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")
_FIELDS = [f.name for f in fields(Metadata)]


def read_document(path: Path) -> Document:
    """The document in the edition file *path*.

    Raises:
        BadDocument: the file is no edition file; the message names file and fault.
    """
    metadata, text = _read(path)
    return parse(metadata, text)


def read_metadata(path: Path) -> Metadata:
    """Only the front matter of the edition file *path*."""
    return _read(path)[0]


def read_edition(folder: Path) -> list[Document]:
    """All documents of the edition in *folder*, by file name.

    Raises:
        BadDocument: a file is damaged, two share an id, or there is none at all.
    """
    documents = [read_document(path) for path in sorted(folder.glob("*.md"))]
    if not documents:
        raise BadDocument(f"文件夹 {folder} 里没有文件（*.md）。请先用 anze import 导入。")
    ids = [document.id for document in documents]
    twice = {i for i in ids if ids.count(i) > 1}
    if twice:
        raise BadDocument(f"文件编号重复：{'、'.join(sorted(twice))}。请修改其中一份的 id。")
    return documents


def metadata_from(values: dict[str, Any], where: str) -> Metadata:
    """Metadata out of plain *values*, every key and value checked.

    Raises:
        BadDocument: an unknown key, a missing one, or a value that cannot be; *where* is named.
    """
    unknown = sorted(set(values) - set(_FIELDS))
    if unknown:
        raise BadDocument(
            f"{where}：不认识的字段 {'、'.join(unknown)}。可用字段：{'、'.join(_FIELDS)}。"
        )
    missing = [key for key in ("id", "title") if not values.get(key)]
    if missing:
        raise BadDocument(f"{where}：缺少字段 {'、'.join(missing)}。")
    return Metadata(**{key: _value(key, value, where) for key, value in values.items()})


def _value(key: str, value: Any, where: str) -> Any:
    if key in _ENUMS:
        return _enum_value(key, value, where)
    if key in _DATES:
        return _date_value(key, value, where)
    if key == "aliases":
        if not isinstance(value, list | tuple) or not all(isinstance(v, str) for v in value):
            raise BadDocument(f"{where}：aliases 应是名称的列表。")
        return tuple(value)
    if not isinstance(value, str):
        raise BadDocument(f"{where}：字段 {key} 应是文字，现在是 {value!r}。")
    if key == "id" and not _ID.fullmatch(value):
        raise BadDocument(
            f"{where}：id 只能用小写英文字母、数字、- 和 .，首尾是字母或数字，现在是“{value}”。"
        )
    return value


def _enum_value(key: str, value: Any, where: str) -> Enum:
    try:
        return _ENUMS[key](value)
    except ValueError:
        allowed = "、".join(str(member.value) for member in _ENUMS[key])
        raise BadDocument(f"{where}：{key} 不能是“{value}”，可用的值：{allowed}。") from None


def _date_value(key: str, value: Any, where: str) -> date | None:
    if value is None or value == "":
        return None
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise BadDocument(f"{where}：{key} 应是 2018-12-14 这样的日期，现在是“{value}”。") from None


def _read(path: Path) -> tuple[Metadata, str]:
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadDocument(f"读不了文件 {path.name}：{error}") from error
    head, fence, text = content.removeprefix(_FENCE).partition("\n" + _FENCE)
    if not content.startswith(_FENCE) or not fence:
        raise BadDocument(f"{path.name} 开头没有 --- 之间的文件信息，不是整理好的文件。")
    try:
        values = yaml.safe_load(head)
    except yaml.YAMLError as error:
        raise BadDocument(f"{path.name} 的文件信息不是正确的 YAML：{error}") from error
    if not isinstance(values, dict):
        raise BadDocument(f"{path.name} 的文件信息应是“字段: 值”的形式。")
    if not text.strip():
        raise BadDocument(f"{path.name} 没有正文。")
    return metadata_from(values, path.name), text


def write_document(path: Path, metadata: Metadata, text: str) -> bool:
    """Write an edition file, whole or not at all; whether its bytes changed."""
    return _write(path, front_matter(metadata) + text)


def write_edits(path: Path, edits: Iterable[Edit]) -> bool:
    """Write what normalisation changed, one JSON object a line; whether the bytes changed."""
    lines = [json.dumps(asdict(edit), ensure_ascii=False) for edit in edits]
    return _write(path, "\n".join(lines) + "\n" if lines else "")


def read_edits(path: Path) -> list[Edit]:
    """What normalisation changed in a document; empty where nothing was recorded."""
    if not path.exists():
        return []
    return [Edit(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def edits_path(folder: Path, document_id: str) -> Path:
    """Where the changes made to a document of the edition in *folder* are listed."""
    return folder / "edits" / f"{document_id}.jsonl"


def front_matter(metadata: Metadata) -> str:
    """The front matter of *metadata*, fences included, in the order of its fields."""
    values = {
        key: value.value if isinstance(value, Enum) else value
        for key, value in asdict(metadata).items()
    }
    values["aliases"] = list(metadata.aliases)
    kept = {key: value for key, value in values.items() if value not in ("", None, [])}
    return _FENCE + yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, width=1000) + _FENCE


def _write(path: Path, content: str) -> bool:
    data = content.encode("utf-8")
    if path.exists() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".new")
    draft.write_bytes(data)
    os.replace(draft, path)
    return True
