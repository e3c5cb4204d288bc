"""`/healthz` and `/readyz` say when to try again."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from pullquote.assistant import Assistant
from pullquote.settings import Settings
from pullquote.web.access.health import HEALTH, READY, health_route, ready_route
from pullquote.web.scheduler import Scheduler


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
