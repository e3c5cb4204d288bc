"""Keeps a worker process running: each time a file kills it, a new process replaces it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pullquote.parsing.workers.protocol import Frame, FrameKind, error_frame
from pullquote.parsing.workers.worker_process import WorkerDied, WorkerProcess
from pullquote.schema.errors import ArticleError, ReadingFailed


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
