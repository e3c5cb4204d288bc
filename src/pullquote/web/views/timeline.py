"""The answers of a reply in the order of their publication: a line with a mark for each article.

Pure functions. A mark is the same button as the citation in the list, so that it opens the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count

from pullquote.conversation.citation_format import moment_text
from pullquote.schema import Citation, Reply, day_of
from pullquote.web.requests import CitedSpan
from pullquote.web.templating import render
from pullquote.web.views.render import is_silent, place_of

MOST_MARKS = 12
"""Articles that are marked, the best; with more the line says nothing that the list does not."""

_APART = 9.0
"""Percent between two marks of one row: 24 pixels, the least target, on a phone."""

_MOST_TICKS = 6


@dataclass(frozen=True, slots=True)
class Mark:
    """A citation by its number in the list, where it stands on the line and in which row."""

    number: int
    citation: Citation
    day: date
    left: float
    row: int

    @property
    def said(self) -> str:
        """Number, words, source and day, for those who hear it and for those who point at it."""
        cited = self.citation
        when = moment_text(self.day)
        return f"{self.number}: {cited.quote}, {cited.source or cited.title}, {when}"

    @property
    def place(self) -> CitedSpan:
        """Where the quoted words stand."""
        return place_of(self.citation)


@dataclass(frozen=True, slots=True)
class Timeline:
    """The line from its first day to its last, with marks in rows and ticks in percent."""

    rows: int
    marks: Sequence[Mark]
    ticks: Sequence[float]
    first: date
    last: date


def timeline_html(reply: Reply) -> str:
    """The line; "" where there are no two days to be told apart, or nothing was answered."""
    marks = marks_of(reply)
    if not marks:
        return ""
    days = [mark.day for mark in marks]
    line = Timeline(
        rows=1 + max(mark.row for mark in marks),
        marks=sorted(marks, key=lambda mark: (mark.day, mark.number)),
        ticks=_ticks(min(days), max(days)),
        first=min(days),
        last=max(days),
    )
    return str(render("views/timeline.html", "timeline", line))


def marks_of(reply: Reply) -> list[Mark]:
    """The first citation of each dated article, by number; none unless their days differ."""
    if is_silent(reply):
        return []
    numbers = count(1)
    cited = [(next(numbers), one) for answer in reply.answers for one in answer.citations]
    firsts = {one.article: (n, one) for n, one in reversed(cited)}
    by_number = sorted(firsts.values(), key=lambda pair: pair[0])
    dated = [(n, one, day) for n, one in by_number if (day := day_of(one.published)) is not None]
    dated = dated[:MOST_MARKS]
    days = [day for _, _, day in dated]
    if len(set(days)) < 2:
        return []
    first, length = min(days), (max(days) - min(days)).days
    left = {number: 100 * (day - first).days / length for number, _, day in dated}
    rows = _rows(left)
    return [Mark(n, one, day, round(left[n], 2), rows[n]) for n, one, day in dated]


def _rows(left: dict[int, float]) -> dict[int, int]:
    """The lowest row for each mark in which it has room, from left to right."""
    ends: list[float] = []
    rows: dict[int, int] = {}
    for number in sorted(left, key=lambda n: (left[n], n)):
        at = next((r for r, end in enumerate(ends) if left[number] - end >= _APART), len(ends))
        if at == len(ends):
            ends.append(0.0)
        ends[at] = left[number]
        rows[number] = at
    return rows


def _ticks(first: date, last: date) -> Sequence[float]:
    """Where, in percent, years begin between the ends; only some where there are many."""
    length = (last - first).days
    years = [date(year, 1, 1) for year in range(first.year + 1, last.year + 1)]
    ticks = [100 * (year - first).days / length for year in years[: 4 * _MOST_TICKS]]
    return ticks[:: max(1, len(ticks) // _MOST_TICKS)]
