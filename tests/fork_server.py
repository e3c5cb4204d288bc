"""Runs Python programs in forks of a process that has imported pullquote and its libraries.

`forks.py` starts it with the number of a socket. Each message on the socket is a request: JSON with
the program, its folder and its environment, and four files. The first three become the standard
streams. The fourth gets the process id and, when the program has ended, its exit status, each in
a line.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import io
import json
import os
import random
import runpy
import signal
import socket
import sys
import threading
import traceback
import warnings
from pathlib import Path
from typing import Any

IMPORTED = (
    "pullquote.newsroom.assistant",
    "pullquote.cli",
    "pullquote.index.watch",
    "pullquote.web.app",
    "pullquote.web.server",
    "onnxruntime",
)
"""What takes the programs seconds to import."""

FILES = 4
REQUEST_BYTES = 1 << 20


def serve(requests: socket.socket) -> dict[str, Any]:
    """Serve until the socket is closed; only the process for a request returns, with it."""
    gc.freeze()
    waiting: set[int] = set()
    while True:
        text, files, _, _ = socket.recv_fds(requests, REQUEST_BYTES, FILES)
        if not text:
            os._exit(0)
        if (reporter := fork()) == 0:
            requests.close()
            report(files)
            return dict(json.loads(text))
        for file in files:
            os.close(file)
        waiting.add(reporter)
        waiting = {one for one in waiting if os.waitpid(one, os.WNOHANG)[0] == 0}


def report(files: list[int]) -> None:
    """Fork; the new process returns with the streams, the other one reports on it and ends."""
    child = fork()
    if child == 0:
        for number, file in enumerate(files):
            if number < len(files) - 1:
                os.dup2(file, number)
            os.close(file)
        return
    to = files.pop()
    for file in files:
        os.close(file)
    try:
        os.write(to, f"{child}\n".encode())
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        os.write(to, f"{status}\n".encode())
    finally:  # also if nobody listens any more
        os._exit(0)


def fork() -> int:
    """Fork, although libraries have threads; they only compute, and are made again."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def run(request: dict[str, Any]) -> None:
    """Run the program of a request, as Python does: a file, or `-m` and a module."""
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    signal.signal(signal.SIGINT, signal.default_int_handler)
    random.seed()
    open_streams()
    program, *arguments = request["command"]
    if program == "-m":
        program, *arguments = arguments
        sys.argv, sys.path[0] = [program, *arguments], str(Path.cwd())
        runpy.run_module(program, run_name="__main__", alter_sys=True)
    else:
        sys.argv, sys.path[0] = [program, *arguments], str(Path(program).parent)
        runpy.run_path(program, run_name="__main__")


def open_streams() -> None:
    """Open the standard streams in UTF-8."""
    at_once = "PYTHONUNBUFFERED" in os.environ
    sys.stdin = io.TextIOWrapper(io.FileIO(0, closefd=False), encoding="utf-8")
    sys.stdout, sys.stderr = (
        io.TextIOWrapper(
            io.BufferedWriter(io.FileIO(number, "w", closefd=False)),
            encoding="utf-8",
            errors=errors,
            line_buffering=number == 2 or at_once,
        )
        for number, errors in ((1, "strict"), (2, "backslashreplace"))
    )


def status_of(request: dict[str, Any]) -> int:
    """Run the program of a request to its end, and return its exit status."""
    try:
        run(request)
    except SystemExit as ended:
        if ended.code is None or isinstance(ended.code, int):
            return ended.code or 0
        print(ended.code, file=sys.stderr)  # noqa: T201 - as Python does
        return 1
    except BaseException:  # noqa: BLE001 - as Python does
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    for module in IMPORTED:
        importlib.import_module(module)
    status = status_of(serve(socket.socket(fileno=int(sys.argv[1]))))
    threading._shutdown()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    os._exit(status)  # destructors would wait for threads that libraries had before the fork
