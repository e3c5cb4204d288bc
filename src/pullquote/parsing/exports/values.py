"""The values of a record as words, whatever they were wrapped in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

from pullquote.parsing.blocks import TextBlock
from pullquote.parsing.html_blocks import blocks_and_captions, is_markup, strip_markup
from pullquote.parsing.lines import split_paragraphs
from pullquote.parsing.news.dates import parse_moment

_DEEPEST = 5
"""Levels of wrapping that are looked into, as {"content": {"rendered": ["…"]}} has two."""
_MOST_PARTS = 10_000
"""Parts of one value that are read, such as its paragraphs."""
_WRAPPERS = ("value", "rendered", "text", "name", "literal", "content", "html", "#text", "$t", "_")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_SECONDS = re.compile(r"1?[0-9]{9}(?:\.[0-9]+)?")
_MILLISECONDS = re.compile(r"1?[0-9]{12}")


def texts_of(value: object, *, depth: int = 0) -> Iterator[str]:
    """The texts in a value, none of them blank: one for a string or number, many for a list."""
    if isinstance(value, bool) or value is None or depth > _DEEPEST:
        return
    if isinstance(value, Mapping):
        yield from texts_of(
            next((value[k] for k in _WRAPPERS if k in value), None), depth=depth + 1
        )
    elif isinstance(value, date):
        yield value.isoformat()
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
        for part in value[:_MOST_PARTS]:
            yield from texts_of(part, depth=depth + 1)
    else:
        text = str(value) if not isinstance(value, bytes) else value.decode("utf-8", "replace")
        text = _SURROGATE.sub("\ufffd", text)
        if text.strip():
            yield text


def line_of(value: object) -> str | None:
    """The first text of a value as one line of plain words, or None."""
    words = next((" ".join(strip_markup(text).split()) for text in texts_of(value)), None)
    return words or None


def lines_of(value: object) -> list[str]:
    """Each text of a value as a line."""
    return [line for text in texts_of(value) if (line := line_of(text)) is not None]


def moment_of(value: object) -> str | None:
    """A moment in ISO 8601, from any way of writing it that exports have, or None.

    A bare number counts seconds or milliseconds since 1970.
    """
    for text in map(str.strip, texts_of(value)):
        if parse_moment(text) is not None:
            return text
        for read in (_counted, datetime.fromisoformat, parsedate_to_datetime):
            try:
                return read(text).isoformat()
            except (ValueError, TypeError, OverflowError, IndexError):
                continue
    return None


def _counted(text: str) -> datetime:
    """The moment of a number; ValueError for any other text."""
    if _MILLISECONDS.fullmatch(text):
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    if _SECONDS.fullmatch(text):
        return datetime.fromtimestamp(float(text), UTC)
    raise ValueError(text)


def pieces_of(value: object) -> list[TextBlock]:
    """The paragraphs of a body: of HTML, of plain text, or a list of either."""
    return [piece for text in texts_of(value) for piece in _pieces(text)]


def _pieces(text: str) -> Iterator[TextBlock]:
    if is_markup(text):
        yield from blocks_and_captions(text)
        return
    text = strip_markup(text)
    for stretch in split_paragraphs(text):
        yield TextBlock(text[stretch.start : stretch.end])
