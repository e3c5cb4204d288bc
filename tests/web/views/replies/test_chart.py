"""Charts of values over time: where points, lines, strips and labels are."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.schema import ReportedValue, ValueStatus
from pullquote.web.views.replies.chart import (
    BOTTOM,
    POINTS_SHOWN,
    STRIPS_SHOWN,
    TOP,
    ChartLine,
    ChartPoint,
    area_of,
    chart_of,
    point_labels,
)
from talk import citation
from weighed import CHANGED, CORRECTED, DATES, DISPUTED, MIXED, NAMES, weighed

CURRENT, OUTDATED = ValueStatus.CURRENT, ValueStatus.OUTDATED


def value(text: str, day: int | None, status: ValueStatus = OUTDATED) -> ReportedValue:
    """A value that was reported on one day, counted from 1 January 2024."""
    when = None if day is None else date.fromordinal(date(2024, 1, 1).toordinal() + day)
    return ReportedValue(
        text=text,
        status=status,
        first_reported=when,
        last_reported=when,
        sources=1,
        citations=(citation(text, published=when),),
    )


def test_numbers_are_points_on_a_stepped_line() -> None:
    """By hand: the second point is after a quarter of the days, at half of the height."""
    chart = chart_of([value("£1m", 0), value("£2m", 25), value("£3m", 100, CURRENT)])
    assert chart is not None
    middle = (TOP + BOTTOM) / 2
    assert [(one.left, one.top) for one in chart.points] == [
        (0.0, BOTTOM),
        (25.0, middle),
        (100.0, TOP),
    ]
    assert chart.lines == [
        ChartLine(0.0, BOTTOM, 25.0, BOTTOM),
        ChartLine(25.0, BOTTOM, 25.0, middle),
        ChartLine(25.0, middle, 100.0, middle),
        ChartLine(100.0, middle, 100.0, TOP),
        ChartLine(100.0, TOP, 100.0, TOP),
    ]
    assert [label.text for label in chart.labels] == ["£3m", "£1m", "£2m"]
    assert chart.label == ("Values of reports from 1 January 2024 to 10 April 2024: £1m, £2m, £3m")


def test_corrected_and_disputed_values_are_points_beside_the_line() -> None:
    """The line ends where sources begin to differ."""
    corrected = chart_of(weighed(*CORRECTED).values)
    assert corrected is not None
    assert [line.left for line in corrected.lines] == [corrected.points[1].left]
    mixed = chart_of(weighed(*MIXED).values)
    assert mixed is not None
    assert max(line.right for line in mixed.lines) == mixed.points[2].left


@pytest.mark.parametrize("asked", [DATES, NAMES])
def test_other_values_have_strips_of_days(asked: tuple[str, str]) -> None:
    """A strip has a point for each day of a report."""
    chart = chart_of(weighed(*asked).values)
    assert chart is not None
    assert (chart.points, chart.lines, chart.labels) == ((), (), ())
    assert [strip.text for strip in chart.strips] == [one.text for one in weighed(*asked).values]
    assert chart.strips[-1].days[-1] == 100.0


@pytest.mark.parametrize(
    "texts",
    [
        ("£1m", "2 tonnes"),
        ("£1m", "unknown"),
        ("12 May", "13 May"),
        ("2-1", "3-1"),
        ("9" * 400, "1"),
    ],
)
def test_what_cannot_be_compared_as_numbers_has_strips(texts: tuple[str, str]) -> None:
    """Numbers of different units, dates, scores and numbers beyond all bounds."""
    chart = chart_of([value(text, day) for day, text in enumerate(texts)])
    assert chart is not None
    assert len(chart.strips) == 2


def test_values_of_one_day_or_of_unknown_days_have_no_chart() -> None:
    """There is no time between them."""
    assert chart_of(weighed(*DISPUTED).values) is None
    assert chart_of([value("1", None), value("2", 3)]) is None
    assert chart_of([]) is None


def test_equal_numbers_are_on_one_level() -> None:
    """No height is divided by zero."""
    chart = chart_of([value("5 people", 0), value("five people", 9)])
    assert chart is not None
    assert {point.top for point in chart.points} == {(TOP + BOTTOM) / 2}


def test_long_changes_are_cut_to_the_newest() -> None:
    """A saved conversation may claim a thousand values."""
    chart = chart_of([value(str(n), n) for n in range(200)])
    assert chart is not None
    assert len(chart.points) == POINTS_SHOWN
    assert chart.points[-1].text == "199"
    chart = chart_of([value(f"x{n}y", n) for n in range(200)])
    assert chart is not None
    assert len(chart.strips) == STRIPS_SHOWN


def test_the_sides_of_a_story_are_drawn() -> None:
    """The cost of the tram rises at each report."""
    chart = chart_of(weighed(*CHANGED).values)
    assert chart is not None
    tops = [point.top for point in chart.points]
    assert tops == sorted(tops, reverse=True)
    assert [label.text for label in chart.labels] == ["£259.3m", "£214m", "£251m", "£238m"]


@given(
    st.lists(
        st.tuples(st.floats(0, 100), st.floats(TOP, BOTTOM), st.text(max_size=30)), max_size=25
    )
)
def test_labels_never_cover_each_other(places: list[tuple[float, float, str]]) -> None:
    """And all are inside the chart."""
    points = [ChartPoint(left, top, CURRENT, text) for left, top, text in sorted(places)]
    boxes = [area_of(label) for label in point_labels(points, [])]
    assert not any(one.meets(other) for one, other in combinations(boxes, 2))
    assert all(box.left >= 0 and box.right <= 100 for box in boxes)
