"""How the encoder reads the known questions, kept with them: reading them takes minutes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

Floats = npt.NDArray[np.float32]
#: Vectors are kept as whole numbers up to this; what is lost is below .001 of a cosine.
_STEPS = 127
_KEY_BYTES = 8


def key_of(text: str) -> bytes:
    """What a question is found by."""
    return hashlib.sha256(text.encode()).digest()[:_KEY_BYTES]


def digest_of(text: str) -> str:
    """What tells a document's text from another wording of it."""
    return hashlib.sha256(text.encode()).hexdigest()[: 2 * _KEY_BYTES]


class KeptVectors:
    """Unit vectors by a question's words.

    Args:
        rows: where each question's vector stands, by its key.
        table: the vectors in steps, int8 [questions, dimension].
        texts: document id → digest of the text that its questions were held against.
    """

    def __init__(
        self,
        rows: Mapping[bytes, int],
        table: npt.NDArray[np.int8],
        texts: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._rows = rows
        self._table = table
        self.texts = texts

    def __contains__(self, text: str) -> bool:
        return key_of(text) in self._rows

    def of(self, texts: Sequence[str]) -> Floats:
        """The vectors of *texts*, float32 [texts, dimension].

        Raises:
            KeyError: there is none of a text.
        """
        steps = self._table[[self._rows[key_of(text)] for text in texts]].astype(np.float32)
        return np.asarray(steps / np.linalg.norm(steps, axis=1, keepdims=True), np.float32)


def read_vectors(path: Path, reader: str) -> KeptVectors | None:
    """The vectors in *path*; None where there are none that *reader* made.

    Args:
        path: as `write_vectors` made it.
        reader: digest of what reads questions.
    """
    try:
        with safe_open(path, framework="numpy") as file:
            told = file.metadata() or {}
            if told.get("reader") != reader:
                return None
            texts = json.loads(told.get("texts", "{}"))
            keys = file.get_tensor("keys").tobytes()
            table = file.get_tensor("vectors")
    except (OSError, ValueError, SafetensorError):
        return None
    rows = {keys[n : n + _KEY_BYTES]: n // _KEY_BYTES for n in range(0, len(keys), _KEY_BYTES)}
    return KeptVectors(rows, table, texts)


def write_vectors(
    path: Path,
    reader: str,
    texts: Sequence[str],
    vectors: Floats,
    documents: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Keep the vectors of *texts*, float32 [texts, dimension], as *reader* made them.

    Args:
        path: of the file.
        reader: digest of what reads questions.
        texts: the questions.
        vectors: theirs.
        documents: document id → digest of its text.
    """
    largest = np.abs(vectors).max(axis=1, keepdims=True)
    steps = np.round(vectors / largest * _STEPS).astype(np.int8)
    keys = np.frombuffer(b"".join(map(key_of, texts)), np.uint8)
    draft = path.with_suffix(".new")
    told = {"reader": reader, "texts": json.dumps(dict(documents), sort_keys=True)}
    save_file({"keys": keys, "vectors": steps}, draft, metadata=told)
    draft.chmod(0o644)  # the library keeps it from others, and a server may run as another
    draft.replace(path)
