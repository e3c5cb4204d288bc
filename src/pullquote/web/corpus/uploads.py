"""Uploads into the corpus: the name is checked and the size is limited.

Uploaded files go into a folder of their own in the corpus, so none replaces a file outside it.
"""

from __future__ import annotations

import asyncio
import errno
import os
import re
import secrets
import stat
import threading
import time
import unicodedata
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from pullquote.base.atomic_io import (
    TEMPORARY_SUFFIX,
    NewFile,
    file_digest,
    make_folder,
    path_exists,
)
from pullquote.parsing import FORMATS
from pullquote.parsing.files import suffix_of
from pullquote.parsing.safe_folder import Folder, open_folder
from pullquote.schema import well_formed
from pullquote.schema.file_limits import megabytes
from pullquote.schema.setting_types import UPLOADS_FOLDER
from pullquote.web.access.networks import ShareByAddress
from pullquote.web.pages import RequestRefused

_NAME_BYTES = 200
"""The longest name of an uploaded file, in bytes of UTF-8; file systems allow 255."""

_RESERVED = frozenset('/\\:#*?"<>|')
"""Characters that have a meaning in paths or article ids, or that Windows forbids in names."""

_JOINERS = "\u200c\u200d"
"""The marks without width that words of Persian and Hindi have, and emoji."""

_BLANK_LETTERS = "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"

ABANDONED_SECONDS = 3600.0
"""Age in seconds at which an unfinished file counts as abandoned."""

_UNFINISHED = re.compile(rf"\.[0-9a-f]{{16}}{re.escape(TEMPORARY_SUFFIX)}")
"""The name of a file while it is written."""


class UploadRefused(RequestRefused):
    """A file is not accepted."""


def check_name(name: str) -> str:
    """The name, if a file in the corpus may have it.

    Raises:
        UploadRefused: it is not a file name, it contains a path, or its format is not supported.
    """
    if not name or not well_formed(name):
        raise UploadRefused(
            "The file name is empty or damaged. Give the file another name.", status=422
        )
    if len(name.encode()) > _NAME_BYTES:
        raise UploadRefused("The file name is too long. Give the file a shorter name.", status=422)
    odd = [c for c in name if _is_unseen(c) or c in _RESERVED]
    stem = name[: len(name) - len(suffix_of(name))]
    if odd or not any(map(_is_seen, stem)):
        what = f"contains {odd[0]!a}" if odd else "has nothing to be seen before its ending"
        shown = "".join("\ufffd" if _is_unseen(c) else c for c in name)
        raise UploadRefused(f"The name {shown!r} {what}. Give the file another name.", status=422)
    if name.startswith((".", " ")) or name.endswith((".", " ")):
        raise UploadRefused(
            f"The name {name!r} begins or ends with a dot or a space. Give the file another name.",
            status=422,
        )
    if (suffix := suffix_of(name)) not in FORMATS:
        known = " ".join(sorted(FORMATS))
        kind = f"Files ending in {suffix!r}" if suffix else "Files without an extension"
        raise UploadRefused(f"{kind} are not supported. Supported: {known}", status=415)
    return name


def _is_seen(character: str) -> bool:
    """Whether a character has a shape of its own: a letter, digit, sign or mark, but no dot."""
    return unicodedata.category(character)[0] in "LNPS" and character not in "\u2800."


def _is_unseen(character: str) -> bool:
    """Whether a character is a control, a line end, or a mark that hides or reorders text."""
    unseen = unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp")
    return (unseen and character not in _JOINERS) or character in _BLANK_LETTERS


