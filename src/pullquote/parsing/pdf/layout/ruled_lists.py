"""Tells lists beside each other, with vertical rules between them, from a table.

A table with vertical rules has one between any two columns of cells. If only white space is between
the words and the figures of each part, as in "Name    12 | Name    34", then the rules are between
lists, and each list is read on its own.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from pullquote.parsing.pdf.layout.gutters import Gutter
from pullquote.parsing.pdf.layout.rows import Row
from pullquote.parsing.pdf.layout.text_runs import TextRun

_MOST_GROUPS = 50
"""How many heights of rules are looked at, so that any page is read in time."""
_FEWEST_ENTRIES = 3
_ENTRIES = 0.3
"""This share of the rows of a list is entries; the others are headings or go on with an entry."""
_GAP = 1.6
"""The white space before a figure is wider than this many line heights, and than a stretched space
of a justified line."""


def rules_between_lists(rows: Sequence[Row], gutters: Iterable[Gutter]) -> set[Gutter]:
    """The gutters at rules between lists. Rules of equal height have one meaning."""
    groups: dict[tuple[int, int], list[Gutter]] = defaultdict(list)
    for gutter in gutters:
        if gutter.is_ruled and not gutter.in_grid:
            groups[gutter.first, gutter.last].append(gutter)
    return {
        gutter
        for (first, last), group in islice(groups.items(), _MOST_GROUPS)
        if all(_is_list(area) for area in _areas(rows[first : last + 1], group))
        for gutter in group
    }


def _areas(rows: Sequence[Row], gutters: Sequence[Gutter]) -> Iterator[Sequence[list[TextRun]]]:
    """The words of each row, for each area between rules that has any, from left to right."""
    places = sorted(gutter.strip.middle for gutter in gutters)
    areas: dict[int, list[list[TextRun]]] = defaultdict(list)
    for row in rows:
        parts: dict[int, list[TextRun]] = defaultdict(list)
        for word in row.words():
            parts[bisect_left(places, (word.left + word.right) / 2)].append(word)
        for area, words in parts.items():
            areas[area].append(words)
    yield from areas.values()


def _is_list(rows: Sequence[Sequence[TextRun]]) -> bool:
    entries = sum(map(_is_entry, rows))
    return entries >= max(_FEWEST_ENTRIES, _ENTRIES * len(rows))


def _is_entry(words: Sequence[TextRun]) -> bool:
    """Whether a row has words, and a figure far right of them."""
    if len(words) < 2 or not any(map(str.isalpha, words[0].text)):
        return False
    before, last = words[-2:]
    return last.is_figure and last.left - before.right > _GAP * last.height
