"""Stores the pairs of near duplicates of a generation, so that the next one compares only changes.

A generation without this file, or with one of other rules, compares all of its articles.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from pullquote.base.atomic_io import write_synced
from pullquote.index.duplicates.near_duplicates import (
    NearDuplicates,
    SimilarPairs,
    find_pairs,
    joined,
    update_pairs,
)
from pullquote.index.duplicates.revisions import Revisions
from pullquote.index.duplicates.signatures import Signatures
from pullquote.index.folder.folder_manifest import FileChecksum
from pullquote.index.folder.segments.arrays import read_array
from pullquote.index.folder.segments.segment import Segment
from pullquote.schema.errors import IndexDamaged

NAME = "near_duplicates.bin"
_RULES = 1
"""Increased when other pairs of articles are near duplicates than before."""
_HEAD = 5
"""The file begins with the rules, the numbers of keys, of articles and of pairs, and the CRC of
everything that follows."""


def write_pairs(
    folder: Path, pairs: SimilarPairs | None, old: Sequence[Segment], new: Sequence[Signatures]
) -> None:
    """Write the pairs of a new generation.

    `pairs` are those of the generation before, with the segments `old`, or None if it has none.
    `new` has the signatures of the new generation, by segment.
    """
    signatures = joined(new)
    if pairs is None:
        found = find_pairs(signatures)
    else:
        found = update_pairs(pairs, joined(one.signatures() for one in old), signatures)
    write_synced(folder / NAME, _to_bytes(found))


def near_duplicates_in(
    folder: Path,
    files: Mapping[str, FileChecksum],
    segments: Sequence[Segment],
    revisions: Revisions,
) -> NearDuplicates:
    """The near duplicates of a generation with these files and segments."""
    pairs = stored_pairs(folder, files, segments)
    if pairs is None:
        pairs = find_pairs(joined(segment.signatures() for segment in segments))
    return NearDuplicates(pairs, _sizes(segments), revisions)


def stored_pairs(
    folder: Path, files: Mapping[str, FileChecksum], segments: Sequence[Segment]
) -> SimilarPairs | None:
    """The stored pairs of a generation, or None if it stores none, or some of other rules.

    Raises:
        IndexDamaged: the file is of other articles, or not as it was written.
    """
    if NAME not in files:
        return None
    articles = sum(_sizes(segments))
    numbers = read_array(folder / NAME, "<i8")
    if len(numbers) < _HEAD or numbers[0] != _RULES:
        return None
    keys, nodes, pairs, crc = numbers[1:_HEAD].tolist()
    found = f"{nodes} articles, {len(numbers)} numbers"
    if found != (expected := f"{articles} articles, {_HEAD + keys + nodes + 2 * pairs} numbers"):
        raise IndexDamaged(folder / NAME, expected=expected, found=found)
    if (other := zlib.crc32(numbers[_HEAD:].data)) != crc:
        raise IndexDamaged(folder / NAME, expected=f"pairs with CRC {crc}", found=f"{other}")
    ends = np.cumsum([_HEAD, keys, nodes, pairs, pairs]).tolist()
    parts = [numbers[start:end] for start, end in pairwise(ends)]
    return SimilarPairs(parts[0].view(np.uint64), *parts[1:])


def _sizes(segments: Sequence[Segment]) -> list[int]:
    """The number of articles of each segment, with deleted ones."""
    return [len(segment.store) + len(segment.deleted) for segment in segments]


def _to_bytes(pairs: SimilarPairs) -> bytes:
    """The content of the file."""
    parts = [pairs.keys.view(np.int64), pairs.nodes, pairs.left, pairs.right]
    content = np.concatenate(parts).astype("<i8").tobytes()
    sizes = [len(pairs.keys), len(pairs.nodes), len(pairs.left)]
    return np.array([_RULES, *sizes, zlib.crc32(content)], "<i8").tobytes() + content
