"""Sixteen thousand arbitrary requests cause no crash, and the server still answers afterwards."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pullquote.web.api.endpoints import ENDPOINT_NAMES
from served import Served, serving
from web.test_app import OTHER, SEED

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("fuzz")]

EXAMPLES, EACH = 200, 10
"""Lists of requests for each of eight kinds, and requests in a list."""

fuzz = settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A chat that allows rebuilds and uploads."""
    folder = tmp_path_factory.mktemp("fuzz")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "interpol.txt").write_text(SEED, encoding="utf-8")
    (folder / "corpus" / "otters.txt").write_text(OTHER, encoding="utf-8")
    with serving(folder, uploads="true", upload_bytes=100_000) as served:
        yield served


@pytest.fixture(scope="module")
def client(server: Served) -> Iterator[httpx.Client]:
    """A client that reuses its connection."""
    with httpx.Client(base_url=server.url, timeout=60) as client:
        yield client


TEXT = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "", "who?", "interpol.txt", "../../etc/passwd", "a\x00b", "\ud800", "x" * 20_000,
            "-1", "9" * 400, "NaN", "2004-02-30", "2004-01-01", "en", "opinion", "=1+1",
            "since last week according to x", "<script>", "%00%2e%2e%2f", "\u202e",
        ]
    ),
)  # fmt: skip
NUMBER = st.one_of(
    st.integers(-(10**25), 10**25), st.sampled_from([0, 1, -1, 1 << 31, 1 << 63, 1e308, -0.5])
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBER, TEXT),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


