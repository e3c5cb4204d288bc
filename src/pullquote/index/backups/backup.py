"""Makes a backup of an index and its settings, while questions are answered and rebuilds run."""

from __future__ import annotations

import hashlib
import os
import secrets
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO

from pullquote.base.atomic_io import TEMPORARY_SUFFIX, drop_cached_pages, sync_folder
from pullquote.index.backups.archive import (
    CHUNK,
    INDEX,
    LIST,
    SETTINGS,
    WATCHLIST,
    BackupList,
    checked_list,
    described,
)
from pullquote.index.folder.folder_manifest import NAME as MANIFEST
from pullquote.index.folder.folder_manifest import FileChecksum, listed_files, read_article_count
from pullquote.index.folder.index_files import current_content
from pullquote.index.folder.index_folder import IndexFolder
from pullquote.index.interfaces import (
    CALIBRATION,
    STANDING_QUESTIONS,
    STANDING_REPLIES,
    GenerationRef,
    standing_questions_folder,
)
from pullquote.index.services import index_of, settings_with
from pullquote.schema.arguments import naming_arguments
from pullquote.schema.article import Model
from pullquote.schema.errors import BackupUnusable, IndexDamaged, SettingsError
from pullquote.schema.setting_sources import SETTINGS_FILE
from pullquote.schema.settings import Settings
from pullquote.schema.short_text import short_text

Opened = dict[str, BinaryIO]
"""The open files of a backup, by their names in it."""


class Backup(Model):
    """A backup that was made: its file, the generation in it, and what it has."""

    file: Path
    generation: str
    articles: int
    files: int
    bytes: int

    def __repr__(self) -> str:
        return f"Backup({short_text(str(self.file))}, generation {self.generation})"

    __str__ = __repr__


@naming_arguments
def backup(
    file: str | Path, index: str | Path | None = None, *, settings: Settings | None = None
) -> Backup:
    """Write a backup of an index in a folder and of the settings to a file.

    It has the current generation, the calibration, the standing questions and `pullquote.toml` from
    the working folder, but no caches and no articles' files. The file appears when it is complete
    and every byte was compared with its digest. An older backup with that name is then replaced.

    Raises:
        IndexMissing, IndexDamaged: there is no sound index; the message says what to do.
        BackupUnusable: the file cannot be written.
        SettingsError: the index is on a server.
    """
    chosen = settings_with(settings, index=index)
    opened = index_of(chosen)
    with closing(opened):
        if not isinstance(opened, IndexFolder):
            raise SettingsError(
                f"The index at {opened.location} is on a server. Back it up with the server's own "
                "tools, or rebuild it from its corpus when it is lost."
            )
        path = Path(file)
        with ExitStack() as stack:
            generation, files = _opened(opened, stack)
            folder = opened.generation(generation.name)
            expected = {f"{_folder(generation)}/{n}": f for n, f in listed_files(folder).items()}
            articles = read_article_count(folder)
            files |= _beside(opened, chosen, stack)
            current = current_content([generation]).encode()
            with _replacing(path) as written:
                listed = _write(written, files, current, generation, articles or 0, expected)
    return Backup(
        file=path,
        generation=generation.name,
        articles=listed.articles,
        files=len(listed.files),
        bytes=path.stat().st_size,
    )


def _folder(generation: GenerationRef) -> str:
    return f"{INDEX}/generations/{generation.name}"


def _opened(index: IndexFolder, stack: ExitStack) -> tuple[GenerationRef, Opened]:
    """The current generation, and its files.

    All are opened before one is read: a rebuild may remove their names, but not an open file.
    """
    while True:
        generation = index.current()
        folder = index.generation(generation.name)
        names = [MANIFEST, *listed_files(folder)]
        try:
            opened: Opened = {
                f"{_folder(generation)}/{name}": stack.enter_context((folder / name).open("rb"))
                for name in names
            }
        except OSError as error:
            if index.current() == generation:
                why = error.strerror or str(error)
                raise IndexDamaged(folder, expected="all its files", found=why) from error
        else:
            return generation, opened


def _beside(index: IndexFolder, settings: Settings, stack: ExitStack) -> Opened:
    """The calibration, the standing questions and the settings, as far as there are any."""
    questions = standing_questions_folder(settings, index)
    wanted = {
        f"{INDEX}/{CALIBRATION}": index.path / CALIBRATION,
        f"{WATCHLIST}/{STANDING_QUESTIONS}": questions / STANDING_QUESTIONS,
        f"{WATCHLIST}/{STANDING_REPLIES}": questions / STANDING_REPLIES,
        f"{SETTINGS}/{SETTINGS_FILE}": Path(SETTINGS_FILE),
    }
    found = Opened()
    for name, path in wanted.items():
        with suppress(FileNotFoundError):
            found[name] = stack.enter_context(path.open("rb"))
    return found


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    """A new file that replaces the one at a path when the context ends without an error.

    Raises:
        BackupUnusable: it cannot be written, or the device returns other bytes.
    """
    if not path.name:
        raise BackupUnusable(path, "the path names no file")
    if not path.parent.is_dir():
        raise BackupUnusable(path, f"there is no folder {path.parent}, which has to be made first")
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}{TEMPORARY_SUFFIX}")
    try:
        descriptor = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        with os.fdopen(descriptor, "w+b") as stream:
            yield stream
            stream.flush()
            os.fsync(descriptor)
        drop_cached_pages(beside)
        with described(beside) as archive:
            for _ in checked_list(archive):
                pass
        beside.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise BackupUnusable(path, error.strerror or str(error)) from error
    finally:
        with suppress(OSError):
            beside.unlink()


def _write(
    stream: BinaryIO,
    files: Opened,
    current: bytes,
    generation: GenerationRef,
    articles: int,
    expected: Mapping[str, FileChecksum],
) -> BackupList:
    """Write all files, and the list of them as the last member.

    Raises:
        IndexDamaged: a file of the index differs from what its manifest says.
    """
    manifest = f"{_folder(generation)}/{MANIFEST}"
    written: dict[str, FileChecksum] = {}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(f"{INDEX}/CURRENT", current)
        written[f"{INDEX}/CURRENT"] = _checksum(current)
        for name, content in files.items():
            found = written[name] = _copy(archive, name, content)
            digest = generation.digest if name == manifest else None
            if name in expected:
                digest = expected[name].sha256
            if digest is not None and found.sha256 != digest:
                path = Path(content.name)
                raise IndexDamaged(path, expected=f"SHA-256 {digest}", found=found.sha256)
        listed = BackupList(
            pullquote=version("pullquote"),
            created=datetime.now(UTC),
            generation=generation.name,
            articles=articles,
            files=written,
        )
        archive.writestr(LIST, listed.model_dump_json(indent=1))
    return listed


def _copy(archive: zipfile.ZipFile, name: str, content: BinaryIO) -> FileChecksum:
    """Copy a file into the archive; returns its checksum."""
    digest, size = hashlib.sha256(), 0
    with archive.open(name, "w", force_zip64=True) as member:
        while part := content.read(CHUNK):
            digest.update(part)
            size += len(part)
            member.write(part)
    return FileChecksum(size=size, sha256=digest.hexdigest())


def _checksum(content: bytes) -> FileChecksum:
    return FileChecksum(size=len(content), sha256=hashlib.sha256(content).hexdigest())
