"""Opens zip containers within limits on memory.

The sizes in the zip directory are checked before anything is unpacked. Python's `zipfile` never
unpacks more of an entry than the directory states, so a wrong size does no harm. Nothing is written
to disk.
"""

from __future__ import annotations

import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from pullquote.parsing.decode import wrong_kind
from pullquote.schema.errors import ArticleError
from pullquote.schema.file_limits import LIMITS, Limits

_DIRECTORY_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 0x1
_SMALL = 1 << 20
"""An entry up to this size, in bytes, may have any compression ratio."""


class ZipContainer:
    """The entries of an open zip file, by name."""

    def __init__(self, archive: ZipFile, *, path: str, size: int, limits: Limits) -> None:
        self._archive = archive
        self._path = path
        self._limits = limits
        self._entries = {e.filename: e for e in archive.infolist() if not e.filename.endswith("/")}
        """The entries by name, in directory order. The last one with the same name counts."""
        self._left = limits.free_expansion + limits.expansion * size

    def __contains__(self, name: str) -> bool:
        """Whether there is an entry with that name."""
        return name in self._entries

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all files, in directory order."""
        return tuple(self._entries)

    def read(self, name: str) -> bytes:
        """The unpacked bytes of one entry.

        Raises:
            ArticleError: the entry is missing, encrypted or damaged, or exceeds the limits alone
                or together with the entries read before.
        """
        entry = self._entries.get(name)
        if entry is None:
            raise ArticleError(self._path, f"it is incomplete: {name!r} is not in it")
        self._check(entry)
        self._left -= entry.file_size
        try:
            return self._archive.read(entry)
        except (BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
            raise ArticleError(self._path, f"it is damaged at {name!r}") from error

    def _check(self, entry: ZipInfo) -> None:
        name, size = entry.filename, entry.file_size
        if entry.flag_bits & _ENCRYPTED:
            raise ArticleError(self._path, f"it is protected by a password: {name!r}")
        # For other methods, the file itself determines how much memory is needed.
        if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise ArticleError(self._path, f"its part {name!r} is compressed by an unknown method")
        if size > min(self._limits.member_bytes, self._left):
            raise ArticleError(self._path, f"its part {name!r} is too large: {size} bytes")
        if size > _SMALL and size > entry.compress_size * self._limits.expansion:
            raise ArticleError(
                self._path,
                f"its part {name!r} is a zip bomb: {entry.compress_size} bytes expand to {size}",
            )


def open_zip(content: bytes, *, path: str, limits: Limits = LIMITS) -> ZipContainer:
    """Open a zip file. Errors name the file by `path`.

    Raises:
        ArticleError: the file is not a zip file, is cut off, has too many entries, or has an entry
            whose path leads outside the file.
    """
    # Entries are counted first, because zipfile needs half a kilobyte for each entry it reads.
    if content.count(_DIRECTORY_ENTRY) > limits.entries:
        raise ArticleError(path, f"it has more than {limits.entries:,} entries")
    try:
        archive = ZipFile(BytesIO(content))
    except (BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise ArticleError(path, _why_no_zip(content)) from error
    container = ZipContainer(archive, path=path, size=len(content), limits=limits)
    stray = next((name for name in container.names if not is_inside(name)), None)
    if stray is not None:
        raise ArticleError(path, f"it contains a path that leads outside it: {stray!r}")
    return container


def is_inside(name: str) -> bool:
    """Whether a path in an archive stays inside the archive on every operating system."""
    parts = name.replace("\\", "/").split("/")
    return bool(parts[0]) and ".." not in parts and ":" not in parts[0]


def _why_no_zip(content: bytes) -> str:
    if content.startswith(b"PK\x03\x04"):
        return "it is cut off or damaged: its directory is missing"
    return wrong_kind(content, expected="a zip file")
