"""Errors in opening, reading and writing an index."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pullquote.base.plurals import counted
from pullquote.schema.errors.base import PullquoteError


class IndexMissing(PullquoteError):
    """There is no index at `path`."""

    def __init__(self, path: Path | str) -> None:
        self.path = path
        super().__init__(
            f"There is no index at {path}. "
            f"Build one with: pullquote rebuild-index --corpus DIR --index {path}"
        )


class IndexEmpty(PullquoteError):
    """The index at `path` has no articles; it was built from the folder `corpus`.

    `failed` is the number of files in that folder that could not be read.
    """

    def __init__(self, path: str, *, corpus: Path, failed: int = 0) -> None:
        self.path = path
        self.corpus = corpus
        self.failed = failed
        unread = f"{counted(failed, 'file')} in that folder could not be read"
        why = unread if failed else "that folder had none"
        super().__init__(
            f"The index at {path} has no articles. It was built from {corpus}, and {why}. "
            "Put articles there, or name another folder with --corpus DIR, and run pullquote "
            "rebuild-index."
        )


class IndexIncomplete(PullquoteError):
    """The index at `path` is still being built, so it cannot answer for the whole corpus.

    `note` says how much of it can be searched.
    """

    def __init__(self, path: str, *, note: str) -> None:
        self.path = path
        self.note = note
        super().__init__(
            f"{note} Questions can be asked, but this needs every article. Wait until the rebuild "
            "has ended. If none is running, run pullquote rebuild-index."
        )


class IndexDamaged(PullquoteError):
    """A file of the index, or an index on a server, differs from what its manifest says."""

    def __init__(self, path: Path | str, *, expected: str, found: str) -> None:
        self.path = path
        self.expected = expected
        self.found = found
        what = "file" if isinstance(path, Path) else "at"
        super().__init__(
            f"The index {what} {path} is damaged: expected {expected}, found {found}. "
            "Run pullquote rebuild-index on this index; that reuses the vectors computed so far."
        )


class IndexMismatch(PullquoteError):
    """The index at `path` was made with a value of `setting` that differs from the current one.

    `setting` is "format" if another version of pullquote made the index.
    """

    def __init__(self, path: Path | str, *, setting: str, expected: str, found: str) -> None:
        self.path = path
        self.setting = setting
        self.expected = expected
        self.found = found
        differs, otherwise = (
            (
                "this version of pullquote reads",
                "update pullquote if a newer version made the index",
            )
            if setting == "format"
            else ("the setting is now", "restore the old value")
        )
        super().__init__(
            f"The index at {path} was made with {setting} {found}, but {differs} {expected}. "
            f"Run pullquote rebuild-index --index {path}, or {otherwise}."
        )


class IndexUnreachable(PullquoteError):
    """The server of the index at `place` does not answer, or refuses access.

    `reason` says why, and `mend` says what to do.
    """

    def __init__(self, place: str, reason: str, *, mend: str) -> None:
        self.place = place
        self.reason = reason
        super().__init__(f"The index at {place} cannot be reached: {reason}. {mend}")


class IndexLocked(PullquoteError):
    """Another rebuild, described by `holder`, is working on the index at `path`."""

    def __init__(self, path: Path | str, *, holder: str) -> None:
        self.path = path
        self.holder = holder
        super().__init__(
            f"Another rebuild is working on the index at {path}: {holder}. "
            "Wait until it has finished, then run the command again if necessary."
        )


class BackupUnusable(PullquoteError):
    """The backup at `path` cannot be written or restored; `reason` says why."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(
            f"The backup {path} cannot be used: {reason}. No index was changed. Fix the cause, or "
            "use another backup, and run the command again."
        )


class IndexUnwritable(PullquoteError):
    """The next generation could not be written to the index at `path`; `reason` says why."""

    def __init__(self, path: Path | str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(
            f"The index at {path} could not be written: {reason}. Nothing in the index was lost. "
            "Fix the cause and run pullquote rebuild-index again."
        )


@dataclass(frozen=True, slots=True)
class Loss:
    """How many of an index's articles a rebuild would remove; `examples` are the first such ids."""

    removed: int
    articles: int
    examples: tuple[str, ...] = ()

    def __str__(self) -> str:
        more = self.removed - len(self.examples)
        others = f" and {more:,} more" if more > 0 else ""
        named = f" ({', '.join(self.examples)}{others})" if self.examples else ""
        return f"{self.removed:,} of its {self.articles:,} articles{named}"


class RebuildRefused(PullquoteError):
    """A rebuild of the index at `path` from `corpus` needs consent, so it changed nothing.

    `loss` says what the rebuild would remove, or is None if that is unknown.
    """

    def __init__(self, path: str, reason: str, *, corpus: Path, loss: Loss | None) -> None:
        self.path = path
        self.corpus = corpus
        self.loss = loss
        super().__init__(f"The index at {path} was not changed: {reason}")


class RemovalsRefused(RebuildRefused):
    """A rebuild would remove a larger share of the articles than `removals_at_most`.

    `failed` is the number of corpus files that could not be read.
    """

    def __init__(
        self, path: str, *, corpus: Path, loss: Loss, removals_at_most: float, failed: int = 0
    ) -> None:
        self.removals_at_most = removals_at_most
        self.failed = failed
        unread = f", where {counted(failed, 'file')} could not be read" if failed else ""
        super().__init__(
            path,
            f"{loss} would be removed, because they are no longer in {corpus}{unread}. That is "
            f"more than the share {removals_at_most:g} that the setting removals_at_most allows. "
            "Check that the folder is complete and mounted. To remove the articles, run pullquote "
            "rebuild-index with --allow-removals.",
            corpus=corpus,
            loss=loss,
        )


class CorpusChanged(RebuildRefused):
    """The index was built from the folder `recorded`, not from `corpus`."""

    def __init__(self, path: str, *, recorded: Path, corpus: Path, loss: Loss | None) -> None:
        self.recorded = recorded
        removed = "" if loss is None else f" {loss} would be removed."
        super().__init__(
            path,
            f"it was built from {recorded}, not from {corpus}.{removed} To switch to the new "
            "folder, run pullquote rebuild-index with --new-corpus. To keep both, name another "
            "index with --index DIR.",
            corpus=corpus,
            loss=loss,
        )


class ClusterUnusable(PullquoteError):
    """The Ray cluster at `address` cannot rebuild an index; `reason` says why."""

    def __init__(self, address: str, reason: str) -> None:
        self.address = address
        self.reason = reason
        super().__init__(
            f"The Ray cluster {address!r} cannot be used: {reason}. The index was not changed, "
            "and no computed vector was lost. Fix the cause, or rebuild without --ray."
        )
