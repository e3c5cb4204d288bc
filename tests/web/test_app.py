"""The web chat as a process of its own, called over HTTP."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

import forks
from pullquote.index.services import rebuild_index
from served import STARTS_WITHIN, Served, environment, errors_of, serving, start

SEED = """RTP agrees on Interpol centre initiative

BANGKOK: The Royal Thai Police will work with Interpol to establish a coordinating centre.

By Bangkok Post

Wednesday 31 May 2023, 09:49AM

Interpol wants to establish a coordinating centre in Thailand, said Pol Gen Surachate 👮‍♂️. The \
source said the deputy national police chief has agreed to the Interpol centre.

Capricornball | 31 May 2023 - 14:45:40

The Interpol centre is a waste of good money, says Capricornball.
"""
OTHER = """Otters return to the mill race

Two otters were seen at Tolland mill on Sunday, the first since 1974.
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A chat over two articles and an unreadable file, started without an index."""
    folder = tmp_path_factory.mktemp("web")
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "interpol.txt").write_text(SEED, encoding="utf-8")
    (corpus / "otters.txt").write_text(OTHER, encoding="utf-8")
    (corpus / "broken.md").write_text("---\ntitle: [\n---\nText.", encoding="utf-8")
    (corpus / "gone.txt").symlink_to(folder / "nowhere.txt")
    with serving(folder, fresh=True) as served:
        yield served


def test_the_first_start_builds_the_index_and_says_so(server: Served) -> None:
    """The output has the report, the failed file with its reason, then the address."""
    warned = server.errors.read_text()
    assert "2 added" in server.output
    assert "gone.txt: it is a link to a file that does not exist" in warned
    assert "broken.md" in warned


def test_ask_cites_the_exact_words(server: Served) -> None:
    """The citation's offsets lead to the quote, after an emoji."""
    reply = server.json("ask", question="who agreed to the Interpol centre?")
    citations = [c for a in reply["answers"] for c in a["citations"]]  # type: ignore[attr-defined]
    assert any("deputy national police chief" in c["quote"] for c in citations)
    for cited in citations:
        article = server.json("article", article=cited["article"])
        assert article["text"][cited["start"] : cited["end"]] == cited["quote"]  # type: ignore[index]


def test_comments_answer_only_when_asked_for_and_are_labelled(server: Served) -> None:
    """Comments need the option `comments` and have role and author."""
    question = "who says that the Interpol centre is a waste of good money?"
    for comments in (False, True):
        reply = server.json("ask", question=question, comments=comments)
        citations = [c for a in reply["answers"] for c in a["citations"]]  # type: ignore[attr-defined]
        cited = {c["author"] for c in citations if c["role"] == "comment"}
        assert cited == ({"Capricornball"} if comments else set())


def test_retrieve_returns_hits_with_their_scores(server: Served) -> None:
    """The best passage about otters mentions otters."""
    found = server.json("retrieve", question="where were the otters seen?", k=1)
    (hit,) = found["hits"]  # type: ignore[misc]
    assert hit["article"] == "otters.txt"  # type: ignore[has-type]
    assert {"cosine", "bm25", "fused_score"} <= set(hit)  # type: ignore[has-type]


def test_check_returns_the_quotations_of_a_draft_with_their_verdicts(server: Served) -> None:
    """A true quotation has its article; an invented one has none."""
    draft = "The source “has agreed to the Interpol centre”, and “nobody fed the elephants today”."
    checked = server.json("check", draft=draft)
    found = [(one["verdict"], one["article"]) for one in checked["quotes"]]  # type: ignore[attr-defined]
    assert found == [("exact", "interpol.txt"), ("absent", None)]


@pytest.mark.parametrize(
    ("endpoint", "given", "message"),
    [
        ("ask", {"question": "x" * 1001}, "at most 1000 are allowed"),
        ("ask", {"question": "  "}, "The question is empty"),
        ("ask", {"question": "who?", "since": "yesterday"}, "since"),
        ("article", {"article": "otter.txt"}, "Did you mean otters.txt"),
        ("article", {"article": "../stderr.txt"}, "has no article"),
        ("check", {"draft": "é" * 100_001}, "100,001 characters; at most 100,000 are checked"),
        ("check", {"draft": "“Otters.” " * 201}, "201 quotations; at most 200 are checked"),
        (
            "check",
            {"draft": f"“{'x ' * 9000}” " * 3},
            "54,000 characters in quotations; at most 40,000 are",
        ),
    ],
)
def test_what_cannot_be_done_is_reported(
    server: Served, endpoint: str, given: dict[str, object], message: str
) -> None:
    """The caller gets the reason, and the server's log has no traceback."""
    stream = server.call(endpoint, **given).text
    assert "event: error" in stream
    assert message in stream
    assert "Traceback" not in server.errors.read_text()


