"""Numbers of the citations in one turn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pullquote.schema import Citation


@dataclass(frozen=True, slots=True)
class NumberedCitation:
    """A citation with its number in the turn."""

    number: int
    citation: Citation


class Numbering:
    """Numbers citations in the order in which they are given, from 1."""

    def __init__(self) -> None:
        self._last = 0
        self._numbers: dict[tuple[str, int, int], int] = {}

    def next(self, citations: Iterable[Citation]) -> Sequence[NumberedCitation]:
        """The citations with the next numbers."""
        return [NumberedCitation(self._count(cited), cited) for cited in citations]

    def again(self, cited: Citation) -> NumberedCitation:
        """The citation with the number of its place, if that has one; else with the next number."""
        known = self._numbers.get(_place(cited))
        return NumberedCitation(self._count(cited) if known is None else known, cited)

    def _count(self, cited: Citation) -> int:
        self._last += 1
        self._numbers.setdefault(_place(cited), self._last)
        return self._last


def _place(cited: Citation) -> tuple[str, int, int]:
    return cited.article, cited.start, cited.end
