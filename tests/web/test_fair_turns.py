"""Clients take fair turns, and no question waits behind pages, whichever way it comes in."""

from __future__ import annotations

import ast
import asyncio
import inspect
import json
import re
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr
import httpx
import pytest
from gradio.routes import App as GradioApp
from starlette.routing import BaseRoute, Mount

import pullquote
from pullquote.index.catalog.catalog import Catalog
from pullquote.newsroom.assistant import Assistant
from pullquote.newsroom.speakers import SpeakerIndex
from pullquote.schema.errors import Busy
from pullquote.schema.settings import Settings
from pullquote.web import app as web_app
from pullquote.web import current_catalog
from pullquote.web.corpus.rebuild_job import rebuild_job
from pullquote.web.evidence.routes import ABSENCE
from pullquote.web.liveness import MIN_SHARE, CallerWatch
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
from pullquote.web.slots import FairTurns, turns_before
from pullquote.web.speakers import routes as reading

PATIENCE = 60.0
CROWD, HONEST = "192.0.2.1", "192.0.2.2"
PAGES = ("grid", "watchlist", "watchlist.xml", "speakers", "speaker", "audit", "corpus", "check")
"""Pages whose contents depend on the index."""

ACCEPTED = "application/json, text/event-stream"
NAMES = {"show": "page"}
"""The names of slots that are not those of the scheduler's methods."""

ASK = {"question": "who agreed to the Interpol centre?"}

ANSWER = "deputy national police chief"

_PART = 'Content-Disposition: form-data; name="file"; filename="a.md"'
FORM = f"--b\r\n{_PART}\r\n\r\nx\r\n--b--\r\n".encode()

TOOL_CALL = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {"name": "ask_archive", "arguments": ASK},
}

TAKES_THREADS = {
    *("run_sync", "to_thread", "run_in_threadpool", "run_in_executor", "start_blocking_portal"),
    *("Thread", "Timer", "start_new_thread", "ThreadPool", "ThreadPoolExecutor"),
    *("Process", "ProcessPoolExecutor", "Popen", "create_subprocess_exec", "BackgroundTask"),
    *("BackgroundTasks", "add_task", "WorkerThread", "Pool"),
}
"""Names of the standard library, anyio, Starlette and pullquote with which code takes a thread."""

MAY_TAKE_THREADS = {
    "slots.py": "the threads of the scheduler",
    "app.py": "the end of the server",
    "access/health.py": "one check at a time, which must answer when all slots are taken",
    "monitoring/metrics.py": "one report at a time",
    "corpus/additions.py": "writes files, in the slots for uploads",
    "corpus/rebuild_job.py": "one rebuild, which goes on when the page is left",
    "watchlist/job.py": "one run of the watchlist, which goes on when the page is left",
    "current_catalog.py": "one worker, for a list that all pages share",
    "speakers/routes.py": "one worker, for a list that all pages share",
}
"""Modules that take threads without the scheduler, and why."""

STAGES = {
    "find": MAX_CONCURRENT_SEARCHES,
    "read": MAX_CONCURRENT_READS,
    "show": MAX_CONCURRENT_PAGES,
    "collect": MAX_CONCURRENT_COLLECTIONS,
    "draw": MAX_CONCURRENT_PICTURES,
    "parse": MAX_CONCURRENT_PARSES,
    "check": MAX_CONCURRENT_DRAFTS,
}
"""The stages of work, each with its slots."""

Work = tuple[str, str, bytes]
"""The stage in which the work for a request begins, the query of the request, and its body."""

