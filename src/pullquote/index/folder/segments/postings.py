"""Postings: which terms occur in which passages, and how often, as arrays.

postings/
  terms.bin    the terms in order of their UTF-8 bytes, one after another; those of the context
               (headline and day above a passage) come first, each after a NUL
  places.i64   (terms + 1, 3): where each term begins in terms.bin, where its postings begin in the
               next two files, and the CRC of its postings; the last row says where all of them end
  rows.i32     for each term, the rows of the passages that contain it, in order
  counts.u8    how often the term occurs in each of these passages; 255 means 255 or more
  lengths.i32  (2, passages): the number of terms in a passage's text and in its context

The row of a passage is its position in the order in which passages were added.
"""

from __future__ import annotations

import zlib
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pullquote.base.atomic_io import NewFile, write_synced
from pullquote.english.terms import terms
from pullquote.index.bm25 import MOST_COUNTED
from pullquote.index.folder.segments.arrays import Rows, StoredArray, read_array
from pullquote.schema.errors import IndexDamaged

NAME = "postings"

_COUNT_BITS = 8

_AT_ONCE = 1_000_000
"""Postings that are sorted or written at once."""

Counts = npt.NDArray[np.uint8]


class TermField(IntEnum):
    """The field in which a term occurs."""

    TEXT = 0
    CONTEXT = 1


_MARKS = {TermField.TEXT: b"", TermField.CONTEXT: b"\0"}
"""Prefixes that separate the terms of the two fields; no term contains a NUL."""


@dataclass(frozen=True, slots=True)
class PostingList:
    """The rows of the passages with a term, in order, and how often the term occurs in each."""

    rows: Rows
    counts: Counts


@dataclass(frozen=True, slots=True)
class DistinctLengths:
    """Distinct lengths, ascending, and for each passage the index of its length."""

    values: npt.NDArray[np.int32]
    codes: npt.NDArray[np.int32]


_NOWHERE = PostingList(np.empty(0, dtype=np.int32), np.empty(0, dtype=np.uint8))


