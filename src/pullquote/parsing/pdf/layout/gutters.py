"""Finds the gutters of a page: white strips that separate columns of text, or cells of a table.

A gutter is a vertical strip that stays white over several rows. The more rows have words on both
sides of a strip, the narrower it may be. One row needs a very wide gap. Many rows whose words begin
at the same position on the right need hardly more than a space. A strip that is a little too narrow
is a doubtful gutter: the words on its two sides may be in one line or in two columns. There is also
a gutter at each vertical rule.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from pullquote.parsing.pdf.layout.rows import Extent, Row
from pullquote.parsing.pdf.layout.text_runs import IN_GRID, SAME_HEIGHT, PageRules, Rule, TextRun

NARROWEST = 2.0
"""Smallest width of a gutter, in points. This also limits the number of gutters on a page."""
_WIDER = 1.3
"""A gap counts if it is this many times as wide as the other spaces of its row."""
_WIDEST_SPACE = 2.5
"""The spaces of a justified row are at most this many times as wide as the page's usual space."""
_STRETCHED = 1.6
"""The spaces of a justified line are stretched to less than this many line heights."""
EQUAL = 0.25
"""Spaces are equally wide if they differ by less than this share."""
_MOSTLY = 0.7
"""Share of the gaps of a justified line that are equally wide."""
SAME_PLACE = 0.15
"""Two words begin at the same position if they differ by less than this many line heights."""
_ALIGNED_STARTS = 0.3
"""A word is aligned with a strip if this share of the words above begins at its position."""
_MOST_MEASURED = 60
"""How many rows of a strip are measured, so that long pages are read in time."""
_MOST_STRIPS = 60
"""How many strips are followed at a time. Wide tables have 30 columns."""


@dataclass(frozen=True, slots=True)
class Strip:
    """A white strip that is being followed down the page.

    `supported` is the strip down to its last row with words on both sides. `heights` are the
    heights of these rows, and `starts` the positions of the words on the right.
    """

    white: Extent
    supported: Extent
    first: int
    last: int
    support: int
    heights: tuple[float, ...]
    starts: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class WhiteSpace:
    """White space in a row.

    `inner` says whether words are on both sides, and `wide` whether it is wider than the spaces
    between words of this row. `height` is that of the next word.
    """

    extent: Extent
    inner: bool
    wide: bool
    height: float


def white_strips(rows: Iterable[Sequence[WhiteSpace]]) -> Iterator[Strip]:
    """The strips in the white space of rows."""
    strips: list[Strip] = []
    for number, white in enumerate(rows):
        strips, ended = _follow(strips, white, number)
        yield from ended
    yield from strips


def white_spaces(row: Row, *, space: float) -> Iterator[WhiteSpace]:
    """The white space of a row from left to right. `space` is the usual space of the page."""
    words, height = row.words(), row.height
    gaps: list[tuple[Extent, float]] = []
    right = words[0].right
    for word in words[1:]:
        if word.left > right:
            gaps.append((Extent(right, word.left), word.height))
        right = max(right, word.right)
    usual = _usual_space(words, [gap.width for gap, _ in gaps], height, space)
    yield WhiteSpace(Extent(-math.inf, words[0].left), False, True, height)
    for gap, next_height in gaps:
        if gap.width >= NARROWEST:
            yield WhiteSpace(gap, True, gap.width > _WIDER * usual, next_height)
    yield WhiteSpace(Extent(right, math.inf), False, True, height)


def _usual_space(
    words: Sequence[TextRun], gaps: Sequence[float], height: float, space: float
) -> float:
    """The usual width of a space in a row, in points.

    The spaces of a justified line are all stretched to one width. The gaps of a table differ.
    """
    middle = median(gaps) if gaps else 0.0
    if len(gaps) > 1 and middle < _STRETCHED * height and not _are_numbers(words):
        equal = sum(abs(gap - middle) <= EQUAL * middle for gap in gaps)
        if equal >= _MOSTLY * len(gaps):
            return middle
    most = _WIDEST_SPACE * space * height
    return min(max(middle if len(gaps) > 3 else 0.0, space * height), most)


