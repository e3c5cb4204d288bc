"""Measures the result, time and memory of reading hostile files.

    python -m benchmarks.hostile_input [NAME ...]

Each file is read alone, in a parser process like that of a rebuild. The seconds are CPU time,
including the start of the process; the megabytes are its peak memory. The limits are the defaults.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.hostile import FILES, Hostile
from pullquote.parsing.workers.parse_files import FileParser
from pullquote.schema import Article
from pullquote.schema.errors import ArticleError

LONGEST = 110
"""Characters of a reason in the table."""


def read(path: Path) -> dict[str, object]:
    """Read a file in a new process."""
    articles, reasons = 0, list[str]()
    with FileParser(processes=1).parse(path.parent, {path.name: None}) as given:
        for one in given:
            articles += isinstance(one.found, Article)
            if isinstance(one.found, ArticleError):
                reasons.append(one.found.reason)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "articles": articles,
        "reasons": reasons,
        "seconds": used.ru_utime + used.ru_stime,
        "peak": used.ru_maxrss / 1024,
    }


def happened(articles: int, reasons: list[str]) -> str:
    """One line that says what was read, or why not."""
    outcome = [] if articles == 0 else [f"read: {articles:,} article{'s' if articles > 1 else ''}"]
    outcome += reasons[-1:]
    line = "; ".join(outcome).replace("|", "\\|").replace("\n", " ")
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"


def row(file: Hostile) -> list[str]:
    """A row of the table."""
    with tempfile.TemporaryDirectory() as folder:
        path = file.write(Path(folder))
        command = [sys.executable, "-m", "benchmarks.hostile_input", "--read", str(path)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        size = path.stat().st_size
    found = json.loads(done.stdout)
    kilobytes = f"{max(1, size >> 10):,} kB" if size < 1 << 20 else f"{size >> 20:,} MB"
    return [
        file.name,
        file.what,
        kilobytes,
        happened(found["articles"], found["reasons"]),
        f"{found['seconds']:.1f}",
        f"{found['peak']:.0f}",
    ]


def main() -> None:
    """Read all files, or those that are named, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read is not None:
        print(json.dumps(read(options.read)))
        return
    from benchmarks.common import table  # noqa: PLC0415 - what it loads would count as a reader's

    chosen = [file for file in FILES if not options.names or file.name in options.names]
    head = ["file", "what it is", "size", "what happened", "seconds", "peak memory, MiB"]
    print(table(head, [row(file) for file in chosen]))


if __name__ == "__main__":
    main()
