"""Helpers for tests of parsers: files from bytes, and invariants of articles."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager

from pullquote.parsing import articles_in
from pullquote.parsing.source import ParsedItem, SourceFile
from pullquote.schema import Article
from pullquote.schema.errors import ArticleError
from pullquote.schema.file_limits import LIMITS, Limits


def stream(
    id: str,
    content: bytes,
    *,
    suffix: str | None = None,
    limits: Limits = LIMITS,
    **fields: str,
) -> list[ParsedItem]:
    """The articles and errors of a file; the error of the file itself comes last."""
    found: list[ParsedItem] = []
    try:
        file = SourceFile(id=id, version="0", content=content, fields=fields, limits=limits)
        found.extend(articles_in(file, suffix=suffix))
    except ArticleError as error:
        found.append(error)
    for one in found:
        assert one.path.startswith(id) if isinstance(one, ArticleError) else one.id.startswith(id)
        assert not isinstance(one, Article) or is_sound(one)
    return found


def articles(id: str, content: bytes, **fields: str) -> list[Article]:
    """The articles of a file without any failure."""
    found = stream(id, content, **fields)
    assert [one for one in found if not isinstance(one, Article)] == []
    return [one for one in found if isinstance(one, Article)]


def outcomes(id: str, content: bytes, *, limits: Limits = LIMITS, **fields: str) -> list[str]:
    """The id of each article of a file, and the message of each error."""
    found = stream(id, content, limits=limits, **fields)
    return [one.id if isinstance(one, Article) else str(one) for one in found]


@contextmanager
def memory_below(limit: int) -> Iterator[None]:
    """Assert that the work within uses fewer bytes of memory."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < limit
    finally:
        tracemalloc.stop()


def as_json(value: object) -> bytes:
    """A value as JSON on one line."""
    return json.dumps(value).encode() + b"\n"


def outline(article: Article) -> list[tuple[str, str]]:
    """The role and the words of each block."""
    return [(block.role.value, article.text[block.start : block.end]) for block in article.blocks]


def is_sound(article: Article) -> bool:
    """Whether blocks are in order, not empty, valid UTF-8, and contain all text but white space."""
    at = 0
    article.model_dump_json().encode("utf-8")
    for block in article.blocks:
        assert at <= block.start < block.end
        assert article.text[at : block.start].strip() == ""
        at = block.end
    return article.text[at:].strip() == ""
