"""Finds the figures, dates and names of a sentence that can be compared with the archive."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from pullquote.english.values import (
    Name,
    Period,
    Quantity,
    Relation,
    Score,
    Value,
    compare,
    values_in,
)
from pullquote.english.values.names import name_of
from pullquote.schema.quote_check import DraftQuestionKind

_NAME = re.compile(
    r"[^\W\d_a-z][\w’'-]*(?:\.[^\W\d_]\.?)*"
    r"(?: (?:(?:of|de|van|von|al|bin|&) )?[^\W\d_a-z][\w’'-]*\.?(?=[\s\W]|$))*"
)
_POSSESSIVE = re.compile(r"[’']s?$")
_NO_NAMES = frozenset(
    "he she it they we i you this that these those there the a an his her its their our my your "
    "him them us who which what in on at by for from of to and but or if when while as no not some "
    "many most all both here then now after before since until during with without under over mr "
    "mrs ms dr sir however although though meanwhile yet also more last next one two".split()
)
_SAME_THING = (
    frozenset("us usa america american americans".split()) | {"united states"},
    frozenset("uk britain british briton britons".split()) | {"united kingdom", "great britain"},
    frozenset("eu europe european".split()) | {"european union"},
)
_STEM = 4
"""In letters. "German" and "Germany" begin with as many equal ones."""


@dataclass(frozen=True, slots=True)
class SentenceValue:
    """A figure, date or name of a sentence, with its range there."""

    start: int
    end: int
    kind: DraftQuestionKind
    value: Value


def sentence_values(sentence: str, *, day: date | None, language: str) -> list[SentenceValue]:
    """The figures, dates and names of a sentence, in order."""
    found = [
        SentenceValue(one.start, one.end, _kind(one.value), one.value)
        for one in values_in(sentence, day=day, language=language)
        if isinstance(one.value, Quantity | Score | Period)
    ]
    taken = [(one.start, one.end) for one in found]
    for start, end, name in _names(sentence):
        if not any(low < end and start < high for low, high in taken):
            found.append(SentenceValue(start, end, DraftQuestionKind.NAME, name))
    return sorted(found, key=lambda one: one.start)


def _kind(value: Value) -> DraftQuestionKind:
    dated = isinstance(value, Period)
    return DraftQuestionKind.DATE if dated else DraftQuestionKind.FIGURE


def _names(sentence: str) -> Iterator[tuple[int, int, Name]]:
    """The capitalised names of a sentence, without a small word that begins it."""
    for found in _NAME.finditer(sentence):
        start, words = found.start(), found[0]
        if words.split(maxsplit=1)[0].lower() in _NO_NAMES:
            first, space, words = words.partition(" ")
            start += len(first) + len(space)
        words = _POSSESSIVE.sub("", words.rstrip(".’'-"))
        if words and (name := name_of(words)) is not None:
            yield start, start + len(words), name


def opens_sentence(sentence: str, start: int) -> bool:
    """Whether a position is that of the first word, whose capital says nothing."""
    return not any(map(str.isalnum, sentence[:start]))


def contradicts(one: Value, other: Value) -> bool:
    """Whether two values of one kind can surely not both be meant."""
    match one, other:
        case (Name(), Name()):
            return compare(one, other) is Relation.DIFFERENT and not _same_thing(one, other)
        case (Quantity(), Quantity()) if one.low != one.high and other.low != other.high:
            return any(compare(*ends) is Relation.DIFFERENT for ends in _ends(one, other))
    return compare(one, other) is Relation.DIFFERENT


def agrees(one: Value, other: Value) -> bool:
    """Whether two values may mean the same."""
    if contradicts(one, other):
        return False
    names = isinstance(one, Name) and isinstance(other, Name)
    return names or compare(one, other) in (Relation.EQUAL, Relation.COMPATIBLE)


def same_value(one: Value, other: Value) -> bool:
    """Whether two values are the same: equal numbers, days or names, apart from their units."""
    match one, other:
        case (Name(), Name()):
            return agrees(one, other)
        case (Quantity(), Quantity()):
            numbers = (one.low, one.high) == (other.low, other.high)
            return numbers and agrees(one, other)
    return compare(one, other) is Relation.EQUAL


def _ends(one: Quantity, other: Quantity) -> list[tuple[Quantity, Quantity]]:
    """The low ends of two ranges, and their high ends."""
    return [
        (replace(one, high=one.low), replace(other, high=other.low)),
        (replace(one, low=one.high), replace(other, low=other.high)),
    ]


def _same_thing(one: Name, other: Name) -> bool:
    """Whether two names have a word in common, or are forms of one name of a country."""
    here, there = " ".join(one.words), " ".join(other.words)
    if any({here, there} <= names for names in _SAME_THING):
        return True
    if len(one.words) == len(other.words) == 1:
        return here[:_STEM] == there[:_STEM]
    return False
