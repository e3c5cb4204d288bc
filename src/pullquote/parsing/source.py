"""What a format reader is given, and what it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from io import SEEK_END, BytesIO
from typing import BinaryIO

from pullquote.errors import ArticleError
from pullquote.limits import LIMITS, Limits
from pullquote.parsing.trace import Notes
from pullquote.schema import Article


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """One file of the corpus, with its id and the SHA-256 of its bytes in hex.

    `content` holds the bytes, but of a format that is streamed: that takes them from `stream()`,
    and they need not fit into memory. `fields` says where the records of exports keep what: the
    name of a field of theirs for a fact of ours, such as "title". `limits` says what reading it may
    take.
    """

    id: str
    version: str
    content: bytes = b""
    stored: BinaryIO | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = LIMITS

    @property
    def size(self) -> int:
        """The number of its bytes."""
        return self.stream().seek(0, SEEK_END)

    def stream(self) -> BinaryIO:
        """The bytes from their beginning; of one file of the corpus there is one stream."""
        if self.stored is None:
            return BytesIO(self.content)
        self.stored.seek(0)
        return self.stored


Read = Article | ArticleError
"""What a file gives: an article, or why one of its records is none."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a file of the corpus gave; None when it has ended.

    `whole` is said of an error that is the file's own: no more of it can be read. `notes` are what
    its reader noted since it gave what stands before it, where that was asked for.
    """

    file: str
    found: Read | None
    whole: bool = False
    notes: Notes | None = None


FormatReader = Callable[[SourceFile], Iterable[Read]]
"""Gives the articles of a file, in order; a pure function of the file.

A record that is no article is given as the error that names it, and costs nothing else.

Raises ArticleError, with `file.id` as its path, where the file is none of the format, or from where
on it cannot be read.
"""
