"""Errors of the HTTP API are problems with the next step, whatever raises them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route

from pullquote.newsroom.assistant import Assistant
from pullquote.schema.errors import Busy, IndexMissing, PullquoteError
from pullquote.schema.problem import PROBLEM_JSON
from pullquote.schema.settings import Settings
from pullquote.web.access.auth import Authenticator
from pullquote.web.current_catalog import CurrentCatalog
from pullquote.web.http_api.app import API, PATHS, api_app
from pullquote.web.http_api.endpoints import ApiEndpoints
from pullquote.web.http_api.problems import ProblemResponses, problem_of
from pullquote.web.scheduler import Scheduler

SECRET = SecretStr("correct horse")
GIVEN = {"question": "who?", "article": "a.md", "draft": "“One two three.”"}


def respond(app: Any, method: str, path: str, **given: Any) -> httpx.Response:
    """The response of an application."""

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.request(method, path, **given)

    return asyncio.run(ask())


def api(assistant: Assistant) -> Starlette:
    """The API of an assistant."""
    endpoints = ApiEndpoints(assistant, Scheduler(waiting=1), CurrentCatalog(assistant))
    return Starlette(routes=[Mount(API, api_app(endpoints))])


@pytest.mark.parametrize(
    ("path", "method"), [(path, method) for path in PATHS for method in path.methods]
)
def test_without_an_index_every_path_says_how_to_build_one(
    tmp_path: Path, path: Any, method: str
) -> None:
    """The status is 503, and the response says when to try again."""
    taken = set() if path.takes is None else set(path.takes.model_fields)
    given = {name: value for name, value in GIVEN.items() if name in taken}
    with Assistant(Settings(index=tmp_path / "index")) as assistant:
        sent = {"params" if method == "GET" else "json": given}
        response = respond(api(assistant), method, f"{API}/{path.name}", **sent)
    problem = response.json()
    assert response.headers["content-type"] == PROBLEM_JSON
    assert (response.status_code, response.headers["retry-after"]) == (503, "5")
    assert problem["type"] == "urn:pullquote:problem:index-missing"
    assert "Build one with: pullquote rebuild-index" in problem["detail"]


@pytest.mark.parametrize("body", ["{", '{"question": }', "[1,", "\x00"])
def test_what_is_not_json_is_a_fault_of_the_body(tmp_path: Path, body: str) -> None:
    """A place in the text is not the name of a parameter."""
    with Assistant(Settings(index=tmp_path / "index")) as assistant:
        served = api(assistant)
        for path in PATHS:
            if "POST" in path.methods:
                response = respond(
                    served,
                    "POST",
                    f"{API}/{path.name}",
                    content=body,
                    headers={"Content-Type": "application/json"},
                )
                (fault,) = response.json()["invalid"]
                assert fault["parameter"] == "body"
                assert fault["reason"].startswith("not JSON at character ")


@pytest.mark.parametrize("day", ["0", "1717200000", "2024-06-01T00:00:00", "soon"])
def test_only_a_written_day_is_a_day(tmp_path: Path, day: str) -> None:
    """Each parameter with a day refuses another form, and a number, with the form to write."""
    with Assistant(Settings(index=tmp_path / "index")) as assistant:
        served = api(assistant)
        refused = set()
        for path in PATHS:
            fields = {} if path.takes is None else path.takes.model_fields
            for name in {"since", "until", "as_of"} & set(fields):
                for method in path.methods:
                    values = [day, int(day)] if method == "POST" and day.isdecimal() else [day]
                    for value in values:
                        given = {"question": "who?", name: value}
                        given = {one: given[one] for one in given if one in fields}
                        sent = {"params" if method == "GET" else "json": given}
                        response = respond(served, method, f"{API}/{path.name}", **sent)
                        (fault,) = response.json()["invalid"]
                        assert fault["parameter"] == name
                        assert "YYYY-MM-DD" in fault["reason"]
                        refused.add((path.name, name))
    assert len(refused) == 10


def test_a_failure_of_the_server_is_a_problem_without_details(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cause is for the log only."""

    def fail(_: Assistant) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(Assistant, "generation", property(fail))
    with Assistant(Settings(index=tmp_path / "index")) as assistant:
        response = respond(api(assistant), "GET", f"{API}/index")
    assert response.headers["content-type"] == PROBLEM_JSON
    assert response.status_code == 500
    assert "X-Request-ID" in response.json()["detail"]
    assert "secret" not in response.text


@pytest.mark.parametrize(
    ("error", "kind", "status"),
    [(Busy(3), "busy", 503), (IndexMissing(Path("index")), "index-missing", 503)],
)
def test_a_problem_is_named_after_its_error(error: PullquoteError, kind: str, status: int) -> None:
    """The message of the error is the detail."""
    problem = problem_of(error)
    assert (problem.type, problem.status) == (f"urn:pullquote:problem:{kind}", status)
    assert problem.detail == str(error)


@pytest.mark.parametrize(
    "refusal",
    [
        lambda: PlainTextResponse("Log in.\n", 401, headers={"WWW-Authenticate": "Basic"}),
        lambda: JSONResponse({"detail": "Log in."}, 401, headers={"WWW-Authenticate": "Basic"}),
    ],
)
def test_a_refusal_of_the_middleware_becomes_a_problem(refusal: Callable[[], Response]) -> None:
    """Its headers stay; elsewhere it is as it was."""

    async def refuse(_: Any) -> Response:
        return refusal()

    app = Starlette(routes=[Route("/{path:path}", refuse)])
    changed = respond(ProblemResponses(app, below=API), "GET", f"{API}/ask")
    assert changed.headers["www-authenticate"] == "Basic"
    assert int(changed.headers["content-length"]) == len(changed.content)
    assert changed.json() == {
        "type": "urn:pullquote:problem:unauthorized",
        "title": "Unauthorized",
        "status": 401,
        "detail": "Log in.",
        "invalid": [],
    }
    elsewhere = respond(ProblemResponses(app, below=API), "GET", "/corpus")
    assert "problem" not in elsewhere.headers["content-type"]


def test_a_program_learns_how_to_log_in() -> None:
    """It has no page to reload."""

    async def refuse(_: Any) -> Response:
        refused = Authenticator(Settings(user="desk", password=SECRET)).refusal(Headers(), "::1")
        assert refused is not None
        return refused

    app = ProblemResponses(Starlette(routes=[Route("/{path:path}", refuse)]), below=API)
    detail = respond(app, "GET", f"{API}/ask").json()["detail"]
    assert "curl -u user:password" in detail
    assert "page" not in detail
