"""Progress bars and spinners on standard error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from pullquote.base import console
from pullquote.base.console import print_note
from pullquote.base.plurals import counted
from pullquote.schema.errors import IndexMissing, PullquoteError

if TYPE_CHECKING:
    from pullquote.index import IndexFolder
    from pullquote.index import Progress as ReportProgress
    from pullquote.schema.settings import Settings


class _ProgressBar:
    """Updates a progress bar; call it with the number done and the total, or None if unknown."""

    def __init__(self, bar: Progress, what: str, *, before: str) -> None:
        self._bar, self._what, self._before = bar, what, before
        self._task = bar.add_task(before, total=None)

    def __call__(self, done: int, total: int | None) -> None:
        what = self._before if total is None else self._what
        self._bar.update(self._task, completed=done, total=total, description=what)


class _RateColumn(ProgressColumn):
    """A column with the number done per second."""

    def render(self, task: Task) -> Text:
        """The rate, once it is known."""
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:.1f}/s", style="progress.data.speed")


@contextmanager
def progress(what: str, *, quiet: bool, before: str | None = None) -> Iterator[_ProgressBar]:
    """Show a progress bar with the time left, unless `quiet` is set or this is not a terminal.

    While the total is unknown, the bar says `before` instead of `what`.
    """
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _RateColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    silent = quiet or not console.err.is_terminal
    with Progress(*columns, console=console.err, transient=True, disable=silent) as bar:
        yield _ProgressBar(bar, what, before=what if before is None else before)


@contextmanager
def waiting(what: str, *, quiet: bool) -> Iterator[None]:
    """Show a spinner, unless `quiet` is set or this is not a terminal."""
    if quiet or not console.err.is_terminal:
        yield
        return
    with console.err.status(what):
        yield


@contextmanager
def rebuild_progress(settings: Settings, *, quiet: bool) -> Iterator[ReportProgress]:
    """Show the progress of a rebuild, and note once how much of a first build can be searched."""
    from pullquote.index import IndexFolder  # noqa: PLC0415
    from pullquote.index.services import index_of  # noqa: PLC0415

    before = "Looking for changes"
    with progress("Reading and embedding articles", quiet=quiet, before=before) as bar:
        index = index_of(settings)
        if quiet or not isinstance(index, IndexFolder) or not _is_missing(index):
            yield bar
        else:
            yield _FirstBuildProgress(index, bar)


class _FirstBuildProgress:
    """Passes progress on, until articles can be searched, and then prints how many."""

    def __init__(self, index: IndexFolder, shown: ReportProgress) -> None:
        self._index, self._shown = index, shown
        self._noted = False

    def __call__(self, done: int, total: int | None) -> None:
        """Show the progress; print the note if there is a generation now."""
        self._shown(done, total)
        if self._noted or _is_missing(self._index):
            return
        self._noted = True
        articles = self._index.recorded_articles()
        if articles is not None:
            print_note(
                f"{counted(articles, 'article')} can be searched already, while the index is still "
                "being built."
            )


def _is_missing(index: IndexFolder) -> bool:
    """Whether nothing has been published yet."""
    try:
        index.current()
    except IndexMissing:
        return True
    except PullquoteError:  # the rebuild says what is wrong
        return False
    return False
