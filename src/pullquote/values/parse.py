"""Parses the words of a short answer, and finds the quantities and times in a sentence."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from pullquote.schema import day_of
from pullquote.parsing.news.dates import parse_moment
from pullquote.values.models import FoundValue, Period, Qualifier, Quantity, Text, Value
from pullquote.values.names import name_of
from pullquote.values.periods import periods_in
from pullquote.values.quantities import quantities_in
from pullquote.values.words import normalise

LONGEST = 200
"""In characters. Longer words are no short answer, and are compared as text."""

_CACHED = 2000
_DECIMAL_COMMA = frozenset("de fr es it pt nl da nb sv pl cs ru uk tr ro id el hu fi".split())
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])[.,](?=[0-9])")
_EDGES = " \t\r\n.,;:!?\"'“”‘’«»()[]"
_LEADING = re.compile(
    r"(?i)(?:(?:in|on|at|by|from|between|during|for|of|to|until|with|the|a|an|only|just|now|still|"
    r"it|was|is|all|another|further|total|exactly|precisely|as|its?|his|her|their|dated?)\b[\s-]*)*"
)
_TRAILING = re.compile(r"\s*(?:$|[,;:(–—-]|(?:in|on|at|of|for|to|from|by|after|before|per|each)\b)")
_CAPITAL = re.compile(r"\b[A-Z][a-z]")
_WORDS_BEFORE = 6


@lru_cache(maxsize=_CACHED)
def value_of(
    text: str, *, day: date | None = None, language: str = "en", sentence: str = ""
) -> Value | None:
    """The value of an answer's words; None for a text without letters and digits.

    `day` is the day of the article, for words such as "on Tuesday". The `sentence` that the words
    are from adds the unit and the qualifier that they lack: "19" in "At least 19 people".
    """
    words = " ".join(text.split()).strip(_EDGES)
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
    """The values, in order; of several that overlap, the longest, and first a time."""
    kept: list[FoundValue] = []
    for one in sorted(found, key=lambda each: each.start - each.end):
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda each: each.start)


def _is_pronoun(text: str, found: FoundValue) -> bool:
    """Whether a value is the word "one" or "no" without anything that it counts."""
    value = found.value
    bare = isinstance(value, Quantity) and not value.unit and value.qualifier is Qualifier.EXACT
    return bare and text[found.start : found.end].casefold().strip() in ("one", "no", "none")


def _in_english_figures(text: str, language: str) -> str:
    """The text with a point before decimals; in many languages, that is a comma."""
    if language[:2] not in _DECIMAL_COMMA:
        return text
    return _BETWEEN_DIGITS.sub(lambda sign: "," if sign[0] == "." else ".", text)


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
    return first.value if small else None


def _in_sentence(
    words: str, exact: Value | None, day: date | None, sentence: str
) -> Value | None:
    """The value with what its sentence adds: the unit, the qualifier, what happened to people."""
    if not isinstance(exact, Quantity | Period):
        return exact
    start = sentence.find(words)
    if start < 0:
        return exact
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
    return isinstance(whole, Period) and isinstance(exact, Period) and exact.minute is None
