"""The web chat as a process of its own, for tests that ask it over HTTP."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Served:
    """A running chat: its address, its process, and the file with what it said of errors."""

    url: str
    process: subprocess.Popen[str]
    errors: Path

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.url.rpartition(":")[2])


@contextmanager
def serving(
    folder: Path,
    corpus: Path,
    index: Path | str,
    *,
    environment: Mapping[str, str] | None = None,
    **settings: str,
) -> Iterator[Served]:
    """The chat over an index, with those settings and what else the environment says."""
    given = {"corpus": str(corpus), "index": str(index), "port": "0", **settings}
    named = {f"PULLQUOTE_{name.upper()}": value for name, value in given.items()}
    more = {} if environment is None else environment
    errors = folder / "stderr.txt"
    with errors.open("w") as stderr:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "app.py")],
            cwd=folder,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "NO_COLOR": "1", **more, **named},
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            encoding="utf-8",
        )
    assert process.stdout is not None
    with process.stdout as said:
        try:
            lines = (re.search(r"pullquote answers at http://\S+:(\d+)", line) for line in said)
            found = next(filter(None, lines), None)
            assert found is not None, errors.read_text()
            yield Served(f"http://127.0.0.1:{found[1]}", process, errors)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)
