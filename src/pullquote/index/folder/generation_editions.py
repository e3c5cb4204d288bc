"""Carries earlier editions from one generation to the next, within their bounds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, nullcontext, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from pullquote.base.atomic_io import write_synced
from pullquote.index.editions.edition_file import (
    DROPPED_SUFFIX,
    FOLDER,
    SUFFIX,
    EarlierEdition,
    EditionFile,
    EditionRow,
    EditionWriter,
)
from pullquote.index.editions.history import EditionHistory
from pullquote.index.editions.known_times import KnownTimes
from pullquote.index.folder.folder_manifest import (
    FileChecksum,
    check_file,
    listed_files,
    unreadable,
)
from pullquote.index.folder.index_files import link_or_copy
from pullquote.index.folder.segments.arrays import read_array
from pullquote.index.folder.segments.store import Store, StoredText
from pullquote.schema import Article
from pullquote.schema.errors import IndexDamaged
from pullquote.schema.file_limits import EditionBounds

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
                check_file(folder / name, checksum)
            except IndexDamaged as damage:
                return damage
            except OSError as error:
                return unreadable(folder / name, error)
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
        check_file(path, checksum)
    except (IndexDamaged, FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return False
    return True


GROWTH = 2
"""A file is merged if it has at most this many times as many rows as are written anyway."""

MOST_DROPPED = 0.25
"""The share of a file's rows that may be dropped before it is rewritten."""


