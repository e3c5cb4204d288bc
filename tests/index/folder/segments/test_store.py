"""Articles in SQLite come back unchanged, character for character."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import FakeEncoder, scratch
from pullquote.index.folder.segments.store import Store, StoreWriter
from pullquote.index.metadata import filter_fields_of, fold
from pullquote.index.passages import split_passages
from pullquote.schema import Article, Passage, Role
from pullquote.schema.errors import IndexDamaged
from strategies import articles, body, passage


def split(found: Article) -> list[Passage]:
    """A few passages of an article."""
    return split_passages(found, count_tokens=FakeEncoder().count_tokens, budget=6, overlap=1)


def write(folder: Path, written: Sequence[Article]) -> Store:
    """A store of those articles."""
    writer = StoreWriter(folder)
    for article in written:
        writer.add(article, split(article), file=article.id.partition("#")[0])
    writer.close()
    return Store(folder)


@given(articles())
def test_articles_and_passages_come_back_as_they_went_in(written: Article) -> None:
    """Every field, text and offset is unchanged, even with NULs, combining marks and emoji."""
    with scratch() as folder, closing(write(Path(folder), [written])) as store:
        assert store.article(written.id) == written
        assert [store.passage(p.id) for p in split(written)] == split(written)


@settings(max_examples=30)
@given(st.lists(articles(ids=st.sampled_from("abcdef")), unique_by=lambda a: a.id, max_size=3))
def test_the_filtered_fields_are_stored(written: list[Article]) -> None:
    """The filtered fields are day, source and section, in the order of writing."""
    with scratch() as folder, closing(write(Path(folder), written)) as store:
        assert store.filter_fields() == [filter_fields_of(article) for article in written]
        assert store.articles() == sorted(a.id for a in written)


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Harbour Post", "harbour post"),
        (" HARBOUR\t\n post ", "harbour post"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("", ""),
        (None, None),
    ],
)
def test_names_are_compared_without_case_and_space(name: str | None, folded: str | None) -> None:
    """Sources that differ only in case and white space are equal."""
    assert fold(name) == folded


@pytest.mark.parametrize(
    ("published", "day"),
    [(date(1, 1, 1), 1), (date(2024, 6, 4), 739041), (None, None)],
)
def test_days_count_from_the_year_one(published: date | None, day: int | None) -> None:
    """A day is a number, so a range of days is a range of numbers."""
    assert filter_fields_of(body("x", published=published)).day == day


def test_an_instant_counts_as_its_day() -> None:
    """A filter by day ignores the time of day."""
    late = body("x", published=datetime(2024, 6, 4, 23, 59, tzinfo=UTC))
    assert filter_fields_of(late).day == 739041


def test_a_deleted_article_is_nowhere(tmp_path: Path) -> None:
    """A deleted article and its passages are not found; the others stay unchanged."""
    tide, pier = body("Low tide.", id="tide.md", source="Post"), body("The pier.", id="pier.md")
    write(tmp_path, [tide, pier]).close()
    with closing(Store(tmp_path, deleted=[0])) as store:
        assert (store.article("tide.md"), store.article("pier.md")) == (None, pier)
        assert store.passage(passage(tide).id) is None
        assert (store.articles(), len(store)) == (["pier.md"], 1)
        assert list(store.versions()) == ["pier.md"]
        assert store.rows_of(["tide.md", "pier.md"]) == {1: "pier.md"}
        assert [one.article for one in store.all_articles()] == [pier]
        assert (store.articles_by("source"), store.passages_by_role()) == ({"": 1}, {"body": 1})
        assert len(store.filter_fields()) == 2


def test_an_article_cannot_be_added_twice(tmp_path: Path) -> None:
    """Two articles with one id would make citations ambiguous."""
    writer = StoreWriter(tmp_path)
    writer.add(body("One."), [], file="a.md")
    with pytest.raises(sqlite3.IntegrityError):
        writer.add(body("Two."), [], file="b.md")
    writer.close()


def test_nothing_can_be_read_before_the_store_is_closed(tmp_path: Path) -> None:
    """A reader never sees a half-written store."""
    writer = StoreWriter(tmp_path)
    writer.add(body("One."), [], file="a.md")
    with closing(Store(tmp_path)) as store:
        assert store.articles() == []
    writer.close()
    with closing(Store(tmp_path)) as store:
        assert store.articles() == ["a.md"]


def test_versions_are_listed_by_file_and_by_article(tmp_path: Path) -> None:
    """Two articles of one file share its version."""
    feed = [body("One.", id="feed.xml#1"), body("Two.", id="feed.xml#2")]
    with closing(write(tmp_path, [*feed, body("Three.", id="c.md", version="c")])) as store:
        assert store.versions() == {"feed.xml": "0" * 64, "c.md": "c"}
        assert store.article_versions() == {
            "feed.xml#1": "0" * 64,
            "feed.xml#2": "0" * 64,
            "c.md": "c",
        }
        assert store.article_versions(["c.md", "unknown"]) == {"c.md": "c"}
        assert store.rows_of(["feed.xml", "unknown"]) == {0: "feed.xml", 1: "feed.xml"}


@pytest.mark.parametrize("few", [0, 1000])
def test_articles_are_found_by_their_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """Many files, for which all articles are listed, give the same as a few."""
    monkeypatch.setattr("pullquote.index.folder.segments.store.FEW_FILES", few)
    feed = [body("One.", id="feed.xml#1"), body("Two.", id="feed.xml#2")]
    with closing(write(tmp_path, [*feed, body("Three.", id="c.md", version="c")])) as store:
        files = ["feed.xml", "unknown"]
        assert store.articles_of(files) == {"feed.xml#1": "feed.xml", "feed.xml#2": "feed.xml"}
        assert store.article_versions(files) == {"feed.xml#1": "0" * 64, "feed.xml#2": "0" * 64}
        assert store.articles_of([]) == store.article_versions([]) == {}


def test_an_unknown_passage_id_finds_none(tmp_path: Path) -> None:
    """A passage id of another segment is not found."""
    with closing(write(tmp_path, [body("One.")])) as store:
        assert store.passage(7) is None


def test_a_file_that_is_not_a_database_is_damage(tmp_path: Path) -> None:
    """An error of SQLite becomes an error of ours."""
    (tmp_path / "articles.db").write_bytes(b"not a database, by far" * 50)
    with pytest.raises(IndexDamaged, match="expected a database, found file is not a database"):
        Store(tmp_path)


def test_threads_may_share_a_store(tmp_path: Path) -> None:
    """Concurrent readers get the same articles as a single one."""
    written = [body(f"Tide number {n}.", id=f"{n}.md") for n in range(300)]
    with closing(write(tmp_path, written)) as store, ThreadPoolExecutor(8) as pool:
        assert list(pool.map(store.article, [a.id for a in written])) == written


def test_passages_of_every_role_keep_it(tmp_path: Path) -> None:
    """A role is read back as a `Role`, not as a string."""
    found = body("Low tide.")
    writer = StoreWriter(tmp_path)
    made = [passage(found, role=role) for role in Role]
    writer.add(found, made, file="a.md")
    writer.close()
    with closing(Store(tmp_path)) as store:
        assert [store.passage(p.id).role for p in made] == list(Role)
