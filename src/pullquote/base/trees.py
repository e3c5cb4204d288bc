"""Gradient-boosted decision trees that ship with pullquote, computed with numpy alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

_ROWS = 2_000
"""How many rows are scored at a time, which takes a few megabytes."""


@dataclass(frozen=True, slots=True)
class DecisionTrees:
    """A sum of small decision trees over named features; training/trees.py fits them.

    All nodes are in one table. `feature` and `threshold` say what a node compares. `following` has
    two nodes for each node: the one that follows up to the threshold, and the one above it. Those
    of a leaf are the leaf itself. `value` is the log-odds that a leaf adds. `roots` are the first
    nodes of the trees, which have at most `depth` levels. A score of at least `least`, in log-odds,
    means yes.
    """

    names: tuple[str, ...]
    roots: npt.NDArray[np.intp]
    feature: npt.NDArray[np.intp]
    threshold: npt.NDArray[np.float32]
    following: npt.NDArray[np.intp]
    value: npt.NDArray[np.float32]
    depth: int
    base: float
    least: float

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> DecisionTrees:
        """The trees in the values of a JSON file."""
        nodes = data["nodes"]
        return cls(
            names=tuple(data["features"]),
            roots=np.array(data["roots"], np.intp),
            feature=np.array(nodes["feature"], np.intp),
            threshold=np.array(nodes["threshold"], np.float32),
            following=np.array([nodes["below"], nodes["above"]], np.intp).T.ravel(),
            value=np.array(nodes["value"], np.float32),
            depth=int(data["depth"]),
            base=float(data["base"]),
            least=float(data["least"]),
        )

    @classmethod
    def shipped(cls, name: str) -> DecisionTrees:
        """The trees in a file of this package."""
        stored = files("pullquote") / "base" / "models" / name
        return cls.from_json(json.loads(stored.read_text(encoding="utf-8")))

    def score(self, table: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """The log-odds of each row of a table with the features in `names`, shape (rows,)."""
        parts = [self._score(table[at : at + _ROWS]) for at in range(0, len(table), _ROWS)]
        return np.concatenate(parts)

    def _score(self, table: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        values = table.ravel()
        row = (np.arange(len(table)) * table.shape[1])[:, None]
        at = np.broadcast_to(self.roots, (len(table), len(self.roots)))
        for _ in range(self.depth):
            is_above = values.take(row + self.feature.take(at)) > self.threshold.take(at)
            at = self.following.take(2 * at + is_above)
        scores: npt.NDArray[np.float32] = self.base + self.value.take(at).sum(axis=1)
        return scores
