"""Taking a received file into the edition: read → normalise → identify → write."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from index.edition import edits_path, metadata_from, read_metadata, write_document, write_edits
from index.errors import BadDocument
from index.identify import identify
from index.normalise import Edit, decode, normalise
from index.parse import parse
from index.provision import Document, Metadata


@dataclass(frozen=True)
class Import:
    """What an import did, for a person to check.

    Args:
        document: the document as the edition now holds it.
        edits: every change made to the received file.
        path: the edition file.
        changed: whether the edition's bytes changed; importing again changes nothing.
        known: whether the same file had been imported before, so that its metadata was kept.
    """

    document: Document
    edits: tuple[Edit, ...]
    path: Path
    changed: bool
    known: bool


def import_file(source: Path, edition: Path, overrides: Mapping[str, Any] | None = None) -> Import:
    """Take the received file *source* into the edition in *edition*.

    Metadata comes from the front matter where the same file was imported before, else from the
    text itself; *overrides* win over both.

    Raises:
        BadDocument: the file cannot be read, holds no text, or a value cannot be.
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
    changed = write_document(path, metadata, normalised.text)
    changed |= write_edits(edits_path(edition, metadata.id), normalised.edits)
    if before is not None and before.id != metadata.id:
        (edition / f"{before.id}.md").unlink()
        edits_path(edition, before.id).unlink(missing_ok=True)
    document = parse(metadata, normalised.text)
    return Import(document, normalised.edits, path, changed, before is not None)


def _imported_before(edition: Path, digest: str) -> Metadata | None:
    for path in sorted(edition.glob("*.md")):
        metadata = read_metadata(path)
        if metadata.source_sha256 == digest:
            return metadata
    return None


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
    return metadata_from(values, where)
