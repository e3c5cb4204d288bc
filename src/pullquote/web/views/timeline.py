"""The timeline under an answer: the cited articles by date of publication. Pure.

A mark is a button with the same data as the citation in the list, so it opens the same place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count

from markupsafe import Markup

from pullquote.answering.reply_labels import answer_noun, plural
from pullquote.base.dates.day_text import moment_text
from pullquote.schema import Citation, Reply, day_of
from pullquote.web.requests import CitedSpan
from pullquote.web.templating import render
from pullquote.web.views.answer_view import is_silent, place_of

MAX_MARKS = 12
"""Articles that are marked, best first; more marks would be too crowded to read."""

_MIN_DISTANCE = 9.0
"""Percent between two marks in one row: on a phone 24 pixels, the smallest button allowed."""

_MAX_TICKS = 6


@dataclass(frozen=True, slots=True)
class TimelineMark:
    """A citation with its number in the list, its position in percent, and its row.

    `noun` says what the citation is for: an answer, a possible answer, or a match.
    """

    number: int
    noun: str
    citation: Citation
    day: date
    left: float
    row: int

    @property
    def label(self) -> str:
        """Number, quote, source and day, for screen readers and as a tooltip.

        Unless the quote is an answer, the label also names what it is.
        """
        cited = self.citation
        when = moment_text(self.day)
        number = self.number if self.noun == "answer" else f"{self.number}, {self.noun}"
        return f"{number}: {cited.quote}, {cited.source or cited.title}, {when}"

    @property
    def place(self) -> CitedSpan:
        """The place of the quote."""
        return place_of(self.citation)


@dataclass(frozen=True, slots=True)
class Timeline:
    """The line from the first day to the last, with marks in rows and ticks in percent."""

    label: str
    rows: int
    marks: Sequence[TimelineMark]
    ticks: Sequence[float]
    first: date
    last: date

    @property
    def days(self) -> int:
        """The number of days from the first to the last."""
        return (self.last - self.first).days


def timeline_html(reply: Reply) -> Markup:
    """The timeline; "" if the cited articles are from fewer than two days."""
    return render("views/timeline.html", "timeline", timeline_of(reply))


def timeline_of(reply: Reply) -> Timeline | None:
    """The timeline of a reply; None if the cited articles are from fewer than two days."""
    marks = marks_of(reply)
    if not marks:
        return None
    first, last = min(mark.day for mark in marks), max(mark.day for mark in marks)
    return Timeline(
        label=f"{plural(answer_noun(reply)).capitalize()} by date of publication",
        rows=1 + max(mark.row for mark in marks),
        marks=sorted(marks, key=lambda mark: (mark.day, mark.number)),
        ticks=_ticks(first, last),
        first=first,
        last=last,
    )


def marks_of(reply: Reply) -> list[TimelineMark]:
    """A mark for the first citation of each dated article; none unless their days differ."""
    if is_silent(reply):
        return []
    numbers = count(1)
    cited = [(next(numbers), one) for answer in reply.shown for one in answer.citations]
    firsts = {one.article: (n, one) for n, one in reversed(cited)}
    by_number = sorted(firsts.values(), key=lambda pair: pair[0])
    dated = [(n, one, day) for n, one in by_number if (day := day_of(one.published)) is not None]
    dated = dated[:MAX_MARKS]
    days = [day for _, _, day in dated]
    if len(set(days)) < 2:
        return []
    first, length = min(days), (max(days) - min(days)).days
    left = {number: 100 * (day - first).days / length for number, _, day in dated}
    rows = _rows(left)
    noun = answer_noun(reply)
    return [TimelineMark(n, noun, one, day, round(left[n], 2), rows[n]) for n, one, day in dated]


def _rows(left: dict[int, float]) -> dict[int, int]:
    """The lowest row with room for each mark, from left to right."""
    ends: list[float] = []
    rows: dict[int, int] = {}
    for number in sorted(left, key=lambda n: (left[n], n)):
        with_room = (row for row, end in enumerate(ends) if left[number] - end >= _MIN_DISTANCE)
        at = next(with_room, len(ends))
        if at == len(ends):
            ends.append(0.0)
        ends[at] = left[number]
        rows[number] = at
    return rows


def _ticks(first: date, last: date) -> Sequence[float]:
    """Where years begin, in percent; only some years if there are many."""
    length = (last - first).days
    years = [date(year, 1, 1) for year in range(first.year + 1, last.year + 1)]
    ticks = [100 * (year - first).days / length for year in years[: 4 * _MAX_TICKS]]
    return ticks[:: max(1, len(ticks) // _MAX_TICKS)]
