"""Taking a received file into the edition: read → normalise → identify → write."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from index.edition import edits_path, metadata_from, read_metadata, write_document, write_edits
from index.errors import BadDocument
from index.identify import identify
from index.normalise import Edit, decode, normalise
from index.parse import parse
from index.provision import Document, Metadata, Standing


@dataclass(frozen=True)
class Import:
    """What an import did, for a person to check.

    Args:
        document: the document as the edition now holds it.
        edits: every change made to the received file.
        path: the edition file.
        changed: whether the edition's bytes changed; importing again changes nothing.
        known: whether the same file had been imported before, so that its metadata was kept.
        warnings: what a person should decide about the edition's other documents, in Chinese.
    """

    document: Document
    edits: tuple[Edit, ...]
    path: Path
    changed: bool
    known: bool
    warnings: tuple[str, ...] = ()


def import_file(source: Path, edition: Path, overrides: Mapping[str, Any] | None = None) -> Import:
    """Take the received file *source* into the edition in *edition*.

    Metadata comes from the front matter where the same file was imported before, else from the
    text itself; *overrides* win over both.

    Raises:
        BadDocument: the file cannot be read, holds no text, a value cannot be, or the id is that
            of another document; nothing has been written then.
    """
    try:
        data = source.read_bytes()
    except OSError as error:
        raise BadDocument(f"读不了文件 {source.name}：{error.strerror}。") from error
    normalised = normalise(decode(data))
    if not normalised.text.strip():
        raise BadDocument(f"{source.name} 里没有文字。扫描件请先做文字识别，再导入文本。")
    digest = hashlib.sha256(data).hexdigest()
    before = _imported_before(edition, digest)
    metadata = before or _new_metadata(normalised.text, source, digest, edition)
    metadata = _override(metadata, overrides or {}, source.name)
    path = edition / f"{metadata.id}.md"
    replaced = _replaced(path, metadata, before)
    warnings = (*replaced, *_namesakes(edition, metadata, before))
    document = parse(metadata, normalised.text)
    changed = write_document(path, metadata, normalised.text)
    changed |= write_edits(edits_path(edition, metadata.id), normalised.edits)
    if before is not None and before.id != metadata.id:
        (edition / f"{before.id}.md").unlink()
        edits_path(edition, before.id).unlink(missing_ok=True)
    return Import(document, normalised.edits, path, changed, before is not None, warnings)


def _imported_before(edition: Path, digest: str) -> Metadata | None:
    for path in sorted(edition.glob("*.md")):
        metadata = read_metadata(path)
        if metadata.source_sha256 == digest:
            return metadata
    return None


def _replaced(path: Path, metadata: Metadata, before: Metadata | None) -> list[str]:
    """A note where *path* holds an earlier issue of the same file; refuses any other document."""
    if not path.exists() or (before is not None and before.id == metadata.id):
        return []
    there = read_metadata(path)
    if there.source_sha256 and there.source_sha256 == metadata.source_sha256:
        return []
    if not there.source or there.source != metadata.source:
        raise BadDocument(
            f"编号 {metadata.id} 已用于《{there.title}》（{there.source or path.name}），"
            f"没有导入 {metadata.source}。请另取一个 id。"
        )
    return [
        f"{there.source} 的新稿替换了文件库里的《{there.title}》；"
        "文件信息按新稿重新识别，此前的更正没有保留。"
    ]


def _namesakes(edition: Path, metadata: Metadata, before: Metadata | None) -> list[str]:
    """Notes on other documents of this title and place in force (versions of one law), or of
    this number."""
    same = {metadata.id, before.id if before else metadata.id}
    notes = []
    for path in sorted(edition.glob("*.md")):
        other = read_metadata(path)
        is_other = path.stem not in same and other.id not in same
        alike = (other.title, other.jurisdiction) == (metadata.title, metadata.jurisdiction)
        in_force = {other.standing, metadata.standing} == {Standing.IN_FORCE}
        if is_other and alike and in_force:
            notes.append(_namesake(metadata, other))
        elif is_other and _has_the_number_of(metadata, other):
            notes.append(
                f"文号 {metadata.number} 已是《{other.title}》（{other.id}）的文号。"
                "请核对是哪一份写错了，必要时用 --set number= 更正。"
            )
    return notes


def _has_the_number_of(metadata: Metadata, other: Metadata) -> bool:
    """Whether two texts of different titles have one number: one of them has it wrongly."""
    same = bool(metadata.number) and metadata.number == other.number
    return same and metadata.title != other.title


def _namesake(metadata: Metadata, other: Metadata) -> str:
    day = other.issued_on or "日期不明"
    note = f"文件库里另有一份《{other.title}》（{other.id}，{day}），两份都保留。"
    if not metadata.issued_on or not other.issued_on or metadata.issued_on == other.issued_on:
        return note + "如果其中一份已被取代，请重新导入那一份并加上 --set standing=superseded。"
    older = min(metadata, other, key=lambda m: m.issued_on or date.max)
    return note + (
        f"如果较早的 {older.id} 已被取代，"
        f"请运行 anze import {older.source or older.id} --set standing=superseded。"
    )


def _new_metadata(text: str, source: Path, digest: str, edition: Path) -> Metadata:
    guessed = replace(identify(text, source.name), source_sha256=digest)
    taken = {path.stem for path in edition.glob("*.md")}
    unique, copy = guessed.id, 2
    while unique in taken:
        unique, copy = f"{guessed.id}-{copy}", copy + 1
    return replace(guessed, id=unique)


def _override(metadata: Metadata, overrides: Mapping[str, Any], where: str) -> Metadata:
    if not overrides:
        return metadata
    values = {**asdict(metadata), **overrides}
    if values["aliases"] == [""]:  # --set aliases= clears them
        values["aliases"] = []
    return metadata_from(values, where)
