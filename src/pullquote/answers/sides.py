"""Finds the two sides of a comparison in the words of a question."""

from __future__ import annotations

import re

_HOW = "how (?:do|does|did|would|will)"
_SIDES = (
    r"\bbetween (?P<one>.+?) and (?P<other>.+)$",
    r"(?P<one>.+?)\b(?:versus|vs\.?)\b(?P<other>.+)$",
    r"[,:–-] ?(?P<one>[^,]+?) or (?P<other>.+)$",
    r"\b(?P<one>[\w'’-]+(?: [\w'’-]+)?) or (?P<other>.+)$",
    rf"\b{_HOW} (?P<one>.+?) and (?P<other>.+?) (?:compare|differ)\b",
    rf"\b{_HOW} (?P<one>.+?) (?:compare|differ) (?:with|to|from) (?P<other>.+)$",
    r"\bcompare (?P<one>.+?) (?:and|with|to) (?P<other>.+)$",
)


def sides_of(question: str) -> tuple[str, ...]:
    """The words of both sides; nothing if the question names no sides."""
    words = question.strip().rstrip("?.! ")
    for pattern in _SIDES:
        if match := re.search(pattern, words, re.IGNORECASE):
            return match["one"].strip(), match["other"].strip()
    return ()
