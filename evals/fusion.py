"""Candidates → one ranking: a small learnt function of their signals."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from evals.signals import SIGNALS, Candidates, Positions, best
from index.embeddings import Vectors

#: Made by `evals.training.fusion`.
SHIPPED = Path(__file__).with_name("ranking.json")


@dataclass(frozen=True)
class Fusion:
    """A linear function of the signals and, beside it, one layer of tanh; n signals, h units.

    Args:
        mean, spread: of each signal, float32 [n]: it is taken less the first, by the second.
        linear: float32 [n].
        inner, inner_bias: float32 [h, n], [h].
        outer: float32 [h].
    """

    mean: Vectors
    spread: Vectors
    linear: Vectors
    inner: Vectors
    inner_bias: Vectors
    outer: Vectors

    @classmethod
    def open(cls, path: Path = SHIPPED, *, is_led: bool = True) -> Fusion:
        """The function in *path*: for desks with known questions, or for those without.

        Raises:
            OSError, ValueError, KeyError: it cannot be read, or was learnt of other signals.
        """
        saved = json.loads(path.read_text(encoding="utf-8"))
        if tuple(saved["signals"]) != SIGNALS:
            raise ValueError(f"{path.name} 是用别的信号训练的，请重新训练")
        values: Mapping[str, list[float]] = saved["led" if is_led else "unled"]
        return cls(*(np.array(values[field.name], np.float32) for field in fields(cls)))

    def scores(self, candidates: Candidates) -> Vectors:
        """A number for each candidate, larger is better, float32 [candidates]."""
        signals = (candidates.signals - self.mean) / self.spread
        bent = np.tanh(signals @ self.inner.T + self.inner_bias) @ self.outer
        return np.asarray(signals @ self.linear + bent, np.float32)

    def rank(self, candidates: Candidates, depth: int) -> Positions:
        """The positions of the *depth* best candidates, best first."""
        return candidates.positions[best(self.scores(candidates), depth)]


def save(path: Path, led: Fusion, unled: Fusion) -> None:
    """Write both functions into *path*."""
    saved: dict[str, object] = {"signals": list(SIGNALS)}
    for name, fusion in (("led", led), ("unled", unled)):
        arrays = {field.name: getattr(fusion, field.name) for field in fields(Fusion)}
        saved[name] = {key: np.round(array, 5).tolist() for key, array in arrays.items()}
    path.write_text(json.dumps(saved) + "\n", encoding="utf-8")
