"""Runs pullquote's programs in processes that need not import its libraries again.

Importing Gradio alone takes five seconds, and these tests run pullquote over a hundred times. One
process for each test process imports all once, and is forked for each program (`fork_server.py`).
Apart from the imports, a program runs as `python PROGRAM` would run it. Tests of the start itself,
of Python's own options and of locales use `subprocess`.
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

CAN_FORK = sys.platform == "linux"
"""Elsewhere, forking a process whose libraries have threads is unsafe or impossible."""


class Fork:
    """A running program; used like `subprocess.Popen`."""

    def __init__(self, report: int) -> None:
        self._report = os.fdopen(report, "rb", buffering=0)
        self.pid = int(self._report.readline())
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The exit status, or None while the program runs."""
        if self.returncode is None and select.select([self._report], [], [], 0)[0]:
            self.returncode = int(self._report.readline())
            self._report.close()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """The exit status, once the program has ended."""
        if self.returncode is None and not select.select([self._report], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        status = self.poll()
        assert status is not None
        return status

    def send_signal(self, number: int) -> None:
        """Send a signal, unless the program has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask the program to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the program."""
        self.send_signal(signal.SIGKILL)


Program = Fork | subprocess.Popen[bytes]


@functools.cache
def _server() -> socket.socket:
    """The socket for requests to the server of this process, which is started first."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    command = [sys.executable, str(Path(__file__).with_name("fork_server.py"))]
    with theirs:
        server = subprocess.Popen([*command, str(theirs.fileno())], pass_fds=[theirs.fileno()])

    def end() -> None:
        ours.close()
        server.wait()

    atexit.register(end)
    return ours


def start(
    command: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str],
    stdout: IO[bytes] | IO[str],
    stderr: IO[bytes] | IO[str],
    stdin: IO[bytes] | None = None,
) -> Program:
    """Start a program: a file, or `-m` and a module. Without `stdin` it has nothing to read."""
    if not CAN_FORK:
        return subprocess.Popen(
            [sys.executable, *command],
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL if stdin is None else stdin,
            stdout=stdout,
            stderr=stderr,
        )
    request = {"command": command, "folder": str(folder), "environment": dict(environment)}
    read, write = os.pipe()
    with Path(os.devnull).open("rb") as nothing:
        files = (stdin or nothing, stdout, stderr)
        numbers = [*(file.fileno() for file in files), write]
        socket.send_fds(_server(), [json.dumps(request).encode()], numbers)
    os.close(write)
    return Fork(read)


def run(
    command: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str],
    stdin: str | None = None,
    timeout: float,
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, with that text on standard input, and capture its output."""
    with TemporaryFile() as given, TemporaryFile() as output, TemporaryFile() as errors:
        given.write((stdin or "").encode())
        given.seek(0)
        process = start(
            command,
            folder=folder,
            environment=environment,
            stdin=given,
            stdout=output,
            stderr=errors,
        )
        try:
            process.wait(timeout)
        finally:
            process.kill()
            status = process.wait()
        texts = []
        for stream in (output, errors):
            stream.seek(0)
            texts.append(stream.read().decode("utf-8"))
        return subprocess.CompletedProcess(list(command), status, *texts)
