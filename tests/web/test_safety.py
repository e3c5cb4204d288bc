"""The running chat is attacked over HTTP, and its own connections are recorded."""

from __future__ import annotations

import itertools
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from pullquote.web.http_api.app import API_CALLS, API_DOCUMENT
from served import ROOT, Served, serving

LOGIN = httpx.BasicAuth("desk", "correct horse")

WORD = "Authorization: Basic ZGVzazpjb3JyZWN0IGhvcnNl\r\n"
"""The header of LOGIN, written by hand."""

SPY = """
import os, sys

def note(event, arguments):
    if event == "socket.connect":
        where = arguments[1]
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        where = arguments[0] if event != "socket.sendto" else arguments[1]
    else:
        return
    with open(os.environ["SPY"], "a") as stream:
        stream.write(f"{event} {where!r}\\n")

sys.addaudithook(note)
"""
"""Code that Python runs first: it records every connection and every name resolved."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, sample_index: Path) -> Iterator[Served]:
    """The sample corpus with a password, a queue of three, and a record of connections."""
    folder = tmp_path_factory.mktemp("safety")
    (folder / "sitecustomize.py").write_text(SPY)
    path = os.pathsep.join(filter(None, (str(folder), os.environ.get("PYTHONPATH"))))
    with serving(
        folder,
        fresh=True,
        corpus=ROOT / "corpus",
        index=sample_index,
        more={"PYTHONPATH": path, "SPY": str(folder / "spied.txt")},
        user="desk",
        password="correct horse",  # noqa: S106
        waiting="3",
    ) as server:
        yield server


def seconds_of_patience(server: Served) -> float:
    """The time until the server closes a connection with an incomplete request."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        began = time.monotonic()
        assert connection.recv(1024) == b""
    return time.monotonic() - began


@pytest.fixture(scope="module", autouse=True)
def dawdling(served: Served) -> Iterator[Future[float]]:
    """The seconds of patience, which pass during the other tests."""
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(seconds_of_patience, served)


