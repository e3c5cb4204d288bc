"""The main function of a worker process, which parses files for another process.

The worker process ends when the pipe with its orders closes, even in the middle of a file. So no
worker process is left over if the other process is killed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from pathlib import Path
from queue import SimpleQueue
from typing import IO

from pullquote.parsing.parse import stream_articles
from pullquote.parsing.source import ParseOptions
from pullquote.parsing.trace import Trace, tracing
from pullquote.parsing.workers.protocol import (
    Frame,
    FrameKind,
    article_frame,
    error_frame,
    receive,
    send,
    trace_frame,
)
from pullquote.schema.errors import ArticleError
from pullquote.schema.file_limits import Limits

_ALIVE_SECONDS = 0.5
"""The shortest time between two ALIVE frames, in seconds."""
_MEGABYTE_SHARE = 0.01
"""Each megabyte read adds this share of a file's time limit to the time left: 0.6 seconds if the
limit is 60. Hashing a megabyte takes 0.002 seconds. Unpacking one from the slowest kind of archive
takes 0.3 seconds."""
_PROGRESS = frozenset((FrameKind.READY, FrameKind.ARTICLE, FrameKind.ENDED))


def serve() -> None:
    """Parse the files of each order until the pipe closes. Settings are in the first argument."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent process handles Ctrl-C
    if sys.platform != "win32":
        signal.signal(signal.SIGPROF, signal.SIG_DFL)  # our parent may ignore SIGPROF
    arguments = json.loads(sys.argv[1])
    limits = Limits.model_validate(arguments["limits"])
    limit_memory(limits.memory)
    sender = _FrameSender(os.fdopen(os.dup(1), "wb"), seconds=limits.seconds)
    os.dup2(2, 1)  # what a library prints must not be mistaken for a frame
    sender.send(Frame(FrameKind.READY))
    for names in _orders(sys.stdin.buffer):
        for name in names:
            with tracing() if arguments["trace"] else nullcontext() as trace:
                _parse(
                    name,
                    sender,
                    corpus=Path(arguments["corpus"]),
                    options=ParseOptions(**arguments["options"]),
                    limits=limits,
                    trace=trace,
                )


def _orders(pipe: IO[bytes]) -> Iterator[list[str]]:
    orders = SimpleQueue[list[str]]()

    def wait() -> None:
        while (frame := receive(pipe)) is not None:
            orders.put(json.loads(frame.content))
        os._exit(0)  # nobody waits for the current file any longer

    threading.Thread(target=wait, daemon=True).start()
    while True:
        yield orders.get()


def _parse(
    name: str,
    sender: _FrameSender,
    *,
    corpus: Path,
    options: ParseOptions,
    limits: Limits,
    trace: Trace | None,
) -> None:
    try:
        for found in stream_articles(
            corpus / name, id=name, options=options, limits=limits, on_read=sender.report_alive
        ):
            if trace is not None:
                sender.send(trace_frame(trace))
                trace.clear()
            if isinstance(found, ArticleError):
                sender.send(error_frame(found, is_file_error=False))
            else:
                sender.send(article_frame(found))
    except ArticleError as error:
        sender.send(error_frame(error, is_file_error=True))
    sender.send(Frame(FrameKind.ENDED))


class _FrameSender:
    """Sends frames, and limits the processor time until the next sign of progress.

    An article or the end of a file is progress and restarts the timer. An unreadable record is not
    progress: otherwise, a file of unreadable records would never be too slow. Each megabyte read
    adds a hundredth of the limit, which is enough for archives with few articles.

    The operating system measures the time and ends the process. Python code could not do this,
    because it does not run while a regular expression or a C library runs.
    """

    def __init__(self, pipe: IO[bytes], *, seconds: float) -> None:
        self._pipe = pipe
        self._seconds = seconds
        self._last_sent = 0.0
        self._deadline = 0.0

    def send(self, frame: Frame) -> None:
        """Send a frame. Waiting for the receiver takes no processor time."""
        send(self._pipe, frame)
        self._last_sent = time.monotonic()
        if frame.kind in _PROGRESS:
            self._restart_timer(self._seconds)

    def report_alive(self) -> None:
        """Report that another megabyte of a file was read."""
        left = self._deadline - time.process_time()
        if left <= 0:  # without a system timer, the parent ends this process when time is up
            return
        self._restart_timer(min(self._seconds, left + self._seconds * _MEGABYTE_SHARE))
        if time.monotonic() - self._last_sent > _ALIVE_SECONDS:
            self.send(Frame(FrameKind.ALIVE))

    def _restart_timer(self, seconds: float) -> None:
        self._deadline = time.process_time() + seconds
        if sys.platform != "win32":
            signal.setitimer(signal.ITIMER_PROF, seconds)


def limit_memory(memory: int) -> None:
    """Limit the address space of this process, in bytes, if the system can do this."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - Windows has no such module

    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    most = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
    with suppress(ValueError, OSError):  # macOS refuses this limit
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
