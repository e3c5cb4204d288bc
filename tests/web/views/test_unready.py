"""What the chat shows while nothing can be asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from pullquote.index.folder.index_files import IndexFiles
from pullquote.newsroom.assistant import Assistant
from pullquote.schema.errors import CorpusChanged, IndexMissing, IndexUnreachable, PullquoteError
from pullquote.schema.settings import Settings
from pullquote.web.corpus.rebuild_job import (
    ConsentNeeded,
    NotStarted,
    RebuildFailed,
    RebuildRunning,
    RebuildState,
)
from pullquote.web.corpus.rebuild_panel import rebuild_status
from pullquote.web.views.unready import UnreadyView

BUILDING = "The index is being built now."


def page(
    folder: Path,
    state: RebuildState,
    *,
    can_retry: bool = True,
    error: PullquoteError | None = None,
) -> str:
    """The page while a rebuild is in that state; by default there is no index."""
    settings = Settings(index=folder / "index", corpus=folder)
    missing = IndexMissing(folder / "index") if error is None else error
    with Assistant(settings) as assistant:
        view = UnreadyView(assistant, lambda: rebuild_status(state, can_retry=can_retry))
        return str(view.html(missing))


def test_a_running_build_shows_its_progress_instead_of_advice(tmp_path: Path) -> None:
    """A bar says how many files have been read; nobody need run a command, or can cancel here."""
    html = page(tmp_path, RebuildRunning(0.0, 1200, 5000))
    assert BUILDING in html
    assert "1,200 of 5,000 files read" in html
    assert 'max="5000" value="1200"' in html
    assert "rebuild-index" not in html
    assert "<button" not in html


def test_a_build_by_another_process_is_reported(tmp_path: Path) -> None:
    """Its progress is not known."""
    with IndexFiles(tmp_path / "index").lock():
        html = page(tmp_path, NotStarted())
    assert BUILDING in html
    assert "<progress" not in html


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (RebuildFailed("The disk is full."), "The disk is full."),
        (
            ConsentNeeded(CorpusChanged("index", recorded=Path("a"), corpus=Path("b"), loss=None)),
            "built from a",
        ),
    ],
)
def test_a_failed_build_shows_why(tmp_path: Path, state: RebuildState, why: str) -> None:
    """The page has the reason and both ways to build the index."""
    html = page(tmp_path, state)
    assert BUILDING not in html
    assert "The index could not be built." in html
    assert why in html
    assert "pullquote rebuild-index" in html
    assert '<a href="corpus">update the index on the Corpus page</a>' in html


@pytest.mark.parametrize("unreachable", [True, False])
def test_the_corpus_page_is_named_only_where_it_helps(tmp_path: Path, unreachable: bool) -> None:
    """It does not help if it has no button, or if the server of the index is away."""
    away = IndexUnreachable("milvus://a:1/b", "no answer", mend="Start it.")
    error = away if unreachable else None
    html = page(tmp_path, NotStarted(), can_retry=unreachable, error=error)
    assert "update the index on the Corpus page" not in html
