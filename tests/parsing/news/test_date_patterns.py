"""Names of months from CLDR, on which the date lines rely."""

from __future__ import annotations

import json

import pytest
from training import date_names

from pullquote.base.dates import date_patterns, day_text


def test_the_names_are_those_of_the_installed_cldr() -> None:
    """After an update of Babel, `python -m training.date_names` writes them anew."""
    assert json.loads(date_names.OUT.read_text(encoding="utf-8")) == date_names.date_names()


def test_no_name_means_two_months() -> None:
    """A release of CLDR with such a name would change the dates of articles."""
    pairs = {
        *date_names.month_names(date_names.LANGUAGES, "wide"),
        *date_names.month_names(date_names.ABBREVIATING, "abbreviated"),
    }
    assert len(pairs) == len(date_patterns.MONTHS)


@pytest.mark.parametrize(
    ("name", "month"),
    [("sept", 9), ("sep", 9), ("märz", 3), ("févr", 2), ("listopada", 11)],
)
def test_names_in_dates(name: str, month: int) -> None:
    """Names are in lower case, without a full stop."""
    assert date_patterns.MONTHS[name] == month


def test_english_months_are_those_of_cldr() -> None:
    """Each English name means the month at its place."""
    assert [date_patterns.MONTHS[name.lower()] for name in day_text.MONTHS] == list(range(1, 13))
