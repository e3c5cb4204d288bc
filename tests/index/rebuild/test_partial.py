"""A first build publishes partial generations, and nothing of them is lost or read twice."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

import pytest

from conftest import FakeEncoder, Newsroom
from pullquote.index import IndexFolder, repair
from pullquote.index.folder.generation import Generation
from pullquote.index.rebuild import batches as prepared
from pullquote.index.rebuild import writing as partial
from pullquote.schema import Filters, IndexProgress
from pullquote.schema.errors import IndexMissing, RemovalsRefused
from reading import as_json

ALL = Filters(comments=True)


class Stopped(BaseException):
    """An exception that ends a rebuild, as Ctrl-C does."""


@pytest.fixture
def ten(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> Newsroom:
    """Ten articles of one passage each; partial generations are due at 2 and 6 passages."""
    monkeypatch.setattr(prepared, "ARTICLES_AT_ONCE", 1)
    monkeypatch.setattr(partial, "FIRST_PASSAGES", 2)
    for n in range(10):
        newsroom.write(f"{n}.md", f"Boat number {n} left.")
    return newsroom


def states(
    newsroom: Newsroom,
) -> tuple[list[IndexProgress | None], Callable[[int, int | None], None]]:
    """A list of the states that a reader sees, and the callback that looks for the next one."""
    seen: list[IndexProgress | None] = []

    def look(_done: int, _total: int | None) -> None:
        try:
            generation = newsroom.open()
        except IndexMissing:
            return
        with closing(generation):
            assert generation.manifest.articles == len(generation.articles())
            if not seen or seen[-1] != generation.manifest.progress:
                seen.append(generation.manifest.progress)

    return seen, look


def stop_at(number: int) -> Callable[[int, int | None], None]:
    """A callback that stops a rebuild when so many files are in the index."""

    def stop(done: int, total: int | None) -> None:
        if done == number and total is not None:
            raise Stopped

    return stop


def stopped(newsroom: Newsroom, number: int) -> IndexProgress:
    """Stop a rebuild there, and return how far the index has got."""
    with pytest.raises(Stopped):
        newsroom.rebuild(progress=stop_at(number))
    with closing(newsroom.open()) as generation:
        assert generation.manifest.progress is not None
        return generation.manifest.progress


def found(newsroom: Newsroom) -> dict[int, float]:
    """What a search finds in the index, with scores to the last bit."""
    with closing(newsroom.open()) as generation:
        vector = FakeEncoder().encode_question("boat")
        by_words = generation.matching(["boat", "7"], k=99, filters=ALL)
        return {**generation.nearest(vector, k=99, filters=ALL), **by_words}


def test_readers_see_more_and_more(ten: Newsroom) -> None:
    """Each partial generation says how many files can be searched, and the last one is whole."""
    seen, look = states(ten)
    report = ten.rebuild(progress=look)
    assert seen == [
        IndexProgress(searchable=2, files=10),
        IndexProgress(searchable=6, files=10),
    ]
    with closing(ten.open()) as generation:
        assert (generation.manifest.progress, generation.manifest.articles) == (None, 10)
    assert (report.added, report.unchanged, report.embedded, report.reused) == (10, 0, 10, 0)


def test_the_complete_index_finds_what_one_built_in_one_piece_does(
    ten: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Partial generations change no score."""
    ten.rebuild()
    in_parts = found(ten)
    monkeypatch.setattr(partial, "FIRST_PASSAGES", 99)
    ten.index = IndexFolder(ten.index.path.with_name("other"))
    ten.rebuild()
    assert found(ten) == in_parts


def test_no_partial_generation_without_need(ten: Newsroom) -> None:
    """A rebuild of a complete index publishes once, even if all of its articles are new."""
    ten.rebuild()
    for n in range(10):
        ten.write(f"{n}.md", f"Ferry number {n} left.")
    complete, look = states(ten)
    ten.rebuild(progress=look)
    assert complete == [None]


def test_the_next_rebuild_continues_from_a_partial_generation(ten: Newsroom) -> None:
    """What an interrupted first build has published is neither read nor embedded again."""
    assert stopped(ten, 4) == IndexProgress(searchable=2, files=10)
    ten.encoder.encoded.clear()
    seen, look = states(ten)
    report = ten.rebuild(progress=look)
    assert seen == [IndexProgress(searchable=n, files=10) for n in (2, 6)]
    assert (report.added, report.unchanged, report.articles) == (8, 2, 10)
    assert (report.embedded, report.reused) == (6, 2)
    with closing(ten.open()) as generation:
        assert generation.manifest.progress is None


