"""An index in Milvus loses nothing while servers die, rebuilds are killed and networks stall.

The tests use milvus-lite over TCP and the real standalone server. `PULLQUOTE_MILVUS_EVERY=1` kills
the rebuild at each of its calls instead of some.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from conftest import FakeEncoder, scratch
from engines import EVERY, Engine, NewsroomAnywhere, Place
from lines import Line
from milvus_driver import ARTICLES, expected_report, publish, tell, write
from milvus_servers import PASSWORD, USER, MilvusServer, lite_server_in, running, standalone_in
from pullquote.answering import answer_engine
from pullquote.index import read_stats, services
from pullquote.newsroom import assistant
from pullquote.schema.errors import IndexMismatch, IndexUnreachable, PullquoteError
from pullquote.schema.settings import Settings
from pullquote_milvus.client.conditions import alive_at
from pullquote_milvus.index import MilvusIndex
from served import serving

pytestmark = pytest.mark.slow
LITE, REAL = pytest.mark.xdist_group("milvus-lite"), pytest.mark.xdist_group("milvus")
"""Tests that share a server run in one process."""

HERE = Path(__file__).parents[2]
SWAPS, READERS = 40, 4
SECONDS = 5.0
"""The setting `milvus_seconds` where a server does not answer."""

LONGEST_LOAD = 90.0
"""Seconds; 2.3.5 took 26 to load a collection of 2,000 rows again after it was killed."""

NUMBERS = itertools.count(1)
SOME_KILLS = {Engine.LITE_SERVER: 6, Engine.STANDALONE: 2}
"""How many of about 90 calls a rebuild is killed at; a rebuild takes one second, or ten."""


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(Engine.LITE_SERVER, marks=LITE),
        pytest.param(Engine.STANDALONE, marks=REAL),
    ],
)
def mortal(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MilvusServer]:
    """A server that only these tests use, since they kill it."""
    folder = tmp_path_factory.mktemp("mortal")
    if request.param is Engine.LITE_SERVER:
        yield from running(lite_server_in(folder))
    else:
        unpacked: Path = request.getfixturevalue("unpacked")
        yield from running(standalone_in(folder, unpacked=unpacked))


@pytest.fixture
def boats(mortal: MilvusServer) -> Iterator[NewsroomAnywhere]:
    """A newsroom on that server; all articles have the number 0."""
    with newsroom_on(mortal, f"t{next(NUMBERS)}", milvus_cache_seconds=0) as made:
        publish(made, 0)
        yield made


@contextmanager
def newsroom_on(
    server: MilvusServer, name: str, *, port: int | None = None, **settings: Any
) -> Iterator[NewsroomAnywhere]:
    """A newsroom with its index on a server, perhaps behind another port."""
    engine = Engine.LITE_SERVER
    if server.apart:
        engine = Engine.GUARDED if server.guarded else Engine.STANDALONE
    address = server.address if port is None else f"milvus://127.0.0.1:{port}"
    given = {"milvus_seconds": SECONDS, **server.credentials, **settings}
    place = Place(engine, f"{address}/{name}", given, server)
    with scratch() as folder:
        yield NewsroomAnywhere(Path(folder), place)


@contextmanager
def asking(newsroom: NewsroomAnywhere) -> Iterator[assistant.Assistant]:
    """An assistant on the newsroom's index, with its encoder."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (answer_engine, services):
            patch.setattr(module, "encoder_of", lambda _: newsroom.encoder)
        with assistant.open_assistant(settings=newsroom.settings) as opened:
            yield opened


def look(newsroom: NewsroomAnywhere) -> str:
    """Open the index, and ask it."""
    with asking(newsroom) as opened:
        return tell(opened)


def raised_by(act: Callable[[], object]) -> BaseException | None:
    """The error that an action raises."""
    try:
        act()
    except BaseException as error:  # noqa: BLE001 - the test looks at it
        return error
    return None


def check_unreachable(error: BaseException | None) -> None:
    """Check that an error is an IndexUnreachable with the address and no secret."""
    assert isinstance(error, IndexUnreachable), error
    assert "milvus://127.0.0.1" in str(error)
    assert PASSWORD not in repr(error)


