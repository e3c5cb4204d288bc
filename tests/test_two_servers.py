"""Two copies of the web chat on one index, alone and behind the balancer of deploy/."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from pullquote.index.services import rebuild_index
from served import ROOT, Served, serving

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("two servers")]

LOGIN = ("desk", "correct horse battery")
NGINX = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
PATIENCE = 240.0


@dataclass(frozen=True, slots=True)
class Newspaper:
    """Two copies of the chat, and what they share."""

    corpus: Path
    one: Served
    other: Served


@pytest.fixture(scope="module")
def newspaper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newspaper]:
    """Two copies with one password, one corpus and one index."""
    folder = tmp_path_factory.mktemp("two")
    corpus, index = folder / "corpus", folder / "index"
    corpus.mkdir()
    (corpus / "mill.txt").write_text(
        "Tolland mill reopened\n\nIda Roe reopened the mill in 1974.\n"
    )
    rebuild_index(corpus, index)
    headers = {
        "user": LOGIN[0],
        "password": LOGIN[1],
        "rebuild_from_chat": "true",
        "trusted_proxies": "127.0.0.1",
    }
    with ExitStack() as running:
        copies = []
        for name in ("one", "other"):
            (folder / name).mkdir()
            copies.append(
                running.enter_context(serving(folder / name, corpus=corpus, index=index, **headers))
            )
        yield Newspaper(corpus, *copies)


def soon(what: Callable[[], bool]) -> None:
    """Wait until the condition holds."""
    until = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < until
        time.sleep(0.2)


def listens(port: int) -> bool:
    """Whether something listens on that port of this machine."""
    with socket.socket() as knocking:
        return knocking.connect_ex(("127.0.0.1", port)) == 0


def get(server: Served | str, path: str, **headers: object) -> httpx.Response:
    """The copy's reply to a request with the password."""
    url = server if isinstance(server, str) else server.url
    return httpx.get(url + path, auth=LOGIN, timeout=60, **headers)


def generation(server: Served) -> str:
    """The generation that a copy answers from."""
    return str(get(server, "/healthz").json()["generation"])


def ask(url: str, question: str, client: httpx.Client) -> str:
    """The stream of an answer, which takes two requests."""
    called = client.post(f"{url}/gradio_api/call/v2/ask", json={"question": question})
    event = called.raise_for_status().json()["event_id"]
    return client.get(f"{url}/gradio_api/call/ask/{event}").text


def press_rebuild(server: Served) -> None:
    """Do what the button on the Corpus page does."""
    done = httpx.post(f"{server.url}/corpus/rebuild", auth=LOGIN, timeout=60)
    assert done.status_code == 303, done.text


def test_a_password_is_good_at_both(newspaper: Newspaper) -> None:
    """Each request has the password, so no copy needs to know of a login at another."""
    for server in (newspaper.one, newspaper.other):
        assert httpx.get(server.url, timeout=60).status_code == 401
        assert get(server, "/").status_code == 200


def test_what_one_rebuilds_the_other_answers_from(newspaper: Newspaper) -> None:
    """The next question uses the new generation, without a message between the copies."""
    before = generation(newspaper.other)
    (newspaper.corpus / "pier.txt").write_text("The pier\n\nOsric Hale bought the pier.\n")
    press_rebuild(newspaper.one)
    soon(lambda: generation(newspaper.other) != before)
    with httpx.Client(auth=LOGIN, timeout=60) as client:
        assert "Osric Hale" in ask(newspaper.other.url, "who bought the pier?", client)


def test_one_rebuild_at_a_time(newspaper: Newspaper) -> None:
    """While one copy rebuilds, the button of the other names the rebuild and changes nothing."""
    for number in range(400):
        words = " ".join(f"Gull {number} was seen at quay {n} by a clerk." for n in range(30))
        (newspaper.corpus / f"gull-{number}.txt").write_text(f"Gull {number}\n\n{words}\n")
    press_rebuild(newspaper.one)
    soon(lambda: get(newspaper.other, "/healthz").json()["rebuilding"])
    press_rebuild(newspaper.other)
    soon(lambda: "Another rebuild is working" in get(newspaper.other, "/corpus/rebuild").text)
    before = generation(newspaper.other)
    httpx.post(f"{newspaper.one.url}/corpus/cancel", auth=LOGIN, timeout=60)
    soon(lambda: not get(newspaper.other, "/healthz").json()["rebuilding"])
    assert generation(newspaper.other) == before


