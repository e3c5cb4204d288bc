"""Errors about the corpus: its folder, its files and its articles."""

from __future__ import annotations

from datetime import MAXYEAR, datetime
from pathlib import Path

from pullquote.schema.errors.base import PullquoteError


class CorpusMissing(PullquoteError):
    """There is no corpus folder at `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            f"There is no corpus folder at {path}. "
            "Create it and put articles in it, or name another folder with --corpus DIR."
        )


class CorpusUnreadable(PullquoteError):
    """The corpus folder at `path` cannot be listed; `reason` says why."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(
            f"The corpus folder at {path} cannot be listed: {reason}. "
            "The index was not changed. Fix the cause and run the command again."
        )


class ArticleError(PullquoteError):
    """A file, or a record in a file, cannot be read as an article; `reason` says why.

    `path` identifies the file or the record. `version` is the SHA-256 of the bytes, or None if no
    bytes could be read. `left_out` marks a file that is sound but in a format that pullquote does
    not read.
    """

    def __init__(
        self, path: str, reason: str, *, version: str | None = None, left_out: bool = False
    ) -> None:
        self.path = path
        self.reason = reason
        self.version = version
        self.left_out = left_out
        super().__init__(f"{path}: {reason}")


class ReadingFailed(PullquoteError):
    """The parser processes do not work, so no file can be read; `reason` says why."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"The files cannot be read: {reason}. "
            "Fix the cause, or set reading_processes to 0 to read files without parser processes."
        )


class ArticleUnknown(PullquoteError):
    """The index has no article with the id `article`; `similar` contains ids that look like it."""

    def __init__(self, article: str, *, similar: tuple[str, ...] = ()) -> None:
        self.article = article
        self.similar = similar
        hint = f" Did you mean {' or '.join(similar)}?" if similar else ""
        super().__init__(
            f"The index has no article {article!r}.{hint} "
            "An article id is a path relative to the corpus folder, written with '/'."
        )


class EditionUnknown(PullquoteError):
    """The index has no edition of `article` with this `version`; `known` are the versions it has.

    If `version` is None, an edition before the others was asked for.
    """

    def __init__(self, article: str, version: str | None, *, known: tuple[str, ...]) -> None:
        self.article = article
        self.version = version
        self.known = known
        has = ", ".join(one[:12] for one in known)
        which = "an earlier edition" if version is None else f"an edition {version!r}"
        super().__init__(
            f"The index does not have {which} of {article!r}; it has {has}. Earlier editions are "
            "kept from the first rebuild after a change, as the setting editions allows."
        )


class ArticleWithheld(PullquoteError):
    """The article with the id `article` is in the index but may not be shown.

    `status` says why. `until` is the end of its embargo, or None if no end is known.
    """

    def __init__(self, article: str, *, status: str, until: datetime | None) -> None:
        self.article = article
        self.status = status
        timely = until is not None and status == "usable" and until.year < MAXYEAR
        self.until = until if timely else None
        why = f"embargoed until {until}" if timely else f"{status} by its source"
        if status == "usable" and not timely:
            why = "embargoed, and the end of the embargo cannot be read"
        super().__init__(
            f"The article {article!r} may not be shown: it is {why}. "
            "You can read it in its file in the corpus. It is used for answers once it is released."
        )
