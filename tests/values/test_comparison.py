"""Comparing the values of two answers."""

from __future__ import annotations

from datetime import date

import pytest

from pullquote.english.values import Relation, Value, compare, value_of

DAY = date(2024, 3, 14)


def parsed(words: str) -> Value:
    """The value of an answer in an article of `DAY`."""
    value = value_of(words, day=DAY)
    assert value is not None
    return value


EQUAL = [
    ("600,000", "600\u202f000"),
    ("two-thirds", "two thirds"),
    ("£5", "5 pounds"),
    ("27", "twenty-seven"),
    ("two", "the first two"),
    ("41 homes", "41 houses"),
    ("Nine pieces", "nine pieces of silver"),
    ("one tonne", "a tonne"),
    ("yesterday", "on Wednesday"),
    ("2 March 2024", "March 2, 2024"),
    ("2024-03-02", "Saturday 2 March"),
    ("the UN", "U.N."),
    ("Ida Roe's", "Ida Roe"),
    ("the Bank of England", "Bank of England"),
    ("Zoltán Korda", "Zoltan Korda"),
    ("pear juice", "Pear juice"),
    ("3-2", "3–2"),
    ("Corvane Ltd", "Corvane"),
    ("4.40pm", "16:40"),
]

COMPATIBLE = [
    ("about 600,000", "612,400"),
    ("600,000", "612,400"),
    ("more than 600,000", "660,000"),
    ("at least 12", "15"),
    ("at least 2", "4"),
    ("£1.7m", "£1,700,000"),
    ("£1.68m", "£1.7m"),
    ("4.4 million cubic metres", "4.37 million cubic metres"),
    ("almost 19 per cent", "18.7 per cent"),
    ("just over 400", "412"),
    ("nearly 100", "92"),
    ("up to 400", "350"),
    ("fewer than 20", "17"),
    ("between 8 and 10", "9"),
    ("a third", "33 per cent"),
    ("Nine pieces", "nine"),
    ("19 people", "19 dead"),
    ("43.1 million", "43.1 million crowns"),
    ("6.20 crowns a share", "6.20 crowns"),
    ("two weeks", "a fortnight"),
    ("about a third", "31 per cent"),
    ("half an hour", "about 30 minutes"),
    ("1.2 tonnes", "about 1,200 kg"),
    ("March", "2 March 2024"),
    ("June 2024", "summer 2024"),
    ("2024", "2 March 2024"),
    ("the end of August 2024", "31 August 2024"),
    ("the middle of January", "17 January"),
    ("the 1990s", "1993"),
    ("about 1820", "1822"),
    ("about 6am", "5.50am"),
    ("Tuesday", "6pm on Tuesday"),
    ("Roe", "Ida Roe"),
    ("Ida", "Ida Roe"),
    ("I. Roe", "Ida Roe"),
    ("Ms Roe", "Ida Roe"),
    ("Governor Ida Roe", "Ida Roe"),
    ("the governor", "Governor Ida Roe"),
    ("John Kennedy", "John F. Kennedy"),
    ("UN", "United Nations"),
    ("U.N.", "the United Nations"),
    ("Tessbridge", "Tessbridge Savings"),
    ("New Orleans", "New Orleans, Louisiana"),
    ("spring", "private spring"),
    ("cheese", "soft cheese"),
    ("38,000 tonnes", "38,000"),
    ("41 boats", "41 trawlers"),
    ("34 names", "34 witnesses"),
]

DIFFERENT = [
    ("600,000", "660,000"),
    ("about 600,000", "about 700,000"),
    ("47", "43"),
    ("240", "243"),
    ("40", "41"),
    ("at least 19", "43"),
    ("less than four minutes", "seven minutes"),
    ("900 people", "600 demonstrators"),
    ("£5m", "£6m"),
    ("£5m", "£5bn"),
    ("4.9 per cent", "9.3 per cent"),
    ("half", "two-thirds"),
    ("six years", "five years"),
    ("3-2", "2-3"),
    ("3-2", "3-1"),
    ("16 April", "14 May"),
    ("March", "April"),
    ("2 March 2024", "2 March 2023"),
    ("2019", "2020"),
    ("4:40 am", "4:40 pm"),
    ("Monday", "Tuesday"),
    ("Ida Roe", "Ida Poe"),
    ("Ida Roe", "John Roe"),
    ("Roe", "Poe"),
    ("York", "New York"),
    ("President Roe", "Vice President Poe"),
    ("England", "Bank of England"),
    ("UN", "World Bank"),
    ("Portland, Oregon", "Portland, Maine"),
    ("guilty", "not guilty"),
    ("yes", "no"),
    ("4.8 per cent", "more than 5 per cent"),
    ("38,000 tonnes", "39,000"),
    ("football", "chess"),
    ("Anglican priest", "Catholic priest"),
]

UNRELATED = [
    ("£5m", "12 people"),
    ("£5m", "€5m"),
    ("12 per cent", "12 people"),
    ("19 dead", "43 injured"),
    ("240 jobs", "38 branches"),
    ("5 km", "5 kg"),
    ("6 crowns a share", "7 crowns an hour"),
    ("third", "12"),
    ("2 March", "12 people"),
    ("2 March", "Ida Roe"),
    ("3-2", "5"),
    ("4:40 am", "2 March"),
]


@pytest.mark.parametrize(("one", "other"), EQUAL)
def test_equal(one: str, other: str) -> None:
    """Two ways to write the same value are equal."""
    assert compare(parsed(one), parsed(other)) is Relation.EQUAL


@pytest.mark.parametrize(("one", "other"), COMPATIBLE)
def test_compatible(one: str, other: str) -> None:
    """Values that differ in precision, qualifier or completeness are compatible."""
    assert compare(parsed(one), parsed(other)) is Relation.COMPATIBLE


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different(one: str, other: str) -> None:
    """Two values of one kind that cannot both be true are different."""
    assert compare(parsed(one), parsed(other)) is Relation.DIFFERENT


@pytest.mark.parametrize(("one", "other"), UNRELATED)
def test_unrelated(one: str, other: str) -> None:
    """Values of two kinds or units say nothing about each other."""
    assert compare(parsed(one), parsed(other)) is Relation.UNRELATED


def test_a_number_may_be_a_year() -> None:
    """A bare number is compatible with the year that it may mean."""
    number = value_of("1,900")
    year = value_of("1900")
    assert number is not None
    assert year is not None
    assert compare(number, year) is Relation.COMPATIBLE


def test_days_without_a_year_suit_any_year() -> None:
    """If the article has no date, "2 March" is compatible with that day of any year."""
    loose, dated = value_of("2 March"), value_of("2 March 2019")
    assert loose is not None
    assert dated is not None
    assert compare(loose, dated) is Relation.COMPATIBLE


def test_a_weekday_without_a_date_suits_its_dates() -> None:
    """If the article has no date, "Tuesday" is compatible with a Tuesday only."""
    tuesday, day, next_day = (value_of(each) for each in ("Tuesday", "2024-03-12", "2024-03-13"))
    assert tuesday is not None
    assert day is not None
    assert next_day is not None
    assert compare(tuesday, day) is Relation.COMPATIBLE
    assert compare(tuesday, next_day) is Relation.DIFFERENT
