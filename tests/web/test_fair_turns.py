"""Clients take fair turns, and no question waits behind pages, whichever way it comes in."""

from __future__ import annotations

import ast
import asyncio
import re
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from starlette.routing import BaseRoute

import pullquote
from pullquote.assistant import Assistant
from pullquote.errors import Busy
from pullquote.index.catalog.catalog import Catalog
from pullquote.settings import Settings
from pullquote.speakers import SpeakerIndex
from pullquote.web import app as web_app
from pullquote.web import current_catalog
from pullquote.web.access.allowed_methods import AllowedMethods
from pullquote.web.access.allowed_paths import GRADIO
from pullquote.web.corpus.rebuild_job import rebuild_job
from pullquote.web.evidence.routes import ABSENCE, PACK
from pullquote.web.http_api.app import API, PATHS
from pullquote.web.scheduler import (
    MAX_CONCURRENT_COLLECTIONS,
    MAX_CONCURRENT_DRAFTS,
    MAX_CONCURRENT_PAGES,
    MAX_CONCURRENT_PARSES,
    MAX_CONCURRENT_PICTURES,
    MAX_CONCURRENT_READS,
    MAX_CONCURRENT_SEARCHES,
    MAX_WAITING_COLLECTIONS,
    Scheduler,
)
from pullquote.web.slots import FairTurns
from pullquote.web.speakers import reading
from web.access.test_allowed_methods import methods_of

PATIENCE = 60.0
CROWD, HONEST = "192.0.2.1", "192.0.2.2"
PAGES = ("grid", "watchlist", "watchlist.xml", "speakers", "speaker", "audit", "corpus", "check")
"""Pages whose contents depend on the index."""

ASK = {"question": "who agreed to the Interpol centre?"}

_PART = 'Content-Disposition: form-data; name="file"; filename="a.md"'
FORM = f"--b\r\n{_PART}\r\n\r\nx\r\n--b--\r\n".encode()

POSTS = {
    **dict.fromkeys(("/check", "/check/report", "/verify"), FORM),
    **dict.fromkeys((PACK, ABSENCE, "/grid/start", "/watchlist"), b"{}"),
    **{f"/conversations/{one}": b"{}" for one in ("check", "export", "questions")},
    "/api/v1/check": '{"draft": "“One two three.”"}'.encode(),
}
"""What is posted for work of the scheduler that answers no question, by path."""

QUESTIONS = {f"/api/v1/{path}" for path in ("ask", "ask/stream", "search")}
QUESTIONS |= {"/grid/cell", "/mcp"}
"""The paths where a question is asked."""

NO_SLOT = {f"/corpus/{path}" for path in ("upload", "link", "rebuild", "cancel")}
NO_SLOT |= {"/login", "/login/"}
"""The paths that take posts, but no slot of the scheduler."""

MAY_TAKE_THREADS = {
    "app.py": "the end of the server",
    "access/health.py": "one check at a time, which must answer when all slots are taken",
    "monitoring/metrics.py": "one report at a time",
    "corpus/additions.py": "writes files, in the slots for uploads",
}
"""Modules that take threads without the scheduler, and why."""


