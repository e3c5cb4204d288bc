"""Splits a stream of bytes into records. Only one record, of limited size, is in memory at a time.

Nothing is parsed here. A record that is broken, too long or nested too deep does not affect other
records.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from pullquote.schema.errors import ArticleError
from pullquote.schema.file_limits import megabytes

LONGEST = 16 << 20
"""Maximum size of a record, in bytes. Articles have under a million. Parsing takes ten times as
much memory."""
DEEPEST = 100
"""Maximum number of levels of nesting in a record. Exports have under ten. At 1,000 levels,
Python's parser fails, and in some versions of Python it crashes."""
LARGEST_WIDE = 64 << 20
"""Maximum size of a file in UTF-16, in bytes. Such a file is converted as a whole."""
_CHUNK = 1 << 18
_STRUCTURE = re.compile(rb'[][{}"]')
_IN_STRING = re.compile(rb'["\\]')


@dataclass(frozen=True, slots=True)
class RawRecord:
    """The bytes of a record, and its number in the file, counted from 1.

    `fault` is the reason why the bytes are missing.
    """

    number: int
    content: bytes = b""
    fault: str | None = None


def utf8_stream(stream: BinaryIO, *, id: str) -> BinaryIO:
    """The stream after its byte order mark; UTF-16 is converted to UTF-8.

    Raises:
        ArticleError: the conversion would take too much memory.
    """
    mark = stream.read(3)
    if mark == codecs.BOM_UTF8:
        return stream
    stream.seek(0)
    if mark[:2] not in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return stream
    content = stream.read(LARGEST_WIDE + 1)
    if len(content) > LARGEST_WIDE:
        size = f"larger than {megabytes(LARGEST_WIDE)}"
        raise ArticleError(id, f"it is in UTF-16 and {size}; save it as UTF-8")
    return BytesIO(content.decode("utf-16", "replace").encode("utf-8", "replace"))


def split_lines(stream: BinaryIO, *, longest: int = LONGEST) -> Iterator[RawRecord]:
    """The lines of a stream, with their line ends."""
    number = 0
    while line := stream.readline(longest):
        number += 1
        if len(line) == longest and not line.endswith(b"\n"):
            while (rest := stream.readline(_CHUNK)) and not rest.endswith(b"\n"):
                pass
            yield RawRecord(number, fault=f"its line is longer than {megabytes(longest)}")
        else:
            yield RawRecord(number, line)


def split_json_objects(stream: BinaryIO) -> Iterator[RawRecord]:
    """The objects and lists of a JSON text, either in its outermost list or one after another."""
    scanner = _RecordScanner()
    while chunk := stream.read(_CHUNK):
        yield from scanner.read(chunk)
    if scanner.is_open:
        yield scanner.cut_short()


class _RecordScanner:
    """Tracks brackets and strings, and buffers the bytes of one record."""

    def __init__(self) -> None:
        self.number = 0
        self._base: int | None = None  # the level at which records begin, once known
        self._depth = 0
        self._string = self._escaped = False
        self._parts: list[bytes] = []
        self._size = 0
        self._fault: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether a record has begun but not ended."""
        return self._base is not None and self._depth > self._base

    def read(self, chunk: bytes) -> Iterator[RawRecord]:
        """The records that end in the next bytes of the stream."""
        at, begin = 0, 0
        if self._escaped:
            at, self._escaped = 1, False
        while (found := (_IN_STRING if self._string else _STRUCTURE).search(chunk, at)) is not None:
            at, sign = found.end(), found[0]
            if sign == b'"':
                self._string = not self._string
            elif sign == b"\\":
                self._escaped = at == len(chunk)
                at += 1
            elif sign in b"[{":
                if self._open_level(sign):
                    begin = at - 1
            elif self._close_level():
                self._append(chunk[begin:at])
                yield self._take_record()
        if self.is_open:
            self._append(chunk[begin:])

    def _open_level(self, sign: bytes) -> bool:
        """Enter a level of nesting. Returns whether a record begins here."""
        if self._base is None:
            self._base = 1 if sign == b"[" else 0
        self._depth += 1
        if self._depth - self._base > DEEPEST:
            self._fault = f"it is nested more than {DEEPEST} levels deep"
        if self._depth != self._base + 1:
            return False
        self.number += 1
        return True

    def _close_level(self) -> bool:
        """Leave a level of nesting. Returns whether a record ends here."""
        was_open = self.is_open
        self._depth = max(0, self._depth - 1)
        return was_open and not self.is_open

    def _append(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > LONGEST and self._fault is None:
            self._fault = f"it is larger than {megabytes(LONGEST)}"
        if self._fault is not None:
            self._parts.clear()
        else:
            self._parts.append(part)

    def cut_short(self) -> RawRecord:
        """The record that is still open at the end of the file."""
        fault = "the file ends in the middle of it" if self._fault is None else self._fault
        return RawRecord(self.number, fault=fault)

    def _take_record(self) -> RawRecord:
        record = RawRecord(self.number, b"".join(self._parts), self._fault)
        self._parts, self._size, self._fault = [], 0, None
        return record