class IncomingUpload:
    """A file that is being written into the corpus. Only `commit` makes it appear there.

    `size` is the size that the client has announced. `already_there` is set by `commit`, if the
    corpus already has a file with this name and the same bytes.

    Raises:
        UploadRefused: the corpus has no folder for it, or already has a file with this name.
    """

    _one_at_a_time = threading.Lock()

    def __init__(
        self, corpus: Path, name: str, *, replace: bool, most: int, size: int | None = None
    ) -> None:
        self.already_there = False
        self._name = check_name(name)
        self._replace = replace
        self._most = most
        self._size = 0
        # Hidden, so that a rebuild does not read half a file.
        self._temporary_name = f".{secrets.token_hex(8)}{TEMPORARY_SUFFIX}"
        # Stays open: a link that later replaces the folder cannot lead a file out of the corpus.
        self._folder = _folder(corpus)
        try:
            _delete_abandoned(self._folder, now=time.time())
            existing = self._existing()
            # A file of the same size may be the same file, which `commit` finds out.
            if existing is not None and not replace and existing.st_size != size:
                raise self._is_taken()
            self._file = NewFile(self._folder.path / self._temporary_name, opener=self._opened)
        except BaseException:
            self._folder.close()
            raise

    def write(self, content: bytes) -> None:
        """Append to the file.

        Raises:
            UploadRefused: the file is too large.
            OSError: the device is full, or failed.
        """
        self._size += len(content)
        if self._size > self._most:
            raise too_large(self._most)
        self._file.write(content)

    def commit(self) -> str:
        """Move the file to its final name, sync it to the device, and return its id.

        If the same file is already there, it stays.

        Raises:
            UploadRefused: it is empty, or somebody else has uploaded a file with this name.
            OSError: the device failed.
        """
        if self._size == 0:
            raise UploadRefused("The file is empty.", status=422)
        self._file.close()
        with self._one_at_a_time:
            existing = self._existing()
            if existing is None or self._replace:
                self._folder.replace(self._temporary_name, self._name)
            elif self._is_same_as(existing):
                self.already_there = True
                return f"{UPLOADS_FOLDER}/{self._name}"
            else:
                raise self._is_taken()
        self._folder.sync()
        self._folder.close()
        return f"{UPLOADS_FOLDER}/{self._name}"

    def abandon(self) -> None:
        """Delete the file, unless it was committed."""
        self._file.abandon()
        if not self._folder.is_closed:
            with suppress(OSError):
                self._folder.remove(self._temporary_name)
            self._folder.close()

    def _opened(self, path: str, flags: int) -> int:
        return self._folder.open(Path(path).name, flags)

    def _existing(self) -> os.stat_result | None:
        """The status of the file that has the name already; None if the name is free."""
        try:
            found = self._folder.stat(self._name)
        except OSError:
            return None
        if stat.S_ISDIR(found.st_mode):
            raise UploadRefused(
                f"The corpus already has a folder called {self._name}. Give the file another name.",
                status=422,
            )
        return found

    def _is_same_as(self, existing: os.stat_result) -> bool:
        """Whether the existing file, which may be a link, has the bytes of this one."""
        if not stat.S_ISREG(existing.st_mode) or existing.st_size != self._size:
            return False
        first, second = (
            file_digest(self._folder.path / name, opener=self._opened)
            for name in (self._temporary_name, self._name)
        )
        return first == second

    def _is_taken(self) -> UploadRefused:
        reason = f"Another file named {self._name} already exists. Nothing was replaced."
        return UploadRefused(reason, status=409)


def _delete_abandoned(folder: Folder, *, now: float) -> None:
    """Delete the unfinished files of uploads that ended when the process or the machine stopped."""
    with suppress(OSError), folder.scan() as entries:
        names = [entry.name for entry in entries if _UNFINISHED.fullmatch(entry.name) is not None]
        for name in names:
            with suppress(OSError):
                if now - folder.stat(name).st_mtime > ABANDONED_SECONDS:
                    folder.remove(name)


def too_large(most: int) -> UploadRefused:
    """The refusal of a file that is too large."""
    return UploadRefused(
        f"The file is larger than {megabytes(most)}, the limit for uploads. Split it into smaller "
        "files.",
        status=413,
    )


def _folder(corpus: Path) -> Folder:
    """The open folder for uploads, which is certainly in the corpus; created if it is missing."""
    if not corpus.is_dir():
        raise UploadRefused(
            "The corpus folder does not exist. Ask the administrator to create it.", status=507
        )
    root = corpus.resolve()
    folder = root / UPLOADS_FOLDER
    if folder.is_symlink() or (path_exists(folder) and not folder.is_dir()):
        raise _no_folder()
    make_folder(folder)
    try:
        return open_folder(root, UPLOADS_FOLDER, to_list=True)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOTDIR):
            raise _no_folder() from error
        raise


def _no_folder() -> UploadRefused:
    reason = (
        f"“{UPLOADS_FOLDER}” in the corpus folder must be a folder, not a link or a file. Ask the "
        "administrator to correct it."
    )
    return UploadRefused(reason, status=507)


CHUNK_SECONDS = 20.0
"""How long the next chunk of an upload may take to arrive."""

GRACE_SECONDS = 30.0
"""How long an upload may take in addition to the time that its size allows."""

MIN_BYTES_PER_SECOND = 8_192
"""Half the speed of a 128 kbit/s line. At this speed, 64 MB take 137 minutes."""


async def paced_chunks(stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The chunks of a request body as they arrive.

    Raises:
        TimeoutError: the next chunk takes too long, or the upload as a whole is too slow.
    """
    began = time.monotonic()
    received = 0
    while True:
        left = began + GRACE_SECONDS + received / MIN_BYTES_PER_SECOND - time.monotonic()
        async with asyncio.timeout(min(CHUNK_SECONDS, left)):
            chunk = await anext(stream, None)
        if chunk is None:
            return
        received += len(chunk)
        yield chunk


SLOTS: Final = 4
"""Maximum number of simultaneous uploads by all clients."""

SLOTS_PER_ADDRESS: Final = 2
"""The page sends one file after the other. A second slot serves a second person."""


class UploadSlots:
    """The slots, counted by client address.

    A client takes a second slot only while two or more are free. So two clients alone never
    occupy all slots, however slowly they send.
    """

    def __init__(self) -> None:
        self._taken = ShareByAddress(SLOTS_PER_ADDRESS)

    def take(self, address: str) -> bool:
        """Take a slot for an address. Returns False if the address cannot have one now."""
        free = SLOTS - self._taken.total
        needed = 2 if self._taken.count(address) else 1
        return free >= needed and self._taken.take(address)

    def give_back(self, address: str) -> None:
        """Free a slot of an address."""
        self._taken.give_back(address)
