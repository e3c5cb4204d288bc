"""Idle, stuck and surplus connections are closed, and other clients are still served."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from http.client import HTTPConnection
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from attackers import BIG, connected, crowd, head, memory, read_all, send
from pullquote.web.access.connections import (
    REQUEST_SECONDS,
    STALLED_SECONDS,
    ClientConnection,
    Connections,
)
from pullquote.web.access.networks import Networks
from served import Served, serving

HAS_PROC = Path("/proc/self/status").exists()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, sample_index: Path) -> Iterator[Served]:
    """The sample corpus, with uploads into another folder."""
    folder = tmp_path_factory.mktemp("connections")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "mill.txt").write_text("The mill\n\nIda Roe bought the mill.\n")
    with serving(folder, index=sample_index, update_at_start="false", uploads="true") as server:
        yield server


def health(served: Served) -> httpx.Response:
    """The response of `/healthz` to another client than the attacker."""
    return httpx.get(f"{served.url}/healthz", timeout=5)


def test_pipelined_requests_whose_answers_are_not_read_end(served: Served) -> None:
    """One request is answered, not all that were pipelined."""
    with crowd(served, 60, buffer=4096) as attackers:
        for attacker in attackers:
            attacker.settimeout(1)
            send(attacker, head("/healthz") * 3000)
        assert health(served).status_code == 200
        with ThreadPoolExecutor(60) as reading:
            ends = list(reading.map(lambda one: read_all(one, seconds=10), attackers))
    assert all(ended for _, ended in ends)
    assert max(answer.count(b"HTTP/1.1") for answer, _ in ends) <= 1


def test_one_request_after_the_other_is_answered(served: Served) -> None:
    """A connection stays open for clients that wait for each answer."""
    client = HTTPConnection("127.0.0.1", served.port, timeout=10)
    with closing(client):
        client.connect()
        first = client.sock
        for _ in range(5):
            client.request("GET", "/healthz")
            assert client.getresponse().read().startswith(b"{")
        assert client.sock is first


def test_one_address_cannot_take_all_connections(served: Served) -> None:
    """It is refused at once; others are served, and `/healthz` still answers."""
    with crowd(served, 850) as attackers:
        answers = []
        for attacker in attackers[-20:]:
            answers.append(read_all(attacker, seconds=1)[0])
        assert {answer.partition(b"\r\n")[0] for answer in answers} == {
            b"HTTP/1.1 503 Service Unavailable"
        }
        assert b"Retry-After:" in answers[0]
        assert health(served).status_code == 200
        assert httpx.get(served.url, timeout=20).status_code == 200
        time.sleep(7)  # after RESERVED_SECONDS the connections beyond the limit are closed
        with connected(served) as watcher:
            watcher.sendall(head("/healthz"))
            answer, ended = read_all(watcher, seconds=5)
        assert (answer[:12], ended) == (b"HTTP/1.1 200", True)
        with connected(served) as beyond:
            beyond.sendall(head("/"))
            assert read_all(beyond, seconds=5)[0].startswith(b"HTTP/1.1 503")
    assert served.errors.read_text().count("A connection from 127.0.0.2 was refused") == 1


@pytest.mark.skipif(not HAS_PROC, reason="the system has no /proc")
def test_bodies_for_health_are_not_read(served: Served) -> None:
    """300 bodies of a megabyte are not read."""
    before = memory(served)
    body = b"x" * (1 << 20)
    with (
        crowd(served, 150) as some,
        crowd(served, 150, "127.0.0.3") as others,
        ThreadPoolExecutor(30) as sending,
    ):
        attackers = [*some, *others]
        start = head("/healthz", f"Content-Length: {len(body)}", method="POST")
        for _ in sending.map(lambda one: send(one, start + body[:-1]), attackers):
            pass
        answers = [read_all(one, seconds=1)[0] for one in attackers]
        grown = memory(served) - before
    assert {answer[:12] for answer in answers} <= {b"HTTP/1.1 405", b""}
    assert grown < 40 << 20


@pytest.mark.parametrize("more", ["Content-Length: 5", "Transfer-Encoding: chunked"])
@pytest.mark.parametrize("path", ["/healthz", "/", "/config"])
def test_a_body_that_no_get_has_is_refused(served: Served, path: str, more: str) -> None:
    """The connection is closed, since the body follows on it."""
    with connected(served) as connection:
        connection.sendall(head(path, more))
        answer, ended = read_all(connection, seconds=5)
    assert (answer[:12], ended) == (b"HTTP/1.1 400", True)


@pytest.mark.parametrize(
    "nonsense",
    [
        b"\x16\x03\x01\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        head("/", "Upgrade: websocket", "Connection: Upgrade"),
    ],
)
def test_nonsense_leaves_no_line_in_the_log(served: Served, nonsense: bytes) -> None:
    """Invalid requests do not fill the log."""
    before = served.errors.read_text()
    for _ in range(3):
        with connected(served) as connection:
            connection.sendall(nonsense)
            assert read_all(connection, seconds=1)[0].startswith(b"HTTP/1.1")
    assert served.errors.read_text() == before


def upload_head(name: str, size: int) -> bytes:
    """The head of an upload request."""
    return head(f"/corpus/upload?name={name}", f"Content-Length: {size}", method="POST")


def test_one_address_cannot_take_all_uploads(served: Served) -> None:
    """Two of four silent uploads are refused, and another address can upload."""
    with crowd(served, 4) as attackers:
        for number, attacker in enumerate(attackers):
            attacker.sendall(upload_head(f"slow-{number}.txt", 100) + b"x")
        time.sleep(0.5)
        url = f"{served.url}/corpus/upload?name=quick.txt&replace=1"
        assert httpx.post(url, content=b"Quick.", timeout=10).status_code == 201
        answers = [read_all(one, seconds=1)[0] for one in attackers]
    refused = [answer for answer in answers if answer]
    assert [answer[:12] for answer in refused] == [b"HTTP/1.1 503"] * 2
    assert all(b"\r\nretry-after: 5\r\n" in answer.lower() for answer in refused)


async def small_app(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that answers with the path of the request."""
    await PlainTextResponse(scope["path"])(scope, receive, send)


