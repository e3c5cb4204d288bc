"""Files parsed by processes, embedded ahead: the same index as when one step follows the other."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import closing

import numpy as np
import pytest

from conftest import FakeEncoder, Newsroom
from pullquote.base.cancellation import Cancellation, Cancelled
from pullquote.index import Progress, Report
from pullquote.index.encoder import Vectors
from pullquote.index.rebuild import batches as prepared
from pullquote.index.rebuild.build import rebuild
from pullquote.parsing.workers.parse_files import FileParser


def build(newsroom: Newsroom, *, processes: int = 2, progress: Progress | None = None) -> Report:
    """Build everything anew with this many processes."""
    return rebuild(
        newsroom.index,
        newsroom.corpus,
        newsroom.encoder,
        index_config=newsroom.index_config(),
        reading=FileParser(processes=processes),
        progress=progress,
        force=True,
    )


def content(newsroom: Newsroom) -> list[tuple[int, list[float]]]:
    """The passage ids of each segment in order, with their vectors."""
    with closing(newsroom.open()) as generation:
        return [
            (passage_id, vector.tolist())
            for segment in generation.segments
            for passage_id, vector in zip(
                segment.passage_ids.tolist(), segment.vectors.read(), strict=True
            )
        ]


@pytest.fixture
def many(newsroom: Newsroom) -> Newsroom:
    """A corpus of several batches, with passages that occur twice and files that fail."""
    for n in range(12):
        newsroom.write(f"{n:02}.md", f"The tide came {n}. It was high.", title=f"Tide {n % 5}")
    newsroom.write("empty.md", " ")
    return newsroom


def test_the_index_is_the_same_with_and_without_processes(
    many: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Order, vectors and counts do not depend on where files are parsed."""
    monkeypatch.setattr(prepared, "ARTICLES_AT_ONCE", 4)
    ahead = build(many)
    found = content(many)
    many.index.embeddings.unlink()
    here = build(many, processes=0)
    changing = {"generation", "seconds"}
    assert ahead.model_dump(exclude=changing) | {"added": 12, "unchanged": 0} == here.model_dump(
        exclude=changing
    ) | {"added": 12, "unchanged": 0}
    assert found == content(many)


def test_no_text_is_embedded_twice(many: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """A text that is being embedded for an earlier batch is not embedded again."""
    monkeypatch.setattr(prepared, "ARTICLES_AT_ONCE", 2)
    report = build(many)
    assert sorted(many.encoder.encoded) == sorted(set(many.encoder.encoded))
    assert report.embedded == len(many.encoder.encoded)
    assert report.embedded + report.reused == report.passages


def test_progress_is_reported_from_the_first_article(many: Newsroom) -> None:
    """A small corpus is not one batch: the bar moves before all of it is done."""
    reported = list[int]()
    build(many, progress=lambda done, _: reported.append(done))
    assert reported == [0, 0, 1, 3, 7, 13, 13]


class _Faulty(FakeEncoder):
    """An encoder that fails, or returns vectors that are not of unit length."""

    def __init__(self, *, fails: bool) -> None:
        super().__init__()
        self._fails = fails

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors, until the third call."""
        found = super().encode(texts)
        if len(self.encoded) < 6:
            return found
        if self._fails:
            raise RuntimeError("out of memory")
        return np.full_like(found, 7)


@pytest.mark.parametrize(("fails", "message"), [(True, "out of memory"), (False, "length")])
def test_a_failing_encoder_ends_the_rebuild(
    many: Newsroom, monkeypatch: pytest.MonkeyPatch, fails: bool, message: str
) -> None:
    """What the encoder raises in its thread ends the rebuild, and no thread is left."""
    monkeypatch.setattr(prepared, "ARTICLES_AT_ONCE", 2)
    before = threading.active_count()
    many.encoder = _Faulty(fails=fails)
    with pytest.raises(Exception, match=message):
        build(many)
    assert threading.active_count() <= before
    many.encoder = FakeEncoder()
    assert build(many).articles == 12


def test_a_cancelled_rebuild_ends(many: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is published, and no thread is left."""
    monkeypatch.setattr(prepared, "ARTICLES_AT_ONCE", 2)
    before, cancellation = threading.active_count(), Cancellation()

    def stop(done: int, _: int) -> None:
        if done:
            cancellation.cancel()

    with pytest.raises(Cancelled), cancellation.applied():
        build(many, progress=stop)
    assert threading.active_count() <= before
    assert many.generations() == []
