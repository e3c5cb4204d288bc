"""Finds moments (days and instants) on web pages: machine-readable ones, or those in other text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime

from pullquote.base.dates.date_lines import parse_moment, parse_publication_dates

_LONGEST = 300
_FRACTION = re.compile(r"\.[0-9]+(?=Z|[+-]|$)")
_INSIDE = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:.]+(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
    r"|[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{4}"
    r"|[0-9]{1,2}(?:\.|st|nd|rd|th|er)?\s+(?:de\s+|of\s+)?[^\W\d_]{3,10}\.?,?\s+(?:de\s+)?[0-9]{4}"
    r"|[^\W\d_]{3,10}\.?\s+[0-9]{1,2}(?:st|nd|rd|th)?,?\s+[0-9]{4}"
)


def first_moment(values: Iterable[str]) -> datetime | date | None:
    """The first value that is only a moment. Fractions of seconds are dropped."""
    moments = (parse_moment(_FRACTION.sub("", value)) for value in values)
    return next((moment for moment in moments if moment is not None), None)


def moment_in(text: str) -> datetime | date | None:
    """The moment that makes up a short text, or else the first moment in the text."""
    text = text[:_LONGEST]
    return first_moment((text, *(match[0] for match in _INSIDE.finditer(text))))


def published_in(text: str) -> datetime | date | None:
    """The moment of publication in a short text, or else the first moment in it."""
    line = parse_publication_dates(" ".join(text.split()))
    if line is not None:
        return line.published
    return moment_in(text)


def without_moments(text: str) -> str:
    """A short text without the moments in it."""
    found = _INSIDE.finditer(text[:_LONGEST])
    for moment in [match[0] for match in found if first_moment((match[0],)) is not None]:
        text = text.replace(moment, "")
    return text
