"""Charts of values over time: a stepped line for numbers, strips of days for other values. Pure.

This module computes positions; `values.html` draws them. Positions from left to right are in
percent, so a chart is as wide as its column; heights are in pixels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise, takewhile
from math import isfinite
from typing import Literal

from pullquote.base.dates.day_text import day_text
from pullquote.english.values import Quantity, value_of
from pullquote.schema import ReportedValue, ValueStatus, day_of

_LABEL_CHARS = 18
_CHAR_WIDTH = 2.4
"""Percent that a character takes in the chart on a phone."""

_ABOVE, _BELOW = -9.0, 20.0
"""Pixels from a point down to the foot of its label, which is above or below the point."""

_ASCENT = 12.0
_RADIUS = 6.0
"""Pixels around the centre of a point, and a little more than that in percent."""

_RADIUS_LEFT = 2.0


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """A value on the day of its first report."""

    left: float
    top: float
    status: ValueStatus
    text: str


@dataclass(frozen=True, slots=True)
class ChartLine:
    """A straight line from one place to another, level or upright."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class ChartLabel:
    """The text of a point; `anchor` says whether it begins or ends at the place."""

    left: float
    foot: float
    anchor: Literal["start", "end"]
    text: str
    status: ValueStatus


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: _Box) -> bool:
        """Whether two boxes have a place in common."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def point_labels(points: Sequence[ChartPoint], lines: Sequence[ChartLine]) -> list[ChartLabel]:
    """The labels that cover neither each other nor a point or a line.

    The last and the first value take their places first. A value without a label is in the list
    and in the table.
    """
    taken = [*map(_around_line, lines), *map(_around_point, points)]
    labels = []
    for point in [*points[-1:], *points[:1], *points[-2:0:-1]]:
        for label in _places(point):
            box = area_of(label)
            if box.left >= 0 and box.right <= 100 and not any(map(box.meets, taken)):
                taken.append(box)
                labels.append(label)
                break
    return labels


def _places(point: ChartPoint) -> Iterator[ChartLabel]:
    """The places for the label of a point, best first."""
    text = point.text
    text = text if len(text) <= _LABEL_CHARS else f"{text[: _LABEL_CHARS - 1]}…"
    for foot in (_ABOVE, _BELOW):
        yield ChartLabel(point.left, point.top + foot, "start", text, point.status)
        yield ChartLabel(point.left, point.top + foot, "end", text, point.status)


def area_of(label: ChartLabel) -> _Box:
    """The area that a label takes on a phone."""
    width = len(label.text) * _CHAR_WIDTH
    left = label.left if label.anchor == "start" else label.left - width
    return _Box(left, label.foot - _ASCENT, left + width, label.foot + 2)


def _around_line(line: ChartLine) -> _Box:
    top, bottom = sorted((line.top, line.bottom))
    return _Box(line.left - 0.1, top - 1, line.right + 0.1, bottom + 1)


def _around_point(point: ChartPoint) -> _Box:
    left, top = point.left, point.top
    return _Box(left - _RADIUS_LEFT, top - _RADIUS, left + _RADIUS_LEFT, top + _RADIUS)


POINTS_SHOWN = 60
"""Values on a line, newest last; earlier ones are in the list and the table."""

STRIPS_SHOWN = 8
"""Values that have a strip."""

TOP = 26.0
BOTTOM = 92.0
"""Pixels from the top of the chart to the highest and the lowest value."""

_LONGEST_SENTENCE = 400
"""Characters; a value in a longer sentence is parsed without it."""

_ON_LINE = (ValueStatus.CURRENT, ValueStatus.OUTDATED)
_DISPUTED = ValueStatus.DISPUTED


@dataclass(frozen=True, slots=True)
class ValueStrip:
    """The days on which a value was reported, in percent."""

    text: str
    status: ValueStatus
    days: Sequence[float]


@dataclass(frozen=True, slots=True)
class ValueChart:
    """Points with a line, or strips; the first and the last day; `label` says what is shown."""

    label: str
    first: date
    last: date
    points: Sequence[ChartPoint] = ()
    lines: Sequence[ChartLine] = ()
    labels: Sequence[ChartLabel] = ()
    strips: Sequence[ValueStrip] = ()


def chart_of(values: Sequence[ReportedValue]) -> ValueChart | None:
    """The chart of some values, of which at least two were reported on known and different days."""
    dated = [one for one in values if day_of(one.first_reported) is not None]
    days = sorted({day for one in dated for day in _days(one)})
    if len(dated) < 2 or len(days) < 2:
        return None
    scale = _Scale(days[0], days[-1])
    numbers = _numbers(dated[-POINTS_SHOWN:])
    if numbers is None or not any(one.status in _ON_LINE for one in dated):
        strips = [_strip(one, scale) for one in dated[-STRIPS_SHOWN:]]
        return ValueChart(_label("Days", dated, days), days[0], days[-1], strips=strips)
    points = _points(dated[-POINTS_SHOWN:], numbers, scale)
    lines = _steps(points)
    label = _label("Values", dated, days)
    return ValueChart(
        label, days[0], days[-1], points=points, lines=lines, labels=point_labels(points, lines)
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    first: date
    last: date

    def left(self, day: date) -> float:
        """The place of a day, in percent."""
        return round(100 * (day - self.first).days / (self.last - self.first).days, 2)


def _label(what: str, values: Sequence[ReportedValue], days: Sequence[date]) -> str:
    listed = ", ".join(one.text for one in values[-STRIPS_SHOWN:])
    return f"{what} of reports from {day_text(days[0])} to {day_text(days[-1])}: {listed}"


def _days(value: ReportedValue) -> list[date]:
    moments = (
        value.first_reported,
        value.last_reported,
        *(cited.published for cited in value.citations),
    )
    return sorted({day for one in moments if (day := day_of(one)) is not None})


def _strip(value: ReportedValue, scale: _Scale) -> ValueStrip:
    return ValueStrip(value.text, value.status, [scale.left(day) for day in _days(value)])


def _numbers(values: Sequence[ReportedValue]) -> list[float] | None:
    """The numbers that values are; None unless all are numbers of one unit."""
    known = list(takewhile(bool, map(_quantity, values)))
    if len(known) < len(values):
        return None
    units = {(one.unit, one.per) for one in known if one is not None and one.unit}
    numbers = [float((one.low + one.high) / 2) for one in known if one is not None]
    return numbers if len(units) <= 1 and isfinite(max(numbers) - min(numbers)) else None


def _quantity(value: ReportedValue) -> Quantity | None:
    cited = value.citations[0]
    sentence = cited.sentence if len(cited.sentence) <= _LONGEST_SENTENCE else ""
    found = value_of(value.text, day=day_of(cited.published), sentence=sentence)
    return found if isinstance(found, Quantity) else None


def _points(
    values: Sequence[ReportedValue], numbers: Sequence[float], scale: _Scale
) -> list[ChartPoint]:
    low, high = min(numbers), max(numbers)
    points = []
    for value, number in zip(values, numbers, strict=True):
        share = 0.5 if high == low else (number - low) / (high - low)
        top = round(BOTTOM - share * (BOTTOM - TOP), 1)
        points.append(ChartPoint(scale.left(_days(value)[0]), top, value.status, value.text))
    return points


def _steps(points: Sequence[ChartPoint]) -> list[ChartLine]:
    """The line through the values that were neither corrected nor disputed.

    A value holds until the next one is reported, so the line is level in between. It ends where
    sources begin to differ.
    """
    on_line = [point for point in points if point.status in _ON_LINE]
    lines = []
    for one, after in pairwise(on_line):
        lines.append(ChartLine(one.left, one.top, after.left, one.top))
        lines.append(ChartLine(after.left, one.top, after.left, after.top))
    for last in on_line[-1:]:
        later = [one.left for one in points if one.status is _DISPUTED and one.left > last.left]
        lines.append(ChartLine(last.left, last.top, min([*later, 100.0]), last.top))
    return lines