@dataclass
class Serving:
    """A running application, with the scheduler inside, and the methods of its own paths."""

    app: Any
    scheduler: Scheduler
    paths: dict[str, set[str]]
    done: list[str] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        """Whether no other question may wait."""
        try:
            self.scheduler.check(HONEST)
        except Busy:
            return True
        return False

    async def get(self, path: str, client: str) -> httpx.Response:
        """A response to a client."""
        async with self.client(client) as opened:
            response = await opened.get(path)
        self.done.append(client)
        return response

    async def post(self, path: str, client: str, body: bytes = b"{}") -> httpx.Response:
        """A response to a client that posts a body."""
        async with self.client(client) as opened:
            return await opened.post(path, content=body, headers={"Content-Type": type_of(body)})

    def begin(
        self, method: str, path: str, body: bytes
    ) -> tuple[Callable[[], None], asyncio.Task[None]]:
        """Send a request; returns a function that closes its connection, and the request."""
        inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        inbox.put_nowait({"type": "http.request", "body": body, "more_body": False})
        path, _, query = path.partition("?")
        headers = {
            "host": "127.0.0.1",
            "content-type": type_of(body),
            "content-length": str(len(body)),
        }
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "client": (HONEST, 50_000),
            "server": ("127.0.0.1", 80),
        }

        async def send(_: object) -> None:
            """Nobody receives it."""

        asking = asyncio.create_task(self.app(scope, inbox.get, send))
        return lambda: inbox.put_nowait({"type": "http.disconnect"}), asking

    def client(self, address: str) -> httpx.AsyncClient:
        """A client with an address."""
        transport = httpx.ASGITransport(self.app, client=(address, 50_000))
        return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", timeout=PATIENCE)

    async def ask_by_api(self, address: str) -> Any:
        """The reply to a question of a program that uses the HTTP API."""
        async with self.client(address) as opened:
            return (await opened.post("/api/v1/ask", json=ASK)).json()

    async def ask_by_gradio(self, address: str) -> str:
        """The events of a question of a program that uses Gradio."""
        async with self.client(address) as opened:
            called = await opened.post("/gradio_api/call/v2/ask", json=ASK)
            event = called.raise_for_status().json()["event_id"]
            return (await opened.get(f"/gradio_api/call/ask/{event}")).text

    @asynccontextmanager
    async def taken(self, stage: str, count: int) -> AsyncIterator[None]:
        """All slots of a stage have work of an unknown client while the context is open."""
        release = threading.Event()
        run: Callable[..., Awaitable[Any]] = getattr(self.scheduler, stage)
        work = [asyncio.create_task(run(lambda: release.wait(PATIENCE))) for _ in range(count)]
        try:
            await until(lambda: self.load(stage)[1] == count)
            yield
        finally:
            release.set()
            await asyncio.gather(*work, return_exceptions=True)  # some are given up

    def load(self, stage: str) -> tuple[int, int]:
        """How much work of a stage waits and runs."""
        load = self.scheduler.load()[{"show": "page", "in_turns": "check"}.get(stage, stage)]
        return load.waiting, load.running


def type_of(body: bytes) -> str:
    """The media type of what is posted."""
    return "multipart/form-data; boundary=b" if body.startswith(b"--b") else "application/json"