class EditionCarrier:
    """Writes the editions of the generation in `folder`: those of the one before, and new ones.

    Editions that ended before `oldest` are dropped. `notes` says afterwards what was dropped for
    its age, and what was damaged.
    """

    def __init__(self, folder: Path, *, bounds: EditionBounds, oldest: int) -> None:
        self._folder = folder
        self._bounds = bounds
        self._oldest = oldest
        self._writer: EditionWriter | None = None
        self._written: Counter[tuple[str | None, str]] = Counter()
        self.notes: list[str] = []

    def carry(
        self,
        before: Path | None,
        replaced: Iterable[EditionRow],
        *,
        older: Sequence[Path] = (),
        ended: Callable[[], Iterable[EditionRow]] = tuple,
    ) -> dict[str, FileChecksum]:
        """Write the editions; returns the known checksums of linked files.

        `before` is the folder of the generation before, and `replaced` are the editions that end.
        If a file is damaged, `older` are the folders in which its rows may be too, and `ended`
        returns the editions that ended when `before` was written.

        Raises:
            IndexDamaged: one of `replaced` cannot be read.
            OSError, sqlite3.Error: the device failed.
        """
        if not self._bounds.most:
            return {}
        with ExitStack() as opened:
            files = {} if before is None else listed_files(before)
            old = [] if before is None else open_carried(before, files, opened)
            for row in replaced:
                self._add_new(row)
            damaged = sorted(
                set(edition_names(files)) - {_name(one) for one in old if one.is_sound}
            )
            if damaged:
                old += self._recover(damaged, old, older, ended, opened)
            self._drop(old)
            linked = self._absorb(old)
            if self._writer is not None:
                self._writer.close()
            return {self._link(one): one.checksum for one in linked}

    def _recover(
        self,
        damaged: Sequence[str],
        old: Sequence[CarriedFile],
        older: Sequence[Path],
        ended: Callable[[], Iterable[EditionRow]],
        opened: ExitStack,
    ) -> list[CarriedFile]:
        """The files of older generations, with only the rows that cannot be read in `old`."""
        readable = {_key(row) for one in old for row in one.rows()}
        known = {key[:3] for key in readable}
        lost = sum(len(one) for one in old if not one.is_sound) - sum(
            1 for one in old if not one.is_sound for _ in one.rows()
        )
        unopened = len(damaged) > sum(not one.is_sound for one in old)
        found: list[CarriedFile] = []
        recovered = 0
        for folder in older:
            for one in open_carried(folder, listed_files(folder), opened):
                every = (row for row in one.rows())
                new = {row.row: _key(row) for row in every if _key(row) not in readable}
                rest = set(range(one.file.rows)) - new.keys()
                readable.update(new.values())
                known.update(key[:3] for key in new.values())
                recovered += len(new)
                found.append(replace(one, dropped=rest, is_older=True))
        for row in ended():
            if _key(row)[:3] not in known:
                self._add_new(row)
                recovered += 1
        left = "others in it are lost" if unopened else f"{max(0, lost - recovered):,} are lost"
        self.notes.append(
            f"earlier editions: {', '.join(damaged)} is damaged; {recovered:,} "
            f"{'was' if recovered == 1 else 'were'} recovered from the generation before; {left}"
        )
        return found

    def _add_new(self, row: EditionRow) -> None:
        self._add(row)
        self._written[row.article, row.file] += 1

    def close(self) -> None:
        """Stop writing after an error; no effect once everything is written."""
        if self._writer is not None:
            self._writer.abandon()

    def _add(self, row: EditionRow) -> None:
        if self._writer is None:
            path = self._folder / FOLDER / f"{self._folder.name}{SUFFIX}"
            self._writer = EditionWriter(path, bound=self._bounds.most)
        self._writer.add(row)

    def _drop(self, old: Sequence[CarriedFile]) -> None:
        """Drop the rows that are over the bounds."""
        sound = [one for one in old if one.is_sound]
        aged = 0
        for one in sound:
            expired = one.file.ended_before(self._oldest) - one.dropped
            aged += 0 if one.is_older else len(expired)
            one.dropped.update(expired)
        if aged:
            dropped = "edition was" if aged == 1 else "editions were"
            self.notes.append(
                f"{aged:,} earlier {dropped} dropped after {self._bounds.days} days (editions.days)"
            )
        ends = defaultdict(list)
        narrowed = any(one.is_older or one.file.bound > self._bounds.most for one in sound)
        for one in sound:
            found = one.file.ends() if narrowed else one.file.ends_of(self._written)
            for end in found:
                if end.row not in one.dropped:
                    ends[end.article, end.file if end.article is None else ""].append((end, one))
        new = Counter[tuple[str | None, str]]()
        for (article, file), number in self._written.items():
            new[article, file if article is None else ""] += number
        for key, ended in ends.items():
            ended.sort(key=lambda pair: -pair[0].until)
            for end, one in ended[max(0, self._bounds.most - new[key]) :]:
                one.dropped.add(end.row)

    def _absorb(self, old: Sequence[CarriedFile]) -> list[CarriedFile]:
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

    def _is_rewritten(self, one: CarriedFile) -> bool:
        few = len(one) < (1 - MOST_DROPPED) * one.file.rows or not len(one)
        return few or one.is_older or not one.is_sound or one.file.bound > self._bounds.most

    def _link(self, one: CarriedFile) -> str:
        """Link a file into this generation with its dropped rows, and return its name there."""
        target = self._folder / FOLDER / one.file.path.name
        target.parent.mkdir(exist_ok=True)
        link_or_copy(one.file.path, target)
        if one.dropped:
            dropped = np.array(sorted(one.dropped), dtype="<i4")
            write_synced(target.with_suffix(DROPPED_SUFFIX), dropped.tobytes())
        return f"{FOLDER}/{target.name}"


def _name(one: CarriedFile) -> str:
    return f"{FOLDER}/{one.file.path.name}"


def _key(row: EditionRow) -> tuple[str | None, str, str, int]:
    """What makes two rows the same edition."""
    return row.article, row.file, row.version, row.until


