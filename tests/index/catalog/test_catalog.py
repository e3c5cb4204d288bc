"""The catalog follows rebuilds and the clock."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from conftest import Newsroom
from pullquote.index.catalog.catalog import Catalog
from pullquote.index.catalog.catalog_rows import CatalogQuery, Entry, State

NOW = time.time()
LATER = datetime(2090, 1, 1, 9, tzinfo=UTC)


@pytest.fixture
def catalog() -> Iterator[Catalog]:
    """An empty catalog."""
    made = Catalog()
    yield made
    made.close()


def brought_up_to_date(catalog: Catalog, newsroom: Newsroom, *, now: float = NOW) -> Catalog:
    """The catalog of the current generation."""
    generation = newsroom.open()
    catalog.update(generation, now=now)
    assert catalog.holds(generation, now=now)
    generation.close()
    return catalog


def ids(
    catalog: Catalog, wanted: CatalogQuery | None = None, *, start: int = 0, count: int = 9
) -> str:
    """The ids listed, without their suffix."""
    found = catalog.page(CatalogQuery() if wanted is None else wanted, start=start, count=count)
    return " ".join(entry.id.removesuffix(".md") for entry in found.entries)


def one(catalog: Catalog, id: str) -> Entry:
    """The entry with this id."""
    entries = catalog.page(CatalogQuery(words=id), start=0, count=9).entries
    return next(entry for entry in entries if entry.id == id)


@pytest.fixture
def filled(newsroom: Newsroom, catalog: Catalog) -> Catalog:
    """Four articles, one of them without metadata, and a file that cannot be parsed."""
    facts = (
        ("a", "Zürich votes", "Post", "2024-03-01", "Jo Writer"),
        ("b", "ärger", "Echo", "2023-07-09", "Al Other"),
        ("c", "Better", "POST ", "2024-03-31", "Jo Writer"),
    )
    for id, title, source, published, author in facts:
        newsroom.write(
            f"{id}.md", "Text.", title=title, source=source, published=published, author=author
        )
    newsroom.write("d.md", "Nothing is known of this.")
    newsroom.write("e.md", "Text.", title="[")
    newsroom.rebuild()
    return brought_up_to_date(catalog, newsroom)


def test_entries_say_what_is_known(filled: Catalog) -> None:
    """An entry has title, source, day and language; that of a failed file has the reason."""
    found = one(filled, "a.md")
    assert (found.state, found.title, found.source) == (State.INDEXED, "Zürich votes", "Post")
    assert (found.published, found.language) == (date(2024, 3, 1), "en")
    failed = one(filled, "e.md")
    assert (failed.state, failed.title) == (State.FAILED, None)
    assert failed.note is not None
    assert "front matter" in failed.note


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (CatalogQuery(), "c a b d e"),
        (CatalogQuery(descending=False), "b a c d e"),
        (CatalogQuery(sort="title", descending=False), "b c e d a"),
        (CatalogQuery(sort="source", descending=False), "b a c d e"),
    ],
)
def test_entries_are_sorted(filled: Catalog, wanted: CatalogQuery, expected: str) -> None:
    """Accents and case do not count; unknown values come last either way."""
    assert ids(filled, wanted) == expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (CatalogQuery(words="ZURICH"), "a"),
        (CatalogQuery(words="writer post"), "c a"),
        (CatalogQuery(words="b.md"), "b"),
        (CatalogQuery(words="100%_"), ""),
        (CatalogQuery(source="post"), "c a"),
        (CatalogQuery(since=date(2024, 3, 1), until=date(2024, 3, 31)), "c a"),
        (CatalogQuery(state=State.FAILED), "e"),
        (CatalogQuery(without=frozenset(("source", "published"))), "d"),
    ],
)
def test_entries_are_searched(filled: Catalog, wanted: CatalogQuery, expected: str) -> None:
    """By words in any case, by fields, and by missing fields; days are inclusive."""
    assert ids(filled, wanted) == expected


def test_entries_have_a_length_passages_and_the_time_they_were_added(
    newsroom: Newsroom, catalog: Catalog
) -> None:
    """Lengths and times sort the list; the time is that of the file and not of its text."""
    for id, text in (("long", "A longer text than the other."), ("short", "Text.")):
        path = newsroom.write(f"{id}.md", text, title=id)
        os.utime(path, (0, 0))  # copying a file may keep such an old time
    newsroom.rebuild()
    brought_up_to_date(catalog, newsroom)
    entry = one(catalog, "long.md")
    assert entry.length == len(newsroom.open().article("long.md").text)
    assert (entry.passages, entry.file) == (1, "long.md")
    assert entry.added is not None
    changed = (newsroom.corpus / "long.md").stat().st_ctime
    assert entry.added.timestamp() == pytest.approx(changed, abs=0.001)
    assert ids(catalog, CatalogQuery(sort="length")) == "long short"
    assert ids(catalog, CatalogQuery(sort="length", descending=False)) == "short long"
    assert ids(catalog, CatalogQuery(sort="added")) == "short long"
    assert ids(catalog, CatalogQuery(file="short.md")) == "short"


def test_a_page_has_some_entries_and_the_count_of_all(filled: Catalog) -> None:
    """A page has some of the entries, and the count of all."""
    page = filled.page(CatalogQuery(), start=1, count=2)
    assert [entry.id for entry in page.entries] == ["a.md", "b.md"]
    assert page.count == 5
    assert filled.page(CatalogQuery(), start=10**12, count=2).entries == ()


def test_the_overview_counts_what_may_be_shown(filled: Catalog) -> None:
    """By month and source, spellings that differ in case together; states count everything."""
    overview = filled.overview
    assert overview.states == {State.INDEXED: 4, State.FAILED: 1}
    assert overview.months == {"2024-03": 2, "": 1, "2023-07": 1}
    assert {name.strip().casefold(): n for name, n in overview.sources.items()} == {
        "post": 2,
        "": 1,
        "echo": 1,
    }


def test_a_rebuild_changes_only_what_changed(newsroom: Newsroom, catalog: Catalog) -> None:
    """Added, changed and removed articles are updated; the others stay."""
    for id in "abcd":
        newsroom.write(f"{id}.md", "Text.", title=f"Title {id}")
    newsroom.rebuild()
    brought_up_to_date(catalog, newsroom)
    newsroom.write("b.md", "Text.", title="Another")
    newsroom.write("e.md", "Text.", title="New")
    (newsroom.corpus / "c.md").unlink()
    newsroom.rebuild()
    brought_up_to_date(catalog, newsroom)
    assert ids(catalog, CatalogQuery(sort="title", descending=False)) == "b e a d"


def test_a_withheld_article_has_no_title(newsroom: Newsroom, catalog: Catalog) -> None:
    """A withheld article is listed by id and state only, and its words are not searched."""
    newsroom.write("w.md", "Secret.", title="Secret merger", status="withheld")
    newsroom.write("e.md", "Secret.", title="Secret results", embargo=LATER.isoformat())
    newsroom.rebuild()
    brought_up_to_date(catalog, newsroom)
    assert ids(catalog, CatalogQuery(words="secret")) == ""
    assert (one(catalog, "w.md").state, one(catalog, "w.md").title) == (State.WITHHELD, None)
    embargoed = one(catalog, "e.md")
    assert (embargoed.state, embargoed.title) == (State.EMBARGOED, None)
    assert embargoed.note == LATER.isoformat()
    assert catalog.overview.months == {}


def test_a_released_article_is_listed_from_then_on(newsroom: Newsroom, catalog: Catalog) -> None:
    """The catalog expires at that time, without a rebuild, and is read again."""
    newsroom.write("e.md", "Secret.", title="Secret results", embargo=LATER.isoformat())
    newsroom.rebuild()
    generation = newsroom.open()
    catalog.update(generation, now=NOW)
    then = LATER.timestamp() + 1
    assert not catalog.holds(generation, now=then)
    catalog.update(generation, now=then)
    assert one(catalog, "e.md").title == "Secret results"
    assert catalog.holds(generation, now=then)
    generation.close()


def test_a_superseded_revision_names_the_newer_and_comes_back(
    newsroom: Newsroom, catalog: Catalog
) -> None:
    """It is superseded as long as the newer one is there."""
    url = "https://post.example/ferry"
    newsroom.write("old.md", "Text.", title="Ferry", url=url, published="2024-03-01")
    newsroom.write("new.md", "Text.", title="Ferry", url=url, published="2024-03-02")
    newsroom.rebuild()
    brought_up_to_date(catalog, newsroom)
    assert (one(catalog, "old.md").state, one(catalog, "old.md").note) == (
        State.SUPERSEDED,
        "new.md",
    )
    (newsroom.corpus / "new.md").unlink()
    newsroom.rebuild()
    brought_up_to_date(catalog, newsroom)
    assert (one(catalog, "old.md").state, one(catalog, "old.md").note) == (State.INDEXED, None)
