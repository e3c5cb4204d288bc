"""Fusion rules: how the rankings of several searches are merged into one.

To add a rule, write its function and add it to `Fusion`. The setting `fusion`, its messages and
`benchmarks/fusion.py` read the choices from `Fusion`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Protocol

Ranking = Mapping[int, float]
"""The passage ids that one search found, best first, with scores; higher is better."""


class FusionRule(Protocol):
    """A function that scores every passage in the given rankings; higher is better.

    `k` is the setting `rrf_k`; rules that do not need it ignore it.
    """

    def __call__(self, rankings: Sequence[Ranking], *, k: int) -> dict[int, float]:
        """The fused score of each passage id, in any order."""


def reciprocal_rank(rankings: Sequence[Ranking], *, k: int) -> dict[int, float]:
    """Sum 1 / (k + rank) over the rankings. Ranks start at 1.

    Source: Cormack, Clarke and Büttcher, Reciprocal Rank Fusion, SIGIR 2009.
    """
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, passage_id in enumerate(ranking, start=1):
            scores[passage_id] = scores.get(passage_id, 0.0) + 1 / (k + rank)
    return scores


def relative_score(rankings: Sequence[Ranking], *, k: int) -> dict[int, float]:
    """Scale the scores of each ranking so that its best is 1 and its worst 0, and add them up.

    Source: Bruch, Gai and Ingber, An Analysis of Fusion Functions for Hybrid Retrieval, TOIS 2023.
    """
    scores: dict[int, float] = {}
    for ranking in rankings:
        worst = min(ranking.values(), default=0.0)
        spread = max(ranking.values(), default=0.0) - worst
        for passage_id, score in ranking.items():
            scaled = (score - worst) / spread if spread > 0 else 1.0
            scores[passage_id] = scores.get(passage_id, 0.0) + scaled
    return scores


class Fusion(StrEnum):
    """The fusion rules by name. Each member calls its own function."""

    RECIPROCAL_RANK = "reciprocal-rank", reciprocal_rank
    RELATIVE_SCORE = "relative-score", relative_score

    rule: FusionRule

    def __new__(cls, name: str, rule: FusionRule) -> Fusion:
        """Create a member that stores its function."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.rule = rule
        return member

    def fuse(self, rankings: Sequence[Ranking], *, k: int) -> dict[int, float]:
        """The fused score of each passage id, best first; ties are ordered by id."""
        scores = self.rule(rankings, k=k)
        return dict(sorted(scores.items(), key=lambda pair: (-pair[1], pair[0])))
