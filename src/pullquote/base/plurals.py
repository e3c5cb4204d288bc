"""Numbers with their nouns, lists of words, quote marks: "1 file", "pages 3, 4 and 7"."""

from __future__ import annotations

import re
from collections.abc import Sequence


def counted(number: int, noun: str) -> str:
    """A number with its noun, which is plural unless the number is 1."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {_plural(noun)}"


def counted_verb(number: int, noun: str, one: str, many: str) -> str:
    """A number with its noun and verb: "1 file was", "2 files were"."""
    return f"{counted(number, noun)} {one if number == 1 else many}"


def _plural(noun: str) -> str:
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"


def listed(words: Sequence[str]) -> str:
    """Words as a list in a sentence: "", "3", "3 and 4", "3, 4 and 7"."""
    if not words:
        return ""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def quote_marks(text: str) -> str:
    """The two marks around a text: single ones if it has double ones itself."""
    return "‘’" if re.search('["“”]', text) else "“”"