def mostly(valid: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A valid value, or any."""
    return st.one_of(valid, valid, valid, JSON)


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """An object with some of those fields, each mostly valid."""
    return st.fixed_dictionaries({}, optional={name: mostly(of) for name, of in fields.items()})


NAMES = st.lists(TEXT, max_size=4)
DAY = st.one_of(st.dates().map(str), TEXT)
FILTERS = {
    "since": DAY,
    "until": DAY,
    "sources": NAMES,
    "sections": NAMES,
    "languages": NAMES,
    "kinds": NAMES,
    "comments": st.booleans(),
    "not_sources": NAMES,
    "articles": NAMES,
}
SEARCH = some(question=TEXT, k=NUMBER, **FILTERS)
TURN = some(
    question=TEXT,
    searched=TEXT,
    asked=st.just("2024-06-05T09:31:00Z"),
    given=some(**FILTERS),
    filters=some(**FILTERS),
    switched=NAMES,
    edited=TEXT,
    reply=some(question=TEXT, abstained=st.booleans(), answers=st.just([]), generation=TEXT),
)
CONVERSATION = st.one_of(
    TEXT,
    some(version=st.just(1), turns=st.lists(TURN, max_size=3)).map(
        lambda one: json.dumps(one, ensure_ascii=True)
    ),
)
EVENT = some(
    question=TEXT,
    narrowed=TEXT,
    keeps=st.booleans(),
    key=st.just("2024-06-05T09:31:00Z"),
    chip=TEXT,
    searched=TEXT,
    place=some(article=TEXT, start=NUMBER, end=NUMBER, version=TEXT),
)


def encoded(value: object) -> bytes:
    """As JSON; a lone surrogate stays an escape."""
    return json.dumps(value).encode()


def check(response: httpx.Response) -> None:
    """Check that a response is an answer, or says that the server is busy and until when."""
    status = response.status_code
    assert status < 500 or (status == 503 and "retry-after" in response.headers), (
        response.request.method,
        str(response.request.url)[:300],
        status,
        response.text[:300],
    )


def ask(
    client: httpx.Client, method: str, path: str, *, body: bytes = b"", **headers: str
) -> httpx.Response | None:
    """The checked response; None if the connection ended before it was read.

    The server does not read a body that it refuses, so the system may close the connection first.
    A reused connection may also end just as it is used again.
    """
    for _ in range(2):
        try:
            response = client.request(method, path, content=body or None, headers=headers)
        except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError):
            if body:
                return None
        else:
            check(response)
            return response
    raise AssertionError(f"{method} {path[:300]} is not answered")


def post(client: httpx.Client, path: str, body: bytes, **headers: str) -> httpx.Response | None:
    """The checked response to a body."""
    given = {"Content-Type": "application/json", **headers}
    return ask(client, "POST", path, body=body, **given)


@fuzz
@given(
    calls=st.lists(
        st.tuples(
            st.sampled_from(range(-1, 15)),
            st.lists(mostly(st.one_of(CONVERSATION, TEXT, NAMES)), max_size=9),
            mostly(EVENT),
        ),
        min_size=EACH,
        max_size=EACH,
    )
)
def test_events(client: httpx.Client, calls: list[tuple[int, list[Any], Any]]) -> None:
    """Each event of the page gets values that the page never sends."""
    takes = {0: 9, 1: 8, 2: 1, 3: 1, 4: 0, 5: 1, 6: 1, 7: 0, 8: 1, 9: 1, 10: 9, 11: 9, 12: 1, 13: 1}
    for number, data, event in calls:
        session = os.urandom(6).hex()
        few = takes.get(number, 0)
        values = [*data[:few], *[""] * (few - len(data))]
        sent = {"fn_index": number, "session_hash": session, "data": values, "event_data": event}
        joined = post(client, "/gradio_api/queue/join", encoded(sent))
        if joined is not None and joined.status_code == 200:
            ask(client, "GET", f"/gradio_api/queue/data?session_hash={session}")


@fuzz
@given(
    calls=st.lists(
        st.tuples(
            st.sampled_from(ENDPOINT_NAMES), st.sampled_from(["call", "call/v2"]), mostly(SEARCH)
        ),
        min_size=EACH,
        max_size=EACH,
    )
)
def test_endpoints(client: httpx.Client, calls: list[tuple[str, str, Any]]) -> None:
    """Each endpoint is called by name and by position."""
    for name, way, given_ in calls:
        body = given_
        if way == "call":
            body = {"data": list(given_.values()) if isinstance(given_, dict) else given_}
        elif name == "article" and isinstance(given_, dict):
            body = {"article": given_.get("question")}
        elif name == "check" and isinstance(given_, dict):
            body = {"draft": given_.get("question")}
        called = post(client, f"/gradio_api/{way}/{name}", encoded(body))
        if called is not None and called.status_code == 200:
            ask(client, "GET", f"/gradio_api/call/{name}/{called.json()['event_id']}")


MCP_METHODS = (
    "initialize", "ping", "tools/list", "tools/call", "prompts/list", "prompts/get",
    "resources/list", "resources/read", "resources/templates/list", "completion/complete",
    "logging/setLevel", "notifications/cancelled", "notifications/initialized", "tasks/get",
)  # fmt: skip


@fuzz
@given(
    calls=st.lists(
        st.one_of(
            some(
                jsonrpc=st.just("2.0"),
                id=NUMBER,
                method=st.sampled_from(MCP_METHODS),
                params=some(
                    name=st.sampled_from(
                        ["ask_archive", "search_archive", "read_article", "check_draft"]
                    ),
                    arguments=st.one_of(
                        SEARCH, some(article=TEXT, start=NUMBER, length=NUMBER, draft=TEXT)
                    ),
                    uri=TEXT,
                    protocolVersion=TEXT,
                    requestId=NUMBER,
                ),
            ),
            JSON,
        ),
        min_size=EACH,
        max_size=EACH,
    )
)
def test_agents(client: httpx.Client, calls: list[Any]) -> None:
    """The MCP server gets any message."""
    for call in calls:
        post(client, "/mcp", encoded(call), Accept="application/json, text/event-stream")


PATHS = (
    "/", "/config", "/theme.css", "/healthz", "/corpus", "/corpus/rebuild", "/corpus/cancel",
    "/unready", "/corpus/upload", "/corpus/look.css", "/corpus/page.js", "/mcp", "/gradio_api/info",
    "/gradio_api/openapi.json", "/gradio_api/app_id", "/gradio_api/cancel", "/gradio_api/reset",
    "/gradio_api/startup-events", "/gradio_api/queue/join", "/gradio_api/queue/data",
    "/gradio_api/call/ask",
    "/gradio_api/call/v2/article", "/favicon.ico", "/robots.txt", "/assets/x", "/static/x",
    "/gradio_api/upload", "/gradio_api/file=/etc/passwd", "/login", "/gradio_api/queue/status",
    "/check", "/check/report", "/check.js", "/check/", "/grid", "/grid/start", "/grid/cell",
    "/grid.js", "/verify", "/verify.css", "/watchlist", "/watchlist.xml", "/watchlist/x",
    "/speakers", "/speakers.csv", "/speaker", "/speaker.csv", "/audit", "/audit.csv",
    "/conversations/check", "/conversations/export", "/conversations/questions",
    "/conversations/pack", "/conversations/absence", "/api/v1", "/api/v1/openapi.json",
    "/api/v1/ask", "/api/v1/ask/stream", "/api/v1/search", "/api/v1/article", "/api/v1/articles",
    "/api/v1/index", "/api/v1/check", "/readyz", "/metrics",
)  # fmt: skip
QUERY = some(
    page=NUMBER,
    sort=TEXT,
    q=TEXT,
    state=TEXT,
    since=DAY,
    without=TEXT,
    source=TEXT,
    question=TEXT,
    article=TEXT,
    start=NUMBER,
    end=NUMBER,
    name=TEXT,
    replace=NUMBER,
    session_hash=TEXT,
)
HEADERS = st.dictionaries(
    st.sampled_from(
        ["Accept", "Origin", "Referer", "Range", "Content-Type", "Authorization", "Cookie",
         "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Gradio-Server",
         "Sec-Fetch-Site", "Accept-Encoding", "If-None-Match", "Mcp-Session-Id",
         "Mcp-Protocol-Version"]
    ),
    st.one_of(
        st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=40),
        st.sampled_from(["*", "http://evil.example", "bytes=0-1", "Basic eDp5", "127.0.0.1"]),
    ),
    max_size=3,
)  # fmt: skip
METHODS = st.sampled_from("GET GET GET HEAD POST OPTIONS DELETE PUT PATCH TRACE".split())


@fuzz
@given(
    calls=st.lists(
        st.tuples(
            METHODS,
            st.sampled_from(PATHS),
            QUERY,
            HEADERS,
            st.one_of(st.just(b""), st.binary(max_size=200)),
        ),
        min_size=EACH,
        max_size=EACH,
    )
)
def test_paths(
    client: httpx.Client, calls: list[tuple[str, str, dict[str, Any], dict[str, str], bytes]]
) -> None:
    """Any path, method, query and headers are sent."""
    for method, path, query, headers, body in calls:
        address = f"{path}?{urlencode(query, errors='replace')}"[:30_000]
        ask(client, method, address, body=body, **headers)


@fuzz
@given(
    calls=st.lists(
        st.tuples(st.sampled_from(PATHS), st.one_of(st.binary(max_size=300), JSON.map(encoded))),
        min_size=EACH,
        max_size=EACH,
    )
)
def test_bodies(client: httpx.Client, calls: list[tuple[str, bytes]]) -> None:
    """Bodies that are not valid JSON are sent to every path."""
    for path, body in calls:
        post(client, path, body)


DRAFT = some(
    text=TEXT, title=TEXT, blocks=st.lists(some(role=st.just("body"), start=NUMBER), max_size=3)
)
FILE = st.tuples(
    st.sampled_from(
        ["draft.txt", "a.md", "a.html", "a.docx", "pack.zip", "a.json", "../a", "x" * 300]
    ),
    st.one_of(
        st.binary(max_size=200),
        TEXT.map(lambda text: f"“{text}” said Ida Roe.".encode(errors="replace")),
        st.sampled_from([b"PK\x03\x04", b"[" * 9000, b"<blockquote cite='x'>", b'{"version": 1}']),
    ),
)
GRID = some(
    questions=TEXT,
    question=TEXT,
    by=st.sampled_from(["article", "source", "month"]),
    articles=TEXT,
    column=TEXT,
    source=TEXT,
    since=DAY,
    until=DAY,
    address=TEXT,
    generation=TEXT,
)
FIELDS = st.dictionaries(
    st.sampled_from(
        [
            "text",
            "draft",
            "format",
            "name",
            "compare",
            "action",
            "id",
            "question",
            "source",
            "since",
        ]
    ),
    st.one_of(
        TEXT,
        DRAFT.map(json.dumps),
        st.sampled_from(["add", "remove", "run", "html", "docx", "json", "“who won?”"]),
    ),
    max_size=5,
)


def plain(text: str) -> str:
    """A text that can be sent; lone surrogates cannot."""
    return text.encode(errors="replace").decode()


@fuzz
@given(
    calls=st.lists(
        st.tuples(
            st.sampled_from(["/check", "/check/report", "/verify", "/watchlist"]),
            FIELDS,
            st.one_of(st.none(), FILE),
        ),
        min_size=EACH,
        max_size=EACH,
    )
)
def test_forms(
    client: httpx.Client, calls: list[tuple[str, dict[str, str], tuple[str, bytes] | None]]
) -> None:
    """The forms of the pages beside the chat get any fields and files, in both encodings."""
    for path, fields, file in calls:
        sent = {name: plain(value) for name, value in fields.items()}
        files = None if file is None else {"file": file}
        form = client.build_request("POST", path, data=sent, files=files)
        kind = form.headers.get("content-type", "application/x-www-form-urlencoded")
        ask(client, "POST", path, body=form.read(), **{"Content-Type": kind})


@fuzz
@given(
    calls=st.lists(
        st.tuples(
            st.sampled_from(["ask", "ask/stream", "search", "check"]),
            mostly(some(question=TEXT, k=NUMBER, draft=TEXT, kind=TEXT, as_of=DAY, **FILTERS)),
        ),
        min_size=EACH,
        max_size=EACH,
    )
)
def test_the_http_api(client: httpx.Client, calls: list[tuple[str, Any]]) -> None:
    """The HTTP API gets any body; `test_paths` sends it any query."""
    for path, call in calls:
        post(client, f"/api/v1/{path}", encoded(call))


@fuzz
@given(
    calls=st.lists(
        st.tuples(st.sampled_from(["/grid/start", "/grid/cell"]), mostly(GRID)),
        min_size=EACH,
        max_size=EACH,
    )
)
def test_grids(client: httpx.Client, calls: list[tuple[str, Any]]) -> None:
    """The Grid page gets any request."""
    for path, call in calls:
        post(client, path, encoded(call))


def test_the_server_is_as_before(server: Served, client: httpx.Client) -> None:
    """It has logged no crash, is healthy, and answers exactly."""
    assert "Traceback" not in server.errors.read_text()
    assert client.get("/healthz").json()["status"] == "ok"
    reply: Any = server.json("ask", question="who agreed to the Interpol centre?")
    cited = reply["answers"][0]["citations"][0]
    text = Path(server.folder, "corpus", "interpol.txt").read_text(encoding="utf-8")
    assert cited["quote"] in text
