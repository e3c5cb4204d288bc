"""Numbers with their nouns, and lists of words: "1 file", "2,000 files", "pages 3, 4 and 7"."""

from __future__ import annotations

from collections.abc import Sequence


def counted(number: int, noun: str) -> str:
    """A number with its noun, which is plural unless the number is 1."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def listed(words: Sequence[str]) -> str:
    """Words as a list in a sentence: "", "3", "3 and 4", "3, 4 and 7"."""
    if not words:
        return ""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