@contextmanager
def small(
    *,
    per_address: int,
    most: int,
    trusted: tuple[str, ...] = (),
    warn: Callable[[str], None] | None = None,
) -> Iterator[int]:
    """Run a server with low limits in a thread; gives its port."""
    limits = Connections(per_address=per_address, most=most, trusted=Networks(trusted), warn=warn)
    config = uvicorn.Config(
        small_app,
        http=partial(ClientConnection, connections=limits),  # type: ignore[arg-type]
        lifespan="off",
        log_level="critical",
    )
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(timeout=30)


def statuses(port: int, address: str, path: str = "/", *, count: int = 1) -> list[int]:
    """The statuses of that many connections from an address, all open until the last."""
    with ExitStack() as stack:
        found = []
        for _ in range(count):
            client = HTTPConnection("127.0.0.1", port, timeout=10, source_address=(address, 0))
            stack.callback(client.close)
            client.request("GET", path)
            found.append(client.getresponse().status)
        return found


@contextmanager
def holding(port: int, address: str, count: int) -> Iterator[None]:
    """Keep that many silent connections from an address open."""
    with ExitStack() as stack:
        for _ in range(count):
            made = socket.create_connection(("127.0.0.1", port), source_address=(address, 0))
            stack.enter_context(made)
        time.sleep(0.2)
        yield


def test_beyond_its_limit_an_address_learns_of_health_alone() -> None:
    """It can only get `/healthz`, and other addresses are served."""
    with small(per_address=2, most=10) as port, holding(port, "127.0.0.2", 2):
        assert statuses(port, "127.0.0.2") == [503]
        assert statuses(port, "127.0.0.2", "/healthz") == [200]
        assert statuses(port, "127.0.0.3", count=2) == [200, 200]


def test_a_trusted_proxy_has_no_limit_of_its_own() -> None:
    """A proxy has the connections of all its clients."""
    with small(per_address=2, most=10, trusted=("127.0.0.2",)) as port:
        assert statuses(port, "127.0.0.2", count=5) == [200] * 5


def test_where_all_are_taken_the_greediest_makes_room() -> None:
    """A newcomer replaces a connection of the client with most, if that has more."""
    with small(per_address=4, most=5) as port, ExitStack() as stack:
        for address, count in (("127.0.0.2", 3), ("127.0.0.3", 1), ("127.0.0.4", 1)):
            stack.enter_context(holding(port, address, count))
        assert statuses(port, "127.0.0.5") == [200]
    with small(per_address=4, most=2) as port, ExitStack() as stack:
        for address in ("127.0.0.2", "127.0.0.3"):
            stack.enter_context(holding(port, address, 1))
        assert statuses(port, "127.0.0.5") == [503]
        assert statuses(port, "127.0.0.5", "/healthz") == [200]


