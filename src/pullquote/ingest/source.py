"""What a format reader is given, and what it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pullquote.schema import Article


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """The bytes of one file of the corpus, with its id and the SHA-256 of the bytes in hex."""

    id: str
    version: str
    content: bytes


FormatReader = Callable[[SourceFile], tuple[Article, ...]]
"""Returns the articles of a file, in order; a pure function of the file.

Raises ArticleError, with `file.id` as its path, where the file is no article of the format.
"""
