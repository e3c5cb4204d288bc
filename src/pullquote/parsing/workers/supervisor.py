"""A process that reads files, and another in its place after each that dies of one."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pullquote.errors import ArticleError, ReadingFailed
from pullquote.parsing.workers.protocol import Frame, Kind, error_frame
from pullquote.parsing.workers.worker_process import Apart, Died


@dataclass(slots=True)
class Said:
    """A frame, and the file that it is about."""

    file: str
    frame: Frame


class Undying:
    """Reads files by a process of its own; whatever that dies of, the files behind it are read.

    `start` gives a process. One thread reads; `look` and `kill` may be called from others.
    """

    def __init__(self, start: Callable[[], Apart]) -> None:
        self._begin = start
        self._process: Apart | None = None
        self._lock = threading.Lock()
        self._killed = False

    def start(self) -> None:
        """Have a process, unless killed.

        Raises:
            ReadingFailed: none can be started.
        """
        if self._killed or self._process is not None:
            return
        try:
            process = self._begin()
        except OSError as error:
            raise ReadingFailed(f"no process can be started to read them: {error}") from error
        with self._lock:
            self._process = process
            if self._killed:
                process.kill()

    def read(self, files: Sequence[str], versions: Mapping[str, str | None]) -> Iterator[Said]:
        """What the files give, in order, each ended by a frame that says so.

        A file that a process died of costs what it did not give. It is tried once more where it
        gave nothing and somebody else ended the process, which may be no fault of the file.

        Raises:
            ReadingFailed: no process can be started.
        """
        left, again = deque(files), True
        self.start()
        while left and (process := self._process) is not None:
            gave = False
            try:
                for frame in process.read(left):
                    yield Said(left[0], frame)
                    gave = frame.kind is not Kind.ENDED
                    if not gave:
                        left.popleft()
                        again = True
            except Died as death:
                self.close()
                if not death.started and not self._killed:
                    raise ReadingFailed("a process to read them ends at once") from death
                if again and death.killed and not gave:
                    again = False
                else:
                    error = ArticleError(left[0], death.reason, version=versions[left[0]])
                    yield Said(left[0], error_frame(error, whole=True))
                    yield Said(left.popleft(), Frame(Kind.ENDED))
                    again = True
                self.start()

    def look(self) -> None:
        """End the process if it stands still; to be called now and then."""
        if (process := self._process) is not None:
            process.look()

    def kill(self) -> None:
        """End the process, and start none again."""
        with self._lock:
            self._killed = True
            if self._process is not None:
                self._process.kill()

    def close(self) -> None:
        """End the process, if there is one; to be called by the thread that reads."""
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            process.close()
