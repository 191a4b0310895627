"""What stands behind a document's text: the received file, and what was changed in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from index.edition import edits_path, read_document, read_edits
from index.errors import BadDocument
from index.normalise import Edit
from index.provision import Document


@dataclass(frozen=True)
class Received:
    """The file that a document was made from.

    Args:
        source: its name.
        sha256: digest of its bytes, hexadecimal; empty where not recorded.
        edits: what normalisation changed; None where that is not known of the text that serves.
    """

    source: str
    sha256: str
    edits: tuple[Edit, ...] | None


def received(document: Document, edition: Path) -> Received:
    """What is known about the file behind *document*.

    The lists of changes lie beside the edition, which may have moved on since the index was
    built: they are shown only while the text there is still the one that serves.
    """
    metadata = document.metadata
    return Received(metadata.source, metadata.source_sha256, _edits(document, edition))


def _edits(document: Document, edition: Path) -> tuple[Edit, ...] | None:
    listed = edits_path(edition, document.id)
    try:
        now = read_document(edition / f"{document.id}.md")
    except BadDocument:
        return None
    if not listed.exists() or now.text != document.text:
        return None
    return tuple(read_edits(listed))