WORK: dict[tuple[str, str], Work] = {
    **{
        ("GET", f"/{page}"): ("show", "", b"")
        for page in (*PAGES, "unready", "corpus/archive", "speakers.csv", "audit.csv")
    },
    ("GET", "/speaker.csv"): ("show", "name=a", b""),
    ("GET", "/corpus/outcome"): ("show", "file=a.md", b""),
    ("POST", "/watchlist"): ("show", "", b""),
    **{
        ("POST", f"/conversations/{part}"): (stage, "", b"{}")
        for part, stage in {
            **dict.fromkeys(("check", "export", "questions"), "show"),
            **dict.fromkeys(("pack", "absence"), "collect"),
        }.items()
    },
    ("POST", "/check"): ("parse", "", FORM),
    ("POST", "/check/report"): ("show", "", FORM),
    ("POST", "/grid/start"): ("collect", "", b"{}"),
    ("POST", "/grid/cell"): ("read", "", b"{}"),
    ("POST", "/verify"): ("collect", "", FORM),
    ("GET", "/page-image"): ("draw", "article=a&start=0&end=1", b""),
    **{
        (method, f"/api/v1/{name}"): ("find", "question=who", json.dumps(ASK).encode())
        for name in ("ask", "ask/stream", "search")
        for method in ("GET", "POST")
    },
    ("GET", "/api/v1/article"): ("find", "article=a", b""),
    ("GET", "/api/v1/articles"): ("find", "", b""),
    ("GET", "/api/v1/index"): ("find", "", b""),
    ("POST", "/api/v1/check"): ("check", "", b'{"draft": "x"}'),
    ("POST", "/mcp"): ("find", "", json.dumps(TOOL_CALL).encode()),
}
"""The requests that ask for work."""

EVERYTHING = {"uploads": True, "fetch_links": True, "rebuild_from_chat": True, "metrics": True}
"""The settings with which the application has all its routes."""

NO_WORK = {
    ("GET", "/healthz"): "one check at a time, for all who ask",
    ("GET", "/readyz"): "one check at a time, for all who ask",
    ("GET", "/metrics"): "one report at a time",
    ("GET", "/api/v1/openapi.json"): "made once",
    ("GET", "/verify"): "a form that is always the same",
    ("GET", "/corpus/rebuild"): "the state of a rebuild, which is in memory",
    ("POST", "/corpus/rebuild"): "begins a rebuild, which goes on when the page is left",
    ("POST", "/corpus/cancel"): "ends a rebuild",
    ("POST", "/corpus/upload"): "ends with the stream of its body, in the slots for uploads",
    ("POST", "/corpus/link"): "ends at the limits for fetching, in the slots for uploads",
}
"""The other requests, and why they need no scheduler; those for fixed files are left out."""


@dataclass
class Serving:
    """A running application, with the scheduler inside."""

    app: Any
    scheduler: Scheduler
    watch: ReachableWatch
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

    async def post(self, path: str, client: str) -> httpx.Response:
        """A response to a client that posts an empty object."""
        async with self.client(client) as opened:
            return await opened.post(path, json={})

    async def send(self, method: str, path: str, body: bytes) -> httpx.Response:
        """A response to a client that sends a body."""
        kind = "multipart/form-data; boundary=b" if body.startswith(b"--b") else "application/json"
        headers = {"Content-Type": kind, "Accept": ACCEPTED}
        async with self.client(HONEST) as opened:
            return await opened.request(method, path, content=body, headers=headers)

    def begin(
        self, method: str, path: str, body: bytes
    ) -> tuple[Callable[[], None], asyncio.Task[None]]:
        """Send a request; returns a function that closes its connection, and the request."""
        inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        inbox.put_nowait({"type": "http.request", "body": body, "more_body": False})
        path, _, query = path.partition("?")
        kind = "multipart/form-data; boundary=b" if body.startswith(b"--b") else "application/json"
        headers = {"host": "127.0.0.1", "content-type": kind, "accept": ACCEPTED}
        if body:
            headers["content-length"] = str(len(body))
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

    async def ask_by_stream(self, address: str) -> str:
        """The events of a question of a program that reads the answer in steps."""
        async with self.client(address) as opened:
            return (await opened.post("/api/v1/ask/stream", json=ASK)).text

    async def ask_by_mcp(self, address: str) -> str:
        """The reply to a question of an agent."""
        async with self.client(address) as opened:
            headers = {"Accept": ACCEPTED}
            return (await opened.post("/mcp", json=TOOL_CALL, headers=headers)).text

    async def ask_by_page(self, address: str) -> str:
        """The events of a question in the box of the page."""
        answer = next(n for n, one in self.chat.fns.items() if one.api_name == "answer")
        session = f"page-{address}"
        asked = {"data": ["", ASK["question"], ""], "fn_index": answer, "session_hash": session}
        async with self.client(address) as opened:
            (await opened.post("/gradio_api/queue/join", json=asked)).raise_for_status()
            stream = await opened.get("/gradio_api/queue/data", params={"session_hash": session})
            return stream.text

    @property
    def ways(self) -> tuple[Callable[[str], Awaitable[Any]], ...]:
        """All ways in which a question comes in; each takes the client's address."""
        return (
            *(self.ask_by_api, self.ask_by_stream, self.ask_by_mcp),
            *(self.ask_by_gradio, self.ask_by_page),
        )

    @property
    def chat(self) -> gr.Blocks:
        """The page."""
        return self.watch._chat

    def routes(self) -> Iterator[tuple[str, str]]:
        """The method and the path of every route that is not Gradio's, nor that of a fixed file."""
        yield from _routes(self.watch._app.routes)  # type: ignore[attr-defined]

    @asynccontextmanager
    async def taken(self, stage: str, count: int) -> AsyncIterator[None]:
        """All slots of a stage have work of an unknown client while the context is open."""
        release = threading.Event()
        run: Callable[..., Awaitable[Any]] = getattr(self.scheduler, stage)
        if stage == "check":

            def run(work: Callable[[], object]) -> Awaitable[Any]:
                return self.scheduler.in_turns(lambda: iter([work()][:0]))

        work = [asyncio.create_task(run(lambda: release.wait(PATIENCE))) for _ in range(count)]
        try:
            await until(lambda: self.load(stage)[1] == count)
            yield
        finally:
            release.set()
            await asyncio.gather(*work, return_exceptions=True)  # some are given up

    def slow_down(self, stage: str, seconds: float) -> None:
        """Make as if all recent work of a stage had taken so long."""
        slots = next(one for one in self.scheduler._slots if one.name == NAMES.get(stage, stage))
        slots.recent.extend([seconds] * 20)

    def load(self, stage: str) -> tuple[int, int]:
        """How much work of a stage waits and runs."""
        load = self.scheduler.load()[NAMES.get(stage, stage)]
        return load.waiting, load.running


