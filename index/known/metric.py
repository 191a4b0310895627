"""How questions are compared with one another: a learnt change of the encoder's vectors.

The encoder has learnt to put a question beside the passage that answers it. Whether two questions
are answered by the same words, or both by none, is another matter: 罚多少 and 谁来罚 are near each
other though the text says only one of them. So known questions and a new one are compared after a
small network has changed their vectors. `evals.training.metric` learns it from the known questions:
those of one answer, asked by different writers, shall be the nearest to each other (neighbourhood
components analysis: Goldberger et al., NIPS 2004). It costs three small products a question.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

METRIC = Path(__file__).with_name("metric.safetensors")
Floats = npt.NDArray[np.float32]
_NAMES = ("straight", "shift", "inwards", "outwards")


@dataclass(frozen=True)
class Metric:
    """A change of unit vectors of d numbers, through h numbers between.

    Args:
        straight: float32 [d, d].
        shift: float32 [d].
        inwards: float32 [h, d].
        outwards: float32 [d, h].
    """

    straight: Floats
    shift: Floats
    inwards: Floats
    outwards: Floats

    def __call__(self, vectors: Floats) -> Floats:
        """Unit vectors in the place of *vectors*, float32 [..., d]."""
        between = np.maximum(vectors @ self.inwards.T, 0.0)
        changed = vectors @ self.straight.T - self.shift + between @ self.outwards.T
        length = np.linalg.norm(changed, axis=-1, keepdims=True)
        return np.asarray(changed / np.maximum(length, 1e-12), np.float32)


def read_metric(path: Path, reader: str) -> Metric | None:
    """The change in *path*; None where there is none that was learnt on *reader*'s vectors.

    Args:
        path: as `write_metric` made it.
        reader: digest of what reads questions.
    """
    try:
        with safe_open(path, framework="numpy") as file:
            if (file.metadata() or {}).get("reader") != reader:
                return None
            return Metric(*(file.get_tensor(name).astype(np.float32) for name in _NAMES))
    except (OSError, ValueError, SafetensorError):
        return None


def write_metric(path: Path, reader: str, metric: Metric) -> None:
    """Keep a change that was learnt on *reader*'s vectors; in halves of precision."""
    tensors = {name: getattr(metric, name).astype(np.float16) for name in _NAMES}
    draft = path.with_suffix(".new")
    save_file(tensors, draft, metadata={"reader": reader})
    draft.chmod(0o644)
    draft.replace(path)
