"""The parts of the program's behaviour, and a run of one of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.behaviour import engine, surface
from benchmarks.behaviour.engine import Sources, Unit
from benchmarks.behaviour.recording import line_of

PARTS: Mapping[str, tuple[Callable[[Sources], Iterator[Unit]], str]] = {
    "replies-news": (engine.replies_news, "news/articles"),
    "conversations-news": (engine.conversations_news, "news/conversations-dev.jsonl"),
    "http": (surface.http, ""),
    "replies-sample": (engine.replies_sample, ""),
    "attributions": (engine.attributions, ""),
    "commands": (surface.commands, ""),
    "quotes-news": (engine.quotes_news, "quotes/quotes-dev.jsonl"),
    "conversations-sample": (engine.conversations_sample, ""),
    "quotes-sample": (engine.quotes_sample, ""),
    "articles": (engine.articles, ""),
    "names": (engine.names, ""),
}
"""Each part, longest first, with the file or folder of the data that it needs."""


@dataclass(frozen=True, slots=True)
class PartRun:
    """What a part was: its units, and the seconds that it took."""

    part: str
    units: int
    seconds: float


def run_part(part: str, sources: Sources, folder: Path) -> PartRun:
    """Write the units of a part to its file."""
    started = time.perf_counter()
    own = replace(sources, work=sources.work / part)
    own.work.mkdir()
    make, _ = PARTS[part]
    lines = 0
    with (folder / f"{part}.jsonl").open("w", encoding="utf-8") as file:
        for unit, value in make(own):
            file.write(line_of(unit, value, sources.work) + "\n")
            lines += 1
    return PartRun(part, lines, time.perf_counter() - started)
