"""Reports how far a rebuild has got."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """A callback for the progress of a rebuild: `done` of `total` files are in the index.

    While the rebuild looks for new and changed files, `total` is None and `done` is the number of
    files looked at.
    """

    def __call__(self, done: int, total: int | None) -> None:
        """Report the progress; called from the thread of the rebuild."""


def report_progress(progress: Progress | None, done: int, total: int | None) -> None:
    """Call `progress`, if there is one."""
    if progress is not None:
        progress(done, total)
