"""Unpacks the members of a gzip stream: they follow each other, and mean their joined content.

Source: RFC 1952, section 2.2. Compressors that work in parallel, such as bgzip, write many members,
and zlib stops after the first.
"""

from __future__ import annotations

import io
import sys
import zlib
from typing import BinaryIO

MOST_SMALL_MEMBERS = 10_000
"""Members of one stream that unpack to less than `_SMALL`. An empty member has 20 bytes, and
without a limit a small file could have millions. bgzip makes members of 64 KB."""

_SMALL = 1_000
"""In bytes."""

_SLICE = 1 << 16
"""In bytes. A longer part would take time with the square of its members."""

_READ = 1 << 12
"""In bytes. Unpacked, they are at most 1,032 times as many, which are in memory at once."""

_MAGIC = b"\x1f\x8b"


class GzipMembers:
    """Unpacks a stream that arrives in chunks, up to `most` bytes and one byte more.

    What follows the last member and is no member is ignored, as browsers and gzip do. With
    `or_zlib`, the first member may also have the format of zlib.
    """

    def __init__(self, *, most: int = sys.maxsize - 1, or_zlib: bool = False) -> None:
        self._wbits = zlib.MAX_WBITS | (32 if or_zlib else 16)
        self._room = most + 1
        self._member = zlib.decompressobj(self._wbits)
        self._size = self._small = 0
        self._next = b""

    @property
    def is_complete(self) -> bool:
        """Whether the last member that has begun has ended."""
        return self._member.eof

    def unpack(self, chunk: bytes) -> bytes:
        """What the next chunk adds; once more than `most` bytes are unpacked, nothing more.

        Raises:
            zlib.error: the stream is damaged, or has too many small members.
        """
        slices = range(0, len(chunk), _SLICE)
        return b"".join(self._unpack_slice(chunk[at : at + _SLICE]) for at in slices)

    def _unpack_slice(self, chunk: bytes) -> bytes:
        """What a short part of a chunk adds; each of its members copies the rest of it."""
        parts = []
        while chunk and self._room > 0:
            if self._member.eof:
                chunk = self._begin_member(chunk)
                continue
            part = self._member.decompress(chunk, self._room)
            parts.append(part)
            self._room -= len(part)
            self._size += len(part)
            chunk = self._member.unused_data
        return b"".join(parts)

    def _begin_member(self, chunk: bytes) -> bytes:
        """The chunk from the beginning of the next member; empty if no other one begins here."""
        start = (self._next + chunk)[: len(_MAGIC)]
        if start != _MAGIC:
            # One byte may be the beginning of a member; after any other bytes, none begins.
            self._next = start
            return b""
        self._small += self._size < _SMALL
        if self._small > MOST_SMALL_MEMBERS:
            most = f"{MOST_SMALL_MEMBERS:,}"
            raise zlib.error(
                f"more than {most} of its gzip members have less than {_SMALL:,} bytes"
            )
        self._size = 0
        self._member = zlib.decompressobj(self._wbits)
        before, self._next = self._next, b""
        return before + chunk


class GzipStream(io.RawIOBase):
    """The content of a gzip file, unpacked while it is read. It does not own the file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._members = GzipMembers()
        self._unpacked = memoryview(b"")

    def readable(self) -> bool:
        """Whether it can be read: always."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # any writable buffer
        """Fill the buffer as far as one part of the file goes; 0 at the end.

        Raises:
            EOFError: the file ends within a member.
            zlib.error: it is damaged, or has too many small members.
        """
        while not self._unpacked:
            packed = self._file.read(_READ)
            if not packed and not self._members.is_complete:
                raise EOFError("the file ends within a gzip member; it was cut off")
            if not packed:
                return 0
            self._unpacked = memoryview(self._members.unpack(packed))
        size = min(len(buffer), len(self._unpacked))
        buffer[:size] = self._unpacked[:size]
        self._unpacked = self._unpacked[size:]
        return size
