"""Charts of what the corpus holds: SVG whose bars are links, with a table of the same below.

Pure functions, which say how long and where; `charts.html` draws. Lengths are in percent, so that a
chart is as wide as there is room and its words stay as large as all others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from pullquote.web.templating import render

ROWS_SHOWN = 8
"""Bars of a ranked chart; the others are in its table."""

ROWS_TOLD = 200
"""Lines of a table."""

TEMPLATE: Final = "corpus/charts.html"

_LABEL_CHARS = 20
_BAR = 44  # percent of the width; the rest is for labels and figures
_HIGH = 92  # pixels of the highest column; the template leaves 18 above it
_WIDE_FIGURE = 1000  # has more digits than stand above a column beside others


@dataclass(frozen=True, slots=True)
class Bar:
    """So many articles, and where those are listed; `chosen` where they are listed now."""

    label: str
    count: int
    href: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """What stands below a chart: the first of its bars as lines, and what opens it."""

    name: str
    bars: Sequence[Bar]
    summary: str


@dataclass(frozen=True, slots=True)
class Row:
    """A horizontal bar, in percent of the chart's width, with a label that fits beside it."""

    bar: Bar
    label: str
    width: float


@dataclass(frozen=True, slots=True)
class Ranked:
    """A chart of horizontal bars."""

    rows: Sequence[Row]
    table: Table


@dataclass(frozen=True, slots=True)
class Column:
    """A vertical bar, in pixels, by its place from the left.

    `figure` says whether its count stands above it, `tick` is what stands below it.
    """

    at: int
    bar: Bar
    height: float
    figure: bool
    tick: str


@dataclass(frozen=True, slots=True)
class Columns:
    """A chart of columns in order; `undated` counts what stands in none of them."""

    columns: Sequence[Column]
    table: Table
    undated: Bar | None = None


def ranked(name: str, bars: Sequence[Bar]) -> Ranked | None:
    """A chart of the first few of those bars, with a table of all; None where there are none."""
    if not bars:
        return None
    most = max(bar.count for bar in bars)
    rows = [
        Row(bar, _short(bar.label), max(0.4, _BAR * bar.count / most)) for bar in bars[:ROWS_SHOWN]
    ]
    return Ranked(rows, _table(name, bars, more=len(bars) > len(rows)))


def columns(
    name: str, bars: Sequence[Bar], *, ticks: Sequence[str], undated: Bar | None = None
) -> Columns | None:
    """A chart of those columns; `ticks` say what stands below each, "" for nothing."""
    if not bars:
        return None
    most = max(bar.count for bar in bars)
    found = [
        Column(
            at,
            bar,
            max(2.0, _HIGH * bar.count / most),
            bar.count > 0 and (most < _WIDE_FIGURE or bar.count == most),
            tick,
        )
        for at, (bar, tick) in enumerate(zip(bars, ticks, strict=True))
    ]
    table = _table(name, [bar for bar in bars if bar.count], more=False)
    return Columns(found, table, undated)


def ranked_html(name: str, bars: Sequence[Bar]) -> Markup:
    """The chart that `ranked` makes; "" where there are no bars."""
    return render(TEMPLATE, "ranked", ranked(name, bars))


def columns_html(name: str, bars: Sequence[Bar], *, ticks: Sequence[str]) -> Markup:
    """The chart that `columns` makes; "" where there are no bars."""
    return render(TEMPLATE, "columns", columns(name, bars, ticks=ticks))


def _table(name: str, bars: Sequence[Bar], *, more: bool) -> Table:
    summary = f"All {len(bars):,} as a table" if more else "As a table"
    if len(bars) > ROWS_TOLD:
        summary = f"The first {ROWS_TOLD} of {len(bars):,} as a table"
    return Table(name, bars[:ROWS_TOLD], summary)


def _short(label: str) -> str:
    return label if len(label) <= _LABEL_CHARS else f"{label[: _LABEL_CHARS - 1]}…"