def test_the_endpoints_are_named_and_documented(server: Served) -> None:
    """Only the four endpoints have names, and each describes its result."""
    named = httpx.get(f"{server.url}/gradio_api/info").json()["named_endpoints"]
    assert {name: facts["description"].partition(".")[0] for name, facts in named.items()} == {
        "/ask": "Answers to a question in the exact words of the articles, best first, with "
        "citations",
        "/retrieve": "The passages that match a question best, best first, with their scores",
        "/article": "The stored article with that id: its text and blocks, and its near duplicates",
        "/check": "The quotations of a draft, each with its verdict: whether an article has its "
        "words",
    }


def test_the_page_names_no_other_host(server: Served) -> None:
    """No font, script, picture or preview has another host; XML namespaces may."""
    page = httpx.get(server.url).text
    hosts = set(re.findall(r"(?:https?:)?//([a-z0-9-]+(?:\.[a-z0-9-]+)+)", page))
    assert hosts <= {"127.0.0.1", "www.w3.org"}


def test_the_theme_fetches_no_font(server: Served) -> None:
    """The theme uses system fonts."""
    theme = httpx.get(f"{server.url}/theme.css").text
    assert "@font-face" not in theme
    assert "@import" not in theme
    assert theme.count("url(") == theme.count('url("data:')


def test_the_policy_lets_only_the_pages_own_scripts_run(server: Served) -> None:
    """The policy allows the page's inline scripts by their hash, and no others."""
    answer = httpx.get(server.url)
    policy = dict(
        directive.strip().split(" ", 1)
        for directive in answer.headers["content-security-policy"].split(";")
    )
    assert policy["default-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == "'none'"
    assert "'unsafe-inline'" not in policy["script-src"]
    inline = re.findall(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", answer.text, re.DOTALL)
    assert inline
    for script in inline:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy["script-src"]


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/hostname",
        "/gradio_api/%66ile=/etc/hostname",
        "/gradio_api/file/etc/hostname",
        "/gradio_api/proxy=https://x.hf.space/",
        "/gradio_api/upload_progress?upload_id=1",
        "/gradio_api/vibe-code/",
        "/gradio_api/component_server",
        "/monitoring",
        "/nothing",
    ],
)
def test_what_the_chat_does_not_need_is_closed(server: Served, path: str) -> None:
    """Files, proxies, uploads and Gradio's tools answer 404 with security headers."""
    answer = httpx.get(f"{server.url}{path}")
    assert answer.status_code == 404
    assert "connect-src 'self'" in answer.headers["content-security-policy"]


def test_uploads_are_closed(server: Served) -> None:
    """An upload is refused by default."""
    answer = httpx.post(f"{server.url}/gradio_api/upload", files={"files": b"x"})
    assert answer.status_code == 404


def test_a_rebuild_answers_from_the_next_question_on(server: Served) -> None:
    """A new article is found without a restart."""
    before = server.json("ask", question="where were the otters seen?")["generation"]
    new = server.folder / "corpus" / "zeppelin.txt"
    new.write_text("Zeppelin lands at Quayside\n\nA zeppelin landed at Quayside on Friday.\n")
    done = forks.run(
        ["-m", "pullquote", "rebuild-index"],
        environment=environment(server.folder),
        folder=server.folder,
        timeout=STARTS_WITHIN,
    )
    assert done.returncode == 0, done.stderr
    reply = server.json("ask", question="where did the zeppelin land?")
    assert reply["generation"] != before
    assert reply["answers"][0]["citations"][0]["article"] == "zeppelin.txt"  # type: ignore[index]


def test_gradio_client_can_ask(server: Served) -> None:
    """Gradio's client can call the endpoint.

    It runs in a process of its own, because it leaves sockets open in threads, which warns.
    """
    asked = (
        "from gradio_client import Client\n"
        f"client = Client({server.url!r}, verbose=False)\n"
        "print(client.predict('where were the otters seen?', api_name='/ask')['generation'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"HF_HUB_OFFLINE": "1"},
        timeout=60,
    )
    assert re.fullmatch(r"\d{8}T\d{6}-[0-9a-f]{6}\n", done.stdout)


def test_a_busy_port_is_named_with_the_way_out(tmp_path: Path) -> None:
    """The start fails early, with one message and exit status 1."""
    (tmp_path / "corpus").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = start(tmp_path, port=port)
        process.wait(timeout=STARTS_WITHIN)
    message = errors_of(tmp_path).read_text()
    assert process.returncode == 1
    assert f"port {port}" in message
    assert "--port" in message
    assert "Traceback" not in message


