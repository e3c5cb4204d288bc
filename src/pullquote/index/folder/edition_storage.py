"""Carries earlier editions from one generation to the next, within their bounds.

Like segments, files of editions are written once and linked into later generations. A small file
is merged into the new one, and so is a file of which a quarter was dropped. No search needs these
files, so a damaged one does not keep a generation from answering: what can be read of it is
written into the next generation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pullquote.atomic_io import file_digest, write_synced
from pullquote.errors import IndexDamaged
from pullquote.index.editions.edition_file import (
    DROPPED_SUFFIX,
    FOLDER,
    SUFFIX,
    EditionFile,
    EditionRow,
)
from pullquote.index.editions.edition_writer import EditionWriter
from pullquote.index.editions.history import EditionHistory
from pullquote.index.folder.folder_manifest import FileChecksum, listed_files
from pullquote.index.folder.links import link_or_copy
from pullquote.index.folder.segments.arrays import read_array
from pullquote.index.folder.verified_files import verified_files
from pullquote.limits import EditionBounds

GROWTH = 2
"""A file is merged if it has at most this many times as many rows as are written anyway."""

MOST_DROPPED = 0.25
"""The share of a file's rows that may be dropped before it is rewritten."""

_Checksums = Mapping[str, FileChecksum]


def is_of_editions(file: str) -> bool:
    """Whether a file of a generation has earlier editions."""
    return file.startswith(f"{FOLDER}/")


def open_history(folder: Path, files: _Checksums) -> EditionHistory:
    """The earlier editions of a generation with these files."""
    opened: list[EditionFile] = []
    try:
        opened += (_open(folder, name, files) for name in _names(files))
    except IndexDamaged as damage:
        return EditionHistory(opened, damage)
    return EditionHistory(opened)


def edition_damage(folder: Path, files: _Checksums) -> IndexDamaged | None:
    """What is wrong with a generation's files of earlier editions; None if they are sound."""
    for name, checksum in files.items():
        if is_of_editions(name):
            try:
                _check(folder / name, checksum)
            except IndexDamaged as damage:
                return damage
            except OSError as error:
                why = error.strerror or str(error)
                return IndexDamaged(folder / name, expected="a readable file", found=why)
    return None


def are_stale(folder: Path, files: _Checksums, *, bounds: EditionBounds, now: int) -> bool:
    """Whether the next generation would have fewer editions, or sound ones in place of damaged."""
    if not bounds.most:
        return any(map(is_of_editions, files))
    with ExitStack() as opened:
        try:
            old = _opened(folder, files, opened)
        except OSError:  # the device may return the file later
            return False
        if len(old) < len(_names(files)):
            return True
        expired = (one.file.ended_before(bounds.oldest(now)) for one in old if one.is_sound)
        wider = (not one.is_sound or one.file.bound > bounds.most for one in old)
        return any(wider) or any(expired)


@dataclass(frozen=True, slots=True)
class _OldFile:
    """A file of the generation before, and the rows that the next one drops."""

    file: EditionFile
    checksum: FileChecksum
    is_sound: bool
    dropped: set[int]

    def rows(self) -> Iterator[EditionRow]:
        """The rows that the next generation has too."""
        rows = self.file.all_rows() if self.is_sound else self.file.sound_rows()
        return (row for row in rows if row.row not in self.dropped)

    def __len__(self) -> int:
        return self.file.rows - len(self.dropped)


