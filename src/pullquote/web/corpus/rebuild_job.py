"""Rebuilds the index in a thread of its own, one rebuild at a time. A rebuild can be cancelled."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Final

from pullquote.base.cancellation import Cancellation, Cancelled
from pullquote.index import Progress, Report
from pullquote.index.services import rebuild_with_consent
from pullquote.newsroom.assistant import Assistant
from pullquote.schema.errors import PullquoteError, RebuildRefused

Rebuild = Callable[..., Report]
"""Brings the index up to date. It takes `progress`, a callback, and the fields of `RebuildConsent`
as keywords."""


ESTIMATED_AFTER = 5.0
"""Seconds of reading before the time left is estimated, so that it is not mostly chance."""


@dataclass(frozen=True, slots=True)
class RebuildConsent:
    """A person's consent to remove at most this many articles, or to use a different folder."""

    removals_up_to: int = 0
    new_corpus: bool = False

    def keywords(self) -> dict[str, int | bool]:
        """The given consent as keywords for a `Rebuild`."""
        return {name: value for name, value in asdict(self).items() if value}


NO_CONSENT: Final = RebuildConsent()


@dataclass(frozen=True, slots=True)
class NotStarted:
    """No rebuild has been started yet."""


@dataclass(frozen=True, slots=True)
class RebuildRunning:
    """`done` of `total` files have been read.

    While the rebuild looks for changes, `total` is None, and `done` is the number of files looked
    at. `since` is the start of the rebuild on the monotonic clock, and `reading_since` when it
    began to read files. `seconds_left` is an estimate; None if it is too early for one.
    """

    since: float
    done: int = 0
    total: int | None = None
    reading_since: float | None = None
    seconds_left: float | None = None
    cancelling: bool = False


@dataclass(frozen=True, slots=True)
class RebuildFinished:
    """The rebuild succeeded."""

    report: Report


@dataclass(frozen=True, slots=True)
class RebuildCancelled:
    """The rebuild was cancelled; the index is unchanged, or partial if it was the first one."""


@dataclass(frozen=True, slots=True)
class RebuildFailed:
    """The rebuild failed; the index is unchanged, or partial if it was the first one."""

    reason: str


@dataclass(frozen=True, slots=True)
class ConsentNeeded:
    """The rebuild needs more than the `given` consent; the index is unchanged."""

    error: RebuildRefused
    given: RebuildConsent = NO_CONSENT


RebuildState = (
    NotStarted | RebuildRunning | RebuildFinished | RebuildCancelled | RebuildFailed | ConsentNeeded
)


@dataclass(frozen=True, slots=True)
class RebuildWatch:
    """Callbacks for one rebuild, which are called from its thread; `ended` is called last."""

    progress: Progress
    ended: Callable[[RebuildState], None]


class RebuildJob:
    """Runs `rebuild` when asked, and then `after` if it has succeeded. Thread-safe."""

    def __init__(self, rebuild: Rebuild, after: Callable[[], object]) -> None:
        self._rebuild = rebuild
        self._after: list[Callable[[], object]] = [after]
        self._lock = threading.Lock()
        self._state: RebuildState = NotStarted()
        self._thread: threading.Thread | None = None
        self._cancellation = Cancellation()
        self._has_succeeded = False

    def then(self, after: Callable[[], object]) -> None:
        """Also call this function after each rebuild that succeeds; at once if one already has."""
        with self._lock:
            self._after.append(after)
            has_succeeded = self._has_succeeded
        if has_succeeded:
            after()

    @property
    def state(self) -> RebuildState:
        """The progress of the current rebuild, or the outcome of the last one."""
        return self._state

    @property
    def is_running(self) -> bool:
        """Whether a rebuild is running."""
        return isinstance(self._state, RebuildRunning)

    def start(
        self, consent: RebuildConsent = NO_CONSENT, watch: RebuildWatch | None = None
    ) -> bool:
        """Start a rebuild with this consent. Returns False if a rebuild is already running."""
        with self._lock:
            if isinstance(self._state, RebuildRunning):
                return False
            self._state = RebuildRunning(time.monotonic())
            self._cancellation = Cancellation()
            # Not a daemon: the process may end only when the rebuild has finished or cleaned up.
            self._thread = threading.Thread(target=self._run, args=(consent, watch), name="rebuild")
            self._thread.start()
            return True

    def cancel(self) -> None:
        """Cancel the running rebuild, if any; it ends within seconds, unless it is publishing."""
        with self._lock:
            if isinstance(self._state, RebuildRunning):
                self._state = replace(self._state, cancelling=True)
                if self._state.total is None or self._state.done < self._state.total:
                    self._cancellation.cancel()

    def close(self) -> None:
        """Cancel a running rebuild, and wait until it has ended."""
        self.cancel()
        self.wait()

    def wait(self) -> None:
        """Wait until the rebuild that was started last has ended."""
        if self._thread is not None:
            self._thread.join()

    def _run(self, consent: RebuildConsent, watch: RebuildWatch | None) -> None:
        outcome = self._outcome(consent, watch)
        try:
            if watch is not None:
                watch.ended(outcome)
        finally:
            with self._lock:
                self._state = outcome

    def _outcome(self, consent: RebuildConsent, watch: RebuildWatch | None) -> RebuildState:
        progress = partial(self._note_progress, watch)
        try:
            with self._cancellation.applied():
                report = self._rebuild(progress=progress, **consent.keywords())
            with self._lock:
                self._has_succeeded = True
                following = list(self._after)
            for after in following:
                after()
        except Cancelled:
            return RebuildCancelled()
        except RebuildRefused as error:
            return ConsentNeeded(error, consent)
        except PullquoteError as error:
            return RebuildFailed(str(error))
        except Exception as error:  # noqa: BLE001 - only the page can report it
            return RebuildFailed(f"The update failed with an unexpected error: {error!r}")
        return RebuildFinished(report)

    def _note_progress(self, watch: RebuildWatch | None, done: int, total: int | None) -> None:
        with self._lock:
            if not isinstance(self._state, RebuildRunning):
                return
            only_publishing = total is not None and done >= total
            if self._state.cancelling and not only_publishing:
                raise Cancelled
            self._state = advanced(self._state, done, total, now=time.monotonic())
        if watch is not None:
            watch.progress(done, total)


def advanced(state: RebuildRunning, done: int, total: int | None, *, now: float) -> RebuildRunning:
    """The state after progress, with the time left at the mean speed so far."""
    since = state.reading_since
    if total is not None and since is None:
        since = now
    left = None
    if total is not None and since is not None and done and now - since >= ESTIMATED_AFTER:
        left = (now - since) / done * (total - done)
    return replace(state, done=done, total=total, reading_since=since, seconds_left=left)


def rebuild_job(assistant: Assistant) -> RebuildJob:
    """The job that rebuilds the index of an assistant."""
    return RebuildJob(
        partial(rebuild_with_consent, assistant.settings),
        # Opens the new generation here: no question waits for it, and what runs next gets it.
        after=assistant.open_newest,
    )
