"""Arrays, each in a file of its own, which are read in parts.

A file contains only the elements, in little-endian order. The extension of its name states their
type. Files are not mapped into memory: if a mapped file is cut short, reading it kills the process.
"""

from __future__ import annotations

import io
import os
import threading
import weakref
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pullquote.schema.errors import IndexDamaged

Array = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64] | npt.NDArray[np.int32]


def read_array(path: Path, dtype: npt.DTypeLike, *, width: int | None = None) -> Array:
    """A whole array; see `StoredArray`."""
    with closing(StoredArray(path, dtype, width=width)) as stored:
        return stored.read()


def _close(stream: io.RawIOBase) -> None:
    """Close a file that was only read, and ignore errors of the device."""
    with suppress(OSError):
        stream.close()


class StoredArray:
    """An array on the device; every read is a copy. Threads may share it.

    A row has `width` elements of `dtype`. If `width` is None, each element is a row. The file is
    closed by `close` or when nothing refers to the array any more.
    """

    def __init__(self, path: Path, dtype: npt.DTypeLike, *, width: int | None = None) -> None:
        self._path = path
        self._dtype = np.dtype(dtype)
        self._shape = () if width is None else (width,)
        self._row = self._dtype.itemsize * (1 if width is None else width)
        try:
            self._stream = path.open("rb", buffering=0)
        except OSError as error:
            raise IndexDamaged(path, expected="a readable file", found=str(error)) from error
        self.close = weakref.finalize(self, _close, self._stream)
        size = os.fstat(self._stream.fileno()).st_size
        if size % self._row:
            expected = f"a multiple of {self._row} bytes"
            raise IndexDamaged(path, expected=expected, found=f"{size}")
        self._rows = size // self._row
        self._one_at_a_time = threading.Lock()

    def __len__(self) -> int:
        return self._rows

    def read(self, start: int = 0, end: int | None = None) -> Array:
        """The rows from `start` up to but not including `end`; all by default."""
        rows = (len(self) if end is None else end) - start
        found = np.empty((rows, *self._shape), dtype=self._dtype)
        if found.nbytes:
            self._fill(found.data.cast("B"), start * self._row)
        return found

    def take(self, rows: Rows) -> Array:
        """The given rows, in the given order."""
        found = np.empty((len(rows), *self._shape), dtype=self._dtype)
        if found.nbytes:
            content, size = found.data.cast("B"), self._row
            for index, row in enumerate(rows.tolist()):
                self._fill(content[index * size : (index + 1) * size], row * size)
        return found

    def _fill(self, content: memoryview, offset: int) -> None:
        try:
            done = self._read_at(content, offset)
            while 0 < done < len(content):  # one call reads 2 GiB at most
                more = self._read_at(content[done:], offset + done)
                done = done + more if more else 0
        except OSError as error:
            raise IndexDamaged(self._path, expected="a readable file", found=str(error)) from error
        if done != len(content):
            expected = f"{offset + len(content)} bytes"
            raise IndexDamaged(self._path, expected=expected, found="fewer")

    def _read_at(self, content: memoryview, offset: int) -> int:
        if hasattr(os, "preadv"):
            return os.preadv(self._stream.fileno(), [content], offset)
        with self._one_at_a_time:
            self._stream.seek(offset)
            return self._stream.readinto(content) or 0
