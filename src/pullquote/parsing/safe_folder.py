"""Opens folders of the corpus without following links, even those put there at the last moment.

The system resolves a path again each time the path is opened. After a check, a folder on the path
may become a link, and then the path leads to another file. This module opens a folder without
following links below the root. It then opens files by name within the open folder.
"""

from __future__ import annotations

import ctypes
import errno
import os
import stat
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

_BY_DESCRIPTOR = {os.open, os.stat, os.unlink, os.rename} <= os.supports_dir_fd
"""Whether the system can open a file by its name within an open folder. Windows cannot."""
_FLAGS = sum(getattr(os, flag, 0) for flag in ("O_DIRECTORY", "O_CLOEXEC"))
_TO_LIST = os.O_RDONLY | _FLAGS
_TO_ENTER = getattr(os, "O_PATH", os.O_RDONLY) | _FLAGS
"""With O_PATH (on Linux), a folder can be opened without permission to list it."""
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)

_OPENAT2 = 437
"""The number of the system call openat2 on all processors listed below.

Source: include/uapi/asm-generic/unistd.h."""
_PROCESSORS = frozenset(
    "x86_64 i386 i686 aarch64 armv6l armv7l armv8l ppc64 ppc64le s390x riscv64 loongarch64".split()
)
_NO_MAGICLINKS, _NO_SYMLINKS, _BENEATH = 0x02, 0x04, 0x08
_HOW = struct.Struct("QQQ")
"""The fields of struct open_how: flags, mode, resolve."""
_UNAVAILABLE = frozenset((errno.ENOSYS, errno.EPERM, errno.EINVAL, errno.EAGAIN, errno.EINTR))
"""Errors of the system call that say nothing about the folder.

Kernels before 5.6 lack the call, containers may forbid it, and it fails if folders are moved."""

_IS_A_LINK = "a folder on its path is a link, which is not followed"
_LEADS_OUT = "its path leads outside the corpus"


class Folder:
    """An open folder. Names are looked up in the open folder itself and not by its path.

    `descriptor` is None if the system cannot look up names this way. The path is then used.
    """

    def __init__(self, path: Path, descriptor: int | None) -> None:
        self.path = path
        self.descriptor = descriptor
        self.is_closed = False

    def stat(self, name: str) -> os.stat_result:
        """The status of the file with this name. For a link, it is that of the link itself."""
        return os.stat(self._at(name), dir_fd=self.descriptor, follow_symlinks=False)

    def open(self, name: str, flags: int, mode: int = 0o666) -> int:
        """A descriptor for the file with this name. Opening a link fails."""
        return os.open(self._at(name), flags | _NOFOLLOW, mode, dir_fd=self.descriptor)

    def scan(self) -> os._ScandirIterator[str]:
        """The entries of the folder, as an iterator that the caller must close."""
        return os.scandir(self.path if self.descriptor is None else self.descriptor)

    def replace(self, name: str, other: str) -> None:
        """Rename a file of this folder. If a file already has the new name, it is replaced."""
        at = self.descriptor
        os.replace(self._at(name), self._at(other), src_dir_fd=at, dst_dir_fd=at)

    def remove(self, name: str) -> None:
        """Delete a file or a link. The target of a link is not deleted."""
        os.unlink(self._at(name), dir_fd=self.descriptor)

    def sync(self) -> None:
        """Flush the list of names to the device. Open the folder with `to_list` before this."""
        if self.descriptor is not None:
            os.fsync(self.descriptor)

    def close(self) -> None:
        """Close the folder. Calling this method again does nothing."""
        if self.descriptor is not None and not self.is_closed:
            os.close(self.descriptor)
        self.is_closed = True

    def _at(self, name: str) -> str:
        return name if self.descriptor is not None else os.fspath(self.path / name)


def open_folder(root: Path, below: str = "", *, to_list: bool = False) -> Folder:
    """Open the folder at a path below `root`. The path is written with "/"; "" means `root` itself.

    Links are followed on the way to `root`, which the owner chose, and never below it. Pass
    `to_list` if the folder will be listed or synced.

    Raises OSError if the folder does not exist, or if it or a folder between it and `root` is a
    link.
    """
    if not _BY_DESCRIPTOR:
        return Folder(root / below, None)
    flags = _TO_LIST if to_list else _TO_ENTER
    top = os.open(root, flags if not below else _TO_ENTER)
    if not below:
        return Folder(root, top)
    try:
        return Folder(root / below, _open_below(top, below, flags))
    finally:
        os.close(top)


@contextmanager
def opened_folder(root: Path, below: str = "", *, to_list: bool = False) -> Iterator[Folder]:
    """The folder that `open_folder` returns. It is closed when the context ends."""
    folder = open_folder(root, below, to_list=to_list)
    try:
        yield folder
    finally:
        folder.close()


def _open_below(top: int, below: str, flags: int) -> int:
    """A descriptor for the folder at a path below an open folder."""
    call = _openat2()
    descriptor = None if call is None else call(top, below, flags)
    return _open_by_parts(top, below, flags) if descriptor is None else descriptor


@cache
def _openat2() -> Callable[[int, str, int], int | None] | None:
    """A function that makes the Linux system call openat2; None on other systems.

    The system call follows no link and never leaves the folder. The function returns None if the
    kernel lacks the call or the container forbids it.
    """
    if not hasattr(os, "uname") or os.uname().sysname != "Linux":
        return None
    if os.uname().machine not in _PROCESSORS:
        return None
    system = ctypes.CDLL(None, use_errno=True).syscall
    system.restype = ctypes.c_long

    def call(top: int, below: str, flags: int) -> int | None:
        how = _HOW.pack(flags, 0, _BENEATH | _NO_SYMLINKS | _NO_MAGICLINKS)
        path, size = os.fsencode(below), ctypes.c_size_t(len(how))
        found = system(ctypes.c_long(_OPENAT2), ctypes.c_int(top), path, how, size)
        if found < 0:
            _raise_if_meaningful(ctypes.get_errno(), below)
        return int(found) if found >= 0 else None

    return call


def _raise_if_meaningful(code: int, below: str) -> None:
    """Raise OSError for an error code of the system call, unless the call is unavailable."""
    if code in _UNAVAILABLE:
        return
    reasons = {errno.ELOOP: _IS_A_LINK, errno.EXDEV: _LEADS_OUT}
    raise OSError(code, reasons.get(code, os.strerror(code)), below)


def _open_by_parts(top: int, below: str, flags: int) -> int:
    """Open the folder by opening each folder on its path in turn."""
    at = os.dup(top)
    parts = below.split("/")
    try:
        for part in parts:
            if part in ("", ".", ".."):
                raise OSError(errno.EXDEV, _LEADS_OUT, below)
            inner = _open_part(at, part, flags if part is parts[-1] else _TO_ENTER)
            os.close(at)
            at = inner
    except OSError as error:
        os.close(at)
        raise OSError(error.errno, error.strerror, below) from error
    return at


def _open_part(at: int, part: str, flags: int) -> int:
    """A descriptor for the folder with this name in an open folder."""
    try:
        return os.open(part, flags | _NOFOLLOW, dir_fd=at)
    except OSError as error:
        # The error code for a link differs from system to system.
        if stat.S_ISLNK(os.stat(part, dir_fd=at, follow_symlinks=False).st_mode):
            raise OSError(errno.ELOOP, _IS_A_LINK) from error
        raise