class Predecessor:
    """Compares the articles of the generation before with those that are added to the next one.

    An article that is added with the same title and text as before is the same edition, even if
    its file has changed. If nothing of the generation before is taken over, `is_base` is False:
    then all its articles are replaced, and those that are damaged are skipped.
    """

    def __init__(self, stores: Sequence[Store], *, is_base: bool, now: int) -> None:
        self._stores = stores
        self._is_base = is_base
        self._now = now
        self._left: dict[int, set[int]] = {}
        self._same: set[tuple[int, int]] = set()
        self._changed: set[tuple[int, int]] = set()
        self._versions: set[str] = set()
        self._former: dict[tuple[str, str], int | None] = {}

    def remove(self, store: int, rows: Mapping[int, str]) -> None:
        """Take note that these rows of a store are not taken over."""
        self._left.setdefault(store, set()).update(rows)

    def since(self, article: Article, *, file: str) -> int | None:
        """When an article that is added came into the index with this text; None if unknown."""
        if not self._stores:
            return self._now
        self._versions.add(article.version)
        for number, store in enumerate(self._stores):
            with self._damaged_skipped():
                old = store.stored_text(article.id)
                if old is not None:
                    return self._compared((number, old.row), old, article, file)
        return self._now

    def _compared(
        self, place: tuple[int, int], old: StoredText, article: Article, file: str
    ) -> int | None:
        if (old.title, old.text) != (article.title, article.text):
            self._changed.add(place)
            return self._now
        self._same.add(place)
        if old.version != article.version:
            self._former.setdefault((file, old.version), old.since)
        return old.since

    def replaced(self) -> Iterator[EditionRow]:
        """The editions that end now, and the former versions of files whose articles stay.

        Articles of a file that was only renamed have the same version elsewhere, and are left out.

        Raises:
            IndexDamaged: an article of the base is not as it was written.
        """
        for number, store in enumerate(self._stores):
            rows = self._left.get(number, set()) if self._is_base else set(store.all_rows())
            for row in sorted(rows):
                if (number, row) not in self._same:
                    with self._damaged_skipped():
                        yield from self._ended(store, row, gone=(number, row) not in self._changed)
        for (file, version), since in self._former.items():
            yield EditionRow(0, None, file, version, since, self._now, b"")

    def _ended(self, store: Store, row: int, *, gone: bool) -> Iterator[EditionRow]:
        old = store.stored_article(row)
        if not (gone and old.article.version in self._versions):
            edition = EarlierEdition(old.article, old.since, self._now)
            yield EditionRow.of(edition, file=old.file)

    def _damaged_skipped(self) -> AbstractContextManager[None]:
        return nullcontext() if self._is_base else suppress(IndexDamaged)

    def close(self) -> None:
        """Close the stores, unless they are those of the base."""
        if not self._is_base:
            for store in self._stores:
                store.close()


@dataclass(frozen=True, slots=True)
class GenerationEditions:
    """Finds the editions that a rebuild ends, and writes them beside those of before.

    `earlier` is the folder of the generation whose editions are taken over; None if there is none.
    If its files are damaged, `older` are the folders of the generations before, and `ended` returns
    the editions that ended when it was written. `clock` is what is odd about the clock.
    """

    predecessor: Predecessor
    carrier: EditionCarrier
    earlier: Path | None
    older: Sequence[Path] = ()
    ended: Callable[[], Iterable[EditionRow]] = tuple
    clock: str | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know about the editions that were written."""
        return (*self.carrier.notes, *(() if self.clock is None else (self.clock,)))

    def remove(self, segment: int, rows: Mapping[int, str]) -> None:
        """Take note that these articles of a segment of the base are removed."""
        self.predecessor.remove(segment, rows)

    def since(self, article: Article, *, file: str) -> int | None:
        """When an article that is added came into the index with this text; None if unknown."""
        return self.predecessor.since(article, file=file)

    def write(self) -> dict[str, FileChecksum]:
        """Write the editions; see `EditionCarrier.carry`."""
        return self.carrier.carry(
            self.earlier, self.predecessor.replaced(), older=self.older, ended=self.ended
        )

    def close(self) -> None:
        """Close the files. Unfinished work is lost."""
        self.carrier.close()
        self.predecessor.close()
