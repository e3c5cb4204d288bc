"""Parses the files that archives and web crawls contain, each with the parser of its format."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from pullquote.parsing.parse import articles_in
from pullquote.parsing.registry import FORMATS
from pullquote.parsing.source import ParsedItem, SourceFile, page_address
from pullquote.schema import Article
from pullquote.schema.errors import ArticleError

UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
"""Characters that the name of a file or page does not ordinarily contain."""
_MOST_SUFFIXES = 8
_FEEDS = frozenset((".rss", ".atom"))
_ARCHIVES = frozenset((".zip", ".tar", ".tar.gz", ".tgz", ".warc", ".warc.gz"))
_COMPRESSED = frozenset((".gz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".tbz", ".txz"))


def is_nested_archive(suffix: str) -> bool:
    """Whether a suffix means an archive or a compressed file, which an archive must not contain."""
    return suffix in _ARCHIVES or f".{suffix.rpartition('.')[2]}" in _COMPRESSED


class ExpansionMeter:
    """Counts the unpacked bytes of an archive of `size` bytes."""

    def __init__(self, file: SourceFile, *, size: int) -> None:
        self._id = file.id
        self._expansion = file.limits.expansion
        self._most = file.limits.free_expansion + self._expansion * size
        self._total = 0

    def count(self, size: int) -> None:
        """Add a member of `size` unpacked bytes. Call this before the member is unpacked.

        Raises:
            ArticleError: the total is too large for an archive of articles.
        """
        self._total += size
        if self._total > self._most:
            raise ArticleError(
                self._id, f"it unpacks to more than {self._expansion} times its size"
            )


class SkippedMembers:
    """Counts the members of unknown formats by suffix."""

    def __init__(self, file: SourceFile) -> None:
        self._id = file.id
        self._counts: Counter[str] = Counter()

    def is_unknown(self, suffix: str) -> bool:
        """Whether a suffix has no parser. If it has none, the file is counted."""
        if suffix in FORMATS:
            return False
        counted = suffix in self._counts or len(self._counts) < _MOST_SUFFIXES
        self._counts[suffix if counted else "of other kinds"] += 1
        return True

    def report(self) -> Iterator[ArticleError]:
        """Yield an error that lists the skipped files, if any. It is not marked as a fault."""
        if self._counts:
            counts = self._counts.most_common()
            kinds = (f"{count:,} {suffix or 'without a suffix'}" for suffix, count in counts)
            reason = f"it contains files of unknown formats: {', '.join(kinds)}"
            yield ArticleError(self._id, reason, left_out=True)


def parse_member(
    name: str, content: bytes, file: SourceFile, *, suffix: str, url: str | None = None
) -> Iterator[ParsedItem]:
    """Parse a member. The article ids are "FILE#NAME", and the version is the version of the file.

    `url` is where the member was fetched. It is the address of articles that state none, and of a
    page that states one on another site. The entries of a feed may be on other sites.
    """
    member = replace(file, id=f"{file.id}#{name}", content=content, stored=None)
    try:
        for found in articles_in(member, suffix=suffix):
            if isinstance(found, Article) and (found.url is None or suffix not in _FEEDS):
                yield found.model_copy(update={"url": page_address(found.url, url)})
            else:
                yield found
    except ArticleError as error:
        yield error
