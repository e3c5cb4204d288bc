"""The web chat starts before its index is up to date, and updates the index meanwhile."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from conftest import Newsroom
from pullquote.cli.start_update import open_index
from pullquote.index.services import index_of, rebuild_index
from pullquote.newsroom.assistant import Assistant
from pullquote.schema.errors import CorpusMissing, IndexMismatch
from pullquote.schema.settings import Settings
from pullquote.web.server import listen
from served import ROOT, Served, serving, until

PAUSED = ROOT / "tests" / "paused_serving.py"
OTTERS = "Otters return\n\nTwo otters were seen at Tolland mill on Sunday.\n"
PIER = "The pier\n\nOsric Hale bought the pier at Quayside in May.\n"


@contextmanager
def paused(folder: Path) -> Iterator[Served]:
    """A chat whose rebuild waits at the first file."""
    with serving(folder, app=PAUSED, updated=False) as served:
        yield served


def corpus_of(folder: Path, **articles: str) -> Path:
    """The corpus in a folder, with more articles."""
    corpus = folder / "corpus"
    corpus.mkdir(exist_ok=True)
    for name, text in articles.items():
        (corpus / f"{name}.txt").write_text(text, encoding="utf-8")
    return corpus


def go(served: Served) -> None:
    """Let the rebuild go on, and wait until it has ended."""
    (served.folder / "go").touch()
    until(lambda: not health(served)["rebuilding"])


def health(served: Served) -> dict[str, object]:
    """What the health check says."""
    found: dict[str, object] = httpx.get(f"{served.url}/healthz", timeout=60).json()
    return found


def unready(served: Served) -> httpx.Response:
    """What the page shows instead of the chat."""
    return httpx.get(f"{served.url}/unready", timeout=60)


def test_the_chat_answers_during_the_first_build(tmp_path: Path) -> None:
    """Page and health check say how far the build is; afterwards questions are answered."""
    corpus_of(tmp_path, otters=OTTERS)
    with paused(tmp_path) as served:
        assert httpx.get(served.url, timeout=60).status_code == 200
        until(lambda: "0 of 1 file read" in unready(served).text)
        assert "The index is being built now." in unready(served).text
        assert "rebuild-index" not in unready(served).text
        assert httpx.get(f"{served.url}/healthz").status_code == 503
        assert health(served)["rebuilding"] is True
        assert "Cancel</button>" in httpx.get(f"{served.url}/corpus").text
        assert "There is no index" in served.call("ask", question="where were otters seen?").text
        assert "1 added" not in served.output
        assert "The index is being built." in served.errors.read_text()
        go(served)
        assert "1 added" in served.output
        assert health(served)["status"] == "ok"
        assert unready(served).status_code == 204
        assert served.json("ask", question="where were otters seen?")["answers"]


@pytest.mark.slow
def test_the_old_index_answers_during_an_update(tmp_path: Path) -> None:
    """Questions are answered at once, and from the new articles after the update."""
    corpus = corpus_of(tmp_path, otters=OTTERS)
    old = rebuild_index(corpus, tmp_path / "index").generation
    corpus_of(tmp_path, pier=PIER)
    with paused(tmp_path) as served:
        assert served.json("ask", question="where were otters seen?")["generation"] == old
        assert health(served) == {
            "status": "ok",
            "generation": old,
            "complete": True,
            "rebuilding": True,
        }
        go(served)
        assert served.json("ask", question="who bought the pier?")["generation"] != old
        assert "Index brought up to date: 1 added" in served.output


@pytest.mark.parametrize("first", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_ctrl_c_during_the_build_loses_nothing(tmp_path: Path, first: bool) -> None:
    """The chat ends, an existing index is unchanged, and the next rebuild does the whole work."""
    corpus = corpus_of(tmp_path, otters=OTTERS)
    index = tmp_path / "index"
    old = None if first else rebuild_index(corpus, index).generation
    corpus_of(tmp_path, pier=PIER)
    with paused(tmp_path) as served:
        until(lambda: " files read" in httpx.get(f"{served.url}/corpus/rebuild").text or old)
        served.process.send_signal(signal.SIGINT)
        assert served.process.wait(timeout=30) == 0
    errors = served.errors.read_text()
    assert "The rebuild was cancelled. The next one goes on from there." in errors
    assert errors.endswith("Stopped.\n")
    assert "Traceback" not in errors
    if old is not None:
        assert index_of(Settings(index=index)).current().name == old
    assert rebuild_index(corpus, index).added == (2 if first else 1)


def test_a_first_build_that_fails_is_shown_and_can_be_repeated(tmp_path: Path) -> None:
    """Terminal and page have the reason; when it is gone, the Corpus page builds the index."""
    corpus_of(tmp_path, otters=OTTERS)
    in_the_way = tmp_path / "disk"
    in_the_way.write_text("A file where a folder should be.")
    with serving(tmp_path, index=in_the_way / "index") as served:
        errors = served.errors.read_text()
        assert "error: The index at" in errors
        assert "could not be written" in errors
        assert "update the index on the Corpus page" in errors
        assert health(served)["status"] == "unavailable"
        page = unready(served).text
        assert "The index could not be built. The index at" in page
        assert "update the index on the Corpus page</a>" in page
        assert "being built now" not in page
        in_the_way.unlink()
        httpx.post(f"{served.url}/corpus/rebuild")
        until(lambda: health(served)["status"] == "ok")
        assert served.json("ask", question="where were otters seen?")["answers"]
        assert "Traceback" not in served.errors.read_text()


def test_without_index_and_corpus_the_start_fails(tmp_path: Path) -> None:
    """The error is raised before anything is served."""
    settings = Settings(corpus=tmp_path / "none", index=tmp_path / "index")
    with Assistant(settings) as opened, pytest.raises(CorpusMissing):
        open_index(opened)


def test_an_index_of_another_model_without_its_corpus_cannot_be_served(newsroom: Newsroom) -> None:
    """The error names the setting."""
    newsroom.write("a.md", "The harbour opened.")
    newsroom.rebuild()
    settings = Settings(corpus=newsroom.corpus / "none", index=newsroom.index.path)
    with Assistant(settings) as opened, pytest.raises(IndexMismatch, match="encoder"):
        open_index(opened)


def test_small_responses_do_not_wait_for_the_client() -> None:
    """Connections send at once, so a small response does not wait 40 ms for an acknowledgement."""
    with (
        listen(Settings(port=0)) as listening,
        socket.create_connection(listening.getsockname()[:2]),
        listening.accept()[0] as accepted,
    ):
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
