"""Confidence from log-odds, the threshold to abstain, and the file beside an index."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pullquote.answering.answers import (
    Calibration,
    StoredCalibration,
    read_calibration,
    write_calibration,
)
from pullquote.answering.answers.calibration import logistic
from pullquote.index.interfaces import CALIBRATION
from pullquote.schema.errors import SettingsError


def recorded(*firsts: tuple[float, bool]) -> Calibration:
    """A calibration whose confidences are the logistic of the log-odds."""
    return Calibration.of(
        [logit for logit, _ in firsts],
        [right for _, right in firsts],
        slope=1.0,
        intercept=0.0,
        fitted_on="by hand",
    )


def test_confidence_follows_the_logistic_by_hand():
    """Platt's formula by hand, and for extreme values."""
    calibration = Calibration(slope=2, intercept=-1, confidences=(), wrong=(), fitted_on="")
    assert calibration.confidence(1.0) == pytest.approx(1 / (1 + math.exp(-1.0)))
    assert calibration.confidence(0.5) == 0.5
    assert calibration.confidence(-1e6) == 0.0
    assert calibration.confidence(1e6) == 1.0


@given(st.floats(-50, 50), st.floats(-50, 50))
def test_more_log_odds_are_never_less_probable(one, other):
    """The logistic rises, and probabilities of opposite log-odds add up to 1."""
    assert (logistic(one) <= logistic(other)) or one > other
    assert logistic(one) + logistic(-one) == pytest.approx(1.0)


def test_record_by_hand():
    """The most confident answers come first, with the number of wrong ones up to each."""
    calibration = recorded((0.0, False), (2.0, True), (1.0, False), (-1.0, True))
    assert calibration.confidences == (0.8808, 0.7311, 0.5, 0.2689)
    assert calibration.wrong == (0, 1, 2, 2)


FIRSTS = recorded((4, True), (3, True), (2, False), (1, True), (0, True), (-1, False))
"""Wrong answers, most confident first: none of 1 and 2, one of 3 to 5, two of 6."""


@pytest.mark.parametrize(
    ("wrong_at_most", "logit"), [(0.1, 3), (0.2, 0), (0.25, 0), (0.33, 0), (0.34, -1), (0.99, -1)]
)
def test_threshold_by_hand(wrong_at_most, logit):
    """The threshold is as low as the accepted risk allows, even if it was higher in between."""
    assert FIRSTS.threshold(wrong_at_most) == round(logistic(logit), 4)


@pytest.mark.parametrize("firsts", [((3, False), (2, False)), ((3, False), (2, True)), ()])
def test_threshold_that_nothing_reaches(firsts):
    """If even the most confident answers were wrong too often, nothing is answered."""
    assert recorded(*firsts).threshold(0.2) > 1.0


def test_answers_of_equal_confidence_are_given_together():
    """No threshold separates answers of equal confidence."""
    right_first = recorded((3, True), (1, True), (1, False))
    wrong_first = recorded((3, True), (1, False), (1, True))
    for calibration in (right_first, wrong_first):
        assert calibration.threshold(0.2) == round(logistic(3), 4)
        assert calibration.threshold(0.34) == round(logistic(1), 4)


def test_a_share_that_is_met_exactly_is_met():
    """29 wrong of 100 are 0.29, also in floating point, where 0.29 x 100 is less than 29."""
    firsts = [(1.0, True)] * 71 + [(1.0, False)] * 29
    assert recorded(*firsts).threshold(0.29) == round(logistic(1), 4)


@given(
    firsts=st.lists(st.tuples(st.floats(-6, 6), st.booleans()), max_size=20),
    wrong_at_most=st.floats(0.01, 0.99),
)
def test_from_the_threshold_up_no_more_were_wrong_than_stated(firsts, wrong_at_most):
    """Above the threshold no larger share is wrong than accepted."""
    calibration = recorded(*firsts)
    floor = calibration.threshold(wrong_at_most)
    given_ = [right for logit, right in firsts if round(logistic(logit), 4) >= floor]
    assert sum(not right for right in given_) <= wrong_at_most * len(given_) + 1e-9


@pytest.mark.parametrize("slope", [0.0, -1.0])
def test_calibration_that_turns_confidence_round_is_none(slope):
    """More log-odds must mean more confidence."""
    with pytest.raises(ValidationError, match="greater than 0"):
        Calibration(slope=slope, intercept=0, confidences=(), wrong=(), fitted_on="")


def stored(scored_by: str, calibration: Calibration = FIRSTS, **fitted: float) -> StoredCalibration:
    return StoredCalibration(scored_by=scored_by, calibration=calibration, **fitted)


class TestStoredCalibration:
    def test_it_comes_back_as_it_was_written(self, tmp_path: Path):
        """A stored calibration is read back for its reader."""
        assert read_calibration(tmp_path, "reader@1") is None
        one = stored("reader@1", nothing_below=-1.5)
        assert write_calibration(tmp_path, one) == tmp_path / CALIBRATION
        assert read_calibration(tmp_path, "reader@1") == one

    def test_writing_replaces_it_whole(self, tmp_path: Path):
        """A new calibration replaces the old one, without temporary files."""
        write_calibration(tmp_path, stored("reader@1", recorded((1, True))))
        write_calibration(tmp_path, stored("reader@2"))
        assert read_calibration(tmp_path, "reader@2") == stored("reader@2")
        assert [path.name for path in tmp_path.iterdir()] == [CALIBRATION]

    def test_that_of_another_reader_is_refused_with_both_names(self, tmp_path: Path):
        """A calibration of another reader is refused; the message says what to do."""
        write_calibration(tmp_path, stored("reader@1"))
        with pytest.raises(
            SettingsError, match="reader@1; answers now come from reader@2"
        ) as caught:
            read_calibration(tmp_path, "reader@2")
        assert "pullquote calibrate" in str(caught.value)

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"{",
            b"\xff\xfe",
            b'{"scored_by": "reader@1"}',
            b'{"scored_by": "reader@1", "calibration": {"slope": -1, "intercept": 0,'
            b' "confidences": [], "wrong": [], "fitted_on": ""}}',
            b'{"scored_by": "reader@1", "calibration": {"slope": 1, "intercept": 0,'
            b' "confidences": [0.5], "wrong": [], "fitted_on": ""}}',
        ],
        ids=["empty", "cut", "binary", "half", "upside down", "uneven"],
    )
    def test_broken_file_is_refused(self, tmp_path: Path, content: bytes):
        """The error names the file; the shipped calibration does not silently replace it."""
        (tmp_path / CALIBRATION).write_bytes(content)
        with pytest.raises(SettingsError, match="cannot be read") as caught:
            read_calibration(tmp_path, "reader@1")
        assert str(tmp_path / CALIBRATION) in str(caught.value)
        assert "\n" not in str(caught.value)
