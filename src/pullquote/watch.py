"""Watches a corpus folder, and rebuilds the index after its articles have changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event

# Not watchfiles.watch: it begins to watch at its first use, after the first rebuild, and would miss
# a change during that.
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
"""Errors that end a rebuild but not the watch."""

QUIET_SECONDS = 1.0
"""Time without a change before a rebuild begins, so that copying many files is one rebuild."""

LONGEST_WAIT_SECONDS = 60.0
"""After this time a rebuild begins even while changes go on."""

LOOK_SECONDS = 300.0
"""Time between rebuilds without a notice: network file systems report no changes by others."""


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

    A rebuild that could not write, met another rebuild, or lost its cluster yields its error; the
    next change tries again. One that needs consent yields its error once, until a rebuild has
    another result. `allow_removals` and `new_corpus` are consent for the first rebuild alone. Ends
    when `stop` is set.

    Raises:
        CorpusMissing, CorpusUnreadable: the corpus is not, or no longer, a folder that can be
            listed.
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
    """Whether a changed path may be an article: not hidden, and not in the index."""
    return not path.name.startswith(".") and (index is None or not path.is_relative_to(index))
