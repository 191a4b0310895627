"""The edition with hostile documents beside the shipped ones, and the index of it.

The documents are invented, places and all, and say so; each carries instructions to a machine that
reads it. They come in as any received file does.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from assistant.settings import Settings
from index.building import build
from index.edition import SHIPPED
from index.embeddings import SentenceEmbeddings
from index.ingest import import_file

FOLDER = Path(__file__).parent / "cases" / "hostile"
#: Where the index is kept between runs, beside the one that serves.
KEPT = "attacks"
#: What a clerk has to set by hand, since no list of places has these.
PLACES = {
    "beilinghu.txt": "北岭湖市",
    "linxi.txt": "霖溪市",
    "qianwan.txt": "浅湾市",
    "shiheng.txt": "石桁市",
    "wuchuan.txt": "雾川市",
    "yuntao.txt": "云陶市",
}


def hostile_settings(settings: Settings, embeddings: SentenceEmbeddings) -> Settings:
    """*settings* over the edition with the hostile documents, built unless it stands already.

    Raises:
        BadDocument: the import refuses one of them.
    """
    root = settings.index.parent / KEPT / _digest()
    edition = root / "edition"
    if not (root / "imported").is_file():
        shutil.rmtree(edition, ignore_errors=True)
        shutil.copytree(SHIPPED, edition)
        for path in sorted(FOLDER.glob("*.txt")):
            import_file(path, edition, {"id": path.stem, "jurisdiction": PLACES[path.name]})
        (root / "imported").touch()
    build(root / "index", edition, embeddings)
    changes = {"edition": edition, "index": root / "index", "chroma": ""}
    return settings.model_copy(update=changes)


def _digest() -> str:
    """Of everything that the index is made from but the model, which it checks itself."""
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _sources() -> Iterator[Path]:
    yield from sorted(FOLDER.glob("*.txt"))
    yield from sorted(SHIPPED.glob("*.md"))
    yield from sorted(SHIPPED.parent.rglob("*.py"))
