"""Charts of the corpus: SVG whose bars are links, each with a table of the same numbers. Pure.

This module computes sizes; `charts.html` draws the charts. Widths are percentages, so a chart is
as wide as its column, while its labels always have the same size.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pullquote.base.dates.day_text import MONTHS

BARS_SHOWN = 8
"""Bars of a bar chart; the chart's table also contains the others."""

TABLE_ROWS = 200

_LABEL_CHARS = 17
_MAX_WIDTH = 38  # percent of the chart's width; the rest is for labels and figures
_MAX_HEIGHT = 92  # pixels of the highest column; the template leaves 18 pixels above it
_WIDE_FIGURE = 1000  # more digits than fit above a column that has neighbours


@dataclass(frozen=True, slots=True)
class ChartBar:
    """A number of articles and the address of their list.

    If that list is shown now, the bar is `chosen`, and the address is that of the list without the
    filter.
    """

    label: str
    count: int
    href: str
    chosen: bool = False


Chart = Mapping[str, object]
"""A chart for its template: its bars, with their places, and the table below it."""


def bar_chart(name: str, bars: Sequence[ChartBar]) -> Chart | None:
    """A chart of the first few bars, with a table of all bars; None if there are no bars.

    The width of a bar is in percent, and its label is short enough to fit beside it.
    """
    if not bars:
        return None
    most = max(bar.count for bar in bars)
    rows = [
        {
            "bar": bar,
            "label": _short(bar.label),
            "width": max(0.4, _MAX_WIDTH * bar.count / most),
        }
        for bar in bars[:BARS_SHOWN]
    ]
    return {"rows": rows, "table": _table(name, bars, more=len(bars) > len(rows))}


def column_chart(
    name: str, bars: Sequence[ChartBar], *, ticks: Sequence[str], undated: ChartBar | None = None
) -> Chart | None:
    """A chart of all bars as columns; `ticks` are the labels below them, "" for none.

    `undated` counts the articles that are in no column. The height of a column is in pixels;
    `figure` says whether its count is written above it.
    """
    if not bars:
        return None
    most = max(bar.count for bar in bars)
    columns = [
        {
            "at": at,
            "bar": bar,
            "height": max(2.0, _MAX_HEIGHT * bar.count / most),
            "figure": bar.count > 0 and (most < _WIDE_FIGURE or bar.count == most),
            "tick": tick,
        }
        for at, (bar, tick) in enumerate(zip(bars, ticks, strict=True))
    ]
    table = _table(name, [bar for bar in (*bars, undated) if bar and bar.count], more=False)
    return {"columns": columns, "table": table, "undated": undated}


def _table(name: str, bars: Sequence[ChartBar], *, more: bool) -> Mapping[str, object]:
    """The folded table below a chart, and the bar by which the list is narrowed now, if any."""
    summary = f"All {len(bars):,} as a table" if more else "As a table"
    if len(bars) > TABLE_ROWS:
        summary = f"The first {TABLE_ROWS} of {len(bars):,} as a table"
    chosen = next((bar for bar in bars if bar.chosen), None)
    return {"name": name, "bars": bars[:TABLE_ROWS], "summary": summary, "chosen": chosen}


def _short(label: str) -> str:
    return label if len(label) <= _LABEL_CHARS else f"{label[: _LABEL_CHARS - 1]}…"


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