async def until(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds."""
    for _ in range(int(PATIENCE * 100)):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come to pass")


@pytest.fixture
def serve(
    sample_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Any]:
    """Runs a scene in the whole application over the sample corpus."""
    made: list[Scheduler] = []
    paths: dict[str, set[str]] = {}

    def noting(routes: Sequence[BaseRoute]) -> AllowedMethods:
        paths.update(methods_of(routes))
        return AllowedMethods(routes)

    class ReachableScheduler(Scheduler):
        """A scheduler that the test can reach."""

        def __init__(self, **given: Any) -> None:
            super().__init__(**given)
            made.append(self)

    monkeypatch.setattr(web_app, "Scheduler", ReachableScheduler)
    monkeypatch.setattr(web_app, "AllowedMethods", noting)

    async def run(scene: Callable[[Serving], Awaitable[Any]], assistant: Assistant) -> Any:
        app = web_app.build_app(assistant, rebuild_job(assistant))
        serving = Serving(app, made[-1], paths)
        inbox: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        outbox: asyncio.Queue[Any] = asyncio.Queue()
        life = asyncio.create_task(app({"type": "lifespan"}, inbox.get, outbox.put))
        await inbox.put({"type": "lifespan.startup"})
        assert (await outbox.get())["type"] == "lifespan.startup.complete"
        try:
            return await scene(serving)
        finally:
            await inbox.put({"type": "lifespan.shutdown"})
            await life

    def serve(scene: Callable[[Serving], Awaitable[Any]], **given: Any) -> Any:
        settings = Settings(index=sample_index, corpus=tmp_path, watchlist=tmp_path, **given)
        with pullquote.open(sample_index, settings=settings) as assistant:
            return asyncio.run(run(scene, assistant))

    return serve


def test_whoever_asks_once_waits_for_one_turn_of_each_other() -> None:
    """Clients are served in rotation, each in the order in which it asked; who left is skipped."""

    async def order() -> list[str]:
        turns, served = FairTurns(1), list[str]()
        first = turns.ask("first")
        asked = [(name, turns.ask(name[0])) for name in ("a1", "a2", "a3", "a4", "b1", "c1", "b2")]
        for name, turn in asked:
            turn.add_done_callback(lambda _, name=name: served.append(name))
        left = dict(asked)["a3"]
        turns.withdraw("a", left)
        assert first.done()
        for _ in range(len(asked)):
            turns.give_back()
            await asyncio.sleep(0)
        assert len(turns) == 0
        return served

    assert asyncio.run(order()) == ["a1", "b1", "c1", "a2", "b2", "a4"]


def test_threads_are_taken_only_by_the_scheduler() -> None:
    """A route that takes threads itself could take them all, and would not be cancelled."""
    found = set()
    folder = Path(web_app.__file__).parent
    for path in folder.rglob("*.py"):
        names = {
            alias.name
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, (ast.Import, ast.ImportFrom))
            for alias in node.names
        } | {
            node.attr
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Attribute)
        }
        if names & {"run_sync", "to_thread", "run_in_threadpool"}:
            found.add(path.relative_to(folder).as_posix())
    assert found == set(MAY_TAKE_THREADS)


def test_a_question_waits_for_no_page(serve: Callable[..., Any]) -> None:
    """It is answered while 40 requests for each page wait, and another client's page soon is."""

    async def scene(serving: Serving) -> list[str]:
        async with serving.taken("show", MAX_CONCURRENT_PAGES):
            crowd = [
                asyncio.create_task(serving.get(f"/{page}", CROWD))
                for page in PAGES
                for _ in range(5)
            ]
            await until(lambda: serving.load("show")[0] == len(crowd))
            for ask in (serving.ask_by_api, serving.ask_by_gradio):
                assert "deputy national police chief" in str(await ask(HONEST))
            assert not any(one.done() for one in crowd)
            page = asyncio.create_task(serving.get("/grid", HONEST))
            await until(lambda: serving.load("show")[0] == len(crowd) + 1)
        assert {one.status_code for one in await asyncio.gather(page, *crowd)} <= {200, 404}
        return serving.done

    done = serve(scene)
    assert done.index(HONEST) < 2 * MAX_CONCURRENT_PAGES + 2


def test_there_is_one_queue_for_questions(serve: Callable[..., Any]) -> None:
    """Those that came in through Gradio wait beside the others, and are read in turn."""
    addresses = [f"192.0.2.{number}" for number in range(10, 18)]

    async def scene(serving: Serving) -> None:
        async with serving.taken("read", MAX_CONCURRENT_READS):
            asked = [
                asyncio.create_task(ask(address))
                for address in addresses
                for ask in (serving.ask_by_api, serving.ask_by_gradio)
            ]
            await until(lambda: serving.load("read")[0] == len(asked))
        for reply in await asyncio.gather(*asked):
            assert "deputy national police chief" in str(reply)

    serve(scene)


def test_a_full_queue_refuses_at_once_whichever_way_a_question_comes(
    serve: Callable[..., Any],
) -> None:
    """The status is 503, with `Retry-After`; a client that has asked nothing yet gets it, too."""

    async def scene(serving: Serving) -> None:
        asked = [f"192.0.2.{number}" for number in range(10, 10 + MAX_CONCURRENT_READS)]
        async with serving.taken("find", MAX_CONCURRENT_SEARCHES):
            waiting = [
                asyncio.create_task(ask(address))
                for address in asked
                for ask in (serving.ask_by_api, serving.ask_by_gradio)
            ]
            await until(lambda: serving.is_full)
            async with serving.client(HONEST) as opened:
                for path in ("/api/v1/ask", "/gradio_api/call/v2/ask"):
                    refused = await opened.post(path, json=ASK)
                    assert refused.status_code == 503, path
                    assert int(refused.headers["Retry-After"]) > 0
        await asyncio.gather(*waiting)

    serve(scene, waiting=MAX_CONCURRENT_READS)


def test_work_ends_when_its_client_leaves(serve: Callable[..., Any]) -> None:
    """Whatever was asked for, it no longer waits; see `test_cancelling` for work that runs."""
    pages = [("GET", f"/{page}", b"") for page in PAGES]
    evidence = [("POST", path, POSTS[path]) for path in (PACK, ABSENCE, "/grid/start", "/verify")]
    conversations = [
        ("POST", f"/conversations/{one}", b"{}") for one in ("check", "export", "questions")
    ]
    walk = [
        *(("show", MAX_CONCURRENT_PAGES, one) for one in (*pages, *conversations)),
        *(("collect", MAX_CONCURRENT_COLLECTIONS, one) for one in evidence),
        ("draw", MAX_CONCURRENT_PICTURES, ("GET", "/page-image?article=a&start=0&end=1", b"")),
    ]

    async def scene(serving: Serving) -> None:
        for stage, count, (method, path, body) in walk:
            async with serving.taken(stage, count):
                leave, asking = serving.begin(method, path, body)
                await until(lambda stage=stage: serving.load(stage)[0] == 1)
                leave()
                await until(lambda stage=stage: serving.load(stage)[0] == 0)
                await asking

    serve(scene)


def test_one_client_fills_half_of_the_room_for_evidence(serve: Callable[..., Any]) -> None:
    """The next request gets a reason and the status 503; another client's waits, and is served."""
    most = MAX_WAITING_COLLECTIONS // 2

    async def scene(serving: Serving) -> list[int]:
        async with serving.taken("collect", MAX_CONCURRENT_COLLECTIONS):
            crowd = [asyncio.create_task(serving.post(ABSENCE, CROWD)) for _ in range(most + 1)]
            await until(lambda: any(one.done() for one in crowd))
            other = asyncio.create_task(serving.post(ABSENCE, HONEST))
            await until(lambda: serving.load("collect")[0] == most + 1)
        return [one.status_code for one in await asyncio.gather(other, *crowd)]

    assert sorted(serve(scene)) == [200] * (most + 1) + [503]


def test_no_page_that_waits_for_the_background_holds_a_slot(
    serve: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the list of articles is made or speakers are read, every other page is made."""
    begun, go_on = threading.Event(), threading.Event()

    def halt(made: Callable[..., None]) -> Callable[..., None]:
        def halted(*given: Any, **named: Any) -> None:
            begun.set()
            assert go_on.wait(PATIENCE)
            made(*given, **named)

        return halted

    for kind in (Catalog, SpeakerIndex):
        monkeypatch.setattr(kind, "update", halt(kind.update))
    monkeypatch.setattr(Catalog, "holds", lambda *_, **__: False)
    monkeypatch.setattr(SpeakerIndex, "is_ready", False)
    for module, seconds in ((current_catalog, "LIST_SECONDS"), (reading, "READY_SECONDS")):
        monkeypatch.setattr(module, seconds, PATIENCE)

    async def scene(serving: Serving) -> set[str]:
        waiting = set()
        for path in (path for path, methods in serving.paths.items() if "GET" in methods):
            begun.clear(), go_on.clear()
            asking = asyncio.create_task(serving.get(path, CROWD))
            await until(lambda asking=asking: begun.is_set() or asking.done())
            if not asking.done():
                waiting.add(path)
                running = {stage: load.running for stage, load in serving.scheduler.load().items()}
                assert not any(running.values()), (path, running)
                assert (await serving.get("/grid", HONEST)).status_code == 200
            go_on.set()
            await asking
        return waiting

    lists = {"/corpus", "/corpus/archive", "/corpus/outcome", "/api/v1/articles"}
    speakers = {
        f"/{page}{kind}" for page in ("speakers", "speaker", "audit") for kind in ("", ".csv")
    }
    assert serve(scene, uploads=True) == lists | speakers


def test_only_where_a_question_is_asked_a_question_took_too_long(
    serve: Callable[..., Any],
) -> None:
    """Whatever takes a slot says in its own words that it took too long."""
    query = {"article": "a.md", "start": 0, "end": 1, "draft": "“One two three.”", "name": "x"}
    fields = {f"{API}/{one.name}": one.takes for one in PATHS}
    stages = {
        "show": MAX_CONCURRENT_PAGES,
        "collect": MAX_CONCURRENT_COLLECTIONS,
        "draw": MAX_CONCURRENT_PICTURES,
        "in_turns": MAX_CONCURRENT_DRAFTS,
        "parse": MAX_CONCURRENT_PARSES,
        "find": MAX_CONCURRENT_SEARCHES,
        "read": MAX_CONCURRENT_READS,
    }

    async def get(serving: Serving, path: str) -> httpx.Response:
        known = getattr(fields.get(path), "model_fields", {} if path in fields else query)
        given = {name: value for name, value in query.items() if name in known}
        return await serving.get(f"{path}?{urlencode(given)}", CROWD)

    async def scene(serving: Serving) -> dict[str, httpx.Response]:
        async with AsyncExitStack() as stack:
            for stage, count in stages.items():
                await stack.enter_async_context(serving.taken(stage, count))
            own = {
                path: methods
                for path, methods in serving.paths.items()
                if path not in QUESTIONS and "{" not in path and not path.startswith(GRADIO)
            }
            posted = {path for path, methods in own.items() if "POST" in methods}
            assert posted - {path for path in own if "GET" in own[path]} <= {*POSTS, *NO_SLOT}
            asked = {path: get(serving, path) for path, methods in own.items() if "GET" in methods}
            asked |= {
                f"POST {path}": serving.post(path, HONEST, body) for path, body in POSTS.items()
            }
            return dict(zip(asked, await asyncio.gather(*asked.values()), strict=True))

    answers = serve(scene, uploads=True, question_seconds=0.2)
    for path, answer in answers.items():
        assert "question took" not in answer.text, path
        if answer.status_code == 503:
            assert re.search("took longer than 0.2|took too long", answer.text), path
    given_up = {path for path, answer in answers.items() if "took " in answer.text}
    assert given_up >= {f"/{page}" for page in PAGES} | {f"POST {path}" for path in POSTS}
    assert given_up >= {"/page-image", *(f"/api/v1/{path}" for path in ("article", "articles"))}
