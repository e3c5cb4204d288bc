"""One rebuild at a time, in a thread of its own, that can be watched and given up."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Final

from pullquote.errors import PullquoteError, RebuildRefused
from pullquote.index import Report

Rebuild = Callable[..., Report]
"""What brings the index up to date, and calls `progress` as it goes on.

It takes what was agreed to as keywords, see `Agreed`.
"""


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a person agreed to: to remove so many articles at most, and to use another folder."""

    removals_up_to: int = 0
    new_corpus: bool = False

    def keywords(self) -> dict[str, int | bool]:
        """What there is of it, as `rebuild_with_consent` calls it."""
        return {name: value for name, value in asdict(self).items() if value}


NOTHING_AGREED: Final = Agreed()


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing has been asked for."""


@dataclass(frozen=True, slots=True)
class Running:
    """`done` of `total` files are read; None while it looks for what changed.

    `since` is of the monotonic clock.
    """

    since: float
    done: int = 0
    total: int | None = None
    stopping: bool = False


@dataclass(frozen=True, slots=True)
class Finished:
    """What was done."""

    report: Report


@dataclass(frozen=True, slots=True)
class Stopped:
    """It was given up; the index is as it was."""


@dataclass(frozen=True, slots=True)
class Failed:
    """It could not be done; the index is as it was."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """It needs more consent than was `agreed` to; the index is as it was."""

    error: RebuildRefused
    agreed: Agreed = NOTHING_AGREED


Progressing = Idle | Running | Finished | Stopped | Failed | Refused


class _GivenUp(BaseException):
    """Passes through the rebuild as Ctrl-C would, so that it clears up after itself."""


class Rebuilding:
    """Runs `rebuild` when asked, and `after` when it has published something; thread-safe."""

    def __init__(self, rebuild: Rebuild, after: Callable[[], object]) -> None:
        self._rebuild = rebuild
        self._after = after
        self._lock = threading.Lock()
        self._state: Progressing = Idle()
        self._thread: threading.Thread | None = None

    @property
    def state(self) -> Progressing:
        """How far it is, or what became of the last one."""
        return self._state

    def start(self, agreed: Agreed = NOTHING_AGREED) -> bool:
        """Whether a rebuild was begun, with that consent; False where one is at work."""
        with self._lock:
            if isinstance(self._state, Running):
                return False
            self._state = Running(time.monotonic())
            # Not a daemon: the process ends when what it writes is whole, or given up.
            self._thread = threading.Thread(target=self._run, args=(agreed,), name="rebuild")
            self._thread.start()
            return True

    def stop(self) -> None:
        """Give up the rebuild that is at work, where one is; it ends with the next file."""
        with self._lock:
            if isinstance(self._state, Running):
                self._state = replace(self._state, stopping=True)

    def close(self) -> None:
        """Give up, and wait until it has ended."""
        self.stop()
        if self._thread is not None:
            self._thread.join()

    def _run(self, agreed: Agreed) -> None:
        ended = self._ended(agreed)
        with self._lock:
            self._state = ended

    def _ended(self, agreed: Agreed) -> Progressing:
        try:
            report = self._rebuild(progress=self._note, **agreed.keywords())
            self._after()
        except _GivenUp:
            return Stopped()
        except RebuildRefused as error:
            return Refused(error, agreed)
        except PullquoteError as error:
            return Failed(str(error))
        except Exception as error:  # noqa: BLE001 - the page tells; nobody else would
            return Failed(f"The rebuild ended by an error of its own: {error!r}")
        return Finished(report)

    def _note(self, done: int, total: int) -> None:
        with self._lock:
            if not isinstance(self._state, Running):
                return
            if self._state.stopping and done < total:  # else only the last step is left
                raise _GivenUp
            self._state = replace(self._state, done=done, total=total)
