"""A ZIP file whose bytes follow from its members, so that any changed byte is noticed.

Members are not compressed, have no times, and are in the given order. The last member has the
SHA-256 of all others, and the comment of the ZIP has that of the last member. So a file is either
exactly what `write_zip` writes for its members, or something in it was changed.

Format: PKWARE, APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16.
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZipFile, ZipInfo

MOST_MEMBERS = 20_000
DIGESTS = "SHA256SUMS"
"""The member with the digests; `sha256sum --check SHA256SUMS` reads it, too."""

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_UNIX = 3
_FILE_MODE = 0o100644 << 16
_COMMENT = re.compile(rb"sha256:[0-9a-f]{64}")
_COMMENT_SIZE = 71
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}(?:/[A-Za-z0-9][A-Za-z0-9._-]{0,99}){0,2}")
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")

_NO_PACK = "The file is not an evidence pack, or the end of its ZIP was changed."


@dataclass(frozen=True, slots=True)
class ReadZip:
    """The members of a ZIP by name, and what was changed in it; nothing if it is sound."""

    members: Mapping[str, bytes]
    faults: Sequence[str]


class ZipDamaged(Exception):
    """The members cannot be told; the message names the part that was changed."""


def write_zip(members: Mapping[str, bytes]) -> bytes:
    """The bytes of the ZIP with these members and their digests; the same for the same members."""
    lines = (f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in members.items())
    digests = "".join(lines).encode()
    return _zip_bytes({**members, DIGESTS: digests})


def read_zip(data: bytes) -> ReadZip:
    """The members, and one sentence for each part of the file that was changed.

    The members are slices of the file, so they take no more room than it.
    """
    try:
        members = _members(data)
    except ZipDamaged as error:
        return ReadZip({}, [str(error)])
    faults = list(_wrong_digests(data, members))
    if not faults:
        faults += _other_bytes(data, members)
    return ReadZip({name: one for name, one in members.items() if name != DIGESTS}, faults)


def _zip_bytes(members: Mapping[str, bytes]) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        for name, data in members.items():
            entry = ZipInfo(name)  # its day is 1 January 1980, the first that a ZIP can name
            entry.create_system, entry.external_attr = _UNIX, _FILE_MODE
            archive.writestr(entry, data)
        archive.comment = b"sha256:" + hashlib.sha256(members[DIGESTS]).hexdigest().encode()
    return file.getvalue()


def _members(data: bytes) -> dict[str, bytes]:
    """The members as the directory lists them.

    Raises:
        ZipDamaged: the end or the directory was changed, or is not that of a pack.
    """
    at = len(data) - _COMMENT_SIZE - _END.size
    if at < 0 or not _COMMENT.fullmatch(data[-_COMMENT_SIZE:]):
        raise ZipDamaged(_NO_PACK)
    signature, _, _, _, count, size, offset, _ = _END.unpack_from(data, at)
    if signature != b"PK\x05\x06" or offset + size != at or not 1 <= count <= MOST_MEMBERS:
        raise ZipDamaged(_NO_PACK)
    members: dict[str, bytes] = {}
    for number in range(1, count + 1):
        name, content, offset = _listed(data, offset, at, number)
        if name in members:
            raise ZipDamaged(f"The directory of the ZIP was changed: it lists {name} twice.")
        members[name] = content
    if offset != at or DIGESTS not in members:
        raise ZipDamaged("The directory of the ZIP was changed: its members are not all there.")
    return members


def _listed(data: bytes, at: int, end: int, number: int) -> tuple[str, bytes, int]:
    """The name and content of a member in the directory, and where the next entry begins."""
    changed = f"The directory of the ZIP was changed: entry {number} cannot be read."
    if at + _CENTRAL.size > end:
        raise ZipDamaged(changed)
    entry = _CENTRAL.unpack_from(data, at)
    size, length, begins = entry[9], entry[10], entry[16]
    name = data[at + _CENTRAL.size : at + _CENTRAL.size + length].decode("latin-1")
    content = begins + _LOCAL.size + length
    if entry[0] != b"PK\x01\x02" or not _NAME.fullmatch(name) or content + size > end:
        raise ZipDamaged(changed)
    return name, data[content : content + size], at + _CENTRAL.size + length


def _wrong_digests(data: bytes, members: Mapping[str, bytes]) -> Iterator[str]:
    digests = members[DIGESTS]
    if data[-_COMMENT_SIZE:] != b"sha256:" + hashlib.sha256(digests).hexdigest().encode():
        yield f"{DIGESTS} was changed, or its digest at the end of the ZIP."
        return
    lines = [_LINE.fullmatch(line) for line in digests.decode("latin-1").splitlines()]
    expected = {line[2]: line[1] for line in lines if line is not None}
    for name, content in members.items():
        if name != DIGESTS and hashlib.sha256(content).hexdigest() != expected.pop(name, ""):
            yield f"{name} was changed."
    yield from (f"{name} is missing." for name in expected)


def _other_bytes(data: bytes, members: Mapping[str, bytes]) -> Iterator[str]:
    """The first part outside the contents that differs from what `write_zip` writes."""
    expected = _zip_bytes(members)
    if data == expected:
        return
    pairs = zip(data, expected, strict=False)
    at = next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(data), len(expected)))
    part = next((name for end, name in _regions(members) if at < end), "the end")
    yield f"The ZIP was changed at byte {at:,}, in {part}."


def _regions(members: Mapping[str, bytes]) -> Iterator[tuple[int, str]]:
    """Where each part of the file ends, and its name."""
    at = 0
    for name, data in members.items():
        at += _LOCAL.size + len(name)
        yield at, f"the header of {name}"
        at += len(data)
        yield at, name
    for name in members:
        at += _CENTRAL.size + len(name)
        yield at, f"the directory entry of {name}"
    yield at + _END.size, "the end record"
