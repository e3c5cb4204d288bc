"""Turns article counts by month into the columns of a chart: months, years or decades. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pullquote.base.dates.day_text import MONTHS

MAX_COLUMNS = 36


@dataclass(frozen=True, slots=True)
class ChartPeriod:
    """The number of articles between two days; `tick` is the label below the column, or ""."""

    label: str
    since: date
    until: date
    count: int
    tick: str


@dataclass(frozen=True, slots=True)
class PeriodSeries:
    """Consecutive periods of one unit: "month", "year" or "decade"."""

    unit: str
    periods: tuple[ChartPeriod, ...]


def period_series(months: Mapping[str, int]) -> PeriodSeries:
    """The periods from the first to the last month, in the smallest unit that makes few columns.

    Months are written as 2023-05; "" counts articles without a date and is ignored.
    """
    numbered = {_number(month): count for month, count in months.items() if month}
    if not numbered:
        return PeriodSeries("month", ())
    for unit, length in (("month", 1), ("year", 12), ("decade", 120)):
        first, last = min(numbered) // length, max(numbered) // length
        if last - first < MAX_COLUMNS or unit == "decade":
            break
    earliest = max(first, last - MAX_COLUMNS + 1)
    counts: Counter[int] = Counter()
    for month, count in numbered.items():
        counts[max(month // length, earliest)] += count
    numbers = range(earliest, last + 1)
    periods = [_period(at, length, counts[at], first=at == earliest) for at in numbers]
    if earliest > first:  # many decades: the first column also counts everything older
        until = periods[0].until.year
        periods[0] = replace(periods[0], since=date.min, label=f"until {until}")
    return PeriodSeries(unit, tuple(periods))


def _period(at: int, length: int, count: int, *, first: bool) -> ChartPeriod:
    """Period number `at`, counted from the year 0, if each period has `length` months."""
    since = date(at * length // 12, at * length % 12 + 1, 1) if at * length >= 12 else date.min
    after = (at + 1) * length
    last = after > 9999 * 12 + 11
    until = date.max if last else date(after // 12, after % 12 + 1, 1) - timedelta(days=1)
    if length == 1:
        month, year = MONTHS[at % 12][:3], at // 12
        tick = str(year) if first or at % 12 == 0 else ""
        return ChartPeriod(f"{month} {year}", since, until, count, tick)
    label = str(at) if length == 12 else f"{at * 10}s"
    every = 5 if length == 12 else 1
    return ChartPeriod(label, since, until, count, label if first or at % every == 0 else "")


def _number(month: str) -> int:
    """The number of a month, counted from January of the year 0."""
    year, _, month_of_year = month.partition("-")
    return int(year) * 12 + int(month_of_year) - 1