class ReachableWatch(CallerWatch):
    """The watch of the application that is served; its parts are the test's to look at."""


def _routes(routes: Iterable[BaseRoute], above: str = "") -> Iterator[tuple[str, str]]:
    for route in routes:
        if isinstance(route, Mount):
            if not isinstance(route.app, GradioApp):
                yield from _routes(route.routes, f"{above}{route.path}")
            continue
        endpoint, methods = route.endpoint, route.methods  # type: ignore[attr-defined]
        if getattr(endpoint, "__module__", "") != "pullquote.web.pages":
            for method in methods - {"HEAD"}:
                yield method, f"{above}{route.path}"  # type: ignore[attr-defined]


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
    watches: list[ReachableWatch] = []

    class ReachableScheduler(Scheduler):
        """A scheduler that the test can reach."""

        def __init__(self, **given: Any) -> None:
            super().__init__(**given)
            made.append(self)

    def watch(*given: Any, **named: Any) -> ReachableWatch:
        watches.append(ReachableWatch(*given, **named))
        return watches[-1]

    monkeypatch.setattr(web_app, "Scheduler", ReachableScheduler)
    monkeypatch.setattr(web_app, "CallerWatch", watch)

    async def run(scene: Callable[[Serving], Awaitable[Any]], assistant: Assistant) -> Any:
        app = web_app.build_app(assistant, rebuild_job(assistant))
        serving = Serving(app, made[-1], watches[-1])
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


def test_turns_before_those_of_a_client_are_one_of_each_other_for_each_of_its_own() -> None:
    """A client that asks much delays others by one turn, and its own last question by all."""
    counts = {"crowd": 9, "two": 2, "one": 1}
    assert turns_before(counts, "new") == 3
    assert turns_before(counts, "one") == 1 + 2 + 2
    assert turns_before(counts, "crowd") == 9 + 2 + 1


def test_threads_are_taken_only_by_the_scheduler() -> None:
    """A module that takes threads itself could take them all, and would not be cancelled."""
    found = set()
    folder = Path(web_app.__file__).parent
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = {alias.name for alias in getattr(node, "names", ()) if hasattr(alias, "name")}
            names |= {getattr(node, "attr", ""), getattr(node, "id", "")}
            if names & TAKES_THREADS:
                found.add(path.relative_to(folder).as_posix())
    assert found == set(MAY_TAKE_THREADS)


