"""Shows how far a rebuild is, and says once what a first build has made searchable."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pullquote.base.console import print_note
from pullquote.base.plurals import counted
from pullquote.cli.terminal.progress import progress
from pullquote.schema.errors import IndexMissing, PullquoteError

if TYPE_CHECKING:  # these imports load FAISS
    from pullquote.index import IndexFolder, Progress
    from pullquote.schema.settings import Settings


@contextmanager
def rebuild_progress(settings: Settings, *, quiet: bool) -> Iterator[Progress]:
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

    def __init__(self, index: IndexFolder, shown: Progress) -> None:
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
