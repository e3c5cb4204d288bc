"""What typing errors cost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.answering.query.spelling import FIRST_LETTER, SLIP, error_cost


@pytest.mark.parametrize(
    ("typed", "meant", "cost"),
    [
        ("pier", "pier", 0.0),
        ("lihgthouse", "lighthouse", SLIP),  # swapped
        ("comittee", "committee", SLIP),  # a double letter typed once
        ("saxaphone", "saxophone", SLIP),  # a vowel for a vowel
        ("gerry", "ferry", SLIP + FIRST_LETTER),  # the key beside it
        ("goverment", "government", 0.9),  # a consonant missing
        ("pearl", "petrl", 1.0),  # no common error
        ("", "ab", SLIP + 0.9 + FIRST_LETTER),
    ],
)
def test_costs_by_hand(typed: str, meant: str, cost: float) -> None:
    """A common error costs less than a rare one; an error in the first letter costs more."""
    assert error_cost(typed, meant) == pytest.approx(cost)


@given(st.text("abcdes", max_size=7), st.text("abcdes", max_size=7))
def test_only_equal_words_cost_nothing(typed: str, meant: str) -> None:
    """The cost is 0 for equal words, and positive for others."""
    assert (error_cost(typed, meant) == 0.0) == (typed == meant)
