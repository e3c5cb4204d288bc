"""Progress bars and spinners on standard error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

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