def test_no_endpoint_takes_a_thread_of_the_framework(serve: Callable[..., Any]) -> None:
    """Starlette, FastAPI and Gradio run a function that is not `async` in a thread of their own."""

    def endpoints(routes: Iterable[BaseRoute]) -> Iterator[Any]:
        for route in routes:
            if not isinstance(route, Mount):
                yield route.endpoint  # type: ignore[attr-defined]
            elif not isinstance(route.app, GradioApp):
                yield from endpoints(route.routes)

    async def scene(serving: Serving) -> None:
        own = [one.fn for one in serving.chat.fns.values()]
        for one in (*own, *endpoints(serving.watch._app.routes)):  # type: ignore[attr-defined]
            function = one.func if isinstance(one, partial) else one  # as Starlette does
            called = function if inspect.isroutine(function) else type(function).__call__
            assert inspect.iscoroutinefunction(called) or inspect.isasyncgenfunction(called), one

    serve(scene, **EVERYTHING)


def test_nothing_waits_in_gradios_own_queue(serve: Callable[..., Any]) -> None:
    """It has no turns for clients. So every event has a worker, and waits in the scheduler."""

    async def scene(serving: Serving) -> None:
        assert {one.concurrency_limit for one in serving.chat.fns.values()} == {None}
        rooms = dict(serving.watch._rooms)
        assert serving.chat._queue.max_thread_count > sum(rooms.values())
        called = {
            one.api_name for one in serving.chat.fns.values() if one.api_visibility != "private"
        }
        assert called - set(rooms) == {"ask"}  # which has its room in the scheduler

    serve(scene)


@pytest.mark.parametrize("name", ["retrieve", "article", "check", "join"])
def test_one_client_leaves_room_for_events_of_others(serve: Callable[..., Any], name: str) -> None:
    """Even if it sends all of its events at the same moment."""

    async def scene(serving: Serving) -> None:
        parameter = {"retrieve": "question", "check": "draft"}.get(name, name)
        given: dict[str, Any] = {parameter: "x"}
        if name == "join":
            begin = next(n for n, one in serving.chat.fns.items() if one.api_name == "begin")
            given = {"data": [""], "fn_index": begin, "session_hash": "crowd"}
        path = "/gradio_api/queue/join" if name == "join" else f"/gradio_api/call/v2/{name}"
        stage = "check" if name == "check" else "find"
        room = serving.watch._rooms[name]
        async with serving.taken(stage, STAGES[stage]):
            async with serving.client(CROWD) as crowd:
                sent = [crowd.post(path, json=given) for _ in range(2 * room)]
                statuses = [one.status_code for one in await asyncio.gather(*sent)]
            async with serving.client(HONEST) as opened:
                assert (await opened.post(path, json=given)).status_code == 200
        assert MIN_SHARE <= statuses.count(200) <= room // 2

    serve(scene)


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
                assert ANSWER in str(await ask(HONEST))
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
            assert ANSWER in str(reply)

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


def test_a_question_has_its_place_from_its_search_on_whichever_way_it_comes(
    serve: Callable[..., Any],
) -> None:
    """So none is refused after its passages were found."""

    async def scene(serving: Serving) -> None:
        for ask in serving.ways:
            async with serving.taken("find", MAX_CONCURRENT_SEARCHES):
                asked = [
                    asyncio.create_task(ask(f"192.0.2.{number}"))  # type: ignore[arg-type]
                    for number in range(10, 10 + MAX_CONCURRENT_READS)
                ]
                await until(lambda: serving.load("find")[0] == MAX_CONCURRENT_READS)
                assert serving.is_full, ask
                assert ANSWER not in str(await refused_or(ask(HONEST)))
            for reply in await asyncio.gather(*asked):
                assert ANSWER in str(reply), ask
            await until(lambda: not serving.is_full)

    serve(scene, waiting=0)


def test_no_question_is_let_in_that_would_wait_for_too_long(serve: Callable[..., Any]) -> None:
    """Whichever way it comes, it is told when to try again. Who asks much delays only itself."""
    others = [f"192.0.2.{number}" for number in range(10, 13)]

    async def scene(serving: Serving) -> None:
        async with serving.taken("read", MAX_CONCURRENT_READS):
            serving.slow_down("read", 40.0)
            asked = [asyncio.create_task(serving.ask_by_api(CROWD)) for _ in range(2)]
            await until(lambda: serving.load("read")[0] == len(asked))
            serving.scheduler.check(HONEST)
            with pytest.raises(Busy):
                serving.scheduler.check(CROWD)
            asked += [asyncio.create_task(serving.ask_by_api(one)) for one in others[1:]]
            await until(lambda: serving.load("read")[0] == len(asked))
            for ask in serving.ways:
                assert "the wait would be about 80 s" in str(await refused_or(ask(HONEST))), ask
        for reply in await asyncio.gather(*asked):
            assert ANSWER in str(reply)

    serve(scene)


