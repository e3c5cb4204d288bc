"""ZIP and TAR archives of files of any other kind, one in memory at a time. Nothing is unpacked.

An archive in an archive is refused: a few of them, one in another, make a petabyte of a file that
fits into a mail.
"""

from __future__ import annotations

import lzma
import re
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import SEEK_END
from typing import IO, BinaryIO

from pullquote.errors import ArticleError
from pullquote.limits import megabytes
from pullquote.parsing.archives.members import UNPRINTABLE, LeftOut, Meter, is_holder, read_member
from pullquote.parsing.files import suffix_of
from pullquote.parsing.formats import Format
from pullquote.parsing.source import Read, SourceFile

FORMAT = Format(
    name="archive",
    suffixes=(".zip", ".tar", ".tar.gz", ".tgz"),
    summary="archives of any of these, `archive.zip#path`; none within another",
    streamed=True,
)

LARGEST_DIRECTORY = 16 << 20
"""Bytes of a ZIP's list of files, which zipfile makes objects of before it gives the first: about
160,000 files with names as they are."""
LARGEST_HEADER = 1 << 16
"""Bytes of a TAR's header of the kind that holds a long name; tarfile reads it as a whole."""
_LONGEST_NAME = 1_000
_DRIVE = re.compile(r"[A-Za-z]:")
_TAIL = (1 << 16) + 200
_FAULTS = (
    *(zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, OSError),
    *(ValueError, TypeError, RuntimeError, OverflowError, LookupError, struct.error),
)
"""What zipfile and tarfile raise at what is damaged; the second line for want of a check."""


@dataclass(frozen=True, slots=True)
class _Member:
    """A file in an archive: its name, its size when unpacked, its bytes, or why it is not read."""

    name: str
    size: int
    open: Callable[[], IO[bytes] | None]
    fault: str | None = None


def read_archive(file: SourceFile) -> Iterator[Read]:
    """The articles of the files in an archive, as "archive.zip#path".

    Raises ArticleError where it is no archive, or a bomb, and from where on it is damaged.
    """
    stream = file.stream()
    meter, left_out = Meter(file, size=stream.seek(0, SEEK_END)), LeftOut(file)
    for number, member in enumerate(_members(stream, file)):
        if number == file.limits.entries:
            raise ArticleError(file.id, f"it holds more than {number:,} files")
        meter.count(member.size)
        yield from _read(member, file, left_out)
    yield from left_out.told()


def _members(stream: BinaryIO, file: SourceFile) -> Iterator[_Member]:
    """The files of an archive of either kind, which its first bytes tell."""
    stream.seek(0)
    found = _zipped if stream.read(2) == b"PK" else _tarred
    stream.seek(0)
    try:
        yield from found(stream, file)
    except _FAULTS as error:
        raise ArticleError(file.id, f"it is no sound archive: {_told(error)}") from error


def _read(member: _Member, file: SourceFile, left_out: LeftOut) -> Iterator[Read]:
    """The articles of a member."""
    name = member.name.replace("\\", "/")
    here = f"{file.id}#" + UNPRINTABLE.sub("\ufffd", name[:_LONGEST_NAME])
    if any(part.startswith(".") and part != ".." for part in name.split("/")):
        return  # hidden, as in a folder
    suffix, fault = suffix_of(name), member.fault
    fault = _fault_of(name) if fault is None else fault
    if fault is None and is_holder(suffix):
        fault = "it is an archive in an archive; unpack it"
    if fault is None and left_out.is_unknown(suffix):
        return
    most = file.limits.member_bytes
    if fault is None and member.size > most:
        fault = f"it has over {megabytes(most)}, which is too much within an archive"
    if fault is None:
        try:
            opened = member.open()
            content = b"" if opened is None else opened.read(most + 1)
        except _FAULTS as error:
            fault = f"it is damaged: {_told(error)}"
    if fault is not None:
        yield ArticleError(here, fault)
        return
    yield from read_member(name, content, file, suffix=suffix)


def _fault_of(name: str) -> str | None:
    """What is wrong with the name of a member, if anything is."""
    if UNPRINTABLE.search(name) or len(name) > _LONGEST_NAME:
        return "its name is no name of a file"
    if name.startswith("/") or ".." in name.split("/") or _DRIVE.match(name):
        return "its name leads out of the archive"
    return None


def _zipped(stream: BinaryIO, file: SourceFile) -> Iterator[_Member]:
    """The files of a ZIP archive."""
    if _directory_size(stream) > LARGEST_DIRECTORY:
        raise ArticleError(file.id, f"its list of files has over {LARGEST_DIRECTORY >> 20} MB")
    with zipfile.ZipFile(stream) as archive:
        for info in archive.infolist():
            fault = "it is encrypted" if info.flag_bits & 1 else None
            if stat.S_ISLNK(info.external_attr >> 16):
                fault = "it is a link"
            if not info.is_dir():
                yield _Member(info.filename, info.file_size, lambda: archive.open(info), fault)  # noqa: B023 - opened before the next


def _directory_size(stream: BinaryIO) -> int:
    """The bytes that a ZIP's end says its list of files has: the most, where it has many ends."""
    stream.seek(max(0, stream.seek(0, SEEK_END) - _TAIL))
    tail = stream.read()
    stream.seek(0)
    ends = ((b"PK\x05\x06", "<L", 12, 0xFFFFFFFF), (b"PK\x06\x06", "<Q", 40, -1))
    sizes = [0]
    for mark, kind, offset, elsewhere in ends:
        for found in re.finditer(re.escape(mark), tail):
            field = tail[found.start() + offset :][: struct.calcsize(kind)]
            if len(field) == struct.calcsize(kind):
                [size] = struct.unpack(kind, field)
                sizes.append(0 if size == elsewhere else size)
    return max(sizes)


class _TarInfo(tarfile.TarInfo):
    """A header of a TAR that holds no more than a name."""

    def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
        """What a header is of; tarfile says that this is where a subclass may do otherwise.

        Raises ReadError for one whose bytes are more than those of any name.
        """
        if self.type not in (*tarfile.SUPPORTED_TYPES, tarfile.AREGTYPE) or (
            self.type in _EXTENDED and self.size > LARGEST_HEADER
        ):
            raise tarfile.ReadError("it has a header that no archive of files has")
        member: tarfile.TarInfo = super()._proc_member(archive)  # type: ignore[misc]
        return member


_EXTENDED = (
    *(tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE),
    *(tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK),
)


def _tarred(stream: BinaryIO, file: SourceFile) -> Iterator[_Member]:
    """The files of a TAR archive, whether it is compressed or not."""
    with tarfile.open(fileobj=stream, mode="r|*", tarinfo=_TarInfo) as archive:
        for info in archive:
            archive.members = []  # type: ignore[attr-defined]  # it keeps them all, as if they were to be found by name
            fault = None if info.isreg() else "it is a link"
            if not info.isdir():
                yield _Member(info.name, info.size, lambda: archive.extractfile(info), fault)  # noqa: B023 - opened before the next


def _told(error: Exception) -> str:
    """What a library says, in one line."""
    told = " ".join(str(error).split())[:200]
    return told if told else type(error).__name__
