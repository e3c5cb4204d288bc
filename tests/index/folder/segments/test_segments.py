"""Generations share segments, and the segments stay few."""

from __future__ import annotations

import gc
import os
import shutil
import weakref
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from conftest import Newsroom
from pullquote.index import Generation
from pullquote.index.folder.writer import GROWTH, MOST_DELETED
from pullquote.schema import Filters

ALL = Filters(comments=True)


def write(newsroom: Newsroom, name: str, passages: int = 1) -> None:
    """An article of about that many passages."""
    words = " ".join(f"{name} was number {n} of its kind and stood there." for n in range(passages))
    newsroom.write(f"{name}.md", words, title=name)


def sizes(newsroom: Newsroom) -> list[int]:
    """The number of live passages in each segment, oldest first."""
    with closing(newsroom.open()) as generation:
        return [len(segment) for segment in generation.segments]


@pytest.fixture
def grown(newsroom: Newsroom) -> Newsroom:
    """Thirty articles in one segment."""
    for n in range(30):
        write(newsroom, f"old{n}", passages=4)
    newsroom.rebuild()
    return newsroom


def files(generation: Generation) -> dict[str, int]:
    """The inode of every file of a generation's segments."""
    folder = generation.folder / "segments"
    return {
        p.relative_to(folder).as_posix(): p.stat().st_ino for p in folder.rglob("*") if p.is_file()
    }


def test_a_change_leaves_the_large_segment_as_it_is(grown: Newsroom) -> None:
    """Its files are linked, not copied, and the new article gets a segment of its own."""
    with closing(grown.open()) as generation:
        before = files(generation)
    write(grown, "new")
    grown.rebuild()
    with closing(grown.open()) as generation:
        after = files(generation)
        assert before.items() < after.items()
        assert [len(segment) for segment in generation.segments] == [len_of(grown) - 1, 1]


def len_of(newsroom: Newsroom) -> int:
    """The number of all passages."""
    return sum(sizes(newsroom))


def test_deleted_rows_are_listed_beside_the_segment(grown: Newsroom) -> None:
    """Neither search finds the article; the files of the segment stay."""
    with closing(grown.open()) as generation:
        before = files(generation)
        deleted = {
            n for n in generation.passage_ids() if generation.passage(n).article == "old7.md"
        }
    (grown.corpus / "old7.md").unlink()
    grown.rebuild()
    with closing(grown.open()) as generation:
        assert files(generation) == before
        assert len(list((generation.folder / "gone").iterdir())) == 1
        question = grown.encoder.encode_question("old7 was number")
        for found in (
            generation.nearest(question, k=999, filters=ALL),
            generation.matching(["old7", "number"], k=999, filters=ALL),
        ):
            assert len(found) == len(generation.passage_ids())
            assert not deleted & found.keys()
        assert "old7.md" not in generation.articles()


def test_many_small_changes_leave_few_segments(grown: Newsroom) -> None:
    """Each is more than twice as large as the next."""
    for n in range(25):
        write(grown, f"new{n}")
        grown.rebuild()
        found = sizes(grown)
        assert all(size > GROWTH * newer for size, newer in pairwise(found))
    assert len(sizes(grown)) <= 5


def test_a_sparse_segment_is_written_anew(grown: Newsroom) -> None:
    """It is rewritten once too many of its passages are deleted."""
    for n in range(30):
        (grown.corpus / f"old{n}.md").unlink()
        grown.rebuild()
        with closing(grown.open()) as generation:
            for segment in generation.segments:
                assert len(segment) >= (1 - MOST_DELETED) * len(segment.passage_ids)
                assert len(segment) > 0
    assert sizes(grown) == []


def test_nothing_is_embedded_when_segments_are_merged(grown: Newsroom) -> None:
    """Vectors are copied unchanged when segments are merged."""
    grown.encoder.encoded.clear()
    for n in range(6):
        write(grown, f"new{n}")
        grown.rebuild()
    assert len(grown.encoder.encoded) == 6


def test_a_file_system_without_links_gets_copies(
    grown: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The index is larger but otherwise the same."""

    def no_link(source: str, target: str) -> None:
        raise PermissionError(source, target)

    monkeypatch.setattr(os, "link", no_link)
    with closing(grown.open()) as generation:
        before = files(generation)
    write(grown, "new")
    grown.rebuild()
    with closing(grown.open()) as generation:
        after = files(generation)
        assert before.keys() < after.keys()
        assert not set(before.values()) & set(after.values())
        assert len(generation.passage_ids()) == len_of(grown)


def test_a_missing_list_of_deleted_rows_is_damage(grown: Newsroom, tmp_path: Path) -> None:
    """Without the list, a removed article would answer again."""
    (grown.corpus / "old7.md").unlink()
    grown.rebuild()
    current, before = grown.index.published_generations()
    shutil.rmtree(grown.index.generation(current.name) / "gone")
    with closing(grown.open()) as generation:
        assert generation.damage is not None
        assert generation.name == before.name


def test_a_shared_segment_is_read_once(grown: Newsroom) -> None:
    """A reader that opens a new generation reuses shared segments, with the same answers."""
    with closing(grown.open()) as before:
        write(grown, "new")
        (grown.corpus / "old3.md").unlink()
        grown.rebuild()
        after = grown.index.open(before=before)
        large, same = before.segments[0], after.segments[0]
        assert same.vectors is large.vectors
        assert same.postings is large.postings
        assert (same.live is None, large.live is None) == (False, True)
        with closing(grown.open()) as anew:
            for terms in (["kind"], ["old3"], ["new"]):
                found = after.matching(terms, k=99, filters=ALL)
                assert list(found.items()) == list(anew.matching(terms, k=99, filters=ALL).items())
            vector = grown.encoder.encode_question("new of its kind")
            assert after.nearest(vector, k=99, filters=ALL) == anew.nearest(
                vector, k=99, filters=ALL
            )


def test_a_dropped_generation_is_freed_at_once(grown: Newsroom) -> None:
    """Its arrays and files are freed without garbage collection: a chat runs for months."""
    gc.disable()
    try:
        generation = grown.open()
        generation.matching(["kind"], k=3, filters=ALL)
        generation.article("old3.md")
        references = [weakref.ref(part) for part in (generation, *generation.segments)]
        references.append(weakref.ref(generation.segments[0].store))
        del generation
        assert [part() for part in references] == [None] * len(references)
    finally:
        gc.enable()
