"""Runs the web chat as a process, for tests over HTTP or in a browser."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

import forks

ROOT = Path(__file__).parents[1]

STARTS_WITHIN = 300
"""Seconds to start Gradio, the models and a first index on a busy machine."""

ENDS_WITHIN = 120
"""Seconds to stop; a question that is being read may delay it."""


@dataclass(frozen=True, slots=True)
class Served:
    """A running chat: its address, the folder it works in, and its process."""

    url: str
    folder: Path
    process: forks.Program

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self.url.rpartition(":")[2])

    @property
    def output(self) -> str:
        """Its output so far."""
        return output_of(self.folder).read_text(encoding="utf-8")

    @property
    def errors(self) -> Path:
        """The file with its standard error."""
        return errors_of(self.folder)

    def call(self, endpoint: str, **given: object) -> httpx.Response:
        """The event stream of a named endpoint."""
        called = httpx.post(f"{self.url}/gradio_api/call/v2/{endpoint}", json=given, timeout=60)
        event = called.raise_for_status().json()["event_id"]
        return httpx.get(f"{self.url}/gradio_api/call/{endpoint}/{event}", timeout=60)

    def json(self, endpoint: str, **given: object) -> dict[str, object]:
        """The result of a named endpoint."""
        stream = self.call(endpoint, **given).text
        assert "event: complete" in stream, stream
        found: dict[str, object] = json.loads(
            stream.partition("event: complete\ndata: ")[2].strip()
        )[0]
        return found


def output_of(folder: Path) -> Path:
    """The file with the output of a chat in a folder."""
    return folder / "stdout.txt"


def errors_of(folder: Path) -> Path:
    """The file with the standard error of a chat in a folder."""
    return folder / "stderr.txt"


def environment(folder: Path, **settings: object) -> dict[str, str]:
    """The environment with settings; corpus and index are in the folder, the port is free."""
    given = {"corpus": folder / "corpus", "index": folder / "index", "port": 0, **settings}
    named = {f"PULLQUOTE_{name.upper()}": str(value) for name, value in given.items()}
    return {**os.environ, "PYTHONUNBUFFERED": "1", "NO_COLOR": "1", **named}


def start(
    folder: Path,
    *,
    more: Mapping[str, str] | None = None,
    app: Path = ROOT / "app.py",
    command: Sequence[str] = (),
    fresh: bool = False,
    **settings: object,
) -> forks.Program:
    """Start `python app.py` in a folder, with settings and more environment variables.

    A `command` is run instead, with its arguments. A fresh one imports its libraries itself.
    """
    arguments = list(command) or [str(app)]
    given = {**environment(folder, **settings), **({} if more is None else more)}
    with output_of(folder).open("w") as stdout, errors_of(folder).open("w") as stderr:
        if fresh:
            program = [sys.executable, *arguments]
            return subprocess.Popen(program, cwd=folder, env=given, stdout=stdout, stderr=stderr)
        return forks.start(
            arguments, folder=folder, environment=given, stdout=stdout, stderr=stderr
        )


@contextmanager
def serving(
    folder: Path,
    *,
    more: Mapping[str, str] | None = None,
    app: Path = ROOT / "app.py",
    command: Sequence[str] = (),
    updated: bool = True,
    fresh: bool = False,
    **settings: object,
) -> Iterator[Served]:
    """Start a chat; wait until it prints its address and, if `updated`, has updated its index."""
    process = start(folder, more=more, app=app, command=command, fresh=fresh, **settings)
    try:
        served = _answering(folder, process)
        if updated:
            until(lambda: not httpx.get(f"{served.url}/healthz", timeout=60).json()["rebuilding"])
        yield served
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=ENDS_WITHIN)


def _answering(folder: Path, process: forks.Program) -> Served:
    """The chat of a process, once it has printed its address."""
    address = re.compile(r"pullquote answers at http://\S+:(\d+)\n")
    output = output_of(folder)
    until(lambda: address.search(output.read_text("utf-8")) or process.poll() is not None)
    found = address.search(output.read_text("utf-8"))
    assert found is not None, errors_of(folder).read_text()
    return Served(f"http://127.0.0.1:{found[1]}", folder, process)


def until(holds: Callable[[], object], *, seconds: float = STARTS_WITHIN) -> None:
    """Wait until a condition holds."""
    late = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < late, "it took too long"
        time.sleep(0.05)
