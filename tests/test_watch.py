"""Watching a corpus folder, with real files and real notifications of the system."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pullquote.index import IndexFolder, Report
from pullquote.index.services import rebuild_index
from pullquote.index.watch import follow
from pullquote.schema.errors import CorpusMissing, IndexLocked, RemovalsRefused
from pullquote.schema.settings import Settings, load_settings


@pytest.fixture
def chosen(tmp_path: Path) -> Settings:
    """A corpus of one article, with its index inside it."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "tide.md").write_text("The tide was there.")
    return load_settings(corpus=corpus, index=corpus / "index")


@pytest.fixture
def stop() -> Iterator[threading.Event]:
    """Stops the watch at the end, or after a minute."""
    event = threading.Event()
    timer = threading.Timer(60, event.set)
    timer.start()
    yield event
    event.set()
    timer.cancel()


def test_each_change_is_one_rebuild(chosen, stop):
    """A rebuild comes at once, one for two files written together, and none for index files."""
    done = follow(chosen, quiet_seconds=0.3, stop=stop)
    first = next(done)
    assert isinstance(first, Report)
    assert (first.added, first.articles) == (1, 1)
    for name in ("pier.md", "boat.md"):
        (chosen.corpus / name).write_text(f"The {name}.")
    second = next(done)
    assert isinstance(second, Report)
    assert (second.added, second.unchanged) == (2, 1)
    (chosen.corpus / "pier.md").unlink()
    third = next(done)
    assert isinstance(third, Report)
    assert (third.removed, third.unchanged) == (1, 2)
    stop.set()
    assert list(done) == []


def test_a_rebuild_that_finds_another_at_work_is_tried_again(chosen, stop):
    """The error is yielded, and the next change updates the index."""
    done = follow(chosen, quiet_seconds=0.3, stop=stop)
    with IndexFolder(chosen.index).lock():
        assert isinstance(next(done), IndexLocked)
    (chosen.corpus / "pier.md").write_text("The pier.")
    report = next(done)
    assert isinstance(report, Report)
    assert report.articles == 2


def test_no_corpus_is_an_error_at_once(chosen, tmp_path):
    """A missing folder raises."""
    with pytest.raises(CorpusMissing):
        next(follow(load_settings(corpus=tmp_path / "none", index=chosen.index)))


def test_a_rebuild_that_needs_consent_is_reported_once_and_the_watch_goes_on(chosen, stop):
    """An unplugged disk gives one error; once it is back, later changes are rebuilt."""
    names = [f"boat{n}.md" for n in range(12)]
    for name in names:
        (chosen.corpus / name).write_text(f"The {name}.")
    done = follow(chosen, quiet_seconds=0.3, stop=stop)
    assert isinstance(next(done), Report)
    before = IndexFolder(chosen.index).current()
    for name in names:
        (chosen.corpus / name).rename(chosen.corpus / f"{name}.away")
    refused = next(done)
    assert isinstance(refused, RemovalsRefused)
    assert refused.loss.removed == 12
    ready = threading.Event()

    def change() -> None:
        (chosen.corpus / "pier.md").write_text("The pier.")  # refused again, and not reported again
        ready.wait(3)
        for name in names[1:]:
            (chosen.corpus / f"{name}.away").rename(chosen.corpus / name)

    thread = threading.Thread(target=change)
    thread.start()
    assert IndexFolder(chosen.index).current() == before
    report = next(done)
    thread.join()
    assert isinstance(report, Report)
    assert (report.added, report.removed, report.unchanged) == (1, 1, 12)


def test_consent_is_for_the_first_rebuild_alone(chosen, stop):
    """Later removals need consent again."""
    for n in range(12):
        (chosen.corpus / f"boat{n}.md").write_text(f"Boat {n}.")
    rebuild_index(settings=chosen)
    for n in range(12):
        (chosen.corpus / f"boat{n}.md").unlink()
    done = follow(chosen, quiet_seconds=0.3, stop=stop, allow_removals=True)
    first = next(done)
    assert isinstance(first, Report)
    assert first.removed == 12
    for n in range(12):
        (chosen.corpus / f"gull{n}.md").write_text(f"Gull {n}.")
    assert next(done).added == 12
    for n in range(12):
        (chosen.corpus / f"gull{n}.md").unlink()
    assert isinstance(next(done), RemovalsRefused)
