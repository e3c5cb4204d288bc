"""Reads the files of earlier editions, sound or damaged.

Like segments, files of editions are written once and linked into later generations. A small file
is merged into the new one, and so is a file of which a quarter was dropped.

No search needs these files, so a damaged one does not keep a generation from answering. What can be
read of it is written into the next generation, with what the generation before still has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from pathlib import Path

from pullquote.base.atomic_io import file_digest
from pullquote.index.editions.edition_file import (
    DROPPED_SUFFIX,
    FOLDER,
    SUFFIX,
    EditionFile,
    EditionRow,
)
from pullquote.index.editions.history import EditionHistory
from pullquote.index.editions.known_times import KnownTimes
from pullquote.index.folder.folder_manifest import FileChecksum, listed_files
from pullquote.index.folder.segments.arrays import read_array
from pullquote.index.folder.segments.store import Store
from pullquote.index.folder.verified_files import verified_files
from pullquote.schema.errors import IndexDamaged
from pullquote.schema.limits import EditionBounds

_Checksums = Mapping[str, FileChecksum]


def is_of_editions(file: str) -> bool:
    """Whether a file of a generation has earlier editions."""
    return file.startswith(f"{FOLDER}/")


def open_history(folder: Path, files: _Checksums) -> EditionHistory:
    """The earlier editions of a generation with these files."""
    opened: list[EditionFile] = []
    try:
        opened += (_open(folder, name, files) for name in edition_names(files))
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


def edition_moments(folder: Path) -> set[int]:
    """When the editions of a generation ended, as far as that can be read."""
    found: set[int] = set()
    for name in edition_names(listed_files(folder)):
        with suppress(IndexDamaged), closing(EditionFile(folder / name)) as file:
            found |= file.moments()
    return found


def newest_arrival(stores: Iterable[Store]) -> int:
    """When the newest of some texts came into the index; 0 if that is not known."""
    return max((moment for store in stores for moment in store.arrivals()), default=0)


def known_times(stores: Iterable[Store], folder: Path | None) -> KnownTimes:
    """When texts came and went, from the articles and the editions of a generation."""
    arrivals: set[int] = set()
    for store in stores:
        with suppress(IndexDamaged):
            arrivals.update(store.arrivals())
    return KnownTimes.of(arrivals | (set() if folder is None else edition_moments(folder)))


def are_stale(folder: Path, files: _Checksums, *, bounds: EditionBounds, oldest: int) -> bool:
    """Whether the next generation would have fewer editions, or sound ones in place of damaged.

    Editions that ended before `oldest` are over the bounds.
    """
    if not bounds.most:
        return any(map(is_of_editions, files))
    with ExitStack() as opened:
        try:
            old = open_carried(folder, files, opened)
        except OSError:  # the device may return the file later
            return False
        if len(old) < len(edition_names(files)):
            return True
        expired = (one.file.ended_before(oldest) for one in old if one.is_sound)
        wider = (not one.is_sound or one.file.bound > bounds.most for one in old)
        return any(wider) or any(expired)


@dataclass(frozen=True, slots=True)
class CarriedFile:
    """A file of the generation before, and the rows that the next one drops.

    If `is_older`, the file is of a generation before that, and is not linked.
    """

    file: EditionFile
    checksum: FileChecksum
    is_sound: bool
    dropped: set[int]
    is_older: bool = False

    def rows(self) -> Iterator[EditionRow]:
        """The rows that the next generation has too."""
        rows = self.file.all_rows() if self.is_sound else self.file.sound_rows()
        return (row for row in rows if row.row not in self.dropped)

    def __len__(self) -> int:
        return self.file.rows - len(self.dropped)


def edition_names(files: _Checksums) -> list[str]:
    """The files of editions among those of a generation."""
    return sorted(name for name in files if is_of_editions(name) and name.endswith(SUFFIX))


def _open(folder: Path, name: str, files: _Checksums) -> EditionFile:
    dropped = Path(name).with_suffix(DROPPED_SUFFIX).as_posix()
    rows = read_array(folder / dropped, "<i4").tolist() if dropped in files else ()
    return EditionFile(folder / name, dropped=rows)


def open_carried(folder: Path, files: _Checksums, opened: ExitStack) -> list[CarriedFile]:
    """The files from which something can be read.

    Raises:
        OSError: the device failed. A file that was changed or is missing is no such failure.
    """
    found = []
    for name in edition_names(files):
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
        found.append(CarriedFile(file, files[name], is_sound, set(file.dropped)))
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
