"""Numbers with their nouns: "1 file", "2,000 files"."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """A number with its noun, which is plural unless the number is 1."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
