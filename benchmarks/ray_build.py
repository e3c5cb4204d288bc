"""Compares building with one Ray actor, with two, and without Ray, on this machine.

    python -m benchmarks.ray_build --corpus NEWS/articles --articles 400

Each build starts from nothing. An actor uses one thread; the build without Ray uses one for each
core. Articles a second are counted from the first written batch to the last, because Ray takes the
same time to start for any corpus. The builds alternate, so that other load affects all alike. The
table has the best of each, and the load. The committer's milliseconds are the processor time for an
article in the process that rebuilds. With Ray, that process only distributes, checks and writes.
The script also prints how much the vectors differ from those without Ray.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.common import machine, table
from pullquote.index import IndexFolder
from pullquote.index.folder.segments.segment import VECTORS
from pullquote.index.services import rebuild_index
from pullquote.schema.settings import Settings


@dataclass(slots=True)
class Watch:
    """The times at which the first and the last articles were written."""

    first: float | None = None
    first_done: int = 0
    last: float = 0.0
    total: int = 0

    def __call__(self, done: int, total: int | None) -> None:
        """Record the time."""
        if total is None:
            return
        self.last, self.total = time.perf_counter(), total
        if self.first is None and done:
            self.first, self.first_done = self.last, done

    @property
    def rate(self) -> float:
        """Articles a second, from the first written batch on."""
        if self.first is None or self.last <= self.first:
            return float("nan")
        return (self.total - self.first_done) / (self.last - self.first)


@dataclass(frozen=True, slots=True)
class BuildMethod:
    """A way of building, and its time in each turn."""

    name: str
    ray: str | None
    actors: int | None
    rates: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    ours: list[float] = field(default_factory=list)


def build(kind: BuildMethod, corpus: Path, index: Path) -> None:
    """Build once."""
    shutil.rmtree(index, ignore_errors=True)
    settings = Settings(corpus=corpus, index=index, ray=kind.ray, ray_actors=kind.actors)
    watch, started, used = Watch(), time.perf_counter(), time.process_time()
    rebuild_index(settings=settings, progress=watch)
    kind.ours.append((time.process_time() - used) / watch.total * 1000)
    kind.seconds.append(time.perf_counter() - started)
    kind.rates.append(watch.rate)


def vectors(index: Path) -> np.ndarray:
    """All vectors of an index that was built from nothing."""
    with closing(IndexFolder(index).open()) as generation:
        [segment] = generation.segments
        return np.fromfile(segment.folder / VECTORS, dtype=np.float32)


def copy_some(corpus: Path, target: Path, *, most: int) -> None:
    """Copy that many text files of a corpus, taken evenly from all of it."""
    files = sorted(path for path in corpus.rglob("*.txt") if path.is_file())
    for path in files[:: max(1, len(files) // most)][:most]:
        place = target / path.relative_to(corpus)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, place)


def main() -> None:
    """Build in turns, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--articles", type=int, default=400)
    parser.add_argument("--turns", type=int, default=2)
    asked = parser.parse_args()
    kinds = [
        BuildMethod("without Ray, every core", None, None),
        BuildMethod("1 actor of 1 CPU", "local", 1),
        BuildMethod("2 actors of 1 CPU", "local", 2),
    ]
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        copy_some(asked.corpus, corpus, most=asked.articles)
        for turn in range(asked.turns):
            for kind in kinds:
                load = os.getloadavg()[0]
                build(kind, corpus, Path(folder) / kind.name)
                rate = f"{kind.rates[-1]:.2f} articles a second"
                print(f"turn {turn + 1}, {kind.name}: {rate}, load {load:.1f}", flush=True)
        local = vectors(Path(folder) / kinds[0].name)
        apart = [np.abs(vectors(Path(folder) / kind.name) - local).max() for kind in kinds]
    print(f"\n{asked.articles} articles; {machine()}\n")
    one = max(kinds[1].rates)
    rows = [
        [
            kind.name,
            f"{max(kind.rates):.2f}",
            f"{max(kind.rates) / one:.2f}",
            f"{min(kind.seconds):.1f}",
            f"{min(kind.ours):.1f}",
            f"{far:.1e}",
        ]
        for kind, far in zip(kinds, apart, strict=True)
    ]
    head = [
        "",
        "articles a second",
        "relative to 1 actor",
        "whole build, s",
        "committer, ms per article",
        "vectors differ by",
    ]
    print(table(head, rows))


if __name__ == "__main__":
    main()
