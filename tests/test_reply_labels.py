"""The words for confidence say what was measured."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

import pullquote
from pullquote.answering.reply_labels import CONFIDENCE_LEVELS, ConfidenceLevel

RANKING = Path(pullquote.__file__).parent / "base" / "models" / "ranking.json"


@pytest.mark.parametrize(
    ("level", "below"),
    [
        (level, higher.least)
        for higher, level in pairwise((ConfidenceLevel("", 1.01, ""), *CONFIDENCE_LEVELS))
    ],
)
def test_the_share_of_right_answers_is_that_of_the_calibration(
    level: ConfidenceLevel, below: float
) -> None:
    """Each share is within 3 of 100 of the first answers that the calibration was fitted to."""
    stored = json.loads(RANKING.read_text(encoding="utf-8"))["calibration"]
    wrong = [after - before for before, after in pairwise((0, *stored["wrong"]))]
    within = [
        missed
        for confidence, missed in zip(stored["confidences"], wrong, strict=True)
        if level.least <= confidence < below
    ]
    right, of = map(int, level.right.split(" in "))
    assert 1 - sum(within) / len(within) == pytest.approx(right / of, abs=0.03)