def test_an_answer_is_at_the_copy_that_was_asked(newspaper: Newspaper) -> None:
    """The other copy does not know the answer, so sessions must be sticky."""
    asked = {"question": "who reopened the mill?"}
    called = httpx.post(
        f"{newspaper.one.url}/gradio_api/call/v2/ask", json=asked, auth=LOGIN, timeout=60
    )
    path = f"/gradio_api/call/ask/{called.json()['event_id']}"
    elsewhere = get(newspaper.other, path).text
    assert elsewhere.startswith("event: error")
    assert "Ida Roe" not in elsewhere
    assert "Ida Roe" in get(newspaper.one, path).text


@dataclass(frozen=True, slots=True)
class Balancer:
    """The balancer's port, and its log: the address of each client, the copy, the path."""

    url: str
    log: Path


@pytest.fixture(scope="module")
def balancer(newspaper: Newspaper, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Balancer]:
    """A balancer (nginx) in front of both copies, configured as in deploy/."""
    if NGINX is None:
        pytest.skip("there is no nginx")
    folder = tmp_path_factory.mktemp("nginx")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    text = text.replace("listen 80;", f"listen 127.0.0.1:{port};")
    text = text.replace("chat-1:7860", f"127.0.0.1:{newspaper.one.port}")
    text = text.replace("chat-2:7860", f"127.0.0.1:{newspaper.other.port}")
    (folder / "pullquote.conf").write_text(text)
    places = "".join(
        f"{kind}_temp_path {folder};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    log = '"$remote_addr $upstream_addr $request_uri"'
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/errors; events {{}} "
        f"http {{ {places} log_format who {log}; access_log {folder}/access who; "
        f"include {folder}/pullquote.conf; }}"
    )
    process = subprocess.Popen([NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")])
    try:
        soon(lambda: listens(port))
        yield Balancer(f"http://127.0.0.1:{port}", folder / "access")
    finally:
        process.terminate()
        process.wait()


def test_browsers_are_spread_and_each_stays_where_it_is(balancer: Balancer) -> None:
    """Twenty browsers are spread over both copies, and each gets its own answers."""
    copies = set()
    for _ in range(20):
        with httpx.Client(auth=LOGIN, timeout=60) as browser:
            assert browser.get(f"{balancer.url}/").status_code == 200
            copies.add(browser.cookies["pullquote_copy"])
            for _ in range(2):
                assert "Ida Roe" in ask(balancer.url, "who reopened the mill?", browser)
    assert len(copies) == 20
    asked = [line.split() for line in balancer.log.read_text().splitlines() if "call" in line]
    assert len({copy for _, copy, _ in asked}) == 2


def test_a_program_without_cookies_stays_too(balancer: Balancer) -> None:
    """Its address decides."""
    for _ in range(4):
        with httpx.Client(auth=LOGIN, timeout=60) as program:
            assert "Ida Roe" in ask(balancer.url, "who reopened the mill?", program)
            assert not program.cookies


def test_wrong_passwords_are_counted_by_who_sent_them(balancer: Balancer) -> None:
    """They are not counted by the proxy's address, or one guesser would exclude everybody."""
    guesser = httpx.HTTPTransport(local_address="127.0.0.9")
    with httpx.Client(transport=guesser, timeout=60) as client:
        statuses = [
            client.get(f"{balancer.url}/", auth=("desk", f"wrong horse {guess}")).status_code
            for guess in range(30)
        ]
    assert statuses[-1] == 429
    assert get(balancer.url, "/").status_code == 200


def test_a_copy_that_ends_is_passed_over(newspaper: Newspaper, balancer: Balancer) -> None:
    """Its users continue with the other copy. This is the last test of this file."""
    newspaper.other.process.kill()
    newspaper.other.process.wait()
    for _ in range(8):
        with httpx.Client(auth=LOGIN, timeout=60) as browser:
            assert browser.get(f"{balancer.url}/").status_code == 200
            assert "Ida Roe" in ask(balancer.url, "who reopened the mill?", browser)