class PostingsWriter:
    """Collects the terms of passages and writes them once."""

    def __init__(self) -> None:
        self._ids: dict[bytes, int] = {}
        self._terms, self._rows, self._counts = array("I"), array("I"), array("B")
        self._lengths = array("i")

    def add(self, *, text: str, context: str) -> None:
        """Add a passage."""
        row = len(self._lengths) // len(TermField)
        for field, content in ((TermField.TEXT, text), (TermField.CONTEXT, context)):
            found = terms(content)
            self._lengths.append(len(found))
            for term, count in Counter(found).items():
                key = _MARKS[field] + term.encode()
                self._terms.append(self._ids.setdefault(key, len(self._ids)))
                self._rows.append(row)
                self._counts.append(min(count, MOST_COUNTED))

    def write(self, folder: Path) -> None:
        """Write the files into a new folder, and wait until the device has them."""
        path = folder / NAME
        path.mkdir()
        keys = sorted(self._ids)
        lengths = np.array(self._lengths, dtype="<i4").reshape(-1, len(TermField))
        row_bits = len(lengths).bit_length()
        postings = self._sorted([self._ids[key] for key in keys], row_bits)
        firsts = np.arange(len(keys) + 1, dtype=np.uint64) << np.uint64(row_bits + _COUNT_BITS)
        places = np.zeros((len(keys) + 1, 3), dtype="<i8")
        places[:, 0] = np.cumsum([0, *map(len, keys)])
        places[:, 1] = np.searchsorted(postings, firsts)
        row, count = np.uint64(2**row_bits - 1), np.uint64(2**_COUNT_BITS - 1)
        with NewFile(path / "rows.i32") as rows, NewFile(path / "counts.u8") as counts:
            for some in _some_terms(places[:, 1]):
                part = postings[places[some.start, 1] : places[some.stop, 1]]
                in_rows = (part >> np.uint64(_COUNT_BITS) & row).astype("<i4")
                times = (part & count).astype("u1")
                rows.write(in_rows.data)
                counts.write(times.data)
                begin = places[some.start, 1]
                for term in some:
                    own = slice(places[term, 1] - begin, places[term + 1, 1] - begin)
                    places[term, 2] = _checksum(in_rows[own], times[own])
        write_synced(path / "terms.bin", b"".join(keys))
        write_synced(path / "places.i64", places.tobytes())
        write_synced(path / "lengths.i32", lengths.T.tobytes())

    def _sorted(self, ids: list[int], row_bits: int) -> npt.NDArray[np.uint64]:
        """Every posting as one number, in order: its term's rank, its row and its count.

        Such numbers can be sorted in place; sorting an index of them would take five times as much
        memory.
        """
        place = np.empty(len(ids), dtype=np.uint64)
        place[ids] = np.arange(len(ids), dtype=np.uint64)
        postings = np.empty(len(self._terms), dtype=np.uint64)
        gathered = [np.asarray(column) for column in (self._terms, self._rows, self._counts)]
        for start in range(0, len(postings), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            term, row, count = (column[part] for column in gathered)
            whole = place[term] << np.uint64(row_bits) | row
            postings[part] = whole << np.uint64(_COUNT_BITS) | count
        postings.sort()
        return postings


def _some_terms(begins: npt.NDArray[np.int64]) -> Iterator[range]:
    """All terms in ranges of about `_AT_ONCE` postings; the last of `begins` is the end."""
    first, last = 0, len(begins) - 1
    while first < last:
        next_one = int(np.searchsorted(begins, begins[first] + _AT_ONCE))
        yield range(first, first := min(max(next_one, first + 1), last))


def _checksum(rows: Rows, counts: Counts) -> int:
    """The CRC of a term's postings."""
    return zlib.crc32(counts.data, zlib.crc32(rows.data))


class Postings:
    """Reads what a `PostingsWriter` wrote. The caller has checked the digests.

    Terms and lengths are in memory; the postings of a term are read when they are needed.
    """

    def __init__(self, folder: Path) -> None:
        self._path = path = folder / NAME
        try:
            self._terms = (path / "terms.bin").read_bytes()
        except OSError as error:
            raise IndexDamaged(path, expected="postings", found=str(error)) from error
        self._places = read_array(path / "places.i64", "<i8", width=3)
        self._rows = StoredArray(path / "rows.i32", "<i4")
        self._counts = StoredArray(path / "counts.u8", "u1")
        lengths = read_array(path / "lengths.i32", "<i4")
        ends = self._places[-1:, :2].tolist()
        whole = [[len(self._terms), len(self._rows)]]
        if ends != whole or len(self._counts) != len(self._rows) or len(lengths) % len(TermField):
            raise IndexDamaged(path, expected=f"{whole} bytes and postings", found=f"{ends}")
        self.lengths: npt.NDArray[np.int32] = lengths.reshape(len(TermField), -1)

    def __len__(self) -> int:
        return int(self.lengths.shape[1])

    @cached_property
    def distinct_lengths(self) -> list[DistinctLengths]:
        """The distinct lengths of each field."""
        return [
            DistinctLengths(values, codes.astype(np.int32))
            for values, codes in (np.unique(one, return_inverse=True) for one in self.lengths)
        ]

    @cached_property
    def letter_terms(self) -> list[str]:
        """The distinct terms of both fields that consist of letters."""
        places = self._places[:, 0].tolist()
        found = {self._terms[start:end] for start, end in pairwise(places)}
        decoded = {term.lstrip(_MARKS[TermField.CONTEXT]).decode() for term in found}
        return [term for term in decoded if term.isalpha()]

    def close(self) -> None:
        """Close the files."""
        self._rows.close()
        self._counts.close()

    def posting_list(self, field: TermField, term: str) -> PostingList:
        """The passages with a term; none if the term is unknown.

        Raises:
            IndexDamaged: the postings are not as they were written; the file has been changed.
        """
        at = self._find(field, term)
        if at is None:
            return _NOWHERE
        start, end, crc = self._places[at, 1], self._places[at + 1, 1], self._places[at, 2]
        found = PostingList(self._rows.read(start, end), self._counts.read(start, end))
        if (other := _checksum(found.rows, found.counts)) != crc:
            expected = f"postings with CRC {crc} for {term!r}"
            raise IndexDamaged(self._path, expected=expected, found=f"CRC {other}")
        return found

    def count(self, field: TermField, term: str) -> int:
        """The number of passages with a term."""
        at = self._find(field, term)
        return 0 if at is None else int(self._places[at + 1, 1] - self._places[at, 1])

    def _find(self, field: TermField, term: str) -> int | None:
        """The index of a term, by bisection; None if it is unknown."""
        key = _MARKS[field] + term.encode()
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
