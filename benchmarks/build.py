"""Measures the time and memory of rebuild-index: from nothing, unchanged, and with one change.

python -m benchmarks.build --corpus NEWS/articles

Each figure is for the whole command in its own process, as a user experiences it. The corpus is
copied first, so that an article can be changed.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.common import machine, table

REPEATS = 3


@dataclass(frozen=True, slots=True)
class CommandRun:
    """The time that a command took, and its report."""

    seconds: float
    report: dict[str, int]


def rebuild(corpus: Path, index: Path) -> CommandRun:
    """Run the command."""
    command = [sys.executable, "-m", "pullquote", "rebuild-index", "--json"]
    started = time.perf_counter()
    done = subprocess.run(
        [*command, "--corpus", str(corpus), "--index", str(index)],
        check=True,
        capture_output=True,
        text=True,
    )
    return CommandRun(time.perf_counter() - started, json.loads(done.stdout))


def peak_mebibytes() -> float:
    """The largest resident memory of any command run so far; Linux counts in KiB."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def change_one(corpus: Path) -> None:
    """Add a sentence to the first article."""
    article = min(path for path in corpus.rglob("*.txt") if path.is_file())
    with article.open("a", encoding="utf-8") as stream:
        stream.write(f"\n\nThis was added at {time.time_ns()}.\n")


def main() -> None:
    """Build, rebuild, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, required=True)
    with tempfile.TemporaryDirectory() as folder:
        corpus, index = Path(folder) / "corpus", Path(folder) / "index"
        shutil.copytree(parser.parse_args().corpus, corpus)
        first = rebuild(corpus, index)
        peak = peak_mebibytes()
        unchanged = [rebuild(corpus, index).seconds for _ in range(REPEATS)]
        changed = []
        for _ in range(REPEATS):
            change_one(corpus)
            changed.append(rebuild(corpus, index).seconds)
        size = sum(path.stat().st_size for path in index.rglob("*") if path.is_file())
    articles, passages = first.report["articles"], first.report["passages"]
    print(f"{articles} articles, {passages} passages; {machine()}\n")
    rows = [
        ["from nothing", f"{first.seconds:.1f} s"],
        ["articles a second", f"{articles / first.seconds:.1f}"],
        ["passages embedded a second", f"{first.report['embedded'] / first.seconds:.0f}"],
        ["peak memory", f"{peak:.0f} MiB"],
        ["index folder, after all rebuilds", f"{size / 2**20:.0f} MiB"],
        [f"nothing changed, median of {REPEATS}", f"{statistics.median(unchanged):.2f} s"],
        [f"one article changed, median of {REPEATS}", f"{statistics.median(changed):.2f} s"],
    ]
    print(table(["rebuild-index", ""], rows))


if __name__ == "__main__":
    main()
