"""Building by Ray: one actor, two, and without it, on this machine.

    python -m benchmarks.ray_build --corpus NEWS/articles --articles 400

Each is a rebuild from nothing, of one thread an actor; the one without Ray has as many threads as
there are cores. Articles a second are those from the first batch that is written to the last, since
starting Ray and its actors takes the same time however large the corpus. Turns are taken, so that
all of them see the machine at its best and worst; the best is stated, and the load beside it.
The committer's milliseconds are those of the processor for an article, in the process that
rebuilds: by Ray it only hands out, checks and writes. Says how far the vectors are from those
without Ray.
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
from pullquote.services import rebuild_index
from pullquote.settings import Settings


@dataclass(slots=True)
class Watch:
    """When the first articles were written, and the last."""

    first: float | None = None
    first_done: int = 0
    last: float = 0.0
    total: int = 0

    def __call__(self, done: int, total: int) -> None:
        """Take note."""
        self.last, self.total = time.perf_counter(), total
        if self.first is None and done:
            self.first, self.first_done = self.last, done

    @property
    def rate(self) -> float:
        """Articles a second, once it was running."""
        if self.first is None or self.last <= self.first:
            return float("nan")
        return (self.total - self.first_done) / (self.last - self.first)


@dataclass(frozen=True, slots=True)
class BuildMethod:
    """A way of building, and what it took each time."""

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
    """All vectors of an index that was made anew."""
    with closing(IndexFolder(index).open()) as generation:
        [segment] = generation.segments
        return np.fromfile(segment.folder / VECTORS, dtype=np.float32)


def copy_some(corpus: Path, target: Path, *, most: int) -> None:
    """So many of the text files of a corpus, spread over it."""
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
        "of 1 actor's",
        "whole, s",
        "ms of the committer",
        "vectors differ by",
    ]
    print(table(head, rows))


if __name__ == "__main__":
    main()
