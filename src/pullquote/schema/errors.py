"""The errors that pullquote raises. All derive from `PullquoteError`, so one `except` catches them.

An error's attributes contain its facts. Its message says what happened, quotes the values, and says
what to do next.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import MAXYEAR, datetime
from pathlib import Path
from typing import Any, ClassVar

from pullquote.base.plurals import counted


class PullquoteError(Exception):
    """The base class of every error that pullquote raises on purpose."""

    def __reduce__(self) -> tuple[Any, ...]:
        """How to copy and pickle the error: Exception would pass the message to `__init__`."""
        _, message, *state = super().__reduce__()  # type: ignore[str-unpack]
        return _restored, (type(self), message), *state


def _restored(kind: type[PullquoteError], message: tuple[object, ...]) -> PullquoteError:
    """An error with that message, still without its attributes."""
    error = kind.__new__(kind)
    super(PullquoteError, error).__init__(*message)
    return error


class SettingsError(PullquoteError, ValueError):
    """A setting, option, argument or question that cannot be used."""


class ExtraMissing(PullquoteError, ModuleNotFoundError):
    """A feature needs the optional packages of `extra`, which are not installed.

    `name` is the module that is missing, if it is known.
    """

    def __init__(self, extra: str, *, what: str, module: str | None = None) -> None:
        self.extra = extra
        missing = "" if module is None else f". The module {module!r} is missing"
        super().__init__(
            f'{what} needs packages that are not installed. Run: pip install "pullquote[{extra}]"'
            f"{missing}",
            name=module,
        )


@contextmanager
def importing_extra(extra: str, *, what: str) -> Iterator[None]:
    """For imports of the packages of an extra.

    Raises:
        ExtraMissing: a module is not installed. `what` says what needs it.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise ExtraMissing(extra, what=what, module=error.name) from error


class _Unusable(PullquoteError):
    """The file or folder at `path` cannot be used; `reason` says why."""

    _message: ClassVar[str] = "{path} cannot be used: {reason}"

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(self._message.format(path=path, reason=reason))


class _GivenUp(PullquoteError):
    """Something took longer than `seconds`, so it was stopped."""

    _message: ClassVar[str] = "Stopped after {seconds} s."

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(self._message.format(seconds=f"{seconds:g}"))


