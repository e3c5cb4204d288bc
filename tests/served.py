"""Runs the web chat as a process, for tests over HTTP or in a browser."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[1]

STARTS_WITHIN = 120
"""Seconds to start Gradio, the models and a first index on a busy machine."""

ENDS_WITHIN = 120
"""Seconds to stop; a question that is being read may delay it."""


@dataclass(frozen=True, slots=True)
class Served:
    """A running chat: its address, the folder it works in, its process and its output so far."""

    url: str
    folder: Path
    process: subprocess.Popen[str]
    output: str

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self.url.rpartition(":")[2])

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


def errors_of(folder: Path) -> Path:
    """The file with the standard error of a chat in a folder."""
    return folder / "stderr.txt"


def environment(folder: Path, **settings: object) -> dict[str, str]:
    """The environment with settings; corpus and index are in the folder, the port is free."""
    given = {"corpus": folder / "corpus", "index": folder / "index", "port": 0, **settings}
    named = {f"PULLQUOTE_{name.upper()}": str(value) for name, value in given.items()}
    return {**os.environ, "PYTHONUNBUFFERED": "1", "NO_COLOR": "1", **named}


def start(
    folder: Path, *, more: Mapping[str, str] | None = None, **settings: object
) -> subprocess.Popen[str]:
    """Start `python app.py` in a folder, with settings and more environment variables."""
    with errors_of(folder).open("w") as stderr:
        return subprocess.Popen(
            [sys.executable, str(ROOT / "app.py")],
            cwd=folder,
            env={**environment(folder, **settings), **({} if more is None else more)},
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            encoding="utf-8",
        )


@contextmanager
def serving(
    folder: Path, *, more: Mapping[str, str] | None = None, **settings: object
) -> Iterator[Served]:
    """Start a chat, and wait until it prints its address."""
    process = start(folder, more=more, **settings)
    assert process.stdout is not None
    with process.stdout as output:
        try:
            text = ""
            for line in output:
                text += line
                if found := re.search(r"pullquote answers at http://\S+:(\d+)", line):
                    yield Served(f"http://127.0.0.1:{found[1]}", folder, process, text)
                    break
            else:
                raise AssertionError(errors_of(folder).read_text())
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=ENDS_WITHIN)
