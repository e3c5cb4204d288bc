"""A process of its own for a parser that cannot be interrupted: it dies, and nothing else.

The process is started with the first file and kept for the next. It ends with ours, even where that
is killed: what it reads from then is closed.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from importlib import import_module
from typing import IO

from pullquote.errors import ArticleError

_SERVE = "from pullquote.ingest.apart import serve; serve()"
_LENGTH = 8
_DONE, _REFUSED = b"=", b"!"


class Apart:
    """A function from bytes to bytes, called in a process with limits on time and memory.

    `function` is written "package.module:name"; an ArticleError that it raises is raised here. The
    limit on memory, in bytes of address space, holds where the system has one (not on Windows).
    """

    def __init__(self, function: str, *, seconds: float, memory: int) -> None:
        self._function = function
        self._seconds = seconds
        self._memory = memory
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._owner = 0
        atexit.register(self.close)

    def __call__(self, content: bytes, *, path: str) -> bytes:
        """What the function returns.

        Raises ArticleError, with `path`, where it refuses, takes too long, or dies.
        """
        with self._lock:
            child = self._running()
            until = time.monotonic() + self._seconds
            timer = threading.Timer(self._seconds, child.kill)
            timer.start()
            try:
                reply = _exchange(child, content)
            except (OSError, EOFError) as error:
                self._drop()
                raise ArticleError(path, self._why(late=time.monotonic() >= until)) from error
            finally:
                timer.cancel()
        if reply[:1] == _REFUSED:
            raise ArticleError(path, reply[1:].decode())
        return reply[1:]

    def close(self) -> None:
        """End the process; the next call starts another."""
        with self._lock:
            self._drop()

    def _running(self) -> subprocess.Popen[bytes]:
        """The process, started if there is none; one that our parent started is not ours."""
        if self._child is None or self._owner != os.getpid() or self._child.poll() is not None:
            self._drop()
            command = [sys.executable, "-c", _SERVE, self._function, str(self._memory)]
            self._child = subprocess.Popen(  # noqa: S603 - our own interpreter and words
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
            self._owner = os.getpid()
        return self._child

    def _drop(self) -> None:
        child, self._child = self._child, None
        if child is not None and self._owner == os.getpid():
            child.kill()
            for pipe in (child.stdin, child.stdout):
                _close(pipe)
            child.wait()

    def _why(self, *, late: bool) -> str:
        if late:
            return f"it takes more than {self._seconds:.0f} seconds to read"
        return f"it takes more than {self._memory >> 20} MB to read, or its reader crashed over it"


def serve() -> None:
    """Answer calls until the pipe is closed; the arguments name the function and the memory."""
    function, memory = sys.argv[1], int(sys.argv[2])
    _limit_memory(memory)
    module, _, name = function.partition(":")
    call: Callable[[bytes], bytes] = getattr(import_module(module), name)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no answer
    while (content := _receive(sys.stdin.buffer)) is not None:
        try:
            reply = _DONE + call(content)
        except ArticleError as error:
            reply = _REFUSED + error.reason.encode()
        except MemoryError:
            reply = _REFUSED + f"it takes more than {memory >> 20} MB to read".encode()
        _send(answers, reply)


def _limit_memory(memory: int) -> None:
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - there is none on Windows

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _exchange(child: subprocess.Popen[bytes], content: bytes) -> bytes:
    if child.stdin is None or child.stdout is None:
        raise EOFError
    _send(child.stdin, content)
    reply = _receive(child.stdout)
    if reply is None:
        raise EOFError
    return reply


def _send(pipe: IO[bytes], content: bytes) -> None:
    pipe.write(len(content).to_bytes(_LENGTH, "little"))
    pipe.write(content)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> bytes | None:
    """A message, or None where the pipe was closed before all of it came."""
    head = pipe.read(_LENGTH)
    size = int.from_bytes(head, "little")
    content = pipe.read(size) if len(head) == _LENGTH else b""
    return content if len(head) == _LENGTH and len(content) == size else None


def _close(pipe: IO[bytes] | None) -> None:
    if pipe is not None:
        try:
            pipe.close()
        except OSError:  # what was not yet written to a process that died
            return