def test_an_index_that_is_missing_is_reported(tmp_path: Path) -> None:
    """Without index and corpus, the message names the corpus folder."""
    process = start(tmp_path)
    process.wait(timeout=STARTS_WITHIN)
    message = errors_of(tmp_path).read_text()
    assert process.returncode == 1
    assert str(tmp_path / "corpus") in message.replace("\n", "")
    assert "Traceback" not in message


@pytest.fixture
def without_update(tmp_path: Path) -> Iterator[Served]:
    """A chat over one article that does not update its index."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "otters.txt").write_text(OTHER)
    with serving(tmp_path, update_at_start=False) as served:
        yield served


def test_a_chat_that_others_index_for_begins_before_the_index(without_update: Served) -> None:
    """It says what it waits for, is unavailable, and answers once there is an index."""
    served = without_update
    assert "will answer as soon as there is an index" in served.errors.read_text()
    waiting = httpx.get(f"{served.url}/healthz")
    assert (waiting.status_code, waiting.json()["reason"]) == (503, "there is no index")
    assert "There is no index" in served.call("ask", question="where were otters seen?").text
    assert not (served.folder / "index").exists()
    rebuild_index(served.folder / "corpus", served.folder / "index")
    assert httpx.get(f"{served.url}/healthz").status_code == 200
    assert served.json("ask", question="where were otters seen?")["answers"]


def test_a_chat_without_update_leaves_the_index_as_it_is(tmp_path: Path) -> None:
    """A changed corpus does not change the index."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "otters.txt").write_text(OTHER)
    report = rebuild_index(tmp_path / "corpus", tmp_path / "index")
    (tmp_path / "corpus" / "otters.txt").unlink()
    with serving(tmp_path, update_at_start=False) as served:
        health = httpx.get(f"{served.url}/healthz").json()
    assert (health["status"], health["generation"]) == ("ok", report.generation)


def test_an_empty_index_is_reported(tmp_path: Path) -> None:
    """The endpoints name the folder, /healthz does not; later articles are answered from."""
    (tmp_path / "corpus").mkdir()
    with serving(tmp_path) as served:
        health = httpx.get(f"{served.url}/healthz")
        assert (health.status_code, health.json()["status"]) == (503, "empty")
        assert str(tmp_path) not in health.text
        for endpoint in ("ask", "retrieve"):
            stream = served.call(endpoint, question="where were otters seen?").text
            assert "event: error" in stream
            assert f"has no articles. It was built from {tmp_path / 'corpus'}" in stream
        assert "has no articles" in served.call("check", draft="“Where were they?”").text
        (tmp_path / "corpus" / "otters.txt").write_text(OTHER)
        rebuild_index(served.folder / "corpus", served.folder / "index")
        assert httpx.get(f"{served.url}/healthz").json()["status"] == "ok"
        assert served.json("ask", question="where were otters seen?")["answers"]


def test_a_chat_over_an_emptied_corpus_asks_before_it_removes(tmp_path: Path) -> None:
    """It warns and answers; the Corpus page removes the articles on consent."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for n in range(12):
        (corpus / f"otters{n:02}.txt").write_text(f"{n}. {OTHER}")
    rebuild_index(corpus, tmp_path / "index")
    for path in corpus.iterdir():
        path.unlink()
    with serving(tmp_path) as served:
        assert "12 of its 12 articles" in served.errors.read_text()
        assert served.json("ask", question="where were otters seen?")["answers"]

        def panel(query: str) -> str:
            httpx.post(f"{served.url}/corpus/rebuild{query}")
            until = time.monotonic() + STARTS_WITHIN
            while time.monotonic() < until:
                shown = httpx.get(f"{served.url}/corpus/rebuild").text
                if 'data-state="running"' not in shown:
                    return shown
                time.sleep(0.1)
            raise AssertionError(shown)

        assert "Remove 12 articles</button>" in panel("")
        assert "Remove 12 articles</button>" in panel("?allow_removals=11")
        assert "12 removed" in panel("?allow_removals=12")
        assert httpx.get(f"{served.url}/healthz").json()["status"] == "empty"


def test_interrupting_ends_quietly(tmp_path: Path) -> None:
    """Ctrl-C ends a chat with an open page within seconds and without errors."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "otters.txt").write_text(OTHER)
    with serving(tmp_path) as served:
        with httpx.stream("GET", f"{served.url}/gradio_api/heartbeat/abc", timeout=30):
            began = time.monotonic()
            served.process.send_signal(signal.SIGINT)
            assert served.process.wait(timeout=30) == 0
        assert time.monotonic() - began < 10
    assert "Traceback" not in errors_of(tmp_path).read_text()
