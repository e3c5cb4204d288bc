"""Five clients ask questions while a hundred others attack the server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import httpx
import pytest

from attackers import Attack, settled_memory
from served import Served, serving

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="there is no /proc"),
]

ATTACKERS = 100
HONEST = 5
QUESTIONS = 6
"""Questions of each honest client, one after the other."""

FLOOR = 2.0
"""Seconds that a question may always take, because the machine may be busy."""


@pytest.fixture
def served(tmp_path: Path, sample_index: Path) -> Iterator[Served]:
    """The sample corpus, with uploads into another folder."""
    (tmp_path / "corpus").mkdir()
    with serving(tmp_path, index=sample_index, update_at_start="false", uploads="true") as server:
        yield server


@dataclass(slots=True)
class Seen:
    """The seconds that each question and each health check took."""

    questions: list[float] = field(default_factory=list)
    health: list[float] = field(default_factory=list)


def observed(served: Served, name: str) -> Seen:
    """The times of honest clients, each of which asks different questions."""
    seen, done = Seen(), Event()

    def ask(client: int) -> None:
        for number in range(QUESTIONS):
            began = time.monotonic()
            reply = served.json("ask", question=f"who bought cannery {client} {name} {number}?")
            assert "answers" in reply
            seen.questions.append(time.monotonic() - began)

    def watch() -> None:
        while not done.wait(0.3):
            began = time.monotonic()
            assert httpx.get(f"{served.url}/healthz", timeout=10).status_code == 200
            seen.health.append(time.monotonic() - began)

    with ThreadPoolExecutor(HONEST + 1) as honest:
        watching = honest.submit(watch)
        try:
            list(honest.map(ask, range(HONEST)))
        finally:
            done.set()
        watching.result()
    return seen


def test_the_honest_are_served_during_an_attack(served: Served) -> None:
    """They take at most three times as long, and memory returns to normal."""
    observed(served, "first")
    usual = observed(served, "usual")
    with Attack(served, ATTACKERS):
        observed(served, "warm")
        time.sleep(25)
    before = settled_memory(served)
    with Attack(served, ATTACKERS):
        time.sleep(15)
        attacked = observed(served, "attacked")
        time.sleep(10)
    after = settled_memory(served)
    print(  # noqa: T201
        f"\nquestions: usual {max(usual.questions):.2f} s, attacked {max(attacked.questions):.2f} s"
        f"; health: usual {max(usual.health):.3f} s, attacked {max(attacked.health):.3f} s"
        f"; memory: {before / 1e6:.0f} MB, then {after / 1e6:.0f} MB"
    )
    assert len(attacked.questions) == HONEST * QUESTIONS
    assert max(attacked.questions) <= max(FLOOR, 3 * max(usual.questions))
    assert max(attacked.health) < 1
    assert after <= 1.05 * before
    assert "Traceback" not in served.errors.read_text()
