"""The logs, metrics and request ids of a running chat."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from pullquote.schema.errors import ExtraMissing
from pullquote.schema.settings import Settings
from served import Served, serving, until
from web.test_app import OTHER, SEED

QUESTION = "who agreed to the Interpol centre?"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A chat with a log of JSON and with metrics."""
    pytest.importorskip("prometheus_client", reason="the extra metrics is not installed")
    folder = tmp_path_factory.mktemp("monitored")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "interpol.txt").write_text(SEED, encoding="utf-8")
    (folder / "corpus" / "otters.txt").write_text(OTHER, encoding="utf-8")
    with serving(folder, log="json", metrics="true") as served:
        yield served


def lines(server: Served, id: str) -> list[dict[str, Any]]:
    """The lines of the log about a request; the last one is that of the request itself."""

    def found() -> list[dict[str, Any]]:
        read = server.errors.read_text(encoding="utf-8").splitlines()
        logged = [json.loads(line) for line in read if line.startswith("{")]
        return [one for one in logged if one["request_id"] == id]

    until(lambda: any(one["event"] == "request" for one in found()), seconds=30)
    return found()


def metric(server: Served, name: str, **labels: str) -> float:
    """The value of a metric now; 0 if it is not there."""
    text = httpx.get(f"{server.url}/metrics", timeout=60).text
    for line in text.splitlines():
        found = re.fullmatch(r"(\w+)(?:\{(.*)\})? (\S+)", line)
        if found is not None and found[1] == name:
            given = dict(re.findall(r'(\w+)="([^"]*)"', found[2] or ""))
            if given == labels:
                return float(found[3])
    return 0.0


def ask(server: Served, **headers: str) -> httpx.Response:
    """The response to a question."""
    url = f"{server.url}/api/v1/ask"
    return httpx.post(url, json={"question": QUESTION}, headers=headers, timeout=60)


def test_every_response_has_the_id_of_its_request(server: Served) -> None:
    """Refusals have it too, and a well-formed id that a proxy has chosen is used."""
    ids = [
        httpx.get(f"{server.url}/{path}").headers["x-request-id"]
        for path in ("", "nothing", "api/v1/nothing", "healthz")
    ]
    assert len(set(ids)) == 4
    assert ask(server, **{"X-Request-ID": "proxy-17"}).headers["x-request-id"] == "proxy-17"


@pytest.mark.parametrize("id", ["a b", "x" * 65, 'a"}', "é"])
def test_an_id_that_could_forge_a_line_is_replaced(server: Served, id: str) -> None:
    """The response has another one."""
    given = {"X-Request-ID": id.encode()}
    used = httpx.get(f"{server.url}/healthz", headers=given).headers["x-request-id"]  # type: ignore[arg-type]
    assert re.fullmatch(r"[0-9a-f]{16}", used)


def test_a_request_has_a_line_for_each_stage(server: Served) -> None:
    """They have its id, the time of each stage, the outcome and the generation, no question."""
    answered = ask(server)
    logged = lines(server, answered.headers["x-request-id"])
    stages = [one.get("stage") for one in logged]
    assert stages == ["find", "read", None]
    search, reading, request = logged
    assert (search["hits"] > 0, search["kind"]) == (True, "fact")
    assert reading["outcome"] == answered.json()["outcome"]
    assert reading["generation"] == answered.json()["generation"]
    assert (request["method"], request["path"], request["status"]) == ("POST", "/api/v1/ask", 200)
    assert request["ms"] >= reading["ms"] > 0
    assert "Interpol" not in json.dumps(logged)


def test_the_query_of_an_address_is_not_logged(server: Served) -> None:
    """A question in it stays private."""
    found = httpx.get(f"{server.url}/api/v1/search?question=zebras", timeout=60)
    assert lines(server, found.headers["x-request-id"])[-1]["path"] == "/api/v1/search"
    assert "zebras" not in server.errors.read_text()


def test_work_of_gradio_has_the_id_of_its_request(server: Served) -> None:
    """The work runs after the response to the request."""
    url = f"{server.url}/gradio_api/call"
    called = httpx.post(f"{url}/v2/ask", json={"question": QUESTION}, timeout=60)
    httpx.get(f"{url}/ask/{called.json()['event_id']}", timeout=60)
    id = called.headers["x-request-id"]
    until(lambda: {one.get("stage") for one in lines(server, id)} >= {"find", "read"}, seconds=30)


def test_an_error_is_named(server: Served) -> None:
    """The line of the stage has the name of the error, and the request its status."""
    refused = httpx.get(f"{server.url}/api/v1/article?article=nothing.txt", timeout=60)
    logged = lines(server, refused.headers["x-request-id"])
    assert {"ArticleUnknown"} == {one["error"] for one in logged if "error" in one}
    assert logged[-1]["status"] == 404


