"""The labels of points in a chart of values, where there is room for them. Pure.

Positions from left to right are in percent of the chart's width; heights are in pixels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pullquote.schema import ValueStatus

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
