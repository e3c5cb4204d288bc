"""A logistic regression that ships with pullquote: one readable weight for each feature."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


class Weights(BaseModel):
    """A logistic regression over named features."""

    model_config = ConfigDict(frozen=True)

    intercept: float
    weights: dict[str, float]

    def logit(self, features: DataclassInstance) -> float:
        """The log-odds of what the weights were fitted to predict."""
        values: dict[str, float] = asdict(features)
        return self.intercept + sum(w * values[name] for name, w in self.weights.items())
