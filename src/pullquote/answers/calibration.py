"""From log-odds to a confidence, and from a stated risk to where to stop."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pullquote.atomic_io import write_atomically
from pullquote.errors import SettingsError

NAME = "calibration.json"


class Calibration(BaseModel):
    """What log-odds mean: the probability that an answer is right, and how often one was wrong.

    Confidence is logistic(slope x log-odds + intercept), after Platt, Probabilistic Outputs for
    Support Vector Machines, 1999. `confidences` are those of the first answers to the questions it
    was fitted on, highest first, and `wrong` counts how many of the answers up to there were wrong.
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
                f"{len(self.confidences)} confidences, but {len(self.wrong)} counts of wrong ones"
            )
        return self

    def confidence(self, logit: float) -> float:
        """The probability, 0 to 1, that an answer with these log-odds is right."""
        return logistic(self.slope * logit + self.intercept)

    def threshold(self, wrong_at_most: float) -> float:
        """The lowest confidence from which at most that share, 0 to 1, of the answers was wrong.

        Answers of equal confidence are given together. Over 1, so that nothing is answered, where
        not even the surest answers were so often right.
        """
        together = dict(zip(self.confidences, enumerate(self.wrong, start=1), strict=True))
        safe = [
            confidence
            for confidence, (count, wrong) in together.items()
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
        """A calibration with that slope and intercept, and its record on first answers."""
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
    """A calibration beside an index, and what gave the log-odds that it explains."""

    scored_by: str
    calibration: Calibration


def read_calibration(index: Path, scored_by: str) -> Calibration | None:
    """The calibration kept beside an index; None where there is none.

    `scored_by` names the reader and the ranking whose log-odds it is to explain.

    Raises:
        SettingsError: the file cannot be read, or explains those of another reader or ranking.
    """
    path = index / NAME
    mend = "Fit it again with pullquote calibrate, or delete the file to use the one that ships."
    try:
        kept = StoredCalibration.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SettingsError(f"The calibration in {path} cannot be read: {error}. {mend}") from error
    except ValidationError as error:
        faults = "; ".join(": ".join((*map(str, e["loc"]), e["msg"])) for e in error.errors())
        raise SettingsError(
            f"The calibration in {path} cannot be read: {faults}. {mend}"
        ) from error
    if kept.scored_by != scored_by:
        raise SettingsError(
            f"The calibration in {path} was fitted to {kept.scored_by}; "
            f"what answers now is {scored_by}. {mend}"
        )
    return kept.calibration


def write_calibration(index: Path, scored_by: str, calibration: Calibration) -> Path:
    """Where the calibration is now kept, beside an index."""
    content = StoredCalibration(scored_by=scored_by, calibration=calibration).model_dump_json(
        indent=1
    )
    write_atomically(index / NAME, content.encode())
    return index / NAME


def logistic(logit: float) -> float:
    """The probability of log-odds."""
    return 1 / (1 + math.exp(-logit)) if logit >= 0 else 1 - 1 / (1 + math.exp(logit))
