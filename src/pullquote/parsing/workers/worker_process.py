"""A process of its own that reads files: whatever it meets there, it dies, and nothing else."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pullquote.limits import Limits, megabytes
from pullquote.parsing.workers.protocol import Frame, Kind, receive, send

_SERVE = "from pullquote.parsing.workers.worker_main import serve; serve()"
_BY_THE_CLOCK = 10
"""How many times as long a file may take by the clock: a machine may have more to do."""
_START_SECONDS = 120.0
"""Python and what the readers need are loaded in a third of one, by a machine with time for it."""
_END_SECONDS = 5.0
"""From the end of what a process says to its own; one that crashes may leave a dump before."""
_ALONE = {
    **dict.fromkeys(("OMP_NUM_THREADS", "ARROW_IO_THREADS", "MALLOC_ARENA_MAX"), "1"),
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}
"""Each thread, and Arrow's own allocator, takes address space that is limited."""


class Died(Exception):
    """A process ended in the middle of its work; `started` tells whether it had begun.

    `killed` tells whether somebody else ended it, as systems do that run short of memory.
    """

    def __init__(self, reason: str, *, killed: bool, started: bool) -> None:
        self.reason = reason
        self.killed = killed
        self.started = started
        super().__init__(reason)


class Apart:
    """A process that reads files of a corpus by an order, within limits on time and memory.

    `noting` has it send what readers note, too. Used by one thread, but for `look`. The memory is
    limited where the system can do it (not on Windows and macOS). Ends with our own process, even
    where that is killed.
    """

    def __init__(
        self, corpus: Path, *, fields: Mapping[str, str], limits: Limits, noting: bool
    ) -> None:
        self._limits = limits
        self._late = False
        self._started = False
        self._since: float | None = time.monotonic()
        told = {
            "corpus": str(corpus.absolute()),
            "fields": dict(fields),
            "limits": limits.model_dump(),
            "noting": noting,
        }
        # -P: what lies in the working folder is no module of ours.
        self._child = subprocess.Popen(  # noqa: S603 - our own interpreter and words
            [sys.executable, "-P", "-c", _SERVE, json.dumps(told)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **_ALONE, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )

    def read(self, files: Iterable[str]) -> Iterator[Frame]:
        """What the files give, in order, each ended by a frame that says so.

        Raises:
            Died: it takes too long or too much, or crashes; also at once, from an earlier file.
        """
        files = list(files)
        if not self._started:
            self._receive()
            self._started = True
        self._order(files)
        while files:
            frame = self._receive()
            if frame.kind is Kind.ENDED:
                files.pop()
            if frame.kind is not Kind.GOING:
                yield frame

    def look(self) -> None:
        """End the process if it stands still; to be called now and then."""
        since, patience = self._since, _BY_THE_CLOCK * self._limits.seconds
        patience = patience if self._started else _START_SECONDS
        if since is not None and time.monotonic() - since > patience:
            self._late = True
            self._child.kill()

    def close(self) -> None:
        """End the process."""
        self.kill()
        for pipe in (self._child.stdin, self._child.stdout):
            with contextlib.suppress(OSError):  # what was not yet written to a process that died
                pipe.close()  # type: ignore[union-attr]
        self._child.wait()

    def kill(self) -> None:
        """End the process, from any thread; whoever reads from it is told."""
        self._child.kill()

    def _order(self, files: list[str]) -> None:
        try:
            send(self._child.stdin, Frame(Kind.ORDER, json.dumps(files).encode()))  # type: ignore[arg-type]
        except OSError as error:
            raise self._died() from error

    def _receive(self) -> Frame:
        self._since = time.monotonic()
        try:
            frame = receive(self._child.stdout)  # type: ignore[arg-type]
        except (OSError, ValueError) as error:
            raise self._died() from error
        self._since = None
        if frame is None:
            raise self._died()
        return frame

    def _died(self) -> Died:
        """How it ended; it is ended by then."""
        self._since = None
        try:
            status = self._child.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:  # it has closed its pipe and goes on
            self._child.kill()
            status = self._child.wait()
        most = f"{megabytes(self._limits.memory)} to read (limits.memory)"
        reason = f"it takes more than {most}, or its reader crashed over it{_name(status)}"
        if self._late or (sys.platform != "win32" and status == -signal.SIGPROF):
            reason = f"it takes more than {self._limits.seconds:g} seconds to read (limits.seconds)"
        killed = sys.platform != "win32" and status == -signal.SIGKILL and not self._late
        return Died(reason, killed=killed, started=self._started)


def _name(status: int) -> str:
    """The signal that ended a process, in brackets."""
    with contextlib.suppress(ValueError):
        return f" ({signal.Signals(-status).name})" if status < 0 else ""
    return ""
