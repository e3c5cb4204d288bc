"""Lists the files of the corpus folder, and reads their bytes."""

from __future__ import annotations

import hashlib
import io
import os
import stat
from collections.abc import Callable, Container, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal

from pullquote.parsing.safe_folder import Folder, open_folder, opened_folder
from pullquote.parsing.source import SourceFile
from pullquote.schema import well_formed
from pullquote.schema.errors import ArticleError, CorpusMissing, CorpusUnreadable
from pullquote.schema.file_limits import LIMITS, Limits, megabytes

if TYPE_CHECKING:
    from typing_extensions import Buffer

_FLAGS = ("O_NONBLOCK", "O_CLOEXEC", "O_BINARY")
_OPEN = os.O_RDONLY | sum(getattr(os, flag, 0) for flag in _FLAGS)
"""With this flag, opening a pipe or device never blocks."""
_CHUNK = 1 << 20
_NO_FILE = "it is not a regular file"
_Entry = Literal["file", "folder", "link"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFiles:
    """The files of a corpus folder, as ids in the order of their code points.

    `articles` are the files whose suffix has a parser. `skipped` are other files and links to
    folders. `failed` lists folders that could not be listed and names that cannot be ids.
    """

    articles: tuple[str, ...]
    skipped: tuple[str, ...]
    failed: tuple[ArticleError, ...]


def check_corpus(corpus: Path) -> tuple[int, int]:
    """Check that a corpus folder can be listed, and return its device and inode.

    Raises CorpusMissing, CorpusUnreadable.
    """
    try:
        os.scandir(corpus).close()
        facts = corpus.stat()
    except OSError as error:
        raise _no_corpus(corpus, error) from error
    if not well_formed(str(corpus.resolve())):
        raise CorpusUnreadable(Path(_printable(str(corpus))), "its path is not UTF-8")
    return facts.st_dev, facts.st_ino


def _no_corpus(corpus: Path, error: OSError) -> CorpusMissing | CorpusUnreadable:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return CorpusMissing(corpus)
    return CorpusUnreadable(corpus, _why(error))


def walk(
    corpus: Path, *, suffixes: Container[str], container_suffixes: Container[str]
) -> FoundFiles:
    """The files under a corpus folder: those with a suffix in `suffixes`, and the others.

    Files with a suffix in `container_suffixes` may contain several articles. A file whose id could
    be the id of an article in such a file is listed as failed.

    Hidden files and folders, whose names begin with a dot, are left out. Links to folders are
    skipped and not followed. Suffixes are compared in lower case.

    Raises CorpusMissing if there is no such folder, or CorpusUnreadable if it cannot be listed. An
    empty folder is not an error: its index becomes empty.
    """
    check_corpus(corpus)
    files, links, unlisted = set[str](), set[str](), list[ArticleError]()
    waiting = [""]
    while waiting:
        below = waiting.pop()
        try:
            folder = open_folder(corpus, below, to_list=True)
        except OSError as error:
            if not below:
                raise _no_corpus(corpus, error) from error
            reason = f"the folder cannot be listed: {_why(error)}"
            unlisted.append(ArticleError(_printable(below), reason))
            continue
        with closing(folder):
            for kind, id in _entries(folder, below, corpus=corpus):
                {"file": files.add, "link": links.add, "folder": waiting.append}[kind](id)
    named = sorted(id for id in files | links if well_formed(id))
    known = {id: suffix for id in named if id in files and (suffix := suffix_of(id)) in suffixes}
    nameless = (files | links).difference(named)
    failed = [ArticleError(_printable(id), "its name is not UTF-8") for id in nameless]
    failed += unlisted
    containers = {id for id, suffix in known.items() if suffix in container_suffixes}
    taken = {id for id in known if _is_part_of(id, containers)}
    failed += [
        ArticleError(id, "its name could be that of an article in another file") for id in taken
    ]
    return FoundFiles(
        articles=tuple(id for id in known if id not in taken),
        skipped=tuple(id for id in named if id not in known),
        failed=tuple(sorted(failed, key=lambda error: error.path)),
    )


def _entries(folder: Folder, below: str, *, corpus: Path) -> Iterator[tuple[_Entry, str]]:
    """The kind and id of each entry of a folder, without hidden entries."""
    # The ids are strings: making a Path for each of 25,000 files took longer than all the rest.
    above = f"{below}/" if below else ""
    try:
        with folder.scan() as entries:
            for entry in entries:
                if not entry.name.startswith("."):
                    yield _kind_of(entry), above + entry.name
    except OSError as error:  # the listing was cut off, so the remaining files are unknown
        raise _no_corpus(corpus, error) from error


def _kind_of(entry: os.DirEntry[str]) -> _Entry:
    """The kind of a folder's entry; "link" means a link to a folder."""
    try:
        if not entry.is_dir():
            return "file"
    except OSError:
        return "file"  # opening the entry will fail and give the reason
    return "link" if entry.is_symlink() else "folder"


def _is_part_of(id: str, containers: Container[str]) -> bool:
    """Whether an id may belong to an article in a container, as "a.zip#b.txt" beside "a.zip"."""
    parts = id.split("#")
    return any("#".join(parts[:n]) in containers for n in range(1, len(parts)))


def suffix_of(id: str) -> str:
    """The suffix of a file in lower case, with its dot; empty if it has none.

    The suffix of a compressed file includes the suffix before it: ".tar.gz", ".warc.gz".
    """
    stem, dot, suffix = id.rpartition("/")[2].rpartition(".")
    last = dot + suffix.lower() if stem else ""
    return suffix_of(stem) + last if last == ".gz" else last


class WatchedFile(io.FileIO):
    """An open file that calls `on_read` for each megabyte that is read."""

    def __init__(self, handle: int, on_read: Callable[[], None]) -> None:
        super().__init__(handle, "rb")
        self._on_read = on_read
        self._unreported = 0

    def readinto(self, buffer: Buffer) -> int:
        """Read into a buffer, and return the number of bytes."""
        size = super().readinto(buffer)
        self._unreported += size
        if self._unreported >= _CHUNK:
            self._unreported = 0
            self._on_read()
        return size


def load_file(
    path: Path, *, id: str, limits: Limits = LIMITS, on_read: Callable[[], None] = lambda: None
) -> SourceFile:
    """The bytes of a file, with their digest.

    Raises ArticleError, as `open_file` does, and also if the file is larger than the limits allow.
    The error about the size contains the digest, too. A file may be larger than the memory.
    """
    most = limits.file_bytes
    with open_file(path, id=id, on_read=on_read) as file:
        # `read(most + 1)` would allocate the whole limit first.
        content = file.read(min(most, os.fstat(file.fileno()).st_size) + 1)
        while len(content) <= most and (more := file.read(_CHUNK)):  # the file is growing
            content += more
        if len(content) > most:
            reason = f"it is larger than {megabytes(most)} (limits.file_bytes)"
            raise ArticleError(id, reason, version=digest_of(file, begun=content))
    version = hashlib.sha256(content).hexdigest()
    return SourceFile(id=id, version=version, content=content, limits=limits)


def digest_of(file: BinaryIO, *, begun: bytes = b"") -> str:
    """The SHA-256, in hex, of the bytes `begun` followed by the rest of an open file."""
    digest = hashlib.sha256(begun)
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


@contextmanager
def open_file(
    path: Path, *, id: str, on_read: Callable[[], None] = lambda: None
) -> Iterator[BinaryIO]:
    """A file of the corpus, open for reading. `on_read` is called for each megabyte read.

    `path` is `corpus / id`. A link to a file must lead to a place inside the corpus, and no folder
    below the corpus may be a link. Only regular files are read, so this function never blocks.

    Raises ArticleError, with a plain reason, if the file cannot be opened or read to its end.
    """
    try:
        handle = _open_file(path, id=id)
        with io.BufferedReader(WatchedFile(handle, on_read), _CHUNK >> 3) as file:
            # The file may have been replaced since it was checked.
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise ArticleError(id, _NO_FILE)
            yield file
    except OSError as error:
        raise ArticleError(id, _why(error)) from error


def _open_file(path: Path, *, id: str) -> int:
    """A descriptor for a file of the corpus, or for the file that a link leads to."""
    depth = id.count("/") if path.as_posix().endswith(id) else 0
    corpus, below = path.parents[depth], "/".join(path.parts[-1 - depth : -1])
    with opened_folder(corpus, below) as folder:
        if not stat.S_ISLNK(folder.stat(path.name).st_mode):
            return _open_regular(folder, path.name, id=id)
    corpus = corpus.resolve()
    target = _follow(path, corpus=corpus, id=id)
    # No folder on the resolved path was a link. A folder that has since become one is not followed.
    with opened_folder(corpus, "/".join(target.parts[:-1])) as folder:
        return _open_regular(folder, target.name, id=id)


def _open_regular(folder: Folder, name: str, *, id: str) -> int:
    """A descriptor for a regular file. Opening anything else could have side effects."""
    if not stat.S_ISREG(folder.stat(name).st_mode):
        raise ArticleError(id, _NO_FILE)
    return folder.open(name, _OPEN)


def _follow(path: Path, *, corpus: Path, id: str) -> Path:
    """Where the link at `path` leads, relative to the corpus."""
    try:
        target = path.resolve(strict=True)
    except FileNotFoundError as error:
        raise ArticleError(id, "it is a link to a file that does not exist") from error
    except RuntimeError as error:  # Python before 3.13 raises this for a link that leads to itself
        raise ArticleError(id, "it is a link that leads to itself") from error
    if not target.is_relative_to(corpus):
        raise ArticleError(id, f"it is a link that leads outside the corpus, to {target}")
    return target.relative_to(corpus)


def _why(error: OSError) -> str:
    """The reason for an error, without error codes."""
    if isinstance(error, PermissionError):
        return "there is no permission to read it"
    if isinstance(error, FileNotFoundError):
        return "it is no longer there"
    return error.strerror if error.strerror is not None else str(error)


def _printable(name: str) -> str:
    return name.encode("utf-8", "backslashreplace").decode("utf-8")