def test_an_address_at_its_limit_learns_which_setting_it_is() -> None:
    """The refusal names the setting; a full server says that it is full."""
    warned: list[str] = []
    with (
        small(per_address=2, most=10, warn=warned.append) as port,
        holding(port, "127.0.0.2", 2),
        ExitStack() as stack,
    ):
        refused = []
        for _ in range(6):  # four are reserved for `/healthz`
            made = socket.create_connection(("127.0.0.1", port), source_address=("127.0.0.2", 0))
            stack.enter_context(made)
            refused.append(made)
        texts = []
        for made in refused:
            send(made, head("/"))
            texts.append(read_all(made, seconds=5)[0].decode())
    assert all("connections_per_address" in text and "trusted_proxies" in text for text in texts)
    assert all("the limit of 2 connections from your address" in text for text in texts)
    assert warned == ["127.0.0.2"]
    with small(per_address=2, most=1, warn=warned.append) as port, holding(port, "127.0.0.2", 1):
        made = socket.create_connection(("127.0.0.1", port), source_address=("127.0.0.3", 0))
        with made:
            made.sendall(head("/"))
            text = read_all(made, seconds=5)[0].decode()
    assert "as many connections as it can serve" in text
    assert "connections_per_address" not in text
    assert len(warned) == 1


def test_a_head_has_its_time_from_its_first_byte() -> None:
    """Idle time before the request does not count; more bytes give no more time."""
    limits = Connections(per_address=10, trusted=Networks(()))
    config = uvicorn.Config(small_app, lifespan="off", log_level="critical")
    config.load()

    async def ends() -> list[bool]:
        loop, state = asyncio.get_running_loop(), ServerState()
        server = await loop.create_server(
            lambda: ClientConnection(config, state, {}, connections=limits), "127.0.0.1", 0
        )
        port = server.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head("/one"))
        assert (await reader.readuntil(b"/one")).startswith(b"HTTP/1.1 200")
        await asyncio.sleep(1)
        start = time.monotonic()
        found = []
        for part, seconds in ((b"GET ", REQUEST_SECONDS - 0.5), (b"/", REQUEST_SECONDS + 1)):
            writer.write(part)
            await asyncio.sleep(0.2)
            limits.close_stuck(start + seconds)
            await asyncio.sleep(0.1)
            found.append(reader.at_eof())
        writer.close()
        server.close()
        return found

    assert asyncio.run(ends()) == [False, True]


@pytest.mark.slow
def test_an_answer_that_is_not_read_is_given_up(served: Served) -> None:
    """The connection is closed, and the rest of the answer dropped."""
    with connected(served, buffer=4096) as attacker:
        attacker.sendall(head(BIG))
        time.sleep(STALLED_SECONDS + 10)
        answer, ended = read_all(attacker, seconds=5)
    assert ended
    assert len(answer) < 4_000_000


@pytest.mark.slow
def test_an_answer_that_is_read_slowly_arrives_whole(served: Served) -> None:
    """4.6 MB at 80 KB a second take a minute and arrive."""
    with connected(served, buffer=16384) as reader:
        reader.sendall(head(BIG, "Connection: close"))
        size, part = 0, b"x"
        while part:
            part = reader.recv(8192)
            size += len(part)
            time.sleep(0.1)
    assert size > 4_000_000


@pytest.mark.slow
def test_an_open_page_keeps_its_stream(served: Served) -> None:
    """A stream stays open although it is quiet between heartbeats."""
    with connected(served, "127.0.0.1") as page:
        page.sendall(head("/gradio_api/heartbeat/quiet"))
        page.settimeout(1)
        until, ended = time.monotonic() + 75, False
        while time.monotonic() < until and not ended:
            try:
                ended = page.recv(1 << 16) == b""
            except TimeoutError:
                continue
    assert not ended


@pytest.mark.slow
def test_uploads_by_the_byte_end(served: Served) -> None:
    """One byte every ten seconds is no progress; the slot is free within a minute."""
    with crowd(served, 2) as attackers:
        for number, attacker in enumerate(attackers):
            attacker.sendall(upload_head(f"trickle-{number}.txt", 100))
        for _ in range(5):
            for attacker in attackers:
                send(attacker, b"x")
            time.sleep(8)
        answers = [read_all(one, seconds=5) for one in attackers]
    assert {(answer[:12], ended) for answer, ended in answers} == {(b"HTTP/1.1 408", True)}


@pytest.mark.slow
def test_a_head_by_the_byte_ends(served: Served) -> None:
    """Sending bytes one by one does not extend the time for a request."""
    with connected(served) as attacker:
        began = time.monotonic()
        for byte in head("/", "X-Long: " + "x" * 100):
            send(attacker, bytes([byte]))
            if read_all(attacker, seconds=0.5)[1]:
                break
    assert REQUEST_SECONDS - 1 < time.monotonic() - began < REQUEST_SECONDS + 10
