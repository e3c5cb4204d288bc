"""Watches a corpus folder, and rebuilds the index when articles have changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event

# watchfiles.watch would begin to watch only after the first rebuild, and would miss changes made
# during it.
from watchfiles._rust_notify import RustNotify

from pullquote.index.rebuild.report import Progress, Report
from pullquote.index.services import corpus_of, rebuild_index
from pullquote.parsing import check_corpus
from pullquote.schema.errors import (
    ClusterUnusable,
    IndexDamaged,
    IndexLocked,
    IndexUnreachable,
    IndexUnwritable,
    PullquoteError,
    RebuildRefused,
)
from pullquote.schema.settings import Settings

_NOT_FATAL = (
    ClusterUnusable,
    IndexDamaged,
    IndexLocked,
    IndexUnreachable,
    IndexUnwritable,
    RebuildRefused,
)
"""Errors that end a rebuild but not the watch."""

QUIET_SECONDS = 1.0
"""A rebuild begins after this time without a change, so copying many files causes only one."""

LONGEST_WAIT_SECONDS = 60.0
"""After this time, a rebuild begins even if changes continue."""

LOOK_SECONDS = 300.0
"""Time after which to rebuild in any case: network file systems do not report all changes."""


def follow(
    settings: Settings,
    *,
    progress: Progress | None = None,
    quiet_seconds: float = QUIET_SECONDS,
    stop: Event | None = None,
    allow_removals: bool = False,
    new_corpus: bool = False,
) -> Iterator[Report | PullquoteError]:
    """Rebuild at once and after each change, and yield what each rebuild did.

    If a rebuild could not write, met another rebuild, or lost its cluster, its error is yielded,
    and the next change starts another attempt. The error of a rebuild that needs consent is
    yielded once, and again only after a different result. `allow_removals` and `new_corpus` are
    consent for the first rebuild only. The iterator ends when `stop` is set.

    Raises:
        CorpusMissing, CorpusUnreadable: the corpus is not a folder that can be listed, or has
            ceased to be one.
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
    """Whether a changed path may be an article: it is not hidden, and not in the index."""
    return not path.name.startswith(".") and (index is None or not path.is_relative_to(index))
