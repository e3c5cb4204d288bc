"""Parsing the words of an answer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pullquote.english.values import Quantity, Text, value_of
from values.describing import described
from values.phrases import DAY, MOMENTS, QUANTITIES


def test_quantities_and_times() -> None:
    """Quantities and times have their number, unit and qualifier, or their days."""
    expected = [*QUANTITIES, *MOMENTS]
    found = [(words, described(value_of(words, day=DAY))) for words, _ in expected]
    assert found == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Ida Roe", "name ida roe"),
        ("Governor Ida Roe", "name ida roe"),
        ("police chief Ida Roe", "name ida roe"),
        ("the Bank of England", "name bank of england"),
        ("Mayor of London", "name mayor of london"),
        ("U.N.", "name un"),
        ("New Orleans, Louisiana", "name new orleans"),
        ("close to the existing one", "text close to existing one"),
        ("Boeing 747", "name boeing 747"),
        ("487th Fighter Squadron", "name 487th fighter squadron"),
        ("1982 Lebanon War", "name 1982 lebanon war"),
        ("One Direction", "name one direction"),
        ("Vice Admiral", "name vice admiral"),
        ("Richard Speight Jr", "name richard speight"),
        ("private spring", "text private spring"),
        ("because of the rain", "text because of rain"),
    ],
)
def test_names_and_other_words(words: str, expected: str) -> None:
    """Names lose titles and articles; a number in a name is no quantity."""
    assert described(value_of(words, day=DAY)) == expected


@pytest.mark.parametrize(
    ("words", "sentence", "expected"),
    [
        ("19", "At least 19 people were killed.", "at-least 19 people dead"),
        ("140", "Some 140 are missing.", "about 140 people missing"),
        ("43.1 million", "Profit rose to 43.1 million crowns.", "43100000 crown"),
        ("7 May", "It was moved from 9 April to 7 May.", "2024-05-07"),
        ("1900", "It has 1900 inhabitants.", "1900 people"),
        ("Tuesday", "The court will sit on Tuesday.", "2024-03-19"),
        ("Tuesday", "He said on Tuesday that he will go.", "2024-03-12"),
        ("January", "It is due to open in January.", "2025-01-01/2025-01-31"),
        ("January", "It opens on 15 January 2026.", "2026-01-15"),
        ("47", "The number of dead rose to 47.", "47 people dead"),
    ],
)
def test_the_sentence_adds_what_is_missing(words: str, sentence: str, expected: str) -> None:
    """An answer's sentence adds its unit and qualifier, and says whether a day is to come."""
    assert described(value_of(words, day=DAY, sentence=sentence)) == expected


@pytest.mark.parametrize(
    ("words", "language", "expected"),
    [
        ("1,7 Millionen Euro", "de", "1700000 EUR"),
        ("600.000", "de", "600000"),
        ("600 000", "fr", "600000"),
        ("2 mars 2024", "fr", "2024-03-02"),
        ("2. März 2024", "de", "2024-03-02"),
    ],
)
def test_figures_and_dates_of_other_languages(words: str, language: str, expected: str) -> None:
    """Decimal commas and the names of months are read as the language has them."""
    assert described(value_of(words, language=language)) == expected


@pytest.mark.parametrize("words", ["", " ", "...", "—", "“”"])
def test_nothing_has_no_value(words: str) -> None:
    """A text without letters and digits has no value."""
    assert value_of(words) is None


def test_relative_days_need_a_day() -> None:
    """Without the article's day, "yesterday" is only a word."""
    assert value_of("yesterday") == Text(("yesterday",))


def test_impossible_days_are_no_days() -> None:
    """31 June is not a day."""
    assert described(value_of("31 June", day=DAY)) != "2024-06-30"


def test_days_at_the_ends_of_the_calendar() -> None:
    """Days that would be before the first or after the last day are no days."""
    assert value_of("two years ago", day=date.min) is not None
    assert value_of("next spring", day=date.max) is not None


def test_the_digits_that_were_written_are_known() -> None:
    """A value knows how precisely its number was written."""
    value = value_of("£1.7m")
    assert isinstance(value, Quantity)
    assert (value.step, value.rounded) == (Decimal(100_000), Decimal(100_000))
