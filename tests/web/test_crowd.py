"""One client with many questions in progress does not make others wait long."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from pullquote.web.liveness import MIN_SHARE, STREAM_SECONDS
from served import Served, serving

CROWD = "127.0.0.9"
WAITING = 50
SOON = STREAM_SECONDS + 15.0
"""Seconds; twice the time after which a caller counts as gone, plus some for a busy machine."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, sample_index: Path) -> Iterator[Served]:
    """The chat over the sample corpus, after its first question."""
    folder = tmp_path_factory.mktemp("crowd")
    with serving(folder, index=sample_index, update_at_start="false", waiting=WAITING) as running:
        running.json("ask", question="who agreed to the Interpol centre?")
        yield running


def honest_seconds(server: Served) -> float:
    """The seconds that another client waits for an answer."""
    begun = time.monotonic()
    assert server.json("ask", question="who agreed to the Interpol centre?")["answers"]
    return time.monotonic() - begun


def test_questions_that_nobody_listens_to_are_given_up(server: Served) -> None:
    """A client fills at most half of the queue, and its questions are cancelled."""
    with httpx.Client(transport=httpx.HTTPTransport(local_address=CROWD), timeout=60) as crowd:
        statuses = [
            crowd.post(
                f"{server.url}/gradio_api/call/v2/ask",
                json={"question": "who won the election in the town?", "k": 50},
            ).status_code
            for _ in range(60)
        ]
    assert set(statuses) == {200, 503}
    assert honest_seconds(server) < SOON


def test_a_refused_client_learns_why(server: Served) -> None:
    """The refusal has the number of questions and `Retry-After`."""
    with httpx.Client(transport=httpx.HTTPTransport(local_address=CROWD), timeout=60) as crowd:
        for _ in range(WAITING):
            refused = crowd.post(
                f"{server.url}/gradio_api/call/v2/ask",
                json={"question": "who won the election?", "k": 50},
            )
            if refused.status_code == 503:
                break
    assert (
        f"{WAITING // 2} questions from your address are in progress or waiting"
        in refused.json()["detail"]
    )
    assert int(refused.headers["Retry-After"]) > 0


def call_and_leave(server: Served, tool: str, **arguments: Any) -> None:
    """Call a tool as an agent, and close the connection at once."""
    params = {"name": tool, "arguments": arguments}
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params})
    head = (
        f"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Accept: application/json, text/event-stream\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port), source_address=(CROWD, 0)) as sent:
        sent.sendall((head + body).encode())


def test_the_work_of_agents_who_left_is_given_up(server: Served) -> None:
    """300 abandoned calls leave the server free."""
    for _ in range(300):
        call_and_leave(server, "ask_archive", question="who won the election in the town?", k=50)
    assert honest_seconds(server) < SOON
    assert httpx.get(f"{server.url}/healthz", timeout=10).json()["status"] == "ok"


def test_a_share_is_never_too_small_for_a_page() -> None:
    """The minimum suffices for a page, where each citation is an event."""
    assert MIN_SHARE >= 10
