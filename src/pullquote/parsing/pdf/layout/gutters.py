"""Finds the gutters of a page: white strips that separate columns of text, or cells of a table.

A gutter is a vertical strip that stays white over several rows. The more rows have words on both
sides of a strip, the narrower it may be. One row needs a very wide gap. Many rows whose words begin
at the same position on the right need hardly more than a space. A strip that is a little too narrow
is a doubtful gutter: the words on its two sides may be in one line or in two columns. There is also
a gutter at each vertical rule.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from pullquote.parsing.pdf.layout.rows import Extent, Row
from pullquote.parsing.pdf.layout.rules import IN_GRID, PageRules, Rule
from pullquote.parsing.pdf.layout.white_strips import (
    EQUAL,
    NARROWEST,
    SAME_HEIGHT,
    SAME_PLACE,
    Strip,
    WhiteSpace,
    white_spaces,
    white_strips,
)

_NEEDED = ((6, 0.45), (4, 0.7), (3, 0.9), (2, 1.4), (1, 2.5))
"""Numbers of rows with words on both sides, and the width that a gutter then needs, in line
heights."""
_ALIGNED_SHARE = 0.75
"""Words on the right of a gutter are aligned if this share of them begins at one position."""
_ALIGNED_NEEDS = 0.75
"""If they are aligned, a gutter needs only this share of the width."""
_ALIGNED_ROWS = 4
_DOUBTFUL = 0.75
"""A strip with this share of the width that is needed is a doubtful gutter."""
_IN_PARAGRAPH = 2
"""A stretched space of a line is below one of another line by chance, but not of a third line."""
_LOOKED_AT = 3
"""How many rows are searched for the next line of a column."""
_BESIDE_STRIP = 2.0
"""The next line of a text has words within this many line heights of a stretched space."""
_LEADING = 0.7
"""Lines of a paragraph are less than this many line heights apart."""
_MOST_RULES = 500
"""How many rules of a page are gutters."""
_THICK = 2.0
"""By how many points rules that touch may be apart."""


@dataclass(frozen=True, slots=True)
class Gutter:
    """A white strip from row `first` to row `last`; `support` rows have words on both sides.

    `in_grid` says that it is at a vertical rule which horizontal rules cross, as in a table.
    """

    strip: Extent
    first: int
    last: int
    support: int
    doubtful: bool
    in_grid: bool = False

    @property
    def is_ruled(self) -> bool:
        """Whether a vertical rule is drawn in it."""
        return self.strip.width == 0


def find_gutters(rows: Sequence[Row], *, space: float) -> list[Gutter]:
    """The gutters of a page. `space` is the usual space between words, in line heights.

    The page is also searched from the bottom, because a strip does not begin in the first row of a
    gutter if the spaces of that row are as wide as the gutter.
    """
    white = [white_spaces(row, space=space) for row in rows]
    last = len(rows) - 1
    upwards = (
        replace(gutter, first=last - gutter.last, last=last - gutter.first)
        for gutter in _search(white[::-1])
    )
    found = dict.fromkeys([*_search(white), *upwards])
    return [gutter for gutter in found if not _is_in_paragraph(gutter, rows, white)]


def ruled_gutters(rows: Sequence[Row], rules: PageRules) -> Iterator[Gutter]:
    """The gutters in which a vertical rule is drawn."""
    middles = [(row.top + row.bottom) / 2 for row in rows]
    for rule in rules.vertical[:_MOST_RULES]:
        first = bisect_left(middles, rule.start)
        last = bisect_right(middles, rule.end, first) - 1
        if first <= last:
            at = Extent(rule.at, rule.at)
            in_grid = _is_in_grid(rule, rules)
            yield Gutter(at, first, last, last - first + 1, doubtful=False, in_grid=in_grid)


def _is_in_grid(rule: Rule, rules: PageRules) -> bool:
    """Whether a vertical rule is crossed by horizontal ones, as in a table."""
    return sum(_cross(rule, other) for other in rules.horizontal) >= IN_GRID


def _cross(vertical: Rule, horizontal: Rule) -> bool:
    """Whether two rules cross or touch, and the horizontal one goes on at both sides."""
    inside = vertical.start - _THICK <= horizontal.at <= vertical.end + _THICK
    return inside and horizontal.start + _THICK < vertical.at < horizontal.end - _THICK


def _search(rows: Iterable[Sequence[WhiteSpace]]) -> Iterator[Gutter]:
    """The gutters in the white space of rows."""
    for strip in white_strips(rows):
        yield from _gutter(strip)


def _gutter(strip: Strip) -> Iterator[Gutter]:
    """The gutter that a strip makes, unless it is too narrow."""
    height = median(strip.heights)
    needed = next(width for least, width in _NEEDED if strip.support >= least)
    if strip.support >= _ALIGNED_ROWS and _is_aligned(strip.starts, SAME_PLACE * height):
        needed *= _ALIGNED_NEEDS
    width = strip.supported.width / max(height, 1e-6)
    if width >= _DOUBTFUL * needed:
        doubtful = width < needed
        yield Gutter(strip.supported, strip.first, strip.last, strip.support, doubtful)


def _is_aligned(starts: Sequence[float], slack: float) -> bool:
    """Whether most words begin at the same position."""
    middle = median(starts)
    return sum(abs(start - middle) <= slack for start in starts) >= _ALIGNED_SHARE * len(starts)


def _is_in_paragraph(
    gutter: Gutter, rows: Sequence[Row], white: Sequence[Sequence[WhiteSpace]]
) -> bool:
    """Whether a gutter is a stretched space of a justified line, which other lines cross.

    The first and last lines of a paragraph have lines across the space on one side only. There, a
    second space of the line must be as wide.
    """
    if gutter.support > _IN_PARAGRAPH:
        return False
    above = range(gutter.first - 1, max(-1, gutter.first - 1 - _LOOKED_AT), -1)
    below = range(gutter.last + 1, min(len(rows), gutter.last + 1 + _LOOKED_AT))
    crossed = sum(
        _is_crossed(gutter.strip, rows, at, others)
        for at, others in ((gutter.first, above), (gutter.last, below))
    )
    if crossed != 1:
        return crossed > 1
    inner = [space.extent.width for space in white[gutter.first] if space.inner]
    like = [w for w in inner if abs(w - gutter.strip.width) <= EQUAL * gutter.strip.width]
    return len(like) > 1


def _is_crossed(strip: Extent, rows: Sequence[Row], at: int, others: Iterable[int]) -> bool:
    """Whether the next line of the same text crosses a strip. `others` are rows beyond row `at`.

    Rows that have no words near the strip are lines of other columns.
    """
    reach = _BESIDE_STRIP * rows[at].height
    near = Extent(strip.left - reach, strip.right + reach)
    for other in others:
        if any(_overlap(Extent(run.left, run.right), near) for run in rows[other].runs):
            return _are_lines_of_text(rows[at], rows[other]) and any(
                _overlap(Extent(word.left, word.right), strip) for word in rows[other].words()
            )
    return False


def _are_lines_of_text(one: Row, other: Row) -> bool:
    """Whether two rows have one size and are as near to each other as lines of a paragraph."""
    height = max(one.height, other.height)
    apart = max(one.top, other.top) - min(one.bottom, other.bottom)
    return abs(one.height - other.height) <= SAME_HEIGHT * height and apart < _LEADING * height


def _overlap(one: Extent, other: Extent) -> bool:
    """Whether more than a touch of two ranges is the same."""
    return min(one.right, other.right) - max(one.left, other.left) >= NARROWEST
