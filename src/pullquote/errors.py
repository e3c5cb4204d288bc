"""The errors pullquote raises: one tree, so that one `except` can catch them all.

Each carries its facts as attributes; its message says what happened, with the values, and what
to do next.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import MAXYEAR, datetime
from pathlib import Path


class PullquoteError(Exception):
    """Base of every error that pullquote raises on purpose."""


class SettingsError(PullquoteError):
    """A setting, option or question that cannot be used."""


class CorpusMissing(PullquoteError):
    """There is no corpus folder at `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            f"There is no corpus folder at {path}. "
            "Make it and put articles in it, or name another one with --corpus DIR."
        )


class CorpusUnreadable(PullquoteError):
    """The corpus folder at `path` cannot be listed, for `reason`; what is in it is not known."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(
            f"The corpus folder at {path} cannot be listed: {reason}. "
            "The index stays as it is; mend the cause and run the command again."
        )


class ArticleError(PullquoteError):
    """The file at `path`, or a record of one, cannot be read as an article, for `reason`.

    `version` is the SHA-256 of the bytes that are no article; None where there were none to read.
    `left_out` says that nothing is wrong with it: it is of a kind that nobody asked to be read.
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
    """The files of a corpus cannot be read, for `reason`, whatever is in them."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"The files cannot be read: {reason}. "
            "Mend the cause, or set reading_processes to 0 to read them without such a process."
        )


class ArticleUnknown(PullquoteError):
    """The index holds no article called `article`; `similar` are ids that look like it."""

    def __init__(self, article: str, *, similar: tuple[str, ...] = ()) -> None:
        self.article = article
        self.similar = similar
        hint = f" Did you mean {' or '.join(similar)}?" if similar else ""
        super().__init__(
            f"The index holds no article {article!r}.{hint} "
            "Article ids are paths relative to the corpus folder, written with '/'."
        )


class ArticleWithheld(PullquoteError):
    """The article called `article` is in the index but may not be shown: `status`, `until` when.

    `until` is None where it is not a matter of time.
    """

    def __init__(self, article: str, *, status: str, until: datetime | None) -> None:
        self.article = article
        self.status = status
        timely = until is not None and status == "usable" and until.year < MAXYEAR
        self.until = until if timely else None
        why = f"embargoed until {until}" if timely else f"{status} by its source"
        if status == "usable" and not timely:
            why = "embargoed, and until when cannot be read"
        super().__init__(
            f"The article {article!r} may not be shown: it is {why}. "
            "Its file in the corpus holds it; the index answers from it when it is released."
        )


class IndexMissing(PullquoteError):
    """There is no index at `path`."""

    def __init__(self, path: Path | str) -> None:
        self.path = path
        super().__init__(
            f"There is no index at {path}. "
            f"Build one with: pullquote rebuild-index --corpus DIR --index {path}"
        )


class IndexEmpty(PullquoteError):
    """The index at `path` holds no articles; it was built from the folder `corpus`.

    `failed` is how many files of it could not be read.
    """

    def __init__(self, path: str, *, corpus: Path, failed: int = 0) -> None:
        self.path = path
        self.corpus = corpus
        self.failed = failed
        why = f"{failed} files in it could not be read" if failed else "there were none in it"
        super().__init__(
            f"The index at {path} holds no articles. It was built from {corpus}: {why}. "
            "Put articles there, or name another folder with --corpus DIR, and run pullquote "
            "rebuild-index."
        )


@dataclass(frozen=True, slots=True)
class Loss:
    """How many of an index's articles a rebuild would remove; `examples` are the first ids."""

    removed: int
    articles: int
    examples: tuple[str, ...] = ()

    def __str__(self) -> str:
        more = self.removed - len(self.examples)
        others = f" and {more:,} more" if more > 0 else ""
        named = f" ({', '.join(self.examples)}{others})" if self.examples else ""
        return f"{self.removed:,} of its {self.articles:,} articles{named}"


class RebuildRefused(PullquoteError):
    """A rebuild of the index at `path` from `corpus` needs a person's consent; it changed nothing.

    `loss` is what it would remove; None where the index cannot tell.
    """

    def __init__(self, path: str, reason: str, *, corpus: Path, loss: Loss | None) -> None:
        self.path = path
        self.corpus = corpus
        self.loss = loss
        super().__init__(f"The index at {path} was not rebuilt and stays as it is: {reason}")


class RemovalsRefused(RebuildRefused):
    """A rebuild would remove more than the share `removals_at_most` of an index's articles.

    `failed` is how many files of the corpus could not be read.
    """

    def __init__(
        self, path: str, *, corpus: Path, loss: Loss, removals_at_most: float, failed: int = 0
    ) -> None:
        self.removals_at_most = removals_at_most
        self.failed = failed
        unread = f", where {failed:,} files cannot be read" if failed else ""
        super().__init__(
            path,
            f"{loss} would be removed, since they are not in {corpus} any more{unread}. That is "
            f"more than the share {removals_at_most:g} (removals_at_most). See whether the folder "
            "is complete and mounted. To remove them, run pullquote rebuild-index with "
            "--allow-removals.",
            corpus=corpus,
            loss=loss,
        )


class CorpusChanged(RebuildRefused):
    """A rebuild reads another folder than `recorded`, from which the index was built."""

    def __init__(self, path: str, *, recorded: Path, corpus: Path, loss: Loss | None) -> None:
        self.recorded = recorded
        removed = "" if loss is None else f" {loss} would be removed."
        super().__init__(
            path,
            f"it was built from {recorded}, and {corpus} is another folder.{removed} To use that "
            "folder, run pullquote rebuild-index with --new-corpus. To keep both, name another "
            "index with --index DIR.",
            corpus=corpus,
            loss=loss,
        )


class IndexDamaged(PullquoteError):
    """The index file or server at `path` does not hold what the manifest says it should."""

    def __init__(self, path: Path | str, *, expected: str, found: str) -> None:
        self.path = path
        self.expected = expected
        self.found = found
        what = "file" if isinstance(path, Path) else "at"
        super().__init__(
            f"The index {what} {path} is damaged: expected {expected}, found {found}. "
            "Run pullquote rebuild-index on this index; it starts anew and embeds nothing twice."
        )


class IndexMismatch(PullquoteError):
    """The index at `path` was made with another value of `setting` than the one now asked for."""

    def __init__(self, path: Path | str, *, setting: str, expected: str, found: str) -> None:
        self.path = path
        self.setting = setting
        self.expected = expected
        self.found = found
        super().__init__(
            f"The index at {path} was made with {setting} {found}, but {expected} is asked for. "
            f"Run pullquote rebuild-index --index {path}, or set the value back."
        )


class IndexUnreachable(PullquoteError):
    """The server of the index at `place` does not answer, or does not let us in, for `reason`."""

    def __init__(self, place: str, reason: str, *, mend: str) -> None:
        self.place = place
        self.reason = reason
        super().__init__(f"The index at {place} cannot be reached: {reason}. {mend}")


class ExtraMissing(PullquoteError):
    """What is asked for needs the optional packages of `extra`, which are not installed."""

    def __init__(self, extra: str, *, what: str) -> None:
        self.extra = extra
        super().__init__(
            f'{what} needs packages that are not installed. Run: pip install "pullquote[{extra}]"'
        )


class IndexLocked(PullquoteError):
    """Another rebuild, described by `holder`, is working on the index at `path`."""

    def __init__(self, path: Path | str, *, holder: str) -> None:
        self.path = path
        self.holder = holder
        super().__init__(
            f"Another rebuild is working on the index at {path}: {holder}. "
            "Wait until it has finished, then run the command again if it is still needed."
        )


class IndexUnwritable(PullquoteError):
    """The next generation could not be written to the index at `path`, for `reason`."""

    def __init__(self, path: Path | str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(
            f"The index at {path} could not be written: {reason}. Nothing that it "
            "held is lost; mend the cause and run pullquote rebuild-index again."
        )


class ClusterUnusable(PullquoteError):
    """The Ray cluster at `address` cannot rebuild an index, for `reason`."""

    def __init__(self, address: str, reason: str) -> None:
        self.address = address
        self.reason = reason
        super().__init__(
            f"The Ray cluster {address!r} cannot be used: {reason}. The index stays as it is, and "
            "what was embedded is kept; mend the cause, or rebuild without --ray."
        )


class ModelError(PullquoteError):
    """The model `name` cannot be loaded or is not the one expected."""

    def __init__(self, name: str, reason: str) -> None:
        self.name = name
        self.reason = reason
        super().__init__(f"The model {name!r} cannot be used: {reason}")


class Busy(PullquoteError):
    """`waiting` questions wait to be read already, as many as may."""

    def __init__(self, waiting: int) -> None:
        self.waiting = waiting
        super().__init__(
            f"pullquote is busy: {waiting} questions are waiting, as many as it takes. Please ask "
            "again in a few seconds."
        )


class QuestionGivenUp(PullquoteError):
    """A question took longer than `seconds` and was given up."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(
            f"The question took longer than {seconds:g} seconds and was given up. Ask a shorter "
            "one, or raise the setting question_seconds."
        )


class ConversationUnreadable(PullquoteError):
    """What was kept of a conversation cannot be read back, for `reason`."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"The conversation that was kept cannot be read: {reason}. Begin a new one, or give "
            "the JSON that to_json wrote, unchanged."
        )
