"""Measures the web chat under load: 20 people for ten minutes, then 200, then one.

    python -m benchmarks.load --index INDEX --questions QUESTIONS.jsonl

With `--ways 60`, 60 programs with addresses of their own ask for a minute instead, half of them
through Gradio and half through the HTTP API. They should wait alike.

The chat runs in its own process over a copy of the index, and is asked over HTTP. Each person asks
the next question as soon as the last is answered. Real people read first, so the load equals that
of a far larger crowd. QUESTIONS has one JSON object with "question" a line.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import math
import os
import re
import shutil
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
OVERLOAD_SECONDS = 60
PATIENCE = httpx.Timeout(120)
HEAD = ["", "answered", "busy", "errors", "answers a second", "median, s", "95 %, s"]
NO_BOUND = httpx.Limits(max_connections=None)


@dataclass(slots=True)
class Tally:
    """The results of a crowd's questions; `seconds` are for the answered ones."""

    seconds: list[float] = field(default_factory=list)
    busy: int = 0
    errors: list[str] = field(default_factory=list)

    def row(self, name: str, took: float) -> list[str]:
        """The tally as a row of a table."""
        median = statistics.median(self.seconds)
        late = statistics.quantiles(self.seconds, n=20)[-1]
        counts = [len(self.seconds), self.busy, len(self.errors)]
        rate = len(self.seconds) / took
        return [name, *map(str, counts), f"{rate:.1f}", f"{median:.2f}", f"{late:.2f}"]


@contextmanager
def serving(index: Path, folder: Path, corpus: str | Path = "nowhere") -> Iterator[tuple[str, int]]:
    """Start the chat, and wait until it has opened its index; yields address and process id."""
    given = {"CORPUS": str(corpus), "INDEX": str(index), "PORT": "0"}
    named = {f"PULLQUOTE_{name}": value for name, value in given.items()}
    process = subprocess.Popen(
        [sys.executable, str(APP)],
        cwd=folder,
        env=os.environ | {"PYTHONUNBUFFERED": "1", "NO_COLOR": "1"} | named,
        stdout=subprocess.PIPE,
        text=True,
    )
    if process.stdout is None:
        raise RuntimeError("no output to read the address from")
    with process.stdout as output:
        try:
            found = next(filter(None, (re.search(r"http://\S+", line) for line in output)))
            while httpx.get(f"{found[0]}/healthz", timeout=PATIENCE).json()["rebuilding"]:
                time.sleep(0.1)
            yield found[0], process.pid
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def memory(pid: int) -> float:
    """Resident memory of a process in MiB; Linux counts in KiB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]


async def ask(client: httpx.AsyncClient, question: str, tally: Tally) -> None:
    """Ask one question and wait for its answer."""
    began = time.perf_counter()
    try:
        called = await client.post("/gradio_api/call/v2/ask", json={"question": question})
        if called.status_code == 503:
            tally.busy += 1
            await asyncio.sleep(1)
            return
        event = called.raise_for_status().json()["event_id"]
        answer = await client.get(f"/gradio_api/call/ask/{event}")
    except httpx.HTTPError as error:
        tally.errors.append(repr(error))
        return
    if "event: complete" in answer.text:
        tally.seconds.append(time.perf_counter() - began)
    else:
        tally.errors.append(answer.text[:200])


async def ask_by_api(client: httpx.AsyncClient, question: str, tally: Tally) -> None:
    """Ask one question through the HTTP API."""
    began = time.perf_counter()
    try:
        answer = await client.post("/api/v1/ask", json={"question": question})
    except httpx.HTTPError as error:
        tally.errors.append(repr(error))
        return
    if answer.status_code == 503:
        tally.busy += 1
        await asyncio.sleep(1)
    elif answer.status_code == 200:
        tally.seconds.append(time.perf_counter() - began)
    else:
        tally.errors.append(answer.text[:200])


async def two_ways(
    url: str, questions: Iterator[str], *, programs: int, seconds: float
) -> dict[str, Tally]:
    """Let programs ask in two ways at once, each from an address of its own."""
    ways = {"Gradio": ask, "HTTP API": ask_by_api}
    tallies = {name: Tally() for name in ways}
    until = time.monotonic() + seconds

    async def program(number: int, name: str) -> None:
        transport = httpx.AsyncHTTPTransport(local_address=f"127.0.1.{number + 1}")
        async with httpx.AsyncClient(base_url=url, timeout=200, transport=transport) as client:
            while time.monotonic() < until:
                await ways[name](client, next(questions), tallies[name])

    names = itertools.cycle(ways)
    await asyncio.gather(*(program(number, next(names)) for number in range(programs)))
    return tallies


async def crowd(
    url: str, questions: Iterator[str], *, people: int, seconds: float = math.inf
) -> Tally:
    """Let people ask one question after another, until the time or the questions run out."""
    tally = Tally()
    until = time.monotonic() + seconds

    async def person(client: httpx.AsyncClient) -> None:
        for question in questions:
            await ask(client, question, tally)
            if time.monotonic() >= until:
                return

    async with httpx.AsyncClient(base_url=url, timeout=PATIENCE, limits=NO_BOUND) as client:
        await asyncio.gather(*(person(client) for _ in range(people)))
    return tally


def main() -> None:
    """Serve, ask, and print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--index", type=Path, required=True, help="an index; it is copied")
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--ways", type=int, help="compare the two ways, with so many programs")
    given = parser.parse_args()
    lines = given.questions.read_text(encoding="utf-8").splitlines()
    questions = itertools.cycle(json.loads(line)["question"] for line in lines)
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        shutil.copytree(given.index, index)
        with serving(index, Path(folder)) as (url, pid):
            if given.ways is not None:
                compare_ways(url, questions, programs=given.ways)
                return
            measure(url, pid, questions, people=given.people, minutes=given.minutes)
    print(f"\n{given.index}, {len(lines)} questions of {given.questions}; {machine()}")


