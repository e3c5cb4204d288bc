"""Converts the values of a record to text, even if the values are wrapped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

from pullquote.base.dates.date_lines import parse_moment
from pullquote.parsing.blocks import TextBlock
from pullquote.parsing.html_blocks import blocks_and_captions, is_markup, strip_markup
from pullquote.parsing.lines import split_paragraphs

_DEEPEST = 5
"""How many levels of wrapping are searched. {"content": {"rendered": ["…"]}} has two."""
_MOST_PARTS = 10_000
"""How many parts of a value, such as its paragraphs, are read."""
_WRAPPERS = ("value", "rendered", "text", "name", "literal", "content", "html", "#text", "$t", "_")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_SECONDS = re.compile(r"1?[0-9]{9}(?:\.[0-9]+)?")
_MILLISECONDS = re.compile(r"1?[0-9]{12}")


def value_texts(value: object, *, depth: int = 0) -> Iterator[str]:
    """The texts in a value, except blank ones: one for a string or number, several for a list."""
    if isinstance(value, bool) or value is None or depth > _DEEPEST:
        return
    if isinstance(value, Mapping):
        yield from value_texts(
            next((value[k] for k in _WRAPPERS if k in value), None), depth=depth + 1
        )
    elif isinstance(value, date):
        yield value.isoformat()
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
        for part in value[:_MOST_PARTS]:
            yield from value_texts(part, depth=depth + 1)
    else:
        text = str(value) if not isinstance(value, bytes) else value.decode("utf-8", "replace")
        text = _SURROGATE.sub("\ufffd", text)
        if text.strip():
            yield text


def first_line(value: object) -> str | None:
    """The first text of a value, as one line of plain text, or None."""
    words = next((" ".join(strip_markup(text).split()) for text in value_texts(value)), None)
    return words or None


def all_lines(value: object) -> list[str]:
    """The texts of a value, each as one line."""
    return [line for text in value_texts(value) if (line := first_line(text)) is not None]


def date_text(value: object) -> str | None:
    """A date or time, in a form that `parse_moment` accepts, or None.

    A bare number is taken for the seconds or milliseconds since 1970.
    """
    for text in map(str.strip, value_texts(value)):
        if parse_moment(text) is not None:
            return text
        for read in (_from_epoch, datetime.fromisoformat, parsedate_to_datetime):
            try:
                return read(text).isoformat()
            except (ValueError, TypeError, OverflowError, IndexError):
                continue
    return None


def _from_epoch(text: str) -> datetime:
    """The time that is a number of seconds or milliseconds after the beginning of 1970.

    Raises ValueError for other texts.
    """
    if _MILLISECONDS.fullmatch(text):
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    if _SECONDS.fullmatch(text):
        return datetime.fromtimestamp(float(text), UTC)
    raise ValueError(text)


def body_pieces(value: object) -> list[TextBlock]:
    """The paragraphs of a body, which is HTML, plain text, or a list of texts."""
    return [piece for text in value_texts(value) for piece in _pieces_of_text(text)]


def _pieces_of_text(text: str) -> Iterator[TextBlock]:
    if is_markup(text):
        yield from blocks_and_captions(text)
        return
    text = strip_markup(text)
    for stretch in split_paragraphs(text):
        yield TextBlock(text[stretch.start : stretch.end])
