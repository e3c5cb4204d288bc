"""Computes confidence from log-odds, and the lowest confidence for an accepted error rate."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pullquote.base.atomic_io import write_atomically
from pullquote.index.interfaces import CALIBRATION
from pullquote.schema.errors import SettingsError


class Calibration(BaseModel):
    """The probability that an answer with some log-odds is right.

    Confidence is logistic(slope x log-odds + intercept), after Platt, Probabilistic Outputs for
    Support Vector Machines, 1999. `confidences` are those of the first answers to the questions
    that the calibration was fitted on, highest first. `wrong[i]` is the number of wrong answers
    among the first i + 1.
    """

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)

    slope: float = Field(gt=0)
    intercept: float
    confidences: tuple[float, ...]
    wrong: tuple[int, ...]
    fitted_on: str

    @model_validator(mode="after")
    def _counts_every_answer(self) -> Calibration:
        if len(self.confidences) != len(self.wrong):
            raise ValueError(
                f"{len(self.confidences)} confidences, but {len(self.wrong)} counts of errors"
            )
        return self

    def confidence(self, logit: float) -> float:
        """The probability, 0 to 1, that an answer with these log-odds is right."""
        return logistic(self.slope * logit + self.intercept)

    def in_terms_of(self, other: Calibration, logit: float) -> float:
        """The log-odds that have the same confidence by the other calibration."""
        return (self.slope * logit + self.intercept - other.intercept) / other.slope

    def threshold(self, wrong_at_most: float) -> float:
        """The lowest confidence at which to answer, if at most this share of answers may be wrong.

        `wrong_at_most` is 0 to 1. Answers with the same confidence count together. If even the most
        confident answers were wrong more often, the threshold is above 1 and nothing is answered.
        """
        last_of_equals = dict(zip(self.confidences, enumerate(self.wrong, start=1), strict=True))
        safe = [
            confidence
            for confidence, (count, wrong) in last_of_equals.items()
            if wrong / count <= wrong_at_most
        ]
        return min(safe, default=math.nextafter(1.0, 2.0))

    @classmethod
    def of(
        cls,
        logits: Sequence[float],
        right: Sequence[bool],
        *,
        slope: float,
        intercept: float,
        fitted_on: str,
    ) -> Calibration:
        """Create a calibration with this slope and intercept, and its record on first answers."""
        sure = sorted(
            ((logistic(slope * x + intercept), r) for x, r in zip(logits, right, strict=True)),
            key=lambda pair: -pair[0],
        )
        wrong, count = [], 0
        for _, was_right in sure:
            count += not was_right
            wrong.append(count)
        return cls(
            slope=slope,
            intercept=intercept,
            confidences=tuple(round(confidence, 4) for confidence, _ in sure),
            wrong=tuple(wrong),
            fitted_on=fitted_on,
        )


class StoredCalibration(BaseModel):
    """The calibration file beside an index; `scored_by` is what the calibration was fitted to.

    `nothing_below` replaces that of the ranking; None if it was not fitted.
    """

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)

    scored_by: str
    calibration: Calibration
    nothing_below: float | None = None


def read_calibration(index: Path, scored_by: str) -> StoredCalibration | None:
    """The calibration stored beside an index, or None if there is none.

    `scored_by` names the reader and the ranking that compute the log-odds.

    Raises:
        SettingsError: the file cannot be read, or was fitted to a different reader or ranking.
    """
    path = index / CALIBRATION
    remedy = "Fit it again with pullquote calibrate, or delete the file to use the packaged one."
    try:
        stored = StoredCalibration.model_validate_json(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise SettingsError(
            f"The calibration in {path} cannot be read: {error}. {remedy}"
        ) from error
    except ValidationError as error:
        faults = "; ".join(": ".join((*map(str, e["loc"]), e["msg"])) for e in error.errors())
        raise SettingsError(
            f"The calibration in {path} cannot be read: {faults}. {remedy}"
        ) from error
    if stored.scored_by != scored_by:
        raise SettingsError(
            f"The calibration in {path} was fitted to {stored.scored_by}; "
            f"answers now come from {scored_by}. {remedy}"
        )
    return stored


def write_calibration(index: Path, stored: StoredCalibration) -> Path:
    """Store a calibration beside an index, and return the path of the file."""
    write_atomically(index / CALIBRATION, stored.model_dump_json(indent=1).encode())
    return index / CALIBRATION


def logistic(logit: float) -> float:
    """Convert log-odds to a probability, 0 to 1."""
    return 1 / (1 + math.exp(-logit)) if logit >= 0 else 1 - 1 / (1 + math.exp(logit))
