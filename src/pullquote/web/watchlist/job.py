"""Asks the standing questions in a thread of its own, one run at a time."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

from pullquote.base.cancellation import Cancellation, Cancelled
from pullquote.newsroom.assistant import Assistant
from pullquote.newsroom.watchlist.models import WatchReport
from pullquote.newsroom.watchlist.watchlist import Watchlist
from pullquote.schema.errors import PullquoteError


@dataclass(frozen=True, slots=True)
class WatchlistJobState:
    """`done` of `total` questions have been asked while it is `running`; then the outcome.

    `problem` says why the last run failed; "" if it did not.
    """

    running: bool = False
    done: int = 0
    total: int = 0
    report: WatchReport | None = None
    problem: str = ""


class WatchlistJob:
    """Runs the watchlist of an assistant when asked. Thread-safe."""

    def __init__(self, assistant: Assistant, watchlist: Watchlist) -> None:
        self._assistant, self._watchlist = assistant, watchlist
        self._lock = threading.Lock()
        self._state = WatchlistJobState()
        self._again = False
        self._thread: threading.Thread | None = None
        self._cancellation = Cancellation()

    @property
    def state(self) -> WatchlistJobState:
        """The progress of the current run, or the outcome of the last one."""
        return self._state

    def start(self) -> None:
        """Ask the questions now; if a run is at work, once more after it."""
        with self._lock:
            if self._state.running:
                self._again = True
                return
            self._begin()

    def close(self) -> None:
        """Cancel the run at work, and wait until it has ended."""
        with self._lock:
            self._again = False
            self._cancellation.cancel()
        if self._thread is not None:
            self._thread.join()

    def _begin(self) -> None:
        """Start the thread. The caller must hold the lock."""
        self._again = False
        self._cancellation = Cancellation()
        self._state = WatchlistJobState(running=True)
        self._thread = threading.Thread(target=self._run, name="watchlist")
        self._thread.start()

    def _run(self) -> None:
        outcome = self._outcome()
        with self._lock:
            self._state = outcome
            if self._again:
                self._begin()

    def _outcome(self) -> WatchlistJobState:
        try:
            with self._cancellation.applied():
                report = self._watchlist.run(self._assistant, progress=self._note_progress)
        except Cancelled:
            return WatchlistJobState()
        except PullquoteError as error:
            return WatchlistJobState(problem=str(error))
        except Exception as error:  # noqa: BLE001 - only the page can report it
            return WatchlistJobState(problem=f"The questions could not be asked: {error!r}")
        return WatchlistJobState(report=report)

    def _note_progress(self, done: int, total: int) -> None:
        with self._lock:
            self._state = replace(self._state, done=done, total=total)