def when_back(act: Callable[[], str]) -> str:
    """The result of an action once the server has loaded its collections again."""
    until = time.monotonic() + LONGEST_LOAD
    while isinstance(raised_by(act), IndexUnreachable) and time.monotonic() < until:
        time.sleep(0.5)
    return act()


class ReaderThreads:
    """Threads that ask continuously."""

    def __init__(self, opened: assistant.Assistant, expected: str) -> None:
        self._opened, self._expected = opened, expected
        self._done = threading.Event()
        self._threads = [threading.Thread(target=self._ask) for _ in range(READERS)]
        self.answered: list[float] = []
        self.raised: list[tuple[float, BaseException]] = []

    def __enter__(self) -> ReaderThreads:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        for thread in self._threads:
            thread.join(timeout=60)

    def is_well_since(self, moment: float, *, seconds: float) -> bool:
        """Whether there were answers since, and no error for some seconds."""
        trouble = max([moment, *(at for at, _ in self.raised)])
        answered = max(self.answered, default=moment)
        return trouble < time.monotonic() - seconds and answered > trouble

    def _ask(self) -> None:
        while not self._done.is_set():
            try:
                assert tell(self._opened) == self._expected
                self.answered.append(time.monotonic())
            except Exception as error:  # noqa: BLE001 - the test looks at it
                self.raised.append((time.monotonic(), error))
                time.sleep(0.05)


class TestServerKilled:
    """The server is killed, and comes back."""

    def test_a_server_lost_during_a_rebuild_harms_nothing(
        self, mortal: MilvusServer, boats: NewsroomAnywhere
    ) -> None:
        """The rebuild fails; the old index answers afterwards, and the next rebuild succeeds."""

        class KillingEncoder(FakeEncoder):
            def encode(self, texts: list[str]) -> Any:
                if any("number 1" in text for text in texts):
                    mortal.kill()
                return super().encode(texts)

        write(boats, 1)
        sound, boats.encoder = boats.encoder, KillingEncoder()
        started = time.monotonic()
        error = raised_by(boats.rebuild)
        took = time.monotonic() - started
        boats.encoder = sound
        mortal.start()
        check_unreachable(error)
        assert took < 4 * SECONDS
        assert when_back(lambda: look(boats)) == expected_report(0)
        publish(boats, 2)
        assert look(boats) == expected_report(2)

    def test_questions_fail_only_while_the_server_is_lost(
        self, mortal: MilvusServer, boats: NewsroomAnywhere
    ) -> None:
        """Questions fail with IndexUnreachable, and work again once the server is back."""
        with asking(boats) as opened, ReaderThreads(opened, expected_report(0)) as readers:
            until = time.monotonic() + LONGEST_LOAD
            while not readers.answered and time.monotonic() < until:
                time.sleep(0.1)
            mortal.kill()
            killed = time.monotonic()
            time.sleep(1)
            mortal.start()
            back = time.monotonic()
            while not readers.is_well_since(back, seconds=2):
                assert time.monotonic() < back + LONGEST_LOAD, readers.raised[-1]
                time.sleep(0.1)
        assert readers.answered[0] < killed
        assert readers.raised
        for _, error in readers.raised:
            check_unreachable(error)


