"""Parses the words of a short answer, and finds the quantities and times in a sentence."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from pullquote.base.dates.date_lines import parse_moment
from pullquote.english.values.models import (
    YEARLESS,
    FoundValue,
    Period,
    Quantity,
    Text,
    Value,
)
from pullquote.english.values.names import name_of, normalise
from pullquote.english.values.periods import Days, in_year, periods_in
from pullquote.english.values.quantities import quantities_in
from pullquote.schema import day_of

LONGEST = 200
"""In characters. Longer words are no short answer, and are compared as text."""

_CACHED = 2000
_DECIMAL_COMMA = frozenset("de fr es it pt nl da nb sv pl cs ru uk tr ro id el hu fi".split())
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])[.,](?=[0-9])")
_SPACED = re.compile(r"(?<=[0-9]) (?=[0-9]{3}(?![0-9]))")
_NARROW = "\u202f"
_WHITE_SPACE = re.compile(r"[ \t\r\n]+")
_EDGES = " \t\r\n.,;:!?\"'“”‘’«»()[]"
_LEADING = re.compile(
    r"(?i)(?:(?:in|on|at|by|from|between|during|for|of|to|until|with|the|a|an|only|just|now|still|"
    r"it|was|is|all|another|further|first|last|next|other|total|exactly|precisely|as|its?|his|her|their|dated?)\b[\s-]*)*"
)
_TRAILING = re.compile(r"\s*(?:$|[,;:(–—-]|(?:in|on|at|of|for|to|from|by|after|before|per|each)\b)")
_CAPITAL = re.compile(r"\b[A-Z][a-z]")
_WORDS_BEFORE = 6
_AROUND = 60
"""How much of a sentence is read on both sides of an answer, in characters."""


@lru_cache(maxsize=_CACHED)
def value_of(
    text: str, *, day: date | None = None, language: str = "en", sentence: str = ""
) -> Value | None:
    """The value of an answer's words; None for a text without letters and digits.

    `day` is the day of the article, for words such as "on Tuesday". The `sentence` that the words
    are from adds the unit and the qualifier that they lack: "19" in "At least 19 people".
    """
    words = _WHITE_SPACE.sub(" ", text).strip(_EDGES)
    if not any(sign.isalnum() for sign in words):
        return None
    if len(words) <= LONGEST:
        plain = _in_english_figures(words, language)
        exact = _whole(plain, day, language, sentence)
        if sentence:
            exact = _in_sentence(plain, exact, day, _in_english_figures(sentence, language))
        if exact is not None:
            return exact
        if (name := name_of(words)) is not None:
            return name
    return Text(tuple(normalise(words).split()) or (words.casefold(),))


def values_in(text: str, *, day: date | None = None, language: str = "en") -> list[FoundValue]:
    """The quantities, scores and times in a sentence, in order and without overlaps."""
    plain = _in_english_figures(text, language)
    found = [
        *periods_in(plain, day=day),
        *(one for one in quantities_in(plain) if not _is_pronoun(plain, one)),
    ]
    return _apart(found)


def _apart(found: list[FoundValue]) -> list[FoundValue]:
    """The values, in order; of two that overlap, the longer, and of two as long the first given."""
    chosen: list[FoundValue] = []
    for one in sorted(found, key=lambda each: (each.start, -each.end)):
        while chosen and chosen[-1].end > one.start:
            if one.end - one.start <= chosen[-1].end - chosen[-1].start:
                break
            chosen.pop()
        else:
            chosen.append(one)
    return chosen


def _is_pronoun(text: str, found: FoundValue) -> bool:
    """Whether a value is the word "one" or "no" without anything that it counts."""
    value = found.value
    bare = isinstance(value, Quantity) and not value.unit
    words = text[found.start : found.end].casefold().split()
    return bare and words[-1:] in (["one"], ["no"], ["none"])


def _in_english_figures(text: str, language: str) -> str:
    """The text with a point before decimals, and no common spaces inside figures.

    Many languages have a comma there, and spaces between thousands. No position changes.
    """
    if language[:2] not in _DECIMAL_COMMA:
        return text
    spaced = _SPACED.sub(_NARROW, text)
    return _BETWEEN_DIGITS.sub(lambda sign: "," if sign[0] == "." else ".", spaced)


def _whole(words: str, day: date | None, language: str, sentence: str) -> Value | None:
    """The quantity, score or time that is the whole of an answer, apart from small words."""
    if language != "en" and (moment := parse_moment(words)) is not None:
        written = day_of(moment)
        return Period(first=written, last=written)
    found = _apart(
        [
            *periods_in(words, day=day, sentence=sentence, alone=True),
            *quantities_in(words, exact_words=True),
        ]
    )
    if not found:
        return None
    first = found[0]
    before, after = words[: first.start], words[first.end :]
    if _CAPITAL.search(after) and not _TRAILING.match(after):
        return None
    if _LEADING.fullmatch(before):
        return first.value
    small = before.islower() and len(before.split()) <= _WORDS_BEFORE and len(found) == 1
    return first.value if small and not _is_pronoun(words, first) else None


def _in_sentence(words: str, exact: Value | None, day: date | None, sentence: str) -> Value | None:
    """The value with what its sentence adds: the unit, the qualifier, what happened to people."""
    if not isinstance(exact, Quantity | Period):
        return exact
    start = sentence.find(words)
    if start < 0:
        return exact
    cut = max(0, start - _AROUND)
    sentence, start = sentence[cut : start + len(words) + _AROUND], start - cut
    for one in values_in(sentence, day=day):
        if one.start <= start + len(words) and start <= one.end and _adds(one.value, exact):
            return one.value
    return exact


def _adds(whole: Value, exact: Value) -> bool:
    """Whether a value in a sentence is an answer's value with more about it."""
    if isinstance(whole, Quantity) and isinstance(exact, Quantity):
        return exact.unit in ("", whole.unit) and whole.low <= exact.low <= whole.high
    if isinstance(whole, Quantity) and isinstance(exact, Period):
        return exact.first is not None and whole.low == exact.first.year and bool(whole.unit)
    if not isinstance(whole, Period) or not isinstance(exact, Period):
        return False
    if exact.minute is not None or None in (whole.first, whole.last, exact.first, exact.last):
        return False
    return _is_within(_days(whole), _days(exact)) or _is_within(
        _days(whole, year=YEARLESS), _days(exact, year=YEARLESS)
    )


def _is_within(inner: Days, outer: Days) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _days(period: Period, *, year: int | None = None) -> Days:
    """The first and last day; with a year, both in that year."""
    first, last = period.first or date.min, period.last or date.max
    return (first, last) if year is None else (in_year(first, year), in_year(last, year))
