r"""Compares the speed of this version with an older one.

    python -m benchmarks.versions --before CHECKOUT --corpus NEWS/articles \
        --questions NEWS/news-dev.jsonl

CHECKOUT is a checkout of the older version. Both run with the libraries of this environment, in
turn. Prints medians of several rounds:

- *first start*: from `serve` with no index and an empty cache, over the sample corpus, until the
  index is there and the page answers
- *build*: `rebuild-index` of CORPUS from nothing; the first one of a version also fills its cache
- *asked*: the time of a question in one process, on the index that this version built last

Each figure but the last is for a whole process, as a user experiences it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from benchmarks.common import machine, table

ROOT = Path(__file__).parents[1]

MOST_SECONDS = 300


class Version:
    """One version of pullquote, from its checkout; `folder` has its cache and its indexes."""

    def __init__(self, checkout: Path, folder: Path) -> None:
        self.checkout, self.folder = checkout, folder
        self._cache = folder / "cache"
        self.index = folder / "index"

    def command(self, *arguments: str, cache: Path | None = None) -> subprocess.Popen[bytes]:
        """Start a command of this version."""
        environment = {
            **os.environ,
            "PYTHONPATH": str(self.checkout / "src"),
            "PULLQUOTE_CACHE": str(cache or self._cache),
        }
        return subprocess.Popen(
            [sys.executable, "-m", "pullquote", *arguments],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def output(self, *arguments: str) -> str:
        """What a command prints; it must succeed."""
        process = self.command(*arguments)
        printed, _ = process.communicate()
        if process.returncode:
            raise SystemExit(f"{' '.join(arguments)} failed in {self.checkout}")
        return printed.decode()

    def build_seconds(self, corpus: Path) -> float:
        """The time to build the index of a corpus from nothing."""
        shutil.rmtree(self.index, ignore_errors=True)
        started = time.perf_counter()
        self.output("rebuild-index", "--corpus", str(corpus), "--index", str(self.index))
        return time.perf_counter() - started

    def first_start_seconds(self, corpus: Path) -> float:
        """The time from the start of the chat, without index and cache, until it can be used."""
        with tempfile.TemporaryDirectory(dir=self.folder) as empty:
            index, port = Path(empty) / "index", _free_port()
            named = ("--corpus", str(corpus), "--index", str(index), "--port", str(port))
            started = time.perf_counter()
            server = self.command("serve", *named, cache=Path(empty) / "cache")
            try:
                _wait_until((index / "CURRENT").exists)
                _wait_until(lambda: _answers(f"http://127.0.0.1:{port}/"))
                return time.perf_counter() - started
            finally:
                server.terminate()
                server.communicate()

    def question_milliseconds(self, questions: Path) -> list[float]:
        """The time of each question, asked in one process."""
        named = ("--questions", str(questions), "--index", str(self.index), "--json")
        lines = self.output("ask", *named).splitlines()
        return [json.loads(line)["took_ms"] for line in lines]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - our own address
            return bool(response.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def _wait_until(happened: Callable[[], bool]) -> None:
    limit = time.monotonic() + MOST_SECONDS
    while not happened():
        if time.monotonic() > limit:
            raise SystemExit(f"The chat did not start within {MOST_SECONDS} seconds.")
        time.sleep(0.02)


class Measured:
    """The figures of one version, one for each round; its first round fills its cache."""

    def __init__(self, version: Version) -> None:
        self._version = version
        self.first_starts: list[float] = []
        self.builds: list[float] = []
        self.asked: list[list[float]] = []

    def start(self, corpus: Path) -> None:
        """Measure a first start."""
        self.first_starts.append(self._version.first_start_seconds(corpus))

    def build(self, corpus: Path) -> None:
        """Measure a build."""
        self.builds.append(self._version.build_seconds(corpus))

    def ask(self, questions: Path) -> None:
        """Measure all questions."""
        self.asked.append(self._version.question_milliseconds(questions))


def write_questions(gold: Path, folder: Path) -> Path:
    """The questions of a file, as `ask` takes them."""
    asked = folder / "questions.jsonl"
    lines = gold.read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    numbered = [{"id": str(n), "question": one} for n, one in enumerate(questions)]
    asked.write_text("".join(json.dumps(one) + "\n" for one in numbered), encoding="utf-8")
    return asked


def report(before: Measured, now: Measured) -> str:
    """The table of medians."""

    def row(name: str, unit: str, figures: Callable[[Measured], list[float]]) -> list[str]:
        old, new = statistics.median(figures(before)), statistics.median(figures(now))
        return [name, f"{old:.1f} {unit}", f"{new:.1f} {unit}", f"{new / old:.2f}"]

    rows = [
        row("first start", "s", lambda one: one.first_starts),
        row("build from nothing", "s", lambda one: one.builds),
        row("asked, mean", "ms", lambda one: [statistics.mean(each) for each in one.asked]),
        row("asked, median", "ms", lambda one: [statistics.median(each) for each in one.asked]),
    ]
    return table(["medians of the rounds", "before", "now", "ratio"], rows)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--before", type=Path, required=True, help="checkout of the older version")
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    corpus, checkouts = arguments.corpus.resolve(), (arguments.before.resolve(), ROOT)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        questions = write_questions(arguments.questions, folder)
        before, now = (
            Measured(Version(checkout, Path(tempfile.mkdtemp(dir=folder))))
            for checkout in checkouts
        )
        for _ in range(arguments.rounds):
            for one in (before, now):
                one.start(ROOT / "corpus")
            for one in (before, now):
                one.build(corpus)
            for one in (before, now):
                one.ask(questions)
    print(report(before, now))
    print(f"\n{arguments.rounds} rounds; {machine()}")


if __name__ == "__main__":
    main()
