r"""Measures what the partial generations of a first build cost, and when they answer.

    python -m benchmarks.partial_generations --corpus NEWS/articles --index INDEX

Builds from nothing with and without partial generations, with the vectors of INDEX, an index of the
same articles; then once more with new vectors, as users do. Each build is a process of its own.
Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.common import machine, table
from pullquote.index import IndexFolder
from pullquote.index.embedding_cache import EMBEDDINGS
from pullquote.index.rebuild import writing as partial
from pullquote.index.services import rebuild_index
from pullquote.schema.errors import IndexMissing
from pullquote.schema.settings import Settings

REPEATS = 2


def build(corpus: Path, index: Path, precision: str, *, in_parts: bool) -> dict[str, float]:
    """Build, and return the CPU seconds of all processes, and when the first articles answered."""
    if not in_parts:
        partial.FIRST_PASSAGES = sys.maxsize
    settings = Settings(corpus=corpus, index=index, encoder_precision=precision)
    started, first, folder = time.perf_counter(), list[float](), IndexFolder(index)

    def watch(_done: int, _total: int | None) -> None:
        if not first:
            try:
                folder.current()
            except IndexMissing:
                return
            first.append(time.perf_counter() - started)

    rebuild_index(settings=settings, progress=watch)
    seconds = time.perf_counter() - started
    used = os.times()
    cpu = used.user + used.system + used.children_user + used.children_system
    return {"cpu": cpu, "seconds": seconds, "first": first[0] if first else seconds}


def measured(
    corpus: Path, known: Path | None, precision: str, *, in_parts: bool
) -> dict[str, float]:
    """The result of a build in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        index.mkdir()
        if known is not None:
            shutil.copy(known / EMBEDDINGS, index)
        given = ["--corpus", str(corpus), "--build", str(index), "--precision", precision]
        command = [sys.executable, "-m", "benchmarks.partial_generations", *given]
        parts = ["--in-parts"] if in_parts else []
        done = subprocess.run([*command, *parts], capture_output=True, text=True, check=True)
        return dict(json.loads(done.stdout.splitlines()[-1]))


def row(label: str, found: list[dict[str, float]]) -> list[str]:
    """A row with the medians."""
    names = ("cpu", "seconds", "first")
    return [label, *(f"{statistics.median(one[name] for one in found):.1f}" for name in names)]


def main() -> None:
    """Build and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--index", type=Path)
    parser.add_argument("--precision", default="float32")
    parser.add_argument("--build", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--in-parts", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.build is not None:
        found = build(chosen.corpus, chosen.build, chosen.precision, in_parts=chosen.in_parts)
        print(json.dumps(found))
        return
    rows = []
    for label, in_parts in (("in one piece", False), ("in parts", True)):
        results = [
            measured(chosen.corpus, chosen.index, chosen.precision, in_parts=in_parts)
            for _ in range(REPEATS)
        ]
        rows.append(row(f"vectors cached, {label}", results))
    rows.append(
        row("from nothing, in parts", [measured(chosen.corpus, None, "int8", in_parts=True)])
    )
    print(machine())
    print(table(["build", "CPU seconds", "seconds", "first answers after"], rows))


if __name__ == "__main__":
    main()
