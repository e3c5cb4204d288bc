"""A process that reads files for another: what runs in it.

It ends with the pipe of its orders, also in the middle of a file, and so leaves nothing behind
where the other is killed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import nullcontext, suppress
from pathlib import Path
from queue import SimpleQueue
from typing import IO

from pullquote.errors import ArticleError
from pullquote.limits import Limits
from pullquote.parsing.parse import stream_articles
from pullquote.parsing.trace import Notes, listen
from pullquote.parsing.workers.protocol import (
    Frame,
    Kind,
    article_frame,
    error_frame,
    notes_frame,
    receive,
    send,
)

_SIGN_SECONDS = 0.5
"""Between two signs of life, at least."""
_A_MEGABYTE = 0.01
"""Of the seconds of a file, for a megabyte of it: 0.6 of 60. Hashing one takes 0.002, unpacking the
slowest kind of archive 0.3."""
_PROGRESS = frozenset((Kind.READY, Kind.ARTICLE, Kind.ENDED))


def serve() -> None:
    """Read the files of each order, until there are no more orders; the argument says how."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever gave the orders
    if sys.platform != "win32":
        signal.signal(signal.SIGPROF, signal.SIG_DFL)  # what it may have been started deaf to
    told = json.loads(sys.argv[1])
    limits = Limits.model_validate(told["limits"])
    _limit_memory(limits.memory)
    answers = _Answers(os.fdopen(os.dup(1), "wb"), seconds=limits.seconds)
    os.dup2(2, 1)  # whatever a library prints is no answer
    answers.give(Frame(Kind.READY))
    for names in _orders(sys.stdin.buffer):
        for name in names:
            with listen() if told["noting"] else nullcontext() as notes:
                _read(
                    name,
                    answers,
                    corpus=Path(told["corpus"]),
                    fields=told["fields"],
                    limits=limits,
                    notes=notes,
                )


def _orders(pipe: IO[bytes]) -> Iterator[list[str]]:
    """The names of the files of each order."""
    orders = SimpleQueue[list[str]]()

    def wait() -> None:
        while (frame := receive(pipe)) is not None:
            orders.put(json.loads(frame.content))
        os._exit(0)  # nobody waits for what is being read

    threading.Thread(target=wait, daemon=True).start()
    while True:
        yield orders.get()


def _read(
    name: str,
    answers: _Answers,
    *,
    corpus: Path,
    fields: Mapping[str, str],
    limits: Limits,
    notes: Notes | None,
) -> None:
    """Give what is in a file, and before each what was noted about it."""
    try:
        for found in stream_articles(
            corpus / name, id=name, fields=fields, limits=limits, told=answers.live
        ):
            if notes is not None:
                answers.give(notes_frame(notes))
                notes.clear()
            if isinstance(found, ArticleError):
                answers.give(error_frame(found, whole=False))
            else:
                answers.give(article_frame(found))
    except ArticleError as error:
        answers.give(error_frame(error, whole=True))
    answers.give(Frame(Kind.ENDED))


class _Answers:
    """Sends frames, and counts the seconds of the processor until this process ends.

    An article, or the end of a file, makes them full again: those are progress. What cannot be read
    is none, or a file of nothing else would never be too slow. Reading a megabyte of the file
    gives back a hundredth, which is enough for archives in which articles are rare.

    The system counts them, and nothing in Python is asked: while a regular expression or a library
    in C does not come back, nothing in Python runs. So it ends also where nobody is left to end it.
    """

    def __init__(self, pipe: IO[bytes], *, seconds: float) -> None:
        self._pipe = pipe
        self._seconds = seconds
        self._last = 0.0
        self._until = 0.0

    def give(self, frame: Frame) -> None:
        """Send a frame, however long nobody takes it: waiting takes no processor."""
        send(self._pipe, frame)
        self._last = time.monotonic()
        if frame.kind in _PROGRESS:
            self._allow(self._seconds)

    def live(self) -> None:
        """Say that another megabyte of a file was read."""
        left = self._until - time.process_time()
        if left <= 0:  # where the system counts nothing the other process does, by the clock
            return
        self._allow(min(self._seconds, left + self._seconds * _A_MEGABYTE))
        if time.monotonic() - self._last > _SIGN_SECONDS:
            self.give(Frame(Kind.GOING))

    def _allow(self, seconds: float) -> None:
        """Let this process have so many seconds of the processor from now on."""
        self._until = time.process_time() + seconds
        if sys.platform != "win32":
            signal.setitimer(signal.ITIMER_PROF, seconds)


def _limit_memory(memory: int) -> None:
    """Let this process have no more bytes of address space, where the system knows such a limit."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - there is none on Windows

    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    most = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
    with suppress(ValueError, OSError):  # macOS refuses it
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
