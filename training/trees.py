"""Writes gradient-boosted decision trees as JSON, which `pullquote.base.trees` computes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier


def trees_json(
    model: HistGradientBoostingClassifier, names: Sequence[str], *, least: float
) -> dict[str, Any]:
    """The trees of a model in one table. Unused features are left out.

    `least` is the probability from which they say yes.
    """
    trees = [predictor.nodes for (predictor,) in model._predictors]
    used = sorted({int(n["feature_idx"]) for tree in trees for n in tree if not n["is_leaf"]})
    place = {feature: k for k, feature in enumerate(used)}
    roots: list[int] = []
    nodes: dict[str, list[Any]] = {
        key: [] for key in ("feature", "threshold", "below", "above", "value")
    }
    for tree in trees:
        first = len(nodes["value"])
        roots.append(first)
        for number, node in enumerate(tree):
            leaf = bool(node["is_leaf"])
            own = first + number
            nodes["feature"].append(0 if leaf else place[int(node["feature_idx"])])
            nodes["threshold"].append(0 if leaf else _short(node["num_threshold"]))
            nodes["below"].append(own if leaf else first + int(node["left"]))
            nodes["above"].append(own if leaf else first + int(node["right"]))
            nodes["value"].append(_short(node["value"]) if leaf else 0)
    return {
        "least": _short(np.log(least / (1 - least))),
        "base": _short(model._baseline_prediction.item()),
        "depth": max(int(tree["depth"].max()) for tree in trees),
        "features": [names[feature] for feature in used],
        "roots": roots,
        "nodes": nodes,
    }


def _short(value: float) -> float:
    return float(f"{float(value):.6g}")
