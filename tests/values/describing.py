"""Values as short text, for tables of phrases."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pullquote.english.values.models import (
    Name,
    Period,
    Precision,
    Qualifier,
    Quantity,
    Score,
    Value,
)


def described(value: Value | None) -> str:
    """A value as text: "about 600000 people", "2024-03-02", "3:2", "name ida roe"."""
    match value:
        case None:
            return "nothing"
        case Quantity():
            return _quantity(value)
        case Score():
            return f"{value.first}:{value.second}"
        case Period():
            return _period(value)
        case Name():
            return f"name {' '.join(value.words)}"
        case _:
            return f"text {' '.join(value.words)}"


def _number(number: Decimal) -> str:
    rounded = number.quantize(Decimal("0.0001")).normalize()
    return f"{rounded:f}"


def _quantity(value: Quantity) -> str:
    number = _number(value.low)
    if value.high != value.low:
        number += f"..{_number(value.high)}"
    if value.ordinal:
        teens = value.low % 100 in (11, 12, 13)
        number += "th" if teens else {1: "st", 2: "nd", 3: "rd"}.get(int(value.low) % 10, "th")
    qualifier = "" if value.qualifier is Qualifier.EXACT else value.qualifier
    unit = f"{value.unit}/{value.per}" if value.per else value.unit
    return " ".join(part for part in (qualifier, number, unit, value.state) if part)


def _period(value: Period) -> str:
    qualifier = "" if value.qualifier is Qualifier.EXACT else value.qualifier
    days = _days(value.first, value.last)
    clock = ""
    if value.precision is Precision.CLOCK and value.minute is not None:
        clock = f"{value.minute // 60:02}:{value.minute % 60:02}"
    weekday = "" if value.weekday is None else f"weekday {value.weekday}"
    return " ".join(part for part in (qualifier, days, clock, weekday) if part)


def _days(first: date | None, last: date | None) -> str:
    if first is None:
        return ""
    return f"{first}" if first == last else f"{first}/{last}"
