"""Parses ZIP and TAR archives, with one member in memory at a time. Nothing is written to disk.

An archive inside an archive is refused. With a few levels of archives, a file small enough for an
email could expand to a petabyte.
"""

from __future__ import annotations

import bz2
import lzma
import re
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from io import SEEK_END
from typing import IO, BinaryIO, cast

from pullquote.parsing.archives.gzip_members import GzipStream
from pullquote.parsing.archives.members import (
    UNPRINTABLE,
    ExpansionMeter,
    SkippedMembers,
    is_nested_archive,
    parse_member,
)
from pullquote.parsing.files import suffix_of
from pullquote.parsing.source import Format, ParsedItem, SourceFile
from pullquote.schema.errors import ArticleError
from pullquote.schema.file_limits import megabytes

FORMAT = Format(
    name="archive",
    suffixes=(".zip", ".tar", ".tar.gz", ".tgz"),
    summary=(
        "archives of files in these formats, with ids such as `archive.zip#path`; nested archives "
        "are refused"
    ),
    streamed=True,
)

LARGEST_DIRECTORY = 16 << 20
"""Maximum size of a ZIP's directory, in bytes: enough for about 160,000 files. zipfile loads it
whole."""
LARGEST_HEADER = 1 << 16
"""Maximum size of a TAR header with a long name, in bytes. tarfile reads such a header as a
whole."""
_LONGEST_NAME = 1_000
_DRIVE = re.compile(r"[A-Za-z]:")
_TAIL = (1 << 16) + 200
_FAULTS = (
    *(zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, OSError),
    *(ValueError, TypeError, RuntimeError, OverflowError, LookupError, struct.error),
)
"""The errors that zipfile and tarfile raise for damaged archives. The second line lists errors that
the libraries do not raise on purpose."""


@dataclass(frozen=True, slots=True)
class _ArchiveMember:
    """A file in an archive, with its unpacked size in bytes.

    `fault` is the reason why the file cannot be parsed, or None.
    """

    name: str
    size: int
    open: Callable[[], IO[bytes] | None]
    fault: str | None = None


def parse_archive(file: SourceFile) -> Iterator[ParsedItem]:
    """Parse the files in an archive. The article ids are like "archive.zip#path".

    Raises:
        ArticleError: the file is not an archive or is a zip bomb, or is damaged before its end.
    """
    stream = file.stream()
    meter, skipped = ExpansionMeter(file, size=stream.seek(0, SEEK_END)), SkippedMembers(file)
    for number, member in enumerate(_members(stream, file)):
        if number == file.limits.entries:
            raise ArticleError(file.id, f"it contains more than {number:,} files")
        meter.count(member.size)
        yield from _parse_archive_member(member, file, skipped)
    yield from skipped.report()


def _members(stream: BinaryIO, file: SourceFile) -> Iterator[_ArchiveMember]:
    """The files of an archive. The first bytes decide whether the archive is a ZIP or a TAR."""
    stream.seek(0)
    members_of = _zip_members if stream.read(2) == b"PK" else _tar_members
    stream.seek(0)
    try:
        yield from members_of(stream, file)
    except _FAULTS as error:
        raise ArticleError(file.id, f"it is not a valid archive: {_message(error)}") from error


def _parse_archive_member(
    member: _ArchiveMember, file: SourceFile, skipped: SkippedMembers
) -> Iterator[ParsedItem]:
    """Parse one member, unless the member is hidden, faulty or of an unknown format."""
    name = member.name.replace("\\", "/")
    here = f"{file.id}#" + UNPRINTABLE.sub("\ufffd", name[:_LONGEST_NAME])
    if any(part.startswith(".") and part != ".." for part in name.split("/")):
        return  # hidden, as hidden files in a folder are
    suffix, fault = suffix_of(name), member.fault
    fault = _name_fault(name) if fault is None else fault
    if fault is None and is_nested_archive(suffix):
        fault = "it is an archive in an archive; unpack it"
    if fault is None and skipped.is_unknown(suffix):
        return
    most = file.limits.member_bytes
    if fault is None and member.size > most:
        fault = f"it is larger than {megabytes(most)}, the limit for a file in an archive"
    if fault is None:
        try:
            opened = member.open()
            content = b"" if opened is None else opened.read(most + 1)
        except _FAULTS as error:
            fault = f"it is damaged: {_message(error)}"
    if fault is not None:
        yield ArticleError(here, fault)
        return
    yield from parse_member(name, content, file, suffix=suffix)


def _name_fault(name: str) -> str | None:
    if UNPRINTABLE.search(name) or len(name) > _LONGEST_NAME:
        return "its name is not a file name"
    if name.startswith("/") or ".." in name.split("/") or _DRIVE.match(name):
        return "its path leads outside the archive"
    return None


def _zip_members(stream: BinaryIO, file: SourceFile) -> Iterator[_ArchiveMember]:
    if _directory_size(stream) > LARGEST_DIRECTORY:
        raise ArticleError(file.id, f"its file list is larger than {megabytes(LARGEST_DIRECTORY)}")
    with zipfile.ZipFile(stream) as archive:
        for info in archive.infolist():
            fault = "it is encrypted" if info.flag_bits & 1 else None
            if stat.S_ISLNK(info.external_attr >> 16):
                fault = "it is a link"
            if not info.is_dir():
                opener = partial(archive.open, info)
                yield _ArchiveMember(info.filename, info.file_size, opener, fault)


def _directory_size(stream: BinaryIO) -> int:
    """The size of a ZIP's directory in bytes: the largest size that its end records state."""
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


class _BoundedTarInfo(tarfile.TarInfo):
    """A TAR header that is refused if it is longer than any real name."""

    def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
        """The member for a header. tarfile documents this method as a hook for subclasses.

        Raises:
            ReadError: the header is too long, or of an unknown type.
        """
        if self.type not in (*tarfile.SUPPORTED_TYPES, tarfile.AREGTYPE) or (
            self.type in _EXTENDED and self.size > LARGEST_HEADER
        ):
            raise tarfile.ReadError("it has an invalid header")
        member: tarfile.TarInfo = super()._proc_member(archive)  # type: ignore[misc]
        return member


_EXTENDED = (
    *(tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE),
    *(tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK),
)


def _tar_members(stream: BinaryIO, file: SourceFile) -> Iterator[_ArchiveMember]:
    """The files of a TAR archive, whether the archive is compressed or not."""
    unpacked = _unpacked(stream)
    with tarfile.open(fileobj=unpacked, mode="r|", tarinfo=_BoundedTarInfo) as archive:
        for info in archive:
            archive.members = []  # type: ignore[attr-defined]  # tarfile would keep all members
            fault = None if info.isreg() else "it is a link"
            if not info.isdir():
                opener = partial(archive.extractfile, info)
                yield _ArchiveMember(info.name, info.size, opener, fault)


def _unpacked(stream: BinaryIO) -> IO[bytes]:
    """The content of a stream that may be compressed; tarfile itself unpacks only the first member.

    The result holds no file open, because it does not own the stream.
    """
    start = stream.read(6)
    stream.seek(0)
    if start.startswith(b"\x1f\x8b"):
        return cast("IO[bytes]", GzipStream(stream))
    if start.startswith(b"BZh"):
        return bz2.BZ2File(stream)
    return lzma.LZMAFile(stream) if start == b"\xfd7zXZ\0" else stream


def _message(error: Exception) -> str:
    message = " ".join(str(error).split())[:200]
    return message if message else type(error).__name__
