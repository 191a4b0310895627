"""How likely a candidate is to be what was asked: boosted trees over its numbers.

The trees are trained by ``python -m evals.training.scorer`` and shipped as ``scorer.json``; here
they are only read. Gradient boosting: Friedman, Annals of Statistics 2001.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

SHIPPED = Path(__file__).with_name("scorer.json")
#: The trees for places of which nothing is known to have been asked: they know no such numbers.
ALONE = Path(__file__).with_name("scorer_alone.json")
_ARRAYS = ("feature", "threshold", "left", "right", "value", "roots")


@dataclass(frozen=True)
class Scorer:
    """Trees, all in one table of nodes.

    Args:
        names: the numbers that a row must hold, in the order of the trees' features.
        baseline: log-odds before any tree.
        feature: the feature that a node asks about; -1 at a leaf, int [nodes].
        threshold: rows at most as large go left, float [nodes].
        left, right: the nodes below, int [nodes].
        value: log-odds that a leaf adds, float [nodes].
        roots: the first node of each tree, int [trees].
        depth: the longest way from a root to a leaf.
    """

    names: tuple[str, ...]
    baseline: float
    feature: npt.NDArray[np.int64]
    threshold: npt.NDArray[np.float64]
    left: npt.NDArray[np.int64]
    right: npt.NDArray[np.int64]
    value: npt.NDArray[np.float64]
    roots: npt.NDArray[np.int64]
    depth: int

    @classmethod
    @lru_cache(maxsize=4)
    def load(cls, path: Path = SHIPPED) -> Scorer:
        """The trees in a file that the training script wrote.

        Raises:
            OSError, KeyError, ValueError: there is none, or it is something else.
        """
        stored = json.loads(path.read_text(encoding="utf-8"))
        arrays = {name: np.asarray(stored[name]) for name in _ARRAYS}
        return cls(
            names=tuple(stored["names"]),
            baseline=float(stored["baseline"]),
            depth=int(stored["depth"]),
            **arrays,
        )

    def probabilities(self, rows: Sequence[Mapping[str, float]]) -> npt.NDArray[np.float64]:
        """The probability, 0 to 1, that each candidate is right; float [rows]."""
        if not rows:
            return np.empty(0)
        table = np.array([[row[name] for name in self.names] for row in rows], np.float64)
        nodes = np.repeat(self.roots[None], len(rows), axis=0)
        lines = np.arange(len(rows))[:, None]
        for _ in range(self.depth):
            asked = self.feature[nodes]
            goes_left = table[lines, np.maximum(asked, 0)] <= self.threshold[nodes]
            below = np.where(goes_left, self.left[nodes], self.right[nodes])
            nodes = np.where(asked < 0, nodes, below)
        odds = self.baseline + self.value[nodes].sum(axis=1)
        return np.asarray(1 / (1 + np.exp(-odds)), np.float64)