def _are_numbers(words: Sequence[TextRun]) -> bool:
    return sum(any(map(str.isdigit, word.text)) for word in words) * 2 > len(words)


def _follow(
    strips: Sequence[Strip], white: Sequence[WhiteSpace], number: int
) -> tuple[list[Strip], list[Strip]]:
    """The strips that go on through a row, with those that begin in it, and those that end."""
    going, ended = list[Strip](), list[Strip]()
    begun = {at: space for at, space in enumerate(white) if space.inner and space.wide}
    at = 0
    for strip in strips:
        while at < len(white) and white[at].extent.right <= strip.white.left:
            at += 1
        parts: list[Strip] = []
        for i in range(at, len(white)):
            extent = white[i].extent
            if extent.left >= strip.white.right:
                break
            part = Extent(max(extent.left, strip.white.left), min(extent.right, strip.white.right))
            if part.width < NARROWEST or not _goes_on(strip, white[i]):
                continue
            parts.append(_narrowed(strip, part, white[i], number))
            if part.width > 0.5 * extent.width:
                begun.pop(i, None)
        going += parts
        if not parts:
            ended.append(strip)
    going += (
        Strip(e, e, number, number, 1, (height,), (e.right,))
        for e, height in ((space.extent, space.height) for space in begun.values())
    )
    going = sorted(
        sorted(going, key=lambda strip: -strip.support)[:_MOST_STRIPS],
        key=lambda strip: (strip.white.left, strip.white.right),
    )
    return going, ended


def _goes_on(strip: Strip, white: WhiteSpace) -> bool:
    """Whether a strip goes on in this white space.

    It may be no wider than the other spaces of its row if the next word begins where words of other
    rows begin. Lines of another height, such as headlines, cross a strip.
    """
    if white.wide:
        return True
    if abs(white.height - median(strip.heights)) > SAME_HEIGHT * white.height:
        return False
    slack = SAME_PLACE * white.height
    same = sum(abs(start - white.extent.right) <= slack for start in strip.starts)
    return same >= max(1.0, _ALIGNED_STARTS * len(strip.starts))


def _narrowed(strip: Strip, part: Extent, white: WhiteSpace, number: int) -> Strip:
    """The part of a strip that is white in the next row."""
    if not white.inner:
        return replace(strip, white=part)
    measured = strip.support < _MOST_MEASURED
    return Strip(
        part,
        part,
        strip.first,
        number,
        strip.support + 1,
        (*strip.heights, white.height) if measured else strip.heights,
        (*strip.starts, white.extent.right) if measured else strip.starts,
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
    white = [list(white_spaces(row, space=space)) for row in rows]
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
            in_grid = sum(_cross(rule, other) for other in rules.horizontal) >= IN_GRID
            yield Gutter(at, first, last, last - first + 1, doubtful=False, in_grid=in_grid)


def _cross(vertical: Rule, horizontal: Rule) -> bool:
    """Whether two rules cross or touch, and the horizontal one goes on at both sides."""
    inside = vertical.start - _THICK <= horizontal.at <= vertical.end + _THICK
    return inside and horizontal.start + _THICK < vertical.at < horizontal.end - _THICK


def _search(rows: Iterable[Sequence[WhiteSpace]]) -> Iterator[Gutter]:
    """The gutters in the white space of rows: the strips that are not too narrow."""
    for strip in white_strips(rows):
        height = median(strip.heights)
        needed = next(width for least, width in _NEEDED if strip.support >= least)
        if strip.support >= _ALIGNED_ROWS and _is_aligned(strip.starts, SAME_PLACE * height):
            needed *= _ALIGNED_NEEDS
        width = strip.supported.width / max(height, 1e-6)
        if width >= _DOUBTFUL * needed:
            doubtful = width < needed
            yield Gutter(strip.supported, strip.first, strip.last, strip.support, doubtful)


def _is_aligned(starts: Sequence[float], slack: float) -> bool:
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
