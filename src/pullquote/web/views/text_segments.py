"""Cuts text into marked and unmarked segments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextSegment:
    """A part of a text, marked, struck or neither; `id` names a mark that can be scrolled to."""

    text: str
    marked: bool = False
    id: str = ""
    struck: bool = False


def segments(
    text: str, ranges: Sequence[range], *, first: str = "", struck: Sequence[range] = ()
) -> list[TextSegment]:
    """Cut a text at the ends of the ranges, which are marked; `first` is the id of the first mark.

    Words in `struck` are struck, unless they are marked.

    The ranges count characters of `text`. They may overlap and may be in any order. Cutting
    happens here because a browser would count UTF-16 units instead.
    """
    cut: list[TextSegment] = []
    wrong = list(_merged(struck, len(text)))
    at = 0
    for marked in _merged(ranges, len(text)):
        cut += _unmarked(text, range(at, marked.start), wrong)
        cut.append(TextSegment(text[marked.start : marked.stop], marked=True, id=first))
        at, first = marked.stop, ""
    cut += _unmarked(text, range(at, len(text)), wrong)
    return [segment for segment in cut if segment.text]


def _unmarked(text: str, part: range, struck: Sequence[range]) -> Iterator[TextSegment]:
    """A part of a text without marks, cut at the ends of the struck ranges."""
    at = part.start
    for one in struck:
        start, stop = max(one.start, part.start), min(one.stop, part.stop)
        if start < stop:
            yield TextSegment(text[at:start])
            yield TextSegment(text[start:stop], struck=True)
            at = stop
    yield TextSegment(text[at : part.stop])


def _merged(ranges: Sequence[range], length: int) -> Iterator[range]:
    """The non-empty parts of the ranges inside a text of that length, sorted and merged."""
    last: range | None = None
    for given in sorted(ranges, key=lambda given: given.start):
        start, stop = max(given.start, 0), min(given.stop, length)
        if start >= stop:
            continue
        if last is not None and start <= last.stop:
            last = range(last.start, max(last.stop, stop))
            continue
        if last is not None:
            yield last
        last = range(start, stop)
    if last is not None:
        yield last
