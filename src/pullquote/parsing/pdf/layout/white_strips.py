"""Follows white strips down a page: places where no word is, in several rows.

A gap between two words begins a strip if it is wider than the spaces between the other words of its
row. Each row below narrows the strip, and a row that crosses it ends it. In a justified line, the
gap may be no wider than the spaces of its row. Then the strip goes on if the next word begins where
the words of other rows begin.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from pullquote.parsing.pdf.layout.rows import Extent, Row
from pullquote.parsing.pdf.layout.text_runs import TextRun

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
SAME_HEIGHT = 0.13
"""Lines of one text differ in height by less than this share."""
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


def white_spaces(row: Row, *, space: float) -> list[WhiteSpace]:
    """The white space of a row from left to right. `space` is the usual space of the page."""
    return list(_white_spaces(row.words(), row.height, space))


def _white_spaces(words: Sequence[TextRun], height: float, space: float) -> Iterator[WhiteSpace]:
    """The white space of a row from left to right."""
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
