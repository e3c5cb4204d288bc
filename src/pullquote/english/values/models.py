"""The values that the words of an answer may have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias


class Qualifier(StrEnum):
    """How a number or a time is meant."""

    EXACT = "exact"
    ABOUT = "about"
    AT_LEAST = "at-least"
    AT_MOST = "at-most"
    MORE_THAN = "more-than"
    JUST_OVER = "just-over"
    LESS_THAN = "less-than"
    NEARLY = "nearly"
    SINCE = "since"
    BY = "by"


class Relation(StrEnum):
    """How one value relates to another."""

    EQUAL = "equal"
    COMPATIBLE = "compatible"
    """Both may be true of the same thing: they differ in precision, qualifier or completeness."""
    DIFFERENT = "different"
    UNRELATED = "unrelated"
    """They are not of the same kind or unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number, or a range of numbers, with its unit."""

    low: Decimal
    high: Decimal
    """The same as `low`, unless a range was written."""
    step: Decimal
    """The value of the last digit as written: 100,000 in "1.7m", and 1 in "1,700,000"."""
    rounded: Decimal
    """The value of the last digit that is not a zero, or 1: 100,000 in "1,700,000"."""
    qualifier: Qualifier = Qualifier.EXACT
    unit: str = ""
    """What is counted or measured, in the singular: "%", "kg", "people", "job", "GBP", "crown"."""
    state: str = ""
    """What happened to the people counted: "dead", "injured", "missing"."""
    per: str = ""
    """The unit that a price or rate is for: "share", "hour"."""
    ordinal: bool = False
    scale: Decimal = Decimal(1)
    """How many of the unit the written unit is: 1,000 for a tonne."""


@dataclass(frozen=True, slots=True)
class Score:
    """Two numbers in their order, such as goals or votes."""

    first: int
    second: int


class Precision(StrEnum):
    """How precisely a time is given."""

    CLOCK = "clock"
    DAY = "day"
    PERIOD = "period"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A day, a longer period such as a month or season, or a time of day."""

    first: date | None = None
    """The first day. None for a mere time of day, or a weekday in an article without a date."""
    last: date | None = None
    """The last day, included."""
    yearless: bool = False
    """Whether the year is unknown. The days are then in the year `YEARLESS`."""
    weekday: int | None = None
    """The day of the week, from 0 for Monday, where no date is known."""
    minute: int | None = None
    """The time of day, in minutes after midnight."""
    qualifier: Qualifier = Qualifier.EXACT

    @property
    def precision(self) -> Precision:
        """Whether this is a time of day, a day, or a longer period."""
        if self.minute is not None:
            return Precision.CLOCK
        return Precision.DAY if self.first == self.last else Precision.PERIOD


YEARLESS = 2000
"""The year of days whose year is unknown: a leap year, so that it has 29 February."""


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a person, an organisation or a place."""

    words: tuple[str, ...]
    """In lower case and without accents, titles, articles and possessive endings."""
    titles: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    """What stands after a comma: "louisiana" in "New Orleans, Louisiana"."""
    acronym: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """Any other words, in lower case, without articles and punctuation."""

    words: tuple[str, ...]


Value: TypeAlias = Quantity | Score | Period | Name | Text


@dataclass(frozen=True, slots=True)
class FoundValue:
    """A value and its position in a text."""

    start: int
    end: int
    value: Value