async def refused_or(asking: Awaitable[Any]) -> Any:
    """The answer to a question, or the text of the response that refuses it."""
    try:
        return await asking
    except httpx.HTTPStatusError as error:
        return error.response.text


SAYS_NO_TIME = {
    "/mcp": "agents get the reason in the result of the tool",
    "/corpus/outcome": "its script asks again by itself",
}
"""Paths whose refusal has no `Retry-After` of its own, and why."""


def test_every_route_works_in_the_scheduler_or_needs_no_work(serve: Callable[..., Any]) -> None:
    """A new one has to be in one of the two lists."""

    async def scene(serving: Serving) -> set[tuple[str, str]]:
        return set(serving.routes())

    assert serve(scene, **EVERYTHING) == set(WORK) | set(NO_WORK)
    assert not set(WORK) & set(NO_WORK)


def test_work_ends_when_its_client_leaves(serve: Callable[..., Any]) -> None:
    """Whatever was asked for, it no longer waits; see `test_cancelling` for work that runs."""

    async def scene(serving: Serving) -> None:
        for (method, path), (stage, query, body) in WORK.items():
            async with serving.taken(stage, STAGES[stage]):
                leave, asking = serving.begin(method, f"{path}?{query}", sent(method, body))
                await until(lambda stage=stage: serving.load(stage)[0] == 1)
                leave()
                await until(lambda stage=stage: serving.load(stage)[0] == 0)
                await asking

    serve(scene, **EVERYTHING)


def test_work_that_would_wait_for_too_long_is_refused(serve: Callable[..., Any]) -> None:
    """`Retry-After` says when it would not."""

    async def scene(serving: Serving) -> None:
        vague = set[str]()
        for (method, path), (stage, query, body) in WORK.items():
            for one in ("find", "read", stage):
                serving.slow_down(one, 0.0)
            async with serving.taken(stage, STAGES[stage]):
                for one in {"find": ("find", "read")}.get(stage, (stage,)):
                    serving.slow_down(one, 1000.0)
                kind = "multipart/form-data; boundary=b" if body == FORM else "application/json"
                headers = {"Content-Type": kind, "Accept": ACCEPTED}
                content = sent(method, body)
                async with serving.client(HONEST) as opened:
                    refused = await opened.request(
                        method, path, params=query, content=content, headers=headers
                    )
                assert "the wait would be about" in refused.text, path
                wait = int(refused.headers.get("Retry-After", 0))
                if refused.status_code != 503 or wait <= 100:
                    vague.add(path)
        assert vague == set(SAYS_NO_TIME)

    serve(scene, **EVERYTHING)


def sent(method: str, body: bytes) -> bytes:
    """The body that is sent with a method."""
    return body if method == "POST" else b""


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
        for path in (path for method, path in WORK if method == "GET"):
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
    assert serve(scene, **EVERYTHING) == lists | speakers


def test_only_where_a_question_is_asked_a_question_took_too_long(
    serve: Callable[..., Any],
) -> None:
    """Whatever else takes a slot says in its own words that it took too long."""
    questions = {f"/api/v1/{name}" for name in ("ask", "ask/stream", "search")}
    questions |= {"/grid/cell", "/mcp"}

    async def scene(serving: Serving) -> dict[str, httpx.Response]:
        async with AsyncExitStack() as stack:
            for stage, count in STAGES.items():
                await stack.enter_async_context(serving.taken(stage, count))
            asked = {
                f"{method} {path}": serving.send(method, f"{path}?{query}", sent(method, body))
                for (method, path), (_, query, body) in WORK.items()
                if path not in questions
            }
            return dict(zip(asked, await asyncio.gather(*asked.values()), strict=True))

    for path, answer in serve(scene, **EVERYTHING, question_seconds=0.2).items():
        assert "question took" not in answer.text, path
        assert re.search("took longer than 0.2|took too long", answer.text), path
