"""Finds the items of an enumeration in the words of a span: "A, B and C"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pullquote.answering.reader.spans import tidy
from pullquote.english.sentences import sentence_spans
from pullquote.english.values.name_form import is_name

LONGEST_ITEM = 12
"""In words. A longer part between two commas is a clause, not an item."""

PAIR = 2
"""Two parts are an enumeration only if both are names."""

_JOINED = r"(?:and|or|as well as|plus|followed by)"
_COMMA = re.compile(rf"\s*[,;]\s+(?:{_JOINED}\s+)?")
_JOINT = re.compile(rf"\s+{_JOINED}\s+")
_SEPARATOR = re.compile(f"{_COMMA.pattern}|{_JOINT.pattern}")
_INTRODUCED = re.compile(r"[^,;]*?[,;–-]?\s*\b(?:including|such as|namely)\s+")
"""What comes before the items: "12 firms, including "."""

_AGE = re.compile(r"(?:aged )?\d{1,3}(?: years old)?")
_YEAR = re.compile(r"\d{4}\b")
_CLAUSE = re.compile(
    r"(?:who|which|whose|where|that|is|was|are|were|has|had|have|he|she|it|they|but|so|then)\b"
)
"""The first word of a part that is a clause. A span with such a part is no enumeration."""

_BRACKETS = frozenset("()[]{}")


def items(
    text: str, start: int, end: int, *, language: str = "en", pairs: bool = False
) -> list[tuple[int, int]]:
    """The items of the enumerations in a range, in order; the whole range if there are none.

    An enumeration is in one sentence. It has a comma and a conjunction, or several commas: "Marks
    and Spencer" and "Portland, Oregon" have one item. Two names joined by "and" are two items if
    both have several words or, with `pairs`, in any case. An age after a comma belongs to the name
    before it.
    """
    sentences = [(start + a, start + b) for a, b in sentence_spans(text[start:end], language)]
    if len(sentences) > 1:
        return [item for one in sentences for item in _of_sentence(text, *one, pairs=pairs)]
    return _of_sentence(text, start, end, pairs=pairs)


def _of_sentence(text: str, start: int, end: int, *, pairs: bool) -> list[tuple[int, int]]:
    """The items of the enumeration in a sentence, or the whole range, tidied."""
    introduced = _INTRODUCED.match(text, start, end)
    left = introduced.end() if introduced else start
    parts = list(_parts(text, left, end)) if _enumerates(text[left:end]) else []
    if introduced and not parts:
        parts = [(left, end)]
    parts = [part for part in parts if not _AGE.fullmatch(text[slice(*part)])]
    tidied = [tidy(text, *part) for part in parts]
    found = [one for one in tidied if one is not None and not _YEAR.match(text, one[0])]
    if found and len(found) == len(parts) and _are_items([text[a:b] for a, b in found], pairs):
        return found
    whole = tidy(text, start, end)
    return [] if whole is None else [whole]


def _enumerates(words: str) -> bool:
    """Whether words may enumerate items, to judge by their commas and conjunctions."""
    commas, joints = len(_COMMA.findall(words)), len(_JOINT.findall(words))
    several = (commas > 0 and commas + joints >= 2) or (commas, joints) == (0, 1)
    return several and _BRACKETS.isdisjoint(words)


def _are_items(parts: Sequence[str], pairs: bool) -> bool:
    """Whether the parts of an enumeration are items, and not clauses or the halves of a name."""
    if any(len(part.split()) > LONGEST_ITEM or _CLAUSE.match(part) for part in parts):
        return False
    long_enough = pairs or all(len(part.split()) > 1 for part in parts)
    return len(parts) != PAIR or (long_enough and all(map(is_name, parts)))


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    left = start
    for separator in _SEPARATOR.finditer(text, start, end):
        if separator.start() > left:
            yield _without_introduction(text, left, separator.start())
        left = separator.end()
    if left < end:
        yield _without_introduction(text, left, end)


def _without_introduction(text: str, start: int, end: int) -> tuple[int, int]:
    """The range without words such as "chains such as" at its beginning."""
    introduced = _INTRODUCED.match(text, start, end)
    return (introduced.end() if introduced else start), end
