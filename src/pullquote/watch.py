"""Follows a corpus folder: rebuilds when articles have come, changed or gone, and all is quiet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event

# Not watchfiles.watch: that one only begins to watch when it is first asked, which would be after
# the first rebuild, and a change during it would be missed.
from watchfiles._rust_notify import RustNotify

from pullquote.errors import (
    ClusterUnusable,
    IndexDamaged,
    IndexLocked,
    IndexUnreachable,
    IndexUnwritable,
    PullquoteError,
    RebuildRefused,
)
from pullquote.index import Progress, Report
from pullquote.parsing import check_corpus
from pullquote.services import corpus_of, rebuild_index
from pullquote.settings import Settings

_NOT_FATAL = (
    ClusterUnusable,
    IndexDamaged,
    IndexLocked,
    IndexUnreachable,
    IndexUnwritable,
    RebuildRefused,
)
"""What ends a rebuild and not the watch."""

QUIET_SECONDS = 1.0
"""Without a change, before a rebuild begins: a copy of many files is then one rebuild."""

LONGEST_WAIT_SECONDS = 60.0
"""A rebuild begins though changes still come in."""

LOOK_SECONDS = 300.0
"""Look also without a notice: file systems of networks give none of what others change."""


def follow(
    settings: Settings,
    *,
    progress: Progress | None = None,
    quiet_seconds: float = QUIET_SECONDS,
    stop: Event | None = None,
    allow_removals: bool = False,
    new_corpus: bool = False,
) -> Iterator[Report | PullquoteError]:
    """What each rebuild did: one at once, then one after each quiet moment that follows a change.

    A rebuild that could not write, found another at work, or lost its cluster gives its error, and
    the next change or look tries again. One that needs consent gives its error once, until a
    rebuild comes to something else. `allow_removals` and `new_corpus` are consent for the first
    rebuild alone. Ends when `stop` is set.

    Raises:
        CorpusMissing, CorpusUnreadable: the corpus is not a folder that can be listed, or is no
            longer one.
    """
    corpus = corpus_of(settings)
    check_corpus(corpus)
    index = settings.index.resolve() if isinstance(settings.index, Path) else None
    quiet, longest, look = (
        round(1000 * seconds) for seconds in (quiet_seconds, LONGEST_WAIT_SECONDS, LOOK_SECONDS)
    )
    with RustNotify([str(corpus.resolve())], False, False, 0, True, True) as notices:
        done = _rebuild_or_error(
            settings, progress, allow_removals=allow_removals, new_corpus=new_corpus
        )
        yield done
        while (notice := notices.watch(longest, quiet, look, stop)) != "stop":
            if notice == "signal":
                raise KeyboardInterrupt
            if notice == "timeout" or any(_is_article(Path(path), index) for _, path in notice):
                before, done = done, _rebuild_or_error(settings, progress)
                if not (isinstance(done, RebuildRefused) and type(done) is type(before)):
                    yield done


def _rebuild_or_error(
    settings: Settings,
    progress: Progress | None,
    *,
    allow_removals: bool = False,
    new_corpus: bool = False,
) -> Report | PullquoteError:
    try:
        return rebuild_index(
            settings=settings,
            progress=progress,
            allow_removals=allow_removals,
            new_corpus=new_corpus,
        )
    except _NOT_FATAL as error:
        return error


def _is_article(path: Path, index: Path | None) -> bool:
    """Whether what changed may be one: it is not hidden, nor in the index, which may stand here."""
    return not path.name.startswith(".") and (index is None or not path.is_relative_to(index))