def compare_ways(url: str, questions: Iterator[str], *, programs: int) -> None:
    """Ask in two ways at once, and print how long each takes."""
    httpx.post(f"{url}/api/v1/ask", json={"question": next(questions)}, timeout=PATIENCE)
    began = time.perf_counter()
    tallies = asyncio.run(two_ways(url, questions, programs=programs, seconds=60))
    took = time.perf_counter() - began
    print(table(HEAD, [one.row(name, took) for name, one in tallies.items()]))
    for error in (error for one in tallies.values() for error in one.errors[:3]):
        print(error, file=sys.stderr)
    print(f"\n{programs} programs; {machine()}")


def measure(url: str, pid: int, questions: Iterator[str], *, people: int, minutes: float) -> None:
    """Ask, and print the results."""
    memory_samples = [("ready", memory(pid))]
    rows: list[list[str]] = []

    def crowd_of(name: str, size: int, seconds: float) -> None:
        began = time.perf_counter()
        tally = asyncio.run(crowd(url, questions, people=size, seconds=seconds))
        rows.append(tally.row(name, time.perf_counter() - began))
        memory_samples.append((name, memory(pid)))
        for error in tally.errors[:3]:
            print(error, file=sys.stderr)

    crowd_of("warm-up, 1 minute", people, 60)
    parts = max(1, round(minutes))
    for part in range(parts):
        crowd_of(f"{people} people, minute {part + 1}", people, 60 * minutes / parts)
    crowd_of(f"{10 * people} people", 10 * people, OVERLOAD_SECONDS)
    crowd_of("one person right after", 1, 10)
    print(table(HEAD, rows))
    warm, end = memory_samples[1][1], memory_samples[1 + parts][1]
    print()
    print(
        table(["resident memory", "MiB"], [[name, f"{size:.0f}"] for name, size in memory_samples])
    )
    print(f"\nFrom warm-up to the end of {minutes:g} minutes: {end / warm - 1:+.1%}")


if __name__ == "__main__":
    main()
