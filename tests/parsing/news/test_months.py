"""Names of months from CLDR, on which the date lines rely."""

from __future__ import annotations

import pytest

from pullquote.parsing.news import months


def test_no_name_means_two_months() -> None:
    """A release of CLDR with such a name would change the dates of articles."""
    pairs = {
        *months._month_names(months._LANGUAGES, "wide"),
        *months._month_names(months._ABBREVIATING, "abbreviated"),
    }
    assert len(pairs) == len(months.MONTHS)


@pytest.mark.parametrize(
    ("name", "month"),
    [("sept", 9), ("sep", 9), ("märz", 3), ("févr", 2), ("listopada", 11)],
)
def test_names_in_dates(name: str, month: int) -> None:
    """Names are in lower case, without a full stop."""
    assert months.MONTHS[name] == month


def test_english_months_are_in_order() -> None:
    """They run from January to December."""
    assert (months.ENGLISH_MONTHS[0], months.ENGLISH_MONTHS[-1]) == ("January", "December")
