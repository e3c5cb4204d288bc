"""What holds files hands them to the readers of their kinds: archives, and crawls of the web."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from pullquote.errors import ArticleError
from pullquote.parsing.parse import articles_in
from pullquote.parsing.registry import FORMATS
from pullquote.parsing.source import Read, SourceFile
from pullquote.schema import Article

UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
"""Characters that stand in no name of a file or page that is meant to be read."""
_MOST_KINDS = 8
_HOLDERS = frozenset((".zip", ".tar", ".tar.gz", ".tgz", ".warc", ".warc.gz"))
_PACKED = frozenset((".gz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".tbz", ".txz"))


def is_holder(suffix: str) -> bool:
    """Whether files of a suffix hold others, or are packed: they are not opened in an archive."""
    return suffix in _HOLDERS or f".{suffix.rpartition('.')[2]}" in _PACKED


class Meter:
    """Counts what an archive of `size` bytes holds."""

    def __init__(self, file: SourceFile, *, size: int) -> None:
        self._id = file.id
        self._expansion = file.limits.expansion
        self._most = file.limits.free_expansion + self._expansion * size
        self._held = 0

    def count(self, size: int) -> None:
        """Note a member of that many bytes, before it is read.

        Raises:
            ArticleError: they are more than any archive of articles has.
        """
        self._held += size
        if self._held > self._most:
            raise ArticleError(self._id, f"it holds over {self._expansion} times its size")


class LeftOut:
    """Counts the members that no reader knows, by their kind."""

    def __init__(self, file: SourceFile) -> None:
        self._id = file.id
        self._counts: Counter[str] = Counter()

    def is_unknown(self, suffix: str) -> bool:
        """Whether no reader knows files of a suffix; one more is then noted."""
        if suffix in FORMATS:
            return False
        known = suffix in self._counts or len(self._counts) < _MOST_KINDS
        self._counts[suffix if known else "of other kinds"] += 1
        return True

    def told(self) -> Iterator[ArticleError]:
        """What was left out, as one error that is no fault; none where nothing was."""
        if self._counts:
            found = self._counts.most_common()
            kinds = (f"{count:,} {kind if kind else 'without a suffix'}" for kind, count in found)
            reason = f"no reader knows these files in it: {', '.join(kinds)}"
            yield ArticleError(self._id, reason, left_out=True)


def read_member(
    name: str, content: bytes, file: SourceFile, *, suffix: str, url: str | None = None
) -> Iterator[Read]:
    """The articles of a member, under ids that begin with the file's and its name.

    Its version is the file's. `url` is where it was, for an article that does not say so itself.
    """
    member = replace(file, id=f"{file.id}#{name}", content=content, stored=None)
    try:
        for found in articles_in(member, suffix=suffix):
            if isinstance(found, Article) and found.url is None and url is not None:
                yield found.model_copy(update={"url": url})
            else:
                yield found
    except ArticleError as error:
        yield error