def raw(server: Served, request: bytes, *, seconds: float = 10) -> bytes:
    """The response to those bytes, which no real client would send."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=seconds) as connection:
        connection.sendall(request)
        answer = b""
        while part := connection.recv(65536):
            answer += part
        return answer


def head(path: str, *, method: str = "GET", host: str = "127.0.0.1", more: str = "") -> bytes:
    """The head of a request, written by hand."""
    lines = f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{WORD}{more}\r\n"
    return lines.encode()


def test_readiness_needs_no_password(served: Served) -> None:
    """A balancer learns only the generation."""
    answer = httpx.get(f"{served.url}/readyz")
    assert (answer.status_code, set(answer.json())) == (200, {"status", "generation"})
    assert httpx.post(f"{served.url}/readyz", content=b"x").status_code == 405


def test_health_needs_no_password(served: Served) -> None:
    """Monitoring gets the status and the generation."""
    answer = httpx.get(f"{served.url}/healthz")
    facts = answer.json()
    assert (answer.status_code, facts["status"], facts["rebuilding"]) == (200, "ok", False)
    assert set(facts) == {"status", "generation", "complete", "rebuilding"}


PAGES = ("/", "/corpus", "/check", "/grid", "/verify", "/watchlist", "/speakers", "/audit")
FORMS = (
    *("/check", "/check/report", "/grid/start", "/grid/cell", "/verify", "/watchlist"),
    *(f"/api/v1/{path}" for path in ("ask", "ask/stream", "search", "check")),
)
"""The addresses of pages, and those that take a form or a request of a page."""


@pytest.mark.parametrize(
    "path",
    [
        *PAGES, "/config", "/gradio_api/info", "/mcp", "/assets/x.js", "/grid.js", "/watchlist.xml",
        API_DOCUMENT, *API_CALLS,
    ],
)  # fmt: skip
def test_everything_else_needs_it(served: Served, path: str) -> None:
    """The pages, their files, the API and MCP need the password."""
    assert httpx.get(f"{served.url}{path}").status_code == 401


@pytest.mark.parametrize("path", FORMS)
def test_no_form_is_taken_without_it(served: Served, path: str) -> None:
    """The answer does not depend on what is sent, and is given before the body is read."""
    head_only = head(path, method="POST", more="Content-Length: 9000000\r\n").replace(
        WORD.encode(), b""
    )
    for status in (
        httpx.post(f"{served.url}{path}", data={"text": "“who won?”"}).status_code,
        int(raw(served, head_only).split(b" ", 2)[1]),
    ):
        assert status in (401, 413)


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize(
    "sender",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
    ids=["origin", "null", "site"],
)
def test_pages_of_other_sites_send_no_form(
    served: Served, path: str, sender: dict[str, str]
) -> None:
    """A form needs no preflight request, so its origin is what is checked."""
    answer = httpx.post(
        f"{served.url}{path}", data={"action": "run", "text": "“x”"}, headers=sender, auth=LOGIN
    )
    assert answer.status_code == 403


@pytest.mark.parametrize("path", PAGES[1:])
def test_only_the_pages_with_forms_may_send_them_and_only_here(served: Served, path: str) -> None:
    """Their policy allows scripts and forms of this host only; nobody frames them."""
    answer = httpx.get(f"{served.url}{path}", auth=LOGIN, timeout=60)
    policy = answer.headers["content-security-policy"]
    assert "form-action 'self'" in policy
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", FORMS)
def test_a_form_that_never_ends_is_cut_off(served: Served, path: str) -> None:
    """Neither a chunked body nor a promised length is read beyond the limit."""
    more = "Transfer-Encoding: chunked\r\nContent-Type: multipart/form-data; boundary=b\r\n"
    chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    with socket.create_connection(("127.0.0.1", served.port), timeout=30) as connection:
        connection.sendall(head(path, method="POST", more=more))
        try:
            for _ in range(70):
                connection.sendall(chunk)
            answer = connection.recv(65536)
        except (BrokenPipeError, ConnectionResetError):
            return
    assert answer.split(b" ", 2)[1] in (b"400", b"405", b"413", b"422")


def test_gradio_client_asks_with_the_password(served: Served) -> None:
    """It runs in a process of its own, because it leaves sockets open, which warns."""
    name, _, value = WORD.strip().partition(": ")
    asked = (
        "from gradio_client import Client\n"
        f"client = Client({served.url!r}, verbose=False, headers={{{name!r}: {value!r}}})\n"
        "print(client.predict('who bought the cannery?', api_name='/ask')['generation'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.startswith("20"), done.stderr


def call(server: Served, endpoint: str, body: dict[str, Any]) -> httpx.Response:
    """The event stream of a named endpoint, or the refusal of the call."""
    url = f"{server.url}/gradio_api/call"
    called = httpx.post(f"{url}/v2/{endpoint}", json=body, auth=LOGIN, timeout=60)
    if called.status_code != 200:
        return called
    return httpx.get(f"{url}/{endpoint}/{called.json()['event_id']}", auth=LOGIN, timeout=60)


SPELLINGS = (
    "/gradio_api/file=/etc/passwd",
    "/gradio_api/file%3D/etc/passwd",
    "/gradio_api/file=http://127.0.0.1:1/",
    "/gradio_api/proxy=http://127.0.0.1:1/",
    "//gradio_api/file=/etc/passwd",
    "/gradio_api//file=/etc/passwd",
    "/./gradio_api/file=/etc/passwd",
    "/x/../gradio_api/file=/etc/passwd",
    "/gradio_api/call/../upload",
    "/gradio_api/call/%2e%2e/upload",
    "/gradio_api/call/%252e%252e/upload",
    "/gradio_api/call/..%2fupload",
    "/gradio_api/queue/%2e%2e/file=/etc/passwd",
    "/gradio_api/upload",
    "/gradio_api/upload/",
    "/gradio_api/upload?upload_id=1",
    "/gradio_api/upload;x",
    "/gradio_api/uploa%64",
    "/GRADIO_API/upload",
    "/gradio_api\\upload",
    "/gradio_api/run/answer",
    "/gradio_api/api/ask",
    "/gradio_api/component_server",
    "/gradio_api/component_server/",
    "/gradio_api/deep_link",
    "/gradio_api/deep_link?session_hash=x",
    "/gradio_api/vibe-edit",
    "/gradio_api/stream/x",
    "/gradio_api/custom_component/x/client/component/index.js",
    "/static/../../../../../../etc/passwd",
    "/static/%2e%2e/%2e%2e/index.html",
    "/static/..%2f..%2findex.html",
    "/static//etc/passwd",
    "/assets/..%5c..%5cindex.html",
    "/assets/%00",
    "/svelte/a.js",
    "/theme.css/",
    "/theme.css.",
    "/config.",
    "/config/",
    "/login",
    "/logout",
    "/monitoring",
    "/monitoring/summary",
    "/monitoring/%2e",
    "/docs",
    "/redoc",
    "/openapi.json",
    "/manifest.json",
    "/pwa_icon/512",
    "/mcp/",
    "/mcp/sse",
    "/api/v1",
    "/api/v1/",
    "/api/v1/ask/",
    "/api/v1//ask",
    "/api/v1/./ask",
    "/api/v1/%61sk/",
    "/api/v1/article/interpol.txt",
    "/api/v1/../healthz",
    "/api/v1/docs",
    "/api/v2/ask",
    "/healthz/..",
    "/readyz/",
    "/metrics",
    "/metrics/",
    "/check/",
    "/CHECK",
    "/check/.",
    "/check/../check",
    "/check/report/",
    "/check/report.html",
    "//check/report",
    "/check;x",
    "/grid/",
    "/grid/%73tart/",
    "/grid/start/..",
    "/grid/cells",
    "/verify/",
    "/verify%00",
    "/verify/pack.zip",
    "/watchlist/",
    "/watchlist/run",
    "/watchlist.txt",
    "/watchlist.xml/",
    "/index/watchlist.txt",
    "http://127.0.0.1:1/",
    "http://evil.example/gradio_api/upload",
)
"""Odd spellings of closed paths."""


def test_no_spelling_opens_a_closed_path(served: Served) -> None:
    """Odd spellings of closed paths answer 404, even with the password."""
    opened = {}
    for method, path in itertools.product(("GET", "POST", "HEAD"), SPELLINGS):
        status = raw(served, head(path, method=method)).split(b" ", 2)[1]
        if status != b"404":
            opened[method, path] = status
    assert opened == {}


def test_refusals_carry_the_headers_too(served: Served) -> None:
    """Every response has the security headers."""
    for answer in (
        httpx.get(served.url),
        httpx.get(f"{served.url}/nothing", auth=LOGIN),
        httpx.get(served.url, headers={"Host": "evil.example"}),
        httpx.post(f"{served.url}/gradio_api/queue/join", auth=LOGIN, content=b"x" * (1 << 21)),
    ):
        assert answer.status_code in (401, 404, 421, 413)
        assert "connect-src 'self'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"


def test_other_pages_get_no_cors_headers(served: Served) -> None:
    """No response has CORS headers, not even to a preflight request."""
    for method in ("GET", "OPTIONS"):
        asking = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
        answer = httpx.request(method, f"{served.url}/config", auth=LOGIN, headers=asking)
        assert answer.status_code == 403
        assert not any(name.startswith("access-control") for name in answer.headers)


@pytest.mark.parametrize("name", ["answer", "begin", "clear", "open_citation", "answer_example"])
def test_the_pages_own_functions_have_no_name(served: Served, name: str) -> None:
    """Only the three documented endpoints have names."""
    url = f"{served.url}/gradio_api/call"
    for version in ("", "/v2"):
        answer = httpx.post(f"{url}{version}/{name}", json={"data": []}, auth=LOGIN)
        assert answer.status_code == 404


def test_a_body_that_never_ends_is_cut_off(served: Served) -> None:
    """A chunked body without a length is stopped at the limit."""
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    start = head("/gradio_api/queue/join", method="POST", more="Transfer-Encoding: chunked\r\n")
    assert raw(served, start + chunk * 17).startswith(b"HTTP/1.1 413")


def test_mistakes_leave_no_trace_in_the_log(served: Served) -> None:
    """Invalid calls log no traceback."""
    for body in (b"{", b"[]", b'{"q": 1}', b"[" * 10_000, b'{"question": {"a": 1}, "k": "x"}'):
        url = f"{served.url}/gradio_api/call/v2/ask"
        answer = httpx.post(url, content=body, auth=LOGIN)
        assert answer.status_code in (200, 400, 422)
    for number in (-1, 999, None, [1], "0"):
        given = {"data": [], "fn_index": number, "session_hash": "x"}
        answer = httpx.post(f"{served.url}/gradio_api/queue/join", json=given, auth=LOGIN)
        assert answer.status_code == 422
    assert "Traceback" not in served.errors.read_text()


ODD: list[object] = [None, "", 0, True, [], {}, ["x"], [[1]], {"path": "/etc/passwd"}, "x" * 3000]
EVENTS: list[object] = [
    None,
    {},
    {"question": [1]},
    {"key": "x", "chip": 3},
    {"place": {"article": 1, "start": -1}},
    {"question": "who?", "narrowed": "since=x", "keeps": 1},
]


def test_what_the_page_never_sends_leaves_no_traceback(served: Served) -> None:
    """Functions are called with values and events of wrong types."""
    functions = httpx.get(f"{served.url}/config", auth=LOGIN).json()["dependencies"]
    url = f"{served.url}/gradio_api/queue"
    for function, odd in itertools.product(functions, ODD):
        session = f"odd-{function['id']}-{ODD.index(odd)}"
        given = {
            "data": [odd] * len(function["inputs"]),
            "fn_index": function["id"],
            "session_hash": session,
            "event_data": EVENTS[ODD.index(odd) % len(EVENTS)],
        }
        httpx.post(f"{url}/join", json=given, auth=LOGIN).raise_for_status()
        params = {"session_hash": session}
        stream = httpx.get(f"{url}/data", params=params, auth=LOGIN, timeout=60).text
        assert "process_completed" in stream
    assert "Traceback" not in served.errors.read_text()


def test_the_conversation_of_a_caller_is_checked(served: Served) -> None:
    """An invalid conversation is refused and not shown."""
    config = httpx.get(f"{served.url}/config", auth=LOGIN).json()
    answer = next(d for d in config["dependencies"] if d["api_name"] == "answer")
    planted = "<script>planted</script>"
    data = [planted, "who?", *[None] * (len(answer["inputs"]) - 2)]
    given = {"data": data, "fn_index": answer["id"], "session_hash": "mallory"}
    url = f"{served.url}/gradio_api/queue"
    httpx.post(f"{url}/join", json=given, auth=LOGIN).raise_for_status()
    stream = httpx.get(f"{url}/data", params={"session_hash": "mallory"}, auth=LOGIN, timeout=60)
    assert "process_completed" in stream.text
    assert "cannot be read" in stream.text
    assert "planted" not in stream.text


def test_more_than_it_can_serve_is_busy_and_then_served(served: Served) -> None:
    """Of forty simultaneous questions some are answered, the others get 503."""
    question = {"question": "who bought the cannery?"}
    with ThreadPoolExecutor(40) as crowd:
        answers = list(crowd.map(lambda _: call(served, "ask", question), range(40)))
    answered = [a for a in answers if a.status_code == 200 and "event: complete" in a.text]
    busy = [a for a in answers if a.status_code == 503]
    assert len(answered) + len(busy) == 40
    assert len(answered) >= 5
    assert {a.headers["retry-after"] for a in busy} == {"5"}
    assert "busy" in busy[0].json()["detail"]
    assert "event: complete" in call(served, "ask", question).text


def test_a_head_that_dawdles_is_cut_off(dawdling: Future[float]) -> None:
    """A connection with an incomplete request is closed."""
    assert 15 < dawdling.result() < 30


def test_the_server_asks_nothing_of_the_network(served: Served) -> None:
    """After all tests above it has connected to no other host and resolved no name."""
    assert "event: complete" in call(served, "retrieve", {"question": "a ferry"}).text
    noted = (served.errors.parent / "spied.txt").read_text().splitlines()
    assert [line for line in noted if "127.0.0.1" not in line] == []
    assert any("socket.getaddrinfo" in line for line in noted), "the spy saw nothing at all"


def test_the_password_is_printed_nowhere(served: Served) -> None:
    """Standard error does not contain the password."""
    httpx.get(served.url, auth=httpx.BasicAuth("desk", "correct horse!"))
    assert "correct" not in served.errors.read_text()


def test_a_public_address_without_a_password_is_refused(tmp_path: Path) -> None:
    """The message says what to do, before anything is built or opened."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "app.py")],
        cwd=tmp_path,
        env=os.environ | {"PULLQUOTE_HOST": "0.0.0.0", "PULLQUOTE_PORT": "0"},  # noqa: S104
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert "PULLQUOTE_PASSWORD" in done.stderr
    assert "--without-password" in done.stderr
    assert list(tmp_path.iterdir()) == []
