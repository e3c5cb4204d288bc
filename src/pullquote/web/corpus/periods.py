"""Months -> the columns of a chart: months, years or decades, whichever are few enough. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

MOST_COLUMNS = 36

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


@dataclass(frozen=True, slots=True)
class Period:
    """The articles from a day to a day; `tick` stands below its column, "" where there is none."""

    label: str
    since: date
    until: date
    count: int
    tick: str


@dataclass(frozen=True, slots=True)
class Periods:
    """Periods of one kind that follow each other without a gap, and what they are called."""

    name: str
    periods: tuple[Period, ...]


def periods(months: Mapping[str, int]) -> Periods:
    """The periods between the first and the last of months that are written 2023-05."""
    numbered = {_number(month): count for month, count in months.items() if month}
    if not numbered:
        return Periods("month", ())
    for name, length in (("month", 1), ("year", 12), ("decade", 120)):
        first, last = min(numbered) // length, max(numbered) // length
        if last - first < MOST_COLUMNS or name == "decade":
            break
    earliest = max(first, last - MOST_COLUMNS + 1)
    counts: Counter[int] = Counter()
    for month, count in numbered.items():
        counts[max(month // length, earliest)] += count
    columns = range(earliest, last + 1)
    found = [_period(at, length, counts[at], first=at == earliest) for at in columns]
    if earliest > first:  # centuries: what is older stands in the first column
        found[0] = replace(found[0], since=date.min, label=f"until {found[0].until.year}")
    return Periods(name, tuple(found))


def _period(at: int, length: int, count: int, *, first: bool) -> Period:
    since = date(at * length // 12, at * length % 12 + 1, 1) if at * length >= 12 else date.min
    after = (at + 1) * length
    last = after > 9999 * 12 + 11
    until = date.max if last else date(after // 12, after % 12 + 1, 1) - timedelta(days=1)
    if length == 1:
        month, year = _MONTHS[at % 12], at // 12
        return Period(
            f"{month} {year}", since, until, count, str(year) if first or at % 12 == 0 else ""
        )
    label = str(at) if length == 12 else f"{at * 10}s"
    every = 5 if length == 12 else 1
    return Period(label, since, until, count, label if first or at % every == 0 else "")


def _number(month: str) -> int:
    year, _, part = month.partition("-")
    return int(year) * 12 + int(part) - 1