class CorpusMissing(PullquoteError):
    """There is no corpus folder at `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            f"There is no corpus folder at {path}. "
            "Create it and put articles in it, or name another folder with --corpus DIR."
        )


class CorpusUnreadable(_Unusable):
    """The corpus folder at `path` cannot be listed; `reason` says why."""

    _message = (
        "The corpus folder at {path} cannot be listed: {reason}. "
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


class BackupUnusable(_Unusable):
    """The backup at `path` cannot be written or restored; `reason` says why."""

    _message = (
        "The backup {path} cannot be used: {reason}. No index was changed. Fix the cause, or "
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


class ModelError(PullquoteError):
    """The model `name` cannot be loaded, or is not the expected one."""

    def __init__(self, name: str, reason: str) -> None:
        self.name = name
        self.reason = reason
        super().__init__(f"The model {name!r} cannot be used: {reason}")


class AssistantClosed(PullquoteError):
    """The assistant of the index at `location` was closed, and is used again."""

    def __init__(self, location: str) -> None:
        self.location = location
        super().__init__(
            f"This assistant of the index {location!r} is closed. Open another one with "
            "pullquote.open, or ask inside the with block."
        )


class FilterUnknown(SettingsError):
    """No article has the name `name`, which the filter `field` asks for.

    `field` is the name of a field of `Filters`, such as "sources". `near` are the most similar
    names that articles do have, best first; it may be empty.
    """

    def __init__(self, field: str, name: str, *, near: tuple[str, ...] = ()) -> None:
        self.field = field
        self.name = name
        self.near = near
        meant = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
        several = field.removeprefix("not_")
        super().__init__(
            f"The corpus has no {several.removesuffix('s')} {name!r}.{meant} "
            f"To list all {several}, run: pullquote stats --json"
        )


class SpeakerUnknown(SettingsError):
    """No article reports a claim of a speaker called `name`.

    `near` are the most similar names of speakers, best first; it may be empty.
    """

    def __init__(self, name: str, *, near: tuple[str, ...] = ()) -> None:
        self.name = name
        self.near = near
        meant = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
        super().__init__(
            f"The articles report nothing that {name!r} says.{meant} "
            "To list all speakers, run: pullquote speakers"
        )


class FiltersLeaveNothing(PullquoteError):
    """No passage passes the filters that `filters` describes.

    Without them, `passages` passages of `articles` articles would be searched.
    """

    def __init__(self, filters: str, *, passages: int, articles: int) -> None:
        self.filters = filters
        self.passages = passages
        self.articles = articles
        without = f"{counted(passages, 'passage')} of {counted(articles, 'article')}"
        super().__init__(
            f"No passage passes these filters: {filters}. Without them, {without} would be "
            "searched. Remove a filter, or choose wider ones."
        )


class GridMismatch(SettingsError):
    """The grid saved at `path` differs in `setting`, so its cells would not belong together.

    `setting` is "index" if the index was rebuilt, or the name of a filter, option or setting.
    """

    def __init__(self, path: Path, *, setting: str) -> None:
        self.path = path
        self.setting = setting
        differs = (
            "The index has changed since"
            if setting == "index"
            else f"{setting!r} is not the same as when"
        )
        super().__init__(
            f"{differs} the grid in {path} was begun. Ask all cells again with --restart, or name "
            "another file with --output."
        )


class Busy(PullquoteError):
    """The queue is full: it has `waiting` questions, as many as are allowed."""

    def __init__(self, waiting: int) -> None:
        self.waiting = waiting
        super().__init__(
            f"pullquote is busy: its queue is full ({counted(waiting, 'question')}). Please try "
            "again in a few seconds."
        )


class DraftGivenUp(_GivenUp):
    """Checking a draft took longer than `seconds`, so it was stopped."""

    _message = (
        "Checking the draft took longer than {seconds} s and was stopped. Check its parts "
        "one by one, or increase the setting question_seconds."
    )


class QuestionGivenUp(_GivenUp):
    """The work on a question took longer than `seconds`, so it was stopped."""

    _message = (
        "The question took longer than {seconds} s and was stopped. Ask a shorter "
        "question, or increase the setting question_seconds."
    )


class RequestGivenUp(_GivenUp):
    """A request that asks no question, such as that for a page, took longer than `seconds`."""

    _message = (
        "The request took longer than {seconds} s and was stopped. Try again in a few "
        "seconds. If it is stopped again, increase the setting question_seconds."
    )


class ConversationUnreadable(PullquoteError):
    """A saved conversation cannot be read; `reason` says why."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"The saved conversation cannot be read: {reason}. Start a new one, or pass the "
            "JSON that to_json returned, unchanged."
        )


class CitationsUnreadable(_Unusable):
    """The file at `path` has no citations that can be verified; `reason` says why."""

    _message = (
        "The citations in {path} cannot be verified: {reason}. Give a conversation that was "
        "saved as JSON or Markdown, the output of pullquote ask --json, or an evidence pack."
    )


class WatchlistUnusable(PullquoteError):
    """A file of the watchlist at `path` cannot be read or written; `reason` says why."""

    def __init__(self, path: Path, reason: str, *, remedy: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"The watchlist in {path} cannot be used: {reason}. {remedy}")


class WatchlistBusy(PullquoteError):
    """Another process is asking the questions of the watchlist at `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            f"The questions of the watchlist in {path} are being asked already. Wait until that "
            "has finished, then run pullquote watchlist run if necessary."
        )
