"""Folders of the corpus, opened so that no link leads out of it, whatever is swapped meanwhile.

The system follows a path part by part each time it is opened. A folder on it may have become a link
since it was looked at, and the file is then another one. Here a folder is opened without following
a link below the root, and its files by their names in the folder that is open.
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
"""Whether the system opens a name in a folder that is open; Windows does not."""
_FLAGS = sum(getattr(os, flag, 0) for flag in ("O_DIRECTORY", "O_CLOEXEC"))
_TO_LIST = os.O_RDONLY | _FLAGS
_TO_ENTER = getattr(os, "O_PATH", os.O_RDONLY) | _FLAGS
"""On Linux it takes no permission to list a folder to open a file in it."""
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)

_OPENAT2 = 437
"""The number of the call, on all of these processors. Source: include/uapi/asm-generic/unistd.h."""
_PROCESSORS = frozenset(
    "x86_64 i386 i686 aarch64 armv6l armv7l armv8l ppc64 ppc64le s390x riscv64 loongarch64".split()
)
_NO_MAGICLINKS, _NO_SYMLINKS, _BENEATH = 0x02, 0x04, 0x08
_HOW = struct.Struct("QQQ")
"""struct open_how: flags, mode, resolve."""
_NOT_OFFERED = frozenset((errno.ENOSYS, errno.EPERM, errno.EINVAL, errno.EAGAIN, errno.EINTR))
"""Kernels before 5.6 have no such call, filters of containers may refuse it, and it gives up where
folders move meanwhile. None of these says anything about the folder."""

_IS_A_LINK = "a folder on its path is a link, which is not followed"
_LEADS_OUT = "its path leads out of the corpus"


class Folder:
    """A folder that is open; its names are looked up in it, and not by its path.

    `descriptor` is None where the system cannot do so: there the path is all there is.
    """

    def __init__(self, path: Path, descriptor: int | None) -> None:
        self.path = path
        self.descriptor = descriptor
        self.is_closed = False

    def stat(self, name: str) -> os.stat_result:
        """What the system says of a name in it; of a link, and not of what it leads to."""
        return os.stat(self._at(name), dir_fd=self.descriptor, follow_symlinks=False)

    def open(self, name: str, flags: int, mode: int = 0o666) -> int:
        """A descriptor of the file of that name; a link is not followed."""
        return os.open(self._at(name), flags | _NOFOLLOW, mode, dir_fd=self.descriptor)

    def scan(self) -> os._ScandirIterator[str]:
        """What is in it, to be closed."""
        return os.scandir(self.path if self.descriptor is None else self.descriptor)

    def replace(self, name: str, other: str) -> None:
        """Put a file of it in the place of another."""
        at = self.descriptor
        os.replace(self._at(name), self._at(other), src_dir_fd=at, dst_dir_fd=at)

    def remove(self, name: str) -> None:
        """Delete a file, or a link and not what it leads to."""
        os.unlink(self._at(name), dir_fd=self.descriptor)

    def sync(self) -> None:
        """Wait until the device has its list of names; it was opened so that it can be listed."""
        if self.descriptor is not None:
            os.fsync(self.descriptor)

    def close(self) -> None:
        """Let go of it; without effect once closed."""
        if self.descriptor is not None and not self.is_closed:
            os.close(self.descriptor)
        self.is_closed = True

    def _at(self, name: str) -> str:
        return name if self.descriptor is not None else os.fspath(self.path / name)


def open_folder(root: Path, below: str = "", *, to_list: bool = False) -> Folder:
    """The folder at a path below `root`, written with "/"; empty for `root` itself.

    Links are followed on the way to `root`, which its owner names, and never below it. `to_list`
    has it opened so that it can be listed.

    Raises OSError where it is not there, or is or has become a link.
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
def entered(root: Path, below: str = "", *, to_list: bool = False) -> Iterator[Folder]:
    """The folder that `open_folder` gives, closed on the way out."""
    folder = open_folder(root, below, to_list=to_list)
    try:
        yield folder
    finally:
        folder.close()


def _open_below(top: int, below: str, flags: int) -> int:
    """A descriptor of the folder at a path below one that is open."""
    call = _openat2()
    descriptor = None if call is None else call(top, below, flags)
    return _open_by_parts(top, below, flags) if descriptor is None else descriptor


@cache
def _openat2() -> Callable[[int, str, int], int | None] | None:
    """Linux's call that follows no link and does not leave a folder; None where there is none.

    It gives None where this kernel, or the container, does not offer it.
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
            _check_offered(ctypes.get_errno(), below)
        return int(found) if found >= 0 else None

    return call


def _check_offered(code: int, below: str) -> None:
    """Raise OSError for what the call failed of, unless the other way should be tried."""
    if code in _NOT_OFFERED:
        return
    reasons = {errno.ELOOP: _IS_A_LINK, errno.EXDEV: _LEADS_OUT}
    raise OSError(code, reasons.get(code, os.strerror(code)), below)


def _open_by_parts(top: int, below: str, flags: int) -> int:
    """The same, a folder after another."""
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
    """The folder of that name in one that is open."""
    try:
        return os.open(part, flags | _NOFOLLOW, dir_fd=at)
    except OSError as error:
        # Which code a link gives differs between systems.
        if stat.S_ISLNK(os.stat(part, dir_fd=at, follow_symlinks=False).st_mode):
            raise OSError(errno.ELOOP, _IS_A_LINK) from error
        raise
