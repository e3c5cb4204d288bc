"""The corpus folder: which files stand in it, and the bytes of one of them."""

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

from pullquote.errors import ArticleError, CorpusMissing, CorpusUnreadable
from pullquote.limits import LIMITS, Limits, megabytes
from pullquote.parsing.beneath import Folder, entered, open_folder
from pullquote.parsing.source import SourceFile
from pullquote.schema import well_formed

if TYPE_CHECKING:
    from typing_extensions import Buffer

_FLAGS = ("O_NONBLOCK", "O_CLOEXEC", "O_BINARY")
_OPEN = os.O_RDONLY | sum(getattr(os, flag, 0) for flag in _FLAGS)
"""Never wait."""
_CHUNK = 1 << 20
_NO_FILE = "it is not a regular file"
_Entry = Literal["file", "folder", "link"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFiles:
    """What stands in a corpus folder, as ids in code point order.

    `articles` have a suffix that a reader knows. `skipped` have not, or are links to folders.
    `failed` says which folders could not be listed and which names cannot be an id.
    """

    articles: tuple[str, ...]
    skipped: tuple[str, ...]
    failed: tuple[ArticleError, ...]


def check_corpus(corpus: Path) -> tuple[int, int]:
    """Which folder a corpus is, as device and inode, after looking whether it can be listed.

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


def walk(corpus: Path, *, suffixes: Container[str], holders: Container[str]) -> FoundFiles:
    """The files under a corpus folder, parted by whether their suffix is in `suffixes`.

    Those with a suffix in `holders` may hold several articles, whose ids no file may have.

    Hidden files and folders (a leading dot) are left out; links to folders are skipped and not
    followed. Suffixes are compared in lower case.

    Raises CorpusMissing or CorpusUnreadable where there is no such folder, or it cannot be listed:
    that is another thing than an empty one, which empties the index.
    """
    check_corpus(corpus)
    files, links, shut = set[str](), set[str](), list[ArticleError]()
    waiting = [""]
    while waiting:
        below = waiting.pop()
        try:
            folder = open_folder(corpus, below, to_list=True)
        except OSError as error:
            if not below:
                raise _no_corpus(corpus, error) from error
            shut.append(_cannot_list(below, error))
            continue
        with closing(folder):
            for kind, id in _entries(folder, below, corpus=corpus):
                {"file": files.add, "link": links.add, "folder": waiting.append}[kind](id)
    named = sorted(id for id in files | links if id == _printable(id))
    known = {id for id in named if id in files and suffix_of(id) in suffixes}
    nameless = (files | links).difference(named)
    failed = [ArticleError(_printable(id), "its name is not UTF-8") for id in nameless]
    failed += shut
    holding = {id for id in known if suffix_of(id) in holders}
    taken = [id for id in named if id in known and _within(id, holding)]
    failed += [ArticleError(id, "its name is that of a part of another file") for id in taken]
    articles = known.difference(taken)
    return FoundFiles(
        articles=tuple(id for id in named if id in articles),
        skipped=tuple(id for id in named if id not in known),
        failed=tuple(sorted(failed, key=lambda error: error.path)),
    )


def _entries(folder: Folder, below: str, *, corpus: Path) -> Iterator[tuple[_Entry, str]]:
    """What is in a folder and is not hidden, each with its id."""
    # Strings: to make a Path of each of 25,000 files took longer than all else about them.
    above = f"{below}/" if below else ""
    try:
        with folder.scan() as entries:
            for entry in entries:
                if not entry.name.startswith("."):
                    yield _kind_of(entry), above + entry.name
    except OSError as error:  # of a folder whose listing breaks off nobody knows what else it holds
        raise _no_corpus(corpus, error) from error


def _kind_of(entry: os.DirEntry[str]) -> _Entry:
    """What an entry of a folder is; "link" is said of links to folders alone."""
    try:
        if not entry.is_dir():
            return "file"
    except OSError:
        return "file"  # opening it will tell
    return "link" if entry.is_symlink() else "folder"


def _within(id: str, holding: Container[str]) -> bool:
    """Whether an id could be that of an article in another file: "a.zip#b.txt" beside "a.zip"."""
    parts = id.split("#")
    return any("#".join(parts[:n]) in holding for n in range(1, len(parts)))


def _cannot_list(id: str, error: OSError) -> ArticleError:
    """The failure of a folder that could not be listed."""
    return ArticleError(_printable(id), f"the folder cannot be listed: {_why(error)}")


def suffix_of(id: str) -> str:
    """The suffix of a file in lower case, with its dot; empty where it has none.

    That of a compressed file includes what was compressed: ".tar.gz", ".warc.gz".
    """
    stem, dot, suffix = id.rpartition("/")[2].rpartition(".")
    last = dot + suffix.lower() if stem else ""
    return suffix_of(stem) + last if last == ".gz" else last


class WatchedFile(io.FileIO):
    """An open file that tells of each megabyte that was read."""

    def __init__(self, handle: int, told: Callable[[], None]) -> None:
        super().__init__(handle, "rb")
        self._told = told
        self._untold = 0

    def readinto(self, buffer: Buffer) -> int:
        """How many bytes were put into the buffer."""
        size = super().readinto(buffer)
        self._untold += size
        if self._untold >= _CHUNK:
            self._untold = 0
            self._told()
        return size


def load(
    path: Path, *, id: str, limits: Limits = LIMITS, told: Callable[[], None] = lambda: None
) -> SourceFile:
    """The bytes of a file, with their digest.

    Raises ArticleError, as `opened` does, and for a file that is larger than the limits allow, with
    its digest: some file systems hold files larger than any memory.
    """
    most = limits.file_bytes
    with opened(path, id=id, told=told) as file:
        # Asked for all at once, the most that is allowed would be set aside first.
        content = file.read(min(most, os.fstat(file.fileno()).st_size) + 1)
        while len(content) <= most and (more := file.read(_CHUNK)):  # it grows as it is read
            content += more
        if len(content) > most:
            reason = f"it has more than {megabytes(most)} (limits.file_bytes)"
            raise ArticleError(id, reason, version=digest_of(file, begun=content))
    version = hashlib.sha256(content).hexdigest()
    return SourceFile(id=id, version=version, content=content, limits=limits)


def digest_of(file: BinaryIO, *, begun: bytes = b"") -> str:
    """The SHA-256, in hex, of what was read of an open file and its bytes from where it stands."""
    digest = hashlib.sha256(begun)
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


@contextmanager
def opened(path: Path, *, id: str, told: Callable[[], None] = lambda: None) -> Iterator[BinaryIO]:
    """A file of the corpus, open for reading; `told` is called as its bytes are read.

    `path` is `corpus / id`: a link may lead anywhere inside that corpus and nowhere else, and no
    folder below it may be a link. Never blocks: what is not a regular file is not read.

    Raises ArticleError, in plain words, for whatever cannot be read, also while it is read.
    """
    try:
        handle = _open_file(path, id=id)
        with io.BufferedReader(WatchedFile(handle, told), _CHUNK >> 3) as file:
            # Between the question and the opening the file may have been put in another's place.
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise ArticleError(id, _NO_FILE)
            yield file
    except OSError as error:
        raise ArticleError(id, _why(error)) from error


def _open_file(path: Path, *, id: str) -> int:
    """A descriptor of a file of the corpus, or of what a link in its place leads to."""
    depth = id.count("/") if path.as_posix().endswith(id) else 0
    corpus, below = path.parents[depth], "/".join(path.parts[-1 - depth : -1])
    with entered(corpus, below) as folder:
        if not stat.S_ISLNK(folder.stat(path.name).st_mode):
            return _open_regular(folder, path.name, id=id)
    corpus = corpus.resolve()
    target = _follow(path, corpus=corpus, id=id)
    # None of its parts was a link when it was resolved; one that has become one is not followed.
    with entered(corpus, "/".join(target.parts[:-1])) as folder:
        return _open_regular(folder, target.name, id=id)


def _open_regular(folder: Folder, name: str, *, id: str) -> int:
    """A descriptor of a file of a folder; what is none is not opened, which may do something."""
    if not stat.S_ISREG(folder.stat(name).st_mode):
        raise ArticleError(id, _NO_FILE)
    return folder.open(name, _OPEN)


def _follow(path: Path, *, corpus: Path, id: str) -> Path:
    """Where the link at `path` leads, relative to the corpus."""
    try:
        target = path.resolve(strict=True)
    except FileNotFoundError as error:
        raise ArticleError(id, "it is a link to a file that does not exist") from error
    except RuntimeError as error:  # what Python before 3.13 says of a link that leads to itself
        raise ArticleError(id, "it is a link that leads to itself") from error
    if not target.is_relative_to(corpus):
        raise ArticleError(id, f"it is a link that leaves the corpus, to {target}")
    return target.relative_to(corpus)


def _why(error: OSError) -> str:
    """What went wrong, in words for someone who knows no error codes."""
    if isinstance(error, PermissionError):
        return "there is no permission to read it"
    if isinstance(error, FileNotFoundError):
        return "it is no longer there"
    return error.strerror if error.strerror is not None else str(error)


def _printable(name: str) -> str:
    """A name with each byte that is not UTF-8 written as an escape."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")
