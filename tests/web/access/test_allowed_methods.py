"""Every address names its methods, and answers HEAD like GET."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import httpx
import pytest
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp

import pullquote.web.app
from pullquote.newsroom.assistant import Assistant
from pullquote.schema.settings import Settings
from pullquote.web.access.allowed import GRADIO, AllowedMethods, AllowedPaths
from pullquote.web.corpus.rebuild_job import rebuild_job

OTHERS = ("TRACE", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND")


def methods_of(routes: Iterable[BaseRoute], before: str = "") -> dict[str, set[str]]:
    """The methods of routes, and of those mounted among them, by path."""
    found = defaultdict[str, set[str]](set)
    for route in routes:
        if isinstance(route, Mount):
            found |= methods_of(route.routes, before + route.path)
        elif isinstance(route, Route):
            found[before + route.path] |= route.methods or set()
    return found


class Built:
    """The whole application over the sample index, and the methods of its routes by path."""

    def __init__(self, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.methods: dict[str, set[str]] = {}

        def reading(routes: Sequence[BaseRoute]) -> AllowedMethods:
            self.methods.update(methods_of(routes))
            return AllowedMethods(routes)

        monkeypatch.setattr(pullquote.web.app, "AllowedMethods", reading)
        assistant = Assistant(
            Settings(index=index, corpus=index.parent, metrics=True, uploads=True)
        )

        async def build() -> ASGIApp:  # without a running loop, Gradio makes loops and leaves them
            return pullquote.web.app.build_app(assistant, rebuild_job(assistant))

        self.app = asyncio.run(build())

    def ask(self, method: str, path: str) -> httpx.Response:
        """The response to a request."""

        async def call() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as one:
                return await one.request(method, path)

        return asyncio.run(call())


@pytest.fixture(scope="module")
def built(sample_index: Path) -> Iterable[Built]:
    """The application, built once."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield Built(sample_index, monkeypatch)


def own_paths(built: Built) -> list[str]:
    """The paths without parameters that are not Gradio's."""
    return [path for path in built.methods if "{" not in path and not path.startswith(GRADIO)]


def test_every_refused_method_has_the_methods_of_the_path(built: Built) -> None:
    """`Allow` has the methods of all routes of the path, and HEAD where it has GET."""
    asked = 0
    for path, methods in built.methods.items():
        heads = {"HEAD"} if "GET" in methods and not path.startswith(GRADIO) else set()
        for method in OTHERS:
            response = built.ask(method, path)
            if response.status_code == 404 or method in methods:
                continue
            assert response.status_code == 405, f"{method} {path}"
            assert set(response.headers["allow"].split(", ")) == methods | heads, path
            asked += 1
    assert asked > 5 * len(own_paths(built)) / 2


@pytest.mark.parametrize(
    ("path", "methods"),
    [("info", "GET"), ("queue/data", "GET"), ("queue/join", "POST"), ("call/ask", "POST")],
)
def test_gradios_streams_do_not_take_head(built: Built, path: str, methods: str) -> None:
    """A HEAD would lose the messages of a stream."""
    for method in ("HEAD", *OTHERS):
        response = built.ask(method, f"{GRADIO}{path}")
        assert (response.status_code, response.headers["allow"]) == (405, methods)


def test_head_is_answered_like_get(built: Built) -> None:
    """Status and headers are the same, under `/api/v1` too."""
    paths = [path for path in own_paths(built) if "GET" in built.methods[path]]
    assert {"/", "/api/v1/ask", "/api/v1/openapi.json", "/healthz", "/corpus"} <= set(paths)
    for path in paths:
        got, headed = (built.ask(method, path) for method in ("GET", "HEAD"))
        assert headed.status_code == got.status_code != 405, path
        varying = {"date", "x-request-id", "content-length", "etag"}
        names = [{*answer.headers} - varying for answer in (got, headed)]
        assert names[0] == names[1], path


def test_a_path_without_a_route_is_not_refused_for_its_method() -> None:
    """The application answers 404."""
    assert AllowedPaths().allows("/robots.txt")
    assert AllowedMethods([]).refused("/robots.txt", "TRACE") is None
