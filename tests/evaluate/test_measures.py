"""Each measure, on an example that can be worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.evaluate.measures import (
    JudgedAnswer,
    RiskPoint,
    auroc,
    calibration_error,
    recall,
    reliability,
    risk_coverage,
    risk_coverage_area,
)

FOUR = [
    JudgedAnswer(0.9, True),
    JudgedAnswer(0.8, False),
    JudgedAnswer(0.4, True),
    JudgedAnswer(0.4, False),
]


def test_recall_by_hand() -> None:
    """Four questions have ranks of 1, 3, 6 and none."""
    ranks = [1, 3, 6, None]
    assert [recall(ranks, k=k) for k in (1, 2, 3, 5, 6, 20)] == [0.25, 0.25, 0.5, 0.5, 0.75, 0.75]
    assert recall([], k=5) == 0.0


def test_auroc_by_hand() -> None:
    """Of four pairs of right and wrong, 0.9 wins two, 0.4 loses one and ties one: 2.5 of 4."""
    assert auroc(FOUR) == pytest.approx(2.5 / 4)


def test_auroc_of_one_kind_is_not_defined() -> None:
    """With one kind alone there is no figure."""
    assert auroc([JudgedAnswer(0.9, True), JudgedAnswer(0.1, True)]) is None


def test_reliability_puts_the_edges_into_the_upper_bin() -> None:
    """0 is in the first bin, 0.1 in the second, 1 in the last."""
    judged = [JudgedAnswer(0.0, False), JudgedAnswer(0.1, True), JudgedAnswer(1.0, True)]
    assert [one.count for one in reliability(judged)] == [1, 1, 0, 0, 0, 0, 0, 0, 0, 1]


def test_calibration_error_by_hand() -> None:
    """Gaps: 0.1 for the one at 0.9, 0.8 for the one at 0.8, 0.1 for the two at 0.4."""
    assert calibration_error(reliability(FOUR)) == pytest.approx((0.1 + 0.8 + 2 * 0.1) / 4)


def test_risk_and_coverage_by_hand() -> None:
    """The first is right; of two, one is wrong; two of equal confidence are answered together."""
    assert risk_coverage(FOUR) == (
        RiskPoint(confidence=0.9, coverage=0.25, risk=0.0),
        RiskPoint(confidence=0.8, coverage=0.5, risk=0.5),
        RiskPoint(confidence=0.4, coverage=1.0, risk=0.5),
    )


def test_area_under_risk_and_coverage_by_hand() -> None:
    """A quarter at 0, a quarter at 0.5, a half at 0.5."""
    assert risk_coverage_area(risk_coverage(FOUR)) == pytest.approx(0.125 + 0.25)


judgements = st.builds(JudgedAnswer, st.floats(0, 1), st.booleans())


@given(st.lists(judgements, min_size=1))
def test_measures_are_shares_in_any_order(judged: list[JudgedAnswer]) -> None:
    """Every measure is between 0 and 1, every question is in one bin, and order changes nothing."""
    bins, points = reliability(judged), risk_coverage(judged)
    assert sum(one.count for one in bins) == len(judged)
    assert 0 <= calibration_error(bins) <= 1
    assert 0 <= risk_coverage_area(points) <= 1
    assert points[-1].coverage == 1
    assert points[-1].risk == pytest.approx(sum(not one.right for one in judged) / len(judged))
    assert risk_coverage(judged[::-1]) == points
