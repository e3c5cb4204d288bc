"""Parses files in a worker process. Whatever a file does, only that process can die."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pullquote.parsing.source import ParseOptions
from pullquote.parsing.workers.protocol import Frame, FrameKind, error_frame, receive, send
from pullquote.schema.errors import ArticleError, ReadingFailed
from pullquote.schema.file_limits import Limits, megabytes

_SERVE = "from pullquote.parsing.workers.worker_main import serve; serve()"
_CLOCK_FACTOR = 10
"""Wall-clock seconds allowed for each second of processor time, because the machine may be busy."""
_START_SECONDS = 120.0
"""Seconds allowed for a start. On an idle machine, loading all libraries takes 0.3 seconds."""
_END_SECONDS = 5.0
"""Seconds allowed from the end of the output to the exit. A crashing process may write a dump."""
_ENVIRONMENT = {
    **dict.fromkeys(("OMP_NUM_THREADS", "ARROW_IO_THREADS", "MALLOC_ARENA_MAX"), "1"),
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}
"""Keeps the address space small. Each thread, and Arrow's own allocator, takes up some of it."""


class WorkerDied(Exception):
    """A process ended in the middle of its work. `started` says whether it had become ready.

    `killed` says whether something else ended the process, such as a system short of memory.
    """

    def __init__(self, reason: str, *, killed: bool, started: bool) -> None:
        self.reason = reason
        self.killed = killed
        self.started = started
        super().__init__(reason)