class EditionCarrier:
    """Writes the editions of the generation in `folder`: those of the one before, and new ones."""

    def __init__(self, folder: Path, *, bounds: EditionBounds, now: int) -> None:
        self._folder = folder
        self._bounds = bounds
        self._now = now
        self._writer: EditionWriter | None = None
        self._written: set[tuple[str | None, str]] = set()

    def carry(self, before: Path | None, replaced: Iterable[EditionRow]) -> dict[str, FileChecksum]:
        """Write the editions; returns the known checksums of linked files.

        `before` is the folder of the generation before, and `replaced` are the editions that end.

        Raises:
            IndexDamaged: one of `replaced` cannot be read.
            OSError, sqlite3.Error: the device failed.
        """
        if not self._bounds.most:
            return {}
        with ExitStack() as opened:
            old = [] if before is None else _opened(before, listed_files(before), opened)
            for row in replaced:
                self._add(row)
                self._written.add((row.article, row.file))
            self._drop(old)
            linked = self._absorb(old)
            if self._writer is not None:
                self._writer.close()
            return {self._link(one): one.checksum for one in linked}

    def close(self) -> None:
        """Stop writing after an error; no effect once everything is written."""
        if self._writer is not None:
            self._writer.abandon()

    def _add(self, row: EditionRow) -> None:
        if self._writer is None:
            path = self._folder / FOLDER / f"{self._folder.name}{SUFFIX}"
            self._writer = EditionWriter(path, bound=self._bounds.most)
        self._writer.add(row)

    def _drop(self, old: Sequence[_OldFile]) -> None:
        """Drop the rows that are over the bounds."""
        sound = [one for one in old if one.is_sound]
        for one in sound:
            one.dropped.update(one.file.ended_before(self._bounds.oldest(self._now)))
        ends = defaultdict(list)
        narrowed = any(one.file.bound > self._bounds.most for one in sound)
        for one in sound:
            found = one.file.ends() if narrowed else one.file.ends_of(self._written)
            for end in found:
                ends[end.article, end.file if end.article is None else ""].append((end, one))
        new = {(article, file if article is None else "") for article, file in self._written}
        for key, ended in ends.items():
            ended.sort(key=lambda pair: -pair[0].until)
            for end, one in ended[self._bounds.most - (key in new) :]:
                one.dropped.add(end.row)

    def _absorb(self, old: Sequence[_OldFile]) -> list[_OldFile]:
        """Write the rows of some files into the new one, and return the other files."""
        small = [one for one in old if self._is_rewritten(one)]
        large = sorted((one for one in old if one not in small), key=len, reverse=True)
        size = sum(map(len, small)) + (0 if self._writer is None else len(self._writer))
        while large and len(large[-1]) <= GROWTH * size:
            small.append(large.pop())
            size += len(small[-1])
        for one in small:
            for row in one.rows():
                self._add(row)
        return large

    def _is_rewritten(self, one: _OldFile) -> bool:
        few = len(one) < (1 - MOST_DROPPED) * one.file.rows or not len(one)
        return few or not one.is_sound or one.file.bound > self._bounds.most

    def _link(self, one: _OldFile) -> str:
        """Link a file into this generation with its dropped rows, and return its name there."""
        target = self._folder / FOLDER / one.file.path.name
        target.parent.mkdir(exist_ok=True)
        link_or_copy(one.file.path, target)
        if one.dropped:
            dropped = np.array(sorted(one.dropped), dtype="<i4")
            write_synced(target.with_suffix(DROPPED_SUFFIX), dropped.tobytes())
        return f"{FOLDER}/{target.name}"


def _names(files: _Checksums) -> list[str]:
    return sorted(name for name in files if is_of_editions(name) and name.endswith(SUFFIX))


def _open(folder: Path, name: str, files: _Checksums) -> EditionFile:
    dropped = Path(name).with_suffix(DROPPED_SUFFIX).as_posix()
    rows = read_array(folder / dropped, "<i4").tolist() if dropped in files else ()
    return EditionFile(folder / name, dropped=rows)


def _opened(folder: Path, files: _Checksums, opened: ExitStack) -> list[_OldFile]:
    """The files from which something can be read.

    Raises:
        OSError: the device failed. A file that was changed or is missing is no such failure.
    """
    found = []
    for name in _names(files):
        dropped = Path(name).with_suffix(DROPPED_SUFFIX).as_posix()
        parts = [one for one in (name, dropped) if one in files]
        is_sound = all(_is_sound(folder / one, files[one]) for one in parts)
        try:
            file = _open(folder, name, files if is_sound else {})
        except IndexDamaged as damage:
            if is_sound:  # its digest matched just now, so the device failed
                raise OSError(str(damage)) from damage
            continue
        opened.callback(file.close)
        found.append(_OldFile(file, files[name], is_sound, set(file.dropped)))
    return found


def _is_sound(path: Path, checksum: FileChecksum) -> bool:
    try:
        _check(path, checksum)
    except (IndexDamaged, FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return False
    return True


def _check(path: Path, checksum: FileChecksum) -> None:
    """Compare a file with its checksum, unless that was done lately.

    Raises:
        IndexDamaged: it is not as it was written.
        OSError: it cannot be read.
    """
    found = path.stat()
    if found.st_size != checksum.size:
        expected = f"{checksum.size} bytes"
        raise IndexDamaged(path, expected=expected, found=f"{found.st_size}")
    if not verified_files.contains(found, checksum.sha256):
        if (digest := file_digest(path)) != checksum.sha256:
            raise IndexDamaged(path, expected=f"SHA-256 {checksum.sha256}", found=digest)
        verified_files.add(found, digest)
