"""Errors in answering a question or continuing a conversation."""

from __future__ import annotations

from pathlib import Path

from pullquote.base.plurals import counted
from pullquote.schema.errors.base import PullquoteError, SettingsError


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


class DraftGivenUp(PullquoteError):
    """Checking a draft took longer than `seconds`, so it was stopped."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(
            f"Checking the draft took longer than {seconds:g} s and was stopped. Check its parts "
            "one by one, or increase the setting question_seconds."
        )


class QuestionGivenUp(PullquoteError):
    """The work on a question took longer than `seconds`, so it was stopped."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(
            f"The question took longer than {seconds:g} s and was stopped. Ask a shorter "
            "question, or increase the setting question_seconds."
        )


class RequestGivenUp(PullquoteError):
    """A request that asks no question, such as that for a page, took longer than `seconds`."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(
            f"The request took longer than {seconds:g} s and was stopped. Try again in a few "
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


class CitationsUnreadable(PullquoteError):
    """The file at `path` has no citations that can be verified; `reason` says why."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(
            f"The citations in {path} cannot be verified: {reason}. Give a conversation that was "
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
