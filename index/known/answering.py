"""Which known answer a new question asks for: a small network learnt from the known questions.

The nearest known questions vote one by one (`assistant.known`); the network has learnt from all
questions of an answer together, and from what tells them from those of every other answer of the
document. That the document does not say is an answer like any other. Each is wrong where the other
is right: of 1,791 questions that neither had learnt from the votes pointed to exactly the right
answer in 93.4 %, the network in 93.6, both together in 94.4. It costs three small products.

``python -m evals.training.answering`` learns it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

ANSWERING = Path(__file__).with_name("answering.safetensors")
Floats = npt.NDArray[np.float32]
_NAMES = ("inwards", "shift", "outwards", "straight", "level")
_KEY_BYTES = 8


@dataclass(frozen=True)
class Answering:
    """Log-odds of a known answers for vectors of d numbers, through h numbers between.

    Args:
        rows: the row of each answer, by its key (`key_of`).
        inwards: float32 [h, d].
        shift: float32 [h].
        outwards: float32 [a, h].
        straight: float32 [a, d].
        level: float32 [a].
    """

    rows: Mapping[bytes, int]
    inwards: Floats
    shift: Floats
    outwards: Floats
    straight: Floats
    level: Floats

    def __call__(self, vector: Floats, rows: npt.NDArray[np.int64]) -> Floats:
        """The probability of each of the answers *rows*, if it is one of them: float32 [rows].

        Args:
            vector: what `read_by` makes of a question.
            rows: numbers of answers.
        """
        between = np.maximum(self.inwards @ vector + self.shift, 0.0)
        odds = self.outwards[rows] @ between + self.straight[rows] @ vector + self.level[rows]
        likely = np.exp(odds - odds.max(initial=0.0))
        return np.asarray(likely / likely.sum(), np.float32)


def read_by(vector: Floats, meaning: Floats) -> Floats:
    """What the network reads: as the encoder reads a question, and as questions are compared.

    Args:
        vector: the encoder's, unit length, float32 [..., d].
        meaning: changed by the metric, unit length, float32 [..., d].
    """
    return np.asarray(np.concatenate([vector, meaning], axis=-1), np.float32)


def key_of(document: str, answers: Sequence[Sequence[str]]) -> bytes:
    """A short name of an answer: of a line of ``questions.jsonl``, whatever stands around it."""
    words = json.dumps([document, [list(same) for same in answers]], ensure_ascii=False)
    return hashlib.sha256(words.encode()).digest()[:_KEY_BYTES]


def read_answering(path: Path, reader: str) -> Answering | None:
    """The network in *path*; None where there is none that was learnt on *reader*'s vectors.

    Args:
        path: as `write_answering` made it.
        reader: digest of what reads questions.
    """
    try:
        with safe_open(path, framework="numpy") as file:
            if (file.metadata() or {}).get("reader") != reader:
                return None
            keys = file.get_tensor("keys").tobytes()
            parts = [file.get_tensor(name).astype(np.float32) for name in _NAMES]
    except (OSError, ValueError, SafetensorError):
        return None
    names = (keys[n : n + _KEY_BYTES] for n in range(0, len(keys), _KEY_BYTES))
    return Answering({name: n for n, name in enumerate(names)}, *parts)


def write_answering(path: Path, reader: str, learnt: Answering) -> None:
    """Keep a network that was learnt on *reader*'s vectors; in halves of precision."""
    tensors = {name: getattr(learnt, name).astype(np.float16) for name in _NAMES}
    keys = b"".join(name for name, _ in sorted(learnt.rows.items(), key=lambda row: row[1]))
    draft = path.with_suffix(".new")
    save_file(
        {**tensors, "keys": np.frombuffer(keys, np.uint8)}, draft, metadata={"reader": reader}
    )
    draft.chmod(0o644)
    draft.replace(path)
