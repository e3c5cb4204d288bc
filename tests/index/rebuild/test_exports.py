"""Exports in an index, over several rebuilds."""

from __future__ import annotations

from contextlib import closing

from conftest import Newsroom
from reading import as_json


def export(newsroom: Newsroom, *bodies: object, name: str = "dump.jsonl") -> None:
    """Put a file of records into the corpus."""
    records = [{"body": body} if isinstance(body, str) else body for body in bodies]
    newsroom.corpus.joinpath(name).write_bytes(b"".join(map(as_json, records)))


def ids(newsroom: Newsroom) -> list[str]:
    """The ids of the articles in the index."""
    with closing(newsroom.open()) as generation:
        return generation.articles()


def test_each_record_is_an_article(newsroom: Newsroom) -> None:
    """Each record is an article, even if there are more than are embedded at once."""
    export(newsroom, *(f"Pier {n} is shut." for n in range(100)))
    report = newsroom.rebuild()
    assert (report.articles, report.added, report.failed) == (100, 100, ())
    assert ids(newsroom)[:2] == ["dump.jsonl#1", "dump.jsonl#10"]


def test_a_changed_file_embeds_what_is_new(newsroom: Newsroom) -> None:
    """Unchanged records keep their ids, and removed ones are gone."""
    export(newsroom, {"id": "a", "body": "One."}, {"id": "b", "body": "Two."})
    newsroom.rebuild()
    export(newsroom, {"id": "b", "body": "Two."}, {"id": "c", "body": "Three."})
    report = newsroom.rebuild()
    assert (report.added, report.removed, report.embedded, report.reused) == (1, 1, 1, 1)
    assert ids(newsroom) == ["dump.jsonl#b", "dump.jsonl#c"]


def test_records_that_failed_are_named_until_their_file_changes(newsroom: Newsroom) -> None:
    """A rebuild without changes still reports them, and makes no new generation."""
    export(newsroom, "One.", {"x": 1}, "Three.")
    first = newsroom.rebuild()
    second = newsroom.rebuild()
    assert [failure.path for failure in first.failed] == ["dump.jsonl#2"]
    assert (second.failed, second.generation) == (first.failed, first.generation)
    export(newsroom, "One.", "Three.")
    assert newsroom.rebuild().failed == ()


def test_a_file_without_readable_records_is_not_read_again(newsroom: Newsroom) -> None:
    """A file without readable records is one failure under its own name."""
    export(newsroom, {"x": 1}, {"x": 2})
    first = newsroom.rebuild()
    assert [failure.path for failure in first.failed] == ["dump.jsonl"]
    assert newsroom.rebuild().generation == first.generation


def test_other_fields_read_the_files_again(newsroom: Newsroom) -> None:
    """The setting `fields` is part of the index config."""
    export(newsroom, {"hl": "Pier shut", "tale": "It rusts."})
    assert newsroom.rebuild().articles == 0
    index_config = newsroom.index_config().model_copy(
        update={"fields": {"title": "hl", "body": "tale"}}
    )
    report = newsroom.rebuild(index_config=index_config)
    assert (report.articles, report.failed) == (1, ())


def test_a_file_with_the_id_of_a_record_is_reported(newsroom: Newsroom) -> None:
    """The file is reported, and the record is parsed."""
    export(newsroom, {"id": "x.md", "body": "One."})
    newsroom.write("dump.jsonl#x.md", "Another.")
    [failure] = newsroom.rebuild().failed
    assert (failure.path, failure.reason) == (
        "dump.jsonl#x.md",
        "its name could be that of an article in another file",
    )
    assert ids(newsroom) == ["dump.jsonl#x.md"]