@pytest.mark.parametrize(
    ("path", "head"),
    [
        ("ask", b"GET /api/v1/ask?question=who+agreed&k=50 HTTP/1.1"),
        ("ask/stream", b"GET /api/v1/ask/stream?question=who+agreed&k=50 HTTP/1.1"),
        ("ask", b"POST /api/v1/ask HTTP/1.1"),
    ],
)
def test_work_ends_when_its_caller_leaves(server: Served, path: str, head: bytes) -> None:
    """Of many questions whose connections are closed at once, those that wait are cancelled."""
    body = b'{"question": "who agreed?", "k": 50}' if head.startswith(b"POST") else b""
    mine = f"left-{path.replace('/', '-')}-{len(body)}-"
    ids = [f"{mine}{number}" for number in range(8)]
    with ExitStack() as stack:
        for id in ids:
            connection = socket.create_connection(("127.0.0.1", server.port), timeout=30)
            stack.enter_context(connection)
            lines = [head, b"Host: 127.0.0.1", f"X-Request-ID: {id}".encode()]
            if body:
                length = f"Content-Length: {len(body)}".encode()
                lines += [b"Content-Type: application/json", length]
            connection.sendall(b"\r\n".join([*lines, b"", b""]) + body)
        until(lambda: f'"{ids[0]}"' in server.errors.read_text(), seconds=30)

    def errors() -> set[str]:
        logged = [line for line in server.errors.read_text().splitlines() if f'"{mine}' in line]
        return {str(json.loads(line).get("error")) for line in logged}

    until(lambda: errors() & {"CallerLeft", "CancelledError"}, seconds=30)


def test_probes_are_not_logged(server: Served) -> None:
    """A balancer that asks each second would fill the log."""
    for path in ("healthz", "readyz", "metrics"):
        assert httpx.get(f"{server.url}/{path}").status_code == 200
    ask(server)
    paths = re.findall(r'"path": "([^"]*)"', server.errors.read_text())
    assert not {"/healthz", "/readyz", "/metrics"} & set(paths)


def test_questions_are_counted_by_outcome_and_stage(server: Served) -> None:
    """One more answer is one more reply, search, reading and request."""

    def counts(outcome: str) -> list[float]:
        return [
            metric(server, "pullquote_replies_total", outcome=outcome),
            metric(server, "pullquote_stage_seconds_count", stage="read"),
            metric(server, "pullquote_stage_wait_seconds_count", stage="find"),
            metric(
                server,
                "pullquote_requests_total",
                method="POST",
                path="/api/v1/ask",
                status="200",
            ),
        ]

    outcome = ask(server).json()["outcome"]
    before = counts(outcome)
    ask(server)
    assert counts(outcome) == [count + 1 for count in before]


def test_the_index_and_what_waits_are_measured(server: Served) -> None:
    """The generation is the one of the health check, and nothing waits."""
    generation = httpx.get(f"{server.url}/healthz").json()["generation"]
    assert metric(server, "pullquote_index_generation_info", generation=generation) == 1
    assert metric(server, "pullquote_index_articles") == 2
    assert metric(server, "pullquote_index_open") == 1
    for stage in ("find", "read", "check"):
        assert metric(server, "pullquote_waiting", stage=stage) == 0
        assert metric(server, "pullquote_running", stage=stage) == 0


def test_arbitrary_requests_make_no_new_labels(server: Served) -> None:
    """Unknown paths and methods are counted together."""
    for number in range(3):
        httpx.request(f"ODD{number}", f"{server.url}/elsewhere/{number}")
    text = httpx.get(f"{server.url}/metrics").text
    assert "elsewhere" not in text
    assert "ODD" not in text
    assert metric(server, "pullquote_requests_total", method="other", path="other", status="404")


def test_without_the_setting_there_are_no_metrics_and_no_log(
    tmp_path: Path, sample_index: Path
) -> None:
    """The path is closed; the readiness is told all the same."""
    with serving(tmp_path, index=sample_index, update_at_start="false") as plain:
        assert httpx.get(f"{plain.url}/metrics").status_code == 404
        assert httpx.get(f"{plain.url}/readyz").json()["status"] == "ready"
        assert ask(plain).headers["x-request-id"]
        assert plain.errors.read_text() == ""


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message has the command that installs it."""
    from pullquote.newsroom.assistant import Assistant  # noqa: PLC0415
    from pullquote.web.monitoring.monitoring import monitoring_of  # noqa: PLC0415

    monkeypatch.setitem(__import__("sys").modules, "prometheus_client", None)
    monkeypatch.delitem(
        __import__("sys").modules, "pullquote.web.monitoring.metrics", raising=False
    )
    with (
        Assistant(Settings(metrics=True)) as assistant,
        pytest.raises(ExtraMissing, match=r"pip install \"pullquote\[metrics\]\""),
    ):
        monitoring_of(assistant, dict, paths=(), probes=())
