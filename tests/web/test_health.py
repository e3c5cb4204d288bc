"""`/healthz` and `/readyz` say when to try again."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from pullquote.newsroom.assistant import Assistant
from pullquote.schema.errors import RequestGivenUp
from pullquote.schema.settings import Settings
from pullquote.web.access.health import HEALTH, READY, health_route, ready_route
from pullquote.web.scheduler import Scheduler


def test_work_that_does_not_end_is_reported(
    sample_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Questions are still answered, so the status is 200; the reason names the stage."""
    monkeypatch.setattr("pullquote.web.slots.GRACE_SECONDS", 0.0)

    async def ask() -> list[httpx.Response]:
        scheduler, release = Scheduler(waiting=1, seconds=0.1), threading.Event()
        with Assistant(Settings(index=sample_index)) as assistant:
            route = health_route(assistant, scheduler, is_rebuilding=lambda: False)
            transport = httpx.ASGITransport(Starlette(routes=[route]))
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                answers = [await client.get(HEALTH)]
                with pytest.raises(RequestGivenUp):
                    await scheduler.collect(lambda: release.wait(60))
                answers.append(await client.get(HEALTH))
                release.set()
                await scheduler.collect(lambda: None)
                return [*answers, await client.get(HEALTH)]

    before, stuck, after = asyncio.run(ask())
    assert (before.json()["status"], after.json()["status"]) == ("ok", "ok")
    assert (stuck.status_code, stuck.json()["status"]) == (200, "degraded")
    assert "the stage collect" in stuck.json()["reason"]


@pytest.mark.parametrize("path", [HEALTH, READY])
def test_a_server_without_an_index_says_when_to_ask_again(tmp_path: Path, path: str) -> None:
    """The status 503 has the header `Retry-After`, and the reason names no path."""

    async def ask() -> httpx.Response:
        settings = Settings(index=tmp_path / "index", corpus=tmp_path)
        with Assistant(settings) as assistant:
            app = Starlette(
                routes=[
                    health_route(assistant, Scheduler(waiting=1), is_rebuilding=lambda: False),
                    ready_route(assistant),
                ]
            )
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                return await client.get(path)

    answer = asyncio.run(ask())
    assert (answer.status_code, answer.json()["reason"]) == (503, "there is no index")
    assert answer.headers["retry-after"] == "5"
