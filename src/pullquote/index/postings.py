"""Which terms stand in which passages, and how often, as arrays.

postings/
  terms.bin    the terms in order of their UTF-8 bytes, one after another; those of the headline
               and day above a passage come first, each after a NUL
  places.npy   int64 (terms + 1, 2): where each term ends in terms.bin, and its postings below
  rows.npy     int32: the passages that hold a term, in order, by their row
  counts.npy   uint8: how often they hold it; 255 means that or more
  lengths.npy  int32 (2, passages): how many terms a passage has, in its text and above it

The row of a passage is its place when all are in order of their numbers.
"""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pullquote.durable import write_array, write_synced
from pullquote.errors import IndexDamaged
from pullquote.terms import terms

NAME = "postings"

MOST_COUNTED = 255

Rows = npt.NDArray[np.int32]
Counts = npt.NDArray[np.uint8]


class Field(IntEnum):
    """Where a term stands."""

    TEXT = 0
    CONTEXT = 1


_MARKS = {Field.TEXT: b"", Field.CONTEXT: b"\0"}
"""What tells the terms of one field from those of the other; no term holds a NUL."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The passages that hold a term, by their row, in order, and how often each does."""

    rows: Rows
    counts: Counts


class PostingsWriter:
    """Gathers the terms of passages and writes them once."""

    def __init__(self) -> None:
        self._numbers = array("q")
        self._ids: dict[bytes, int] = {}
        self._terms, self._passages, self._counts = array("I"), array("I"), array("B")
        self._lengths = array("i")

    def add(self, number: int, *, text: str, context: str) -> None:
        """Put a passage in."""
        for field, content in ((Field.TEXT, text), (Field.CONTEXT, context)):
            found = terms(content)
            self._lengths.append(len(found))
            for term, count in Counter(found).items():
                key = _MARKS[field] + term.encode()
                self._terms.append(self._ids.setdefault(key, len(self._ids)))
                self._passages.append(len(self._numbers))
                self._counts.append(min(count, MOST_COUNTED))
        self._numbers.append(number)

    def write(self, folder: Path) -> None:
        """Write the files into a folder that has none, and wait until the device has them."""
        path = folder / NAME
        path.mkdir()
        order = np.argsort(np.asarray(self._numbers, dtype=np.int64), kind="stable")
        keys = sorted(self._ids)
        place = np.empty(len(keys), dtype=np.int64)
        place[[self._ids[key] for key in keys]] = np.arange(len(keys))
        listed = _sorted(
            place[np.asarray(self._terms)] if keys else np.empty(0, np.int64),
            np.argsort(order)[np.asarray(self._passages)] if keys else np.empty(0, np.int64),
            np.asarray(self._counts, dtype=np.uint8),
            terms=len(keys),
        )
        ends = np.cumsum([0, *map(len, keys)], dtype=np.int64)
        lengths = np.asarray(self._lengths, dtype=np.int32).reshape(-1, len(Field))[order]
        write_synced(path / "terms.bin", b"".join(keys))
        write_array(path / "places.npy", np.stack([ends, listed.ends], axis=1))
        write_array(path / "rows.npy", listed.rows)
        write_array(path / "counts.npy", listed.counts)
        write_array(path / "lengths.npy", np.ascontiguousarray(lengths.T))


class Postings:
    """Reads what a `PostingsWriter` wrote, whose digests the caller has checked."""

    def __init__(self, folder: Path) -> None:
        path = folder / NAME
        try:
            self._terms = (path / "terms.bin").read_bytes()
            self._places: npt.NDArray[np.int64] = _load(path / "places.npy")
            self._rows: Rows = _load(path / "rows.npy")
            self._counts: Counts = _load(path / "counts.npy")
            self.lengths: npt.NDArray[np.int32] = _load(path / "lengths.npy")
        except (OSError, ValueError, EOFError) as error:
            raise IndexDamaged(path, expected="postings", found=str(error)) from error
        whole = [len(self._terms), len(self._rows)]
        if self._places[-1].tolist() != whole or len(self._counts) != len(self._rows):
            raise IndexDamaged(path, expected=f"{whole} bytes and postings", found="others")

    def __len__(self) -> int:
        return int(self.lengths.shape[1])

    def listed(self, field: Field, term: str) -> Listed:
        """The passages that hold a term; none where it is not known."""
        at = self._find(_MARKS[field] + term.encode())
        start, end = (0, 0) if at is None else (self._places[at, 1], self._places[at + 1, 1])
        return Listed(self._rows[start:end], self._counts[start:end])

    def _find(self, key: bytes) -> int | None:
        """The place of a key among the terms, by bisection."""
        low, high = 0, len(self._places) - 1
        while low < high:
            middle = (low + high) // 2
            found = self._terms[self._places[middle, 0] : self._places[middle + 1, 0]]
            if found == key:
                return middle
            if found < key:
                low = middle + 1
            else:
                high = middle
        return None


@dataclass(frozen=True, slots=True)
class _Sorted:
    ends: npt.NDArray[np.int64]
    rows: Rows
    counts: Counts


def _sorted(
    of_term: npt.NDArray[np.int64],
    rows: npt.NDArray[np.int64],
    counts: Counts,
    *,
    terms: int,
) -> _Sorted:
    """Postings in order of their terms and rows, and where each term's end."""
    order = np.lexsort((rows, of_term))
    ends = np.zeros(terms + 1, dtype=np.int64)
    np.cumsum(np.bincount(of_term, minlength=terms), out=ends[1:])
    return _Sorted(ends, rows[order].astype(np.int32), counts[order])


def _load(path: Path) -> Any:  # noqa: ANN401 - an array of the type that was written
    """The array in a file, in memory: were it mapped, a file cut short would end the process."""
    return np.load(path, allow_pickle=False)
