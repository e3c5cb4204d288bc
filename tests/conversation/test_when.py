"""Parsing days in questions."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.english.questions.when import DATE, DateRange, date_range_of

TODAY = date(2024, 3, 6)  # a Wednesday


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("2 May 2005", date(2005, 5, 2), date(2005, 5, 2)),
        ("2nd of May, 2005", date(2005, 5, 2), date(2005, 5, 2)),
        ("May 2, 2005", date(2005, 5, 2), date(2005, 5, 2)),
        ("2005-05-02", date(2005, 5, 2), date(2005, 5, 2)),
        ("02/05/2005", date(2005, 5, 2), date(2005, 5, 2)),
        ("2 May", date(2023, 5, 2), date(2023, 5, 2)),
        ("February 29", date(2024, 2, 29), date(2024, 2, 29)),
        ("March", date(2024, 3, 1), date(2024, 3, 31)),
        ("April", date(2023, 4, 1), date(2023, 4, 30)),
        ("Feb 2004", date(2004, 2, 1), date(2004, 2, 29)),
        ("Sept. 2004", date(2004, 9, 1), date(2004, 9, 30)),
        ("2004", date(2004, 1, 1), date(2004, 12, 31)),
        ("the 1990s", date(1990, 1, 1), date(1999, 12, 31)),
        ("today", TODAY, TODAY),
        ("yesterday", date(2024, 3, 5), date(2024, 3, 5)),
        ("Monday", date(2024, 3, 4), date(2024, 3, 4)),
        ("Wednesday", TODAY, TODAY),
        ("last Wednesday", date(2024, 2, 28), date(2024, 2, 28)),
        ("this week", date(2024, 3, 4), date(2024, 3, 10)),
        ("last week", date(2024, 2, 26), date(2024, 3, 3)),
        ("last month", date(2024, 2, 1), date(2024, 2, 29)),
        ("last year", date(2023, 1, 1), date(2023, 12, 31)),
        ("the past three days", date(2024, 3, 3), TODAY),
        ("last 6 months", date(2023, 9, 6), TODAY),
        ("two weeks ago", date(2024, 2, 19), date(2024, 2, 25)),
        ("a year ago", date(2023, 1, 1), date(2023, 12, 31)),
        ("5 days ago", date(2024, 3, 1), date(2024, 3, 1)),
    ],
)
def test_the_days_that_words_mean(words: str, first: date, last: date) -> None:
    """Words that name a day mean the last such day that has begun."""
    assert re.fullmatch(DATE, words, re.IGNORECASE)
    assert date_range_of(words, today=TODAY) == DateRange(first, last)


@pytest.mark.parametrize("words", ["31 June 2004", "30 February", "2004-13-01"])
def test_there_is_no_such_day(words: str) -> None:
    """An impossible day is no day; it is not corrected."""
    assert date_range_of(words, today=TODAY) is None


def test_the_29th_of_february_is_that_of_the_last_leap_year() -> None:
    """A day that this year does not have is looked for in the years before."""
    day = date(2024, 2, 29)
    assert date_range_of("29 February", today=date(2026, 3, 1)) == DateRange(day, day)


def test_eleven_is_a_number_of_weeks() -> None:
    """Questions and articles share their numbers: eleven weeks before Wednesday, 6 March 2024."""
    assert date_range_of("eleven weeks ago", today=TODAY) == DateRange(
        date(2023, 12, 18), date(2023, 12, 24)
    )


def test_months_back_end_where_a_month_does() -> None:
    """A month before 31 March 2024, by hand."""
    assert date_range_of("past one month", today=date(2024, 3, 31)) == DateRange(
        date(2024, 2, 29), date(2024, 3, 31)
    )


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("2004", "2004"),
        ("the 1990s", "1990–1999"),
        ("Feb 2004", "February 2004"),
        ("2004-02-29", "29 February 2004"),
        ("last week", "26 February 2024 – 3 March 2024"),
    ],
)
def test_periods_are_shown_as_people_write_them(words: str, shown: str) -> None:
    """A range over a whole year or month is written as a year or month."""
    assert str(date_range_of(words, today=TODAY)) == shown


@given(words=st.from_regex(re.compile(DATE, re.IGNORECASE), fullmatch=True), today=st.dates())
def test_whatever_is_a_date_means_a_period_or_nothing(words: str, today: date) -> None:
    """A range never ends before it begins, even at the ends of the calendar."""
    period = date_range_of(words, today=today)
    assert period is None or period.first <= period.last