class WorkerProcess:
    """A process that parses files of a corpus, within limits on time and memory.

    With `trace`, the process also sends what parsers record. Only one thread uses this object, but
    any thread may call `kill_if_stuck` and `kill`. Memory is limited if the system can do this,
    which Windows and macOS cannot. The process ends with our own, even if ours is killed.
    """

    def __init__(self, corpus: Path, *, options: ParseOptions, limits: Limits, trace: bool) -> None:
        self._limits = limits
        self._stuck = False
        self._started = False
        self._waiting_since: float | None = time.monotonic()
        arguments = {
            "corpus": str(corpus.absolute()),
            "options": asdict(replace(options, fields=dict(options.fields))),
            "limits": limits.model_dump(),
            "trace": trace,
        }
        # With -P, Python imports no modules from the working folder.
        self._child = subprocess.Popen(  # noqa: S603 - it is our own interpreter and program
            [sys.executable, "-P", "-c", _SERVE, json.dumps(arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=worker_environment(),
        )

    def parse(self, files: Iterable[str]) -> Iterator[Frame]:
        """The frames of the files, in order. The frames of each file end with an ENDED frame.

        Raises:
            WorkerDied: the process exceeds a limit or crashes, or has died before this call.
        """
        files = list(files)
        if not self._started:
            self._receive()
            self._started = True
        self._order(files)
        while files:
            frame = self._receive()
            if frame.kind is FrameKind.ENDED:
                files.pop()
            if frame.kind is not FrameKind.ALIVE:
                yield frame

    def kill_if_stuck(self) -> None:
        """Kill the process if it has sent nothing for too long. Call this method regularly."""
        since, patience = self._waiting_since, _CLOCK_FACTOR * self._limits.seconds
        patience = patience if self._started else _START_SECONDS
        if since is not None and time.monotonic() - since > patience:
            self._stuck = True
            self._child.kill()

    def close(self) -> None:
        """Kill the process, and wait until it has ended."""
        self.kill()
        for pipe in (self._child.stdin, self._child.stdout):
            with contextlib.suppress(OSError):  # data for a dead process is unsent
                pipe.close()  # type: ignore[union-attr]
        self._child.wait()

    def kill(self) -> None:
        """Kill the process, from any thread. `parse` then raises WorkerDied."""
        self._child.kill()

    def _order(self, files: list[str]) -> None:
        try:
            send(self._child.stdin, Frame(FrameKind.ORDER, json.dumps(files).encode()))  # type: ignore[arg-type]
        except OSError as error:
            raise self._death() from error

    def _receive(self) -> Frame:
        self._waiting_since = time.monotonic()
        try:
            frame = receive(self._child.stdout)  # type: ignore[arg-type]
        except (OSError, ValueError) as error:
            raise self._death() from error
        self._waiting_since = None
        if frame is None:
            raise self._death()
        return frame

    def _death(self) -> WorkerDied:
        """Wait for the end of the process, and return an error that says how it ended."""
        self._waiting_since = None
        try:
            status = self._child.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:  # the process has closed its pipe but still runs
            self._child.kill()
            status = self._child.wait()
        most = f"{megabytes(self._limits.memory)} of memory to read (limits.memory)"
        reason = f"it takes more than {most}, or its parser crashed{_signal_name(status)}"
        if self._stuck or (sys.platform != "win32" and status == -signal.SIGPROF):
            reason = f"it takes more than {self._limits.seconds:g} seconds to read (limits.seconds)"
        killed = sys.platform != "win32" and status == -signal.SIGKILL and not self._stuck
        return WorkerDied(reason, killed=killed, started=self._started)


def worker_environment() -> dict[str, str]:
    """The environment of a process that parses: it imports what our own process imports."""
    return {
        **os.environ,
        **_ENVIRONMENT,
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }


def _signal_name(status: int) -> str:
    """The signal that ended a process, in brackets."""
    with contextlib.suppress(ValueError):
        return f" ({signal.Signals(-status).name})" if status < 0 else ""
    return ""


@dataclass(slots=True)
class FileFrame:
    """A frame, and the file that the frame is about."""

    file: str
    frame: Frame


class WorkerSupervisor:
    """Parses files in a worker process. A file that kills the worker does not affect other files.

    `start_worker` starts a process. Only one thread calls `parse`. Other threads may call
    `kill_if_stuck` and `kill`.
    """

    def __init__(self, start_worker: Callable[[], WorkerProcess]) -> None:
        self._start_worker = start_worker
        self._worker: WorkerProcess | None = None
        self._lock = threading.Lock()
        self._killed = False

    def start(self) -> None:
        """Start a process if no process runs, unless `kill` has been called.

        Raises:
            ReadingFailed: no process can be started.
        """
        if self._killed or self._worker is not None:
            return
        try:
            worker = self._start_worker()
        except OSError as error:
            raise ReadingFailed(f"no process can be started to parse them: {error}") from error
        with self._lock:
            self._worker = worker
            if self._killed:
                worker.kill()

    def parse(
        self, files: Sequence[str], versions: Mapping[str, str | None]
    ) -> Iterator[FileFrame]:
        """The frames of the files, in order. The frames of each file end with an ENDED frame.

        If a file kills the worker, the remaining articles of the file are lost. If the process had
        sent nothing for the file and something outside ended the process, the file may not be the
        cause. The file is then tried once more.

        Raises:
            ReadingFailed: no process can be started.
        """
        left, may_retry = deque(files), True
        self.start()
        while left and (worker := self._worker) is not None:
            gave = False
            try:
                for frame in worker.parse(left):
                    yield FileFrame(left[0], frame)
                    gave = frame.kind is not FrameKind.ENDED
                    if not gave:
                        left.popleft()
                        may_retry = True
            except WorkerDied as death:
                self.close()
                if not death.started and not self._killed:
                    raise ReadingFailed("the parser process ends as soon as it starts") from death
                if may_retry and death.killed and not gave:
                    may_retry = False
                else:
                    error = ArticleError(left[0], death.reason, version=versions[left[0]])
                    yield FileFrame(left[0], error_frame(error, is_file_error=True))
                    yield FileFrame(left.popleft(), Frame(FrameKind.ENDED))
                    may_retry = True
                self.start()

    def kill_if_stuck(self) -> None:
        """Kill the process if it makes no progress. Call this method regularly."""
        if (worker := self._worker) is not None:
            worker.kill_if_stuck()

    def kill(self) -> None:
        """Kill the process, and never start another one."""
        with self._lock:
            self._killed = True
            if self._worker is not None:
                self._worker.kill()

    def close(self) -> None:
        """End the process, if one runs. Only the thread that calls `parse` may call this."""
        with self._lock:
            worker, self._worker = self._worker, None
        if worker is not None:
            worker.close()