@dataclass
class RebuildDriver:
    """The driver's process, which runs each order in a child process."""

    process: subprocess.Popen[str]
    newsroom: NewsroomAnywhere

    def do(self, what: str, **faults: Any) -> dict[str, Any]:
        """Run an order, and return how it ended."""
        order = {"do": what, "settings": self.newsroom.given, **faults}
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@pytest.fixture
def driver(boats: NewsroomAnywhere, tmp_path: Path) -> Iterator[RebuildDriver]:
    """A process with all modules loaded, which forks for each rebuild."""
    paths = os.pathsep.join([str(HERE), *filter(None, sys.path)])
    with subprocess.Popen(
        [sys.executable, str(HERE / "milvus_driver.py"), str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
    ) as process:
        yield RebuildDriver(process, boats)
        assert process.stdin is not None
        process.stdin.close()


@pytest.mark.parametrize(
    ("mortal", "sent"),
    [
        pytest.param(Engine.LITE_SERVER, False, marks=LITE, id="lite-before"),
        pytest.param(Engine.LITE_SERVER, True, marks=LITE, id="lite-sent"),
        pytest.param(Engine.STANDALONE, False, marks=REAL, id="standalone-before"),
        *([pytest.param(Engine.STANDALONE, True, marks=REAL)] if EVERY else []),
    ],
    indirect=["mortal"],
)
def test_a_builder_killed_at_any_call_harms_nothing(driver: RebuildDriver, sent: bool) -> None:
    """The old or the new generation answers; the next rebuild succeeds and cleans up.

    It is killed before a call to Milvus, or while the call is on its way.
    """
    boats = driver.newsroom
    write(boats, 1)
    done = driver.do("rebuild")
    assert done["status"] == 0, done["report"]
    total, number = len(done["calls"]), 1
    assert total > 5
    publish(boats, 2)
    most = len(boats.place.collections())
    number = 2
    stride = 1 if EVERY else max(1, total // SOME_KILLS[boats.place.engine])
    for call in range(1 + total % stride, total + 1, stride):
        write(boats, number + 1)
        killed = driver.do("rebuild", kill=call, sent=sent)
        where = f"call {call} of {total}, {killed['calls'][-1:]}"
        if killed["status"] == 0:  # it made fewer calls this time
            continue
        assert killed["status"] == -9, killed["report"]
        seen = driver.do("look")
        assert seen["report"] in (expected_report(number), expected_report(number + 1)), where
        again = driver.do("rebuild")
        assert again["status"] == 0, f"{where}: {again['report']}"
        assert driver.do("look")["report"] == expected_report(number + 1), where
        number += 1
        publish(boats, number + 1)
        number += 1
        assert len(boats.place.collections()) <= most, where


READ = """
import json, sys
from pathlib import Path
from backends.milvus.test_faults import ask_until_done
ask_until_done(Path(sys.argv[1]), json.loads(sys.stdin.readline()))
"""


def ask_until_done(folder: Path, given: dict[str, Any]) -> None:
    """Ask a changing index; print the number of questions and of generations seen."""
    answer_engine.encoder_of = services.encoder_of = lambda _: FakeEncoder()  # type: ignore[assignment]
    asked, seen = 0, list[str]()
    with assistant.open_assistant(settings=Settings(**given)) as opened:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while not (folder / "done").exists():
            answers = tell(opened)
            assert answers.startswith(f"{ARTICLES + 1} articles of "), answers
            assert "," not in answers, answers
            asked += 1
            time.sleep(0.05)  # milvus-lite answers with one core
            if [answers] != seen[-1:]:
                seen.append(answers)
        time.sleep(1)  # the current generation is cached for half a second
        last = tell(opened)
    sys.stdout.write(json.dumps({"asked": asked, "seen": len(seen), "last": last}))


@LITE
def test_no_answer_mixes_two_generations(lite_server: MilvusServer, tmp_path: Path) -> None:
    """Processes ask while generations change: nothing fails, each answer has one number."""
    with newsroom_on(lite_server, "swaps", milvus_cache_seconds=5) as boats:
        publish(boats, 0)
        command = [sys.executable, "-c", READ, str(tmp_path)]
        paths = os.pathsep.join([str(HERE), *filter(None, sys.path)])
        readers = [
            subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env={**os.environ, "PYTHONPATH": paths},
            )
            for _ in range(READERS)
        ]
        for reader in readers:
            assert reader.stdin is not None
            reader.stdin.write(json.dumps(boats.given) + "\n")
            reader.stdin.flush()
        assert [reader.stdout.readline() for reader in readers if reader.stdout] == [
            "ready\n"
        ] * READERS
        for number in range(1, SWAPS + 1):
            publish(boats, number)
        (tmp_path / "done").touch()
        answers = [json.loads(reader.communicate(timeout=60)[0]) for reader in readers]
        assert [reader.returncode for reader in readers] == [0] * READERS
        assert [one["last"] for one in answers] == [expected_report(SWAPS)] * READERS
        assert min(one["seen"] for one in answers) > SWAPS // 10
        assert min(one["asked"] for one in answers) > SWAPS // 10


@pytest.fixture
def line(lite_server: MilvusServer) -> Iterator[Line]:
    """A line to milvus-lite."""
    with Line(lite_server.port) as made:
        yield made


@pytest.fixture
def distant(lite_server: MilvusServer, line: Line) -> Iterator[NewsroomAnywhere]:
    """A newsroom with its index behind that line and short limits."""
    with newsroom_on(lite_server, f"d{next(NUMBERS)}", port=line.port) as made:
        publish(made, 0)
        yield made


@LITE
class TestNetwork:
    """The network stalls or breaks."""

    @pytest.mark.parametrize("fault", ["hold", "cut"])
    def test_questions_fail_in_time_and_recover(
        self, distant: NewsroomAnywhere, line: Line, fault: str
    ) -> None:
        """Questions fail after about `milvus_seconds`; later the same assistant answers again."""
        with asking(distant) as opened:
            assert tell(opened) == expected_report(0)
            getattr(line, fault)()
            started = time.monotonic()
            error = raised_by(lambda: tell(opened))
            took = time.monotonic() - started
            check_unreachable(error)
            assert took < 2 * SECONDS + 1
            line.mend() if fault == "cut" else line.release()
            until = time.monotonic() + 15
            while raised_by(lambda: tell(opened)) is not None and time.monotonic() < until:
                time.sleep(0.2)
            assert tell(opened) == expected_report(0)

    def test_many_questions_at_once_fail_at_once(
        self, distant: NewsroomAnywhere, line: Line
    ) -> None:
        """No question waits for the others to time out."""
        with asking(distant) as opened:
            assert tell(opened) == expected_report(0)
            line.hold()
            for _ in range(2):  # with an open connection, and with none
                started = time.monotonic()
                with ThreadPoolExecutor(8) as pool:
                    asked = [pool.submit(tell, opened) for _ in range(8)]
                    for one in asked:
                        check_unreachable(one.exception())
                assert time.monotonic() - started < 2 * SECONDS + 1

    @pytest.mark.parametrize("fault", ["hold", "cut"])
    def test_opening_and_rebuilding_fail_in_time(
        self, distant: NewsroomAnywhere, line: Line, fault: str
    ) -> None:
        """Both fail within `milvus_seconds`; nothing has changed when the line works again."""
        write(distant, 1)
        getattr(line, fault)()
        acts = (lambda: look(distant), distant.rebuild, lambda: read_stats(distant.index))
        for act in acts:
            started = time.monotonic()
            check_unreachable(raised_by(act))
            assert time.monotonic() - started < 2 * SECONDS + 1
        line.mend() if fault == "cut" else line.release()
        assert when_back(lambda: look(distant)) == expected_report(0)
        distant.rebuild()
        assert look(distant) == expected_report(1)


@LITE
def test_no_call_waits_for_ever(distant: NewsroomAnywhere, line: Line) -> None:
    """Calls for which pymilvus sets no limit end too, such as those of an iterator."""
    distant.change_settings(milvus_seconds=0.4)
    assert isinstance(distant.index, MilvusIndex)
    server = distant.index.server
    [name] = [one for one in distant.place.collections() if "_articles_" in one]
    assert list(server.scan(name, alive_at(1), ["key"]))
    line.hold()
    started = time.monotonic()
    error = raised_by(lambda: list(server.scan(name, alive_at(1), ["key"])))
    line.release()
    assert isinstance(error, IndexUnreachable), error
    assert time.monotonic() - started < 15


@REAL
def test_a_wrong_password_is_an_error_without_the_password(guarded: MilvusServer) -> None:
    """The error differs from that of a server that is down: waiting would not help."""
    with newsroom_on(guarded, "locked") as boats:
        publish(boats, 0)
        for wrong in ("not the password", ""):
            boats.change_settings(milvus_password=wrong)
            error = raised_by(lambda: read_stats(boats.index))
            assert isinstance(error, PullquoteError), error
            assert "password" in str(error)
            assert not wrong or wrong not in repr(error)


@REAL
def test_a_token_replaces_user_and_password(guarded: MilvusServer) -> None:
    """A token replaces user and password."""
    with newsroom_on(guarded, "token") as boats:
        boats.change_settings(
            milvus_user=None, milvus_password=None, milvus_token=f"{USER}:{PASSWORD}"
        )
        publish(boats, 0)
        assert look(boats) == expected_report(0)
        boats.change_settings(milvus_token=f"{USER}:wrong")
        error = raised_by(lambda: read_stats(boats.index))
        assert isinstance(error, IndexUnreachable), error
        assert "milvus_token" in str(error)
        assert "wrong" not in repr(error)


def test_another_model_is_refused(boats: NewsroomAnywhere) -> None:
    """The error has both names and the command to run."""
    boats.encoder = FakeEncoder("other")
    error = raised_by(lambda: look(boats))
    assert isinstance(error, IndexMismatch), error
    assert all(word in str(error) for word in ("fake", "other", "rebuild-index"))


@LITE
def test_the_chat_reports_it_and_recovers(lite_server: MilvusServer, tmp_path: Path) -> None:
    """While the server cannot be reached, /healthz is 503 and a question gets an error."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.md").write_text("The harbour opened in 1911. Ida Roe built it.")
    with Line(lite_server.port) as line:
        index = f"milvus://127.0.0.1:{line.port}/chat"
        services.rebuild_index(corpus, settings=Settings(index=index))
        given = {"milvus_seconds": str(SECONDS)}
        with serving(tmp_path, corpus=corpus, index=index, **given) as served:
            assert httpx.get(f"{served.url}/healthz").json()["status"] == "ok"
            assert "Ida Roe" in ask_chat(served.url)
            line.cut()
            time.sleep(1)  # the current generation is cached for half a second
            health = httpx.get(f"{served.url}/healthz", timeout=60)
            assert (health.status_code, health.json()["status"]) == (503, "unavailable")
            stream = ask_chat(served.url)
            assert "event: error" in stream
            assert "Traceback" not in stream
            line.mend()
            until = time.monotonic() + 30
            while "Ida Roe" not in (stream := ask_chat(served.url)) and time.monotonic() < until:
                time.sleep(0.5)
            assert "Ida Roe" in stream
            assert httpx.get(f"{served.url}/healthz").json()["status"] == "ok"


@LITE
def test_the_chat_begins_while_the_server_is_away(
    lite_server: MilvusServer, tmp_path: Path
) -> None:
    """With `update_at_start` off, the chat says so, and answers once the server is back."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.md").write_text("The harbour opened in 1911. Ida Roe built it.")
    with Line(lite_server.port) as line:
        index = f"milvus://127.0.0.1:{line.port}/late"
        services.rebuild_index(corpus, settings=Settings(index=index))
        line.cut()
        given = {"milvus_seconds": str(SECONDS), "update_at_start": "false"}
        with serving(tmp_path, corpus=corpus, index=index, **given) as served:
            assert "will answer as soon as there is an index" in served.errors.read_text()
            assert httpx.get(f"{served.url}/healthz", timeout=60).status_code == 503
            line.mend()
            until = time.monotonic() + 30
            while "Ida Roe" not in (stream := ask_chat(served.url)) and time.monotonic() < until:
                time.sleep(0.5)
            assert "Ida Roe" in stream
            assert httpx.get(f"{served.url}/healthz").status_code == 200


def ask_chat(url: str) -> str:
    """The event stream of a question to the web chat's API."""
    given = {"question": "Who built the harbour?"}
    called = httpx.post(f"{url}/gradio_api/call/v2/ask", json=given, timeout=60)
    event = called.raise_for_status().json()["event_id"]
    return httpx.get(f"{url}/gradio_api/call/ask/{event}", timeout=60).text
