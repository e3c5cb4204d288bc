"""Errors that stop a rebuild and do not change the index."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pullquote.base.plurals import counted
from pullquote.schema.errors.base import PullquoteError


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