def test_a_partial_index_becomes_complete_even_if_no_file_is_left(ten: Newsroom) -> None:
    """If the other files are gone, the rebuild still publishes a complete generation."""
    stopped(ten, 4)
    for n in range(2, 10):
        (ten.corpus / f"{n}.md").unlink()
    assert ten.rebuild().unchanged == 2
    with closing(ten.open()) as generation:
        assert (generation.manifest.progress, generation.manifest.articles) == (None, 2)


def test_an_article_that_changed_since_is_replaced(ten: Newsroom) -> None:
    """A changed file is read again, and its old text is an earlier edition."""
    stopped(ten, 4)
    ten.write("0.md", "Ferry number 0 left.")
    report = ten.rebuild()
    assert (report.added, report.changed, report.articles) == (8, 1, 10)
    with closing(ten.open()) as generation:
        assert generation.article("0.md").text == "Ferry number 0 left."
        assert [one.article.text for one in generation.history.of("0.md")] == [
            "Boat number 0 left."
        ]


def test_a_rebuild_that_removes_articles_publishes_only_what_has_consent(
    ten: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A partial index keeps its articles until the consent to remove them has been checked."""
    for n in range(10, 40):
        ten.write(f"{n}.md", f"Boat number {n} left.")
    monkeypatch.setattr(partial, "FIRST_PASSAGES", 20)
    stopped(ten, 30)
    for path in sorted(ten.corpus.iterdir())[:15]:
        path.unlink()
    before = ten.index.current()
    with pytest.raises(RemovalsRefused):
        ten.rebuild()
    assert ten.index.current() == before


def export(newsroom: Newsroom, name: str, articles: int) -> None:
    """Write a file of that many articles."""
    records = [{"id": str(n), "body": f"Gull {n} of {name} nests."} for n in range(articles)]
    (newsroom.corpus / name).write_bytes(b"".join(map(as_json, records)))


@pytest.fixture
def cut(ten: Newsroom) -> Newsroom:
    """An index of which an export has only its first articles; a record of it has no text."""
    for path in ten.corpus.iterdir():
        path.unlink()
    export(ten, "birds.jsonl", 9)
    with (ten.corpus / "birds.jsonl").open("ab") as stream:
        stream.write(as_json({"id": "none"}))

    def stop(_done: int, total: int | None) -> None:
        if total is not None and (ten.index.path / "CURRENT").exists():
            raise Stopped

    with pytest.raises(Stopped):
        ten.rebuild(progress=stop)
    with closing(ten.open()) as generation:
        assert generation.manifest.cut_file == "birds.jsonl"
        assert generation.manifest.articles == 2
        assert generation.manifest.failed == ()
    return ten


def test_a_file_that_was_cut_is_read_to_its_end(cut: Newsroom) -> None:
    """The next rebuild reads the file again, and has each article and each failure once."""
    report = cut.rebuild()
    assert (report.articles, report.added, report.unchanged) == (9, 7, 2)
    assert [failure.path for failure in report.failed] == ["birds.jsonl#none"]
    assert cut.rebuild().generation == report.generation


def test_a_file_in_two_segments_is_removed_from_both(ten: Newsroom) -> None:
    """If a file was cut in two, all of its articles go when it goes."""
    export(ten, "birds.jsonl", 9)
    ten.rebuild()
    with closing(ten.open()) as generation:
        assert len(generation.segments) > 1
    (ten.corpus / "birds.jsonl").unlink()
    assert ten.rebuild().removed == 9
    with closing(ten.open()) as generation:
        assert generation.articles() == [f"{n}.md" for n in range(10)]


def test_an_error_leaves_the_last_partial_generation(
    ten: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If a partial generation cannot be finished, the one before it is current."""
    stopped(ten, 4)
    before = ten.index.current()

    def fail(*_given: object, **_more: object) -> Generation:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("pullquote.index.rebuild.writing.GenerationWriter.finish", fail)
        with pytest.raises(RuntimeError):
            ten.rebuild()
    assert (ten.index.current(), ten.generations()) == (before, [before.name])
    assert ten.rebuild().articles == 10


def test_a_repaired_index_is_as_incomplete_as_before(cut: Newsroom) -> None:
    """A repair reads no file of the corpus, so it keeps what the manifest says is missing."""
    repair(cut.index, cut.encoder, index_config=cut.index_config())
    with closing(cut.open()) as generation:
        assert generation.manifest.cut_file == "birds.jsonl"
        assert generation.manifest.progress == IndexProgress(searchable=0, files=1)
    assert cut.rebuild().articles == 9
