"""Runs a variant in its own process, to measure its loading time and memory alone."""

from __future__ import annotations

import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from benchmarks.encoder_backends.backends import VARIANTS, Embed
from benchmarks.encoder_backends.exports import stop_telemetry
from pullquote.index.encoder import Vectors


@dataclass(frozen=True, slots=True)
class Embedded:
    """Vectors, the seconds they took, and the peak memory of the process so far, in MiB."""

    vectors: Vectors
    seconds: float
    peak: float


class Worker:
    """A process that embeds with one variant."""

    def __init__(self, name: str, graph: Path) -> None:
        self._name, self._graph = name, graph
        # Spawned: a forked process would start with the libraries and the memory of this one.
        spawn = get_context("spawn")
        self._pool = ProcessPoolExecutor(1, mp_context=spawn, initializer=stop_telemetry)

    def embed(self, texts: list[str]) -> Embedded:
        """The vectors of the texts. The first call also loads the variant, and its time counts."""
        return self._pool.submit(_embed, self._name, self._graph, texts).result()

    def close(self) -> None:
        """End the process."""
        self._pool.shutdown()


@cache
def _loaded(name: str, graph: Path) -> Embed:
    return VARIANTS[name].load(graph)


def _embed(name: str, graph: Path, texts: list[str]) -> Embedded:
    started = time.perf_counter()
    vectors = _loaded(name, graph)(texts)
    return Embedded(vectors, time.perf_counter() - started, _peak())


def _peak() -> float:
    """The peak memory from /proc; getrusage's figure would start from the parent's."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
