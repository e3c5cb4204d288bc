"""Measures what logs and metrics cost: the same questions, to a server with them and one without.

    python -m benchmarks.monitoring --index INDEX --questions QUESTIONS.jsonl

Both servers run at the same time over one index, which neither changes. Each question goes to one
and then to the other, in turns, over `/api/v1/ask`. QUESTIONS has one JSON object with "question" a
line. The extra `metrics` must be installed.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from benchmarks.common import machine, table

APP = Path(__file__).parents[1] / "app.py"
WARMED_UP = 20
"""Questions that are asked first and not measured."""

MONITORED = {"LOG": "json", "LOG_QUESTIONS": "true", "METRICS": "true"}


@dataclass(slots=True)
class Asked:
    """A server, and the seconds and processor seconds of the questions that it has answered."""

    client: httpx.Client
    pid: int
    seconds: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)

    def ask(self, question: str) -> None:
        """Ask a question."""
        began, used = time.perf_counter(), self._used()
        self.client.post("/api/v1/ask", json={"question": question}).raise_for_status()
        self.seconds.append(time.perf_counter() - began)
        self.work.append(self._used() - used)

    def _used(self) -> float:
        """The processor time of the server so far, over all threads."""
        threads = Path(f"/proc/{self.pid}/task").iterdir()
        return sum(int((one / "schedstat").read_text().split()[0]) for one in threads) / 1e9


@contextmanager
def serving(index: Path, folder: Path, **settings: str) -> Iterator[Asked]:
    """A server over an index, which it does not change."""
    given = {"INDEX": str(index.resolve()), "PORT": "0", "UPDATE_AT_START": "false", **settings}
    named = {f"PULLQUOTE_{name}": value for name, value in given.items()}
    with (folder / "log.jsonl").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, str(APP)],
            cwd=folder,
            env=os.environ | {"PYTHONUNBUFFERED": "1", "NO_COLOR": "1"} | named,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    if process.stdout is None:
        raise RuntimeError("no output to read the address from")
    with process.stdout as output:
        try:
            found = next(filter(None, (re.search(r"http://\S+", line) for line in output)))
            with httpx.Client(base_url=found[0], timeout=120) as client:
                yield Asked(client, process.pid)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def main() -> None:
    """Ask both servers, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--asked", type=int, default=200, help="questions that are measured")
    given = parser.parse_args()
    lines = given.questions.read_text(encoding="utf-8").splitlines()
    questions = itertools.cycle(json.loads(line)["question"] for line in lines)
    with (
        tempfile.TemporaryDirectory() as without,
        tempfile.TemporaryDirectory() as with_both,
        serving(given.index, Path(without)) as plain,
        serving(given.index, Path(with_both), **MONITORED) as monitored,
    ):
        for number, question in enumerate(itertools.islice(questions, WARMED_UP + given.asked)):
            order = (plain, monitored) if number % 2 else (monitored, plain)
            for one in order:
                one.ask(question)
    rows = [
        row("without", plain),
        row("logs and metrics", monitored),
        ["difference", *map(cost, *((one.seconds, one.work) for one in (plain, monitored)))],
    ]
    print(machine())
    print(table(["server", "median ms", "median processor ms"], rows))


def row(name: str, asked: Asked) -> list[str]:
    """The medians of a server."""
    both = (asked.seconds[WARMED_UP:], asked.work[WARMED_UP:])
    return [name, *(f"{1000 * statistics.median(one):.1f}" for one in both)]


def cost(before: list[float], after: list[float]) -> str:
    """The median of the differences of each question, as a share of the median without."""
    pairs = zip(before[WARMED_UP:], after[WARMED_UP:], strict=True)
    difference = statistics.median(b - a for a, b in pairs)
    return f"{difference / statistics.median(before[WARMED_UP:]):+.1%}"


if __name__ == "__main__":
    main()
