"""What an uploaded file became is read from the catalog."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable, Iterator

import pytest

from conftest import Newsroom
from pullquote.index.catalog.catalog import Catalog
from pullquote.web.corpus.listing import FileOutcome, file_outcome, outcome_html

TEXT = " ".join(f"Boat {n} left pier {n * n} of the harbour with {n + 3} crew." for n in range(60))


@pytest.fixture
def became(newsroom: Newsroom) -> Iterator[Callable[[str], FileOutcome]]:
    """A function that rebuilds the index, and returns the outcome of a file."""
    catalog = Catalog()

    def outcome(file: str) -> FileOutcome:
        newsroom.rebuild()
        generation = newsroom.open()
        catalog.update(generation, now=time.time())
        return file_outcome(file, catalog, generation)

    yield outcome
    catalog.close()


def test_an_article_has_title_source_day_and_passages(
    newsroom: Newsroom, became: Callable[[str], FileOutcome]
) -> None:
    """The line of a file with one article links to it, with its source, day and passages."""
    newsroom.write(
        "uploads/a.md", TEXT, title="Harbour <opens>", source="Post", published="2024-03-02"
    )
    outcome = became("uploads/a.md")
    assert (outcome.state, outcome.summary, outcome.name) == ("read", "1 article", "a.md")
    html = outcome_html(outcome)
    assert (
        'href="./?article=uploads%2Fa.md&amp;start=0&amp;end=0"><bdi>Harbour &lt;opens&gt;' in html
    )
    assert "<bdi>Post</bdi>" in html
    assert "2 March 2024" in html
    passages = len(list(newsroom.open().passage_ids()))
    assert passages > 1
    assert f"{passages} passages" in html


def test_an_archive_says_how_many_articles_it_had(
    newsroom: Newsroom, became: Callable[[str], FileOutcome]
) -> None:
    """An archive has its articles, its failures with reasons, and a link to all of them."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(7):
            archive.writestr(f"{number}.md", f"---\ntitle: Tide {number}\n---\nTide {number} rose.")
        archive.writestr("empty.md", "")
    newsroom.write("uploads/a.md", "Another.")
    (newsroom.corpus / "uploads" / "archive.zip").write_bytes(buffer.getvalue())
    outcome = became("uploads/archive.zip")
    assert outcome.summary == "7 articles, and 1 could not be read"
    assert len(outcome.entries) == 5
    assert outcome.more == 3
    html = outcome_html(outcome)
    assert 'href="corpus?file=uploads%2Farchive.zip#articles">Show all 8' in html


def test_a_file_that_fails_says_why_and_what_to_do(
    newsroom: Newsroom, became: Callable[[str], FileOutcome]
) -> None:
    """A failed file has its reason and the next step."""
    newsroom.write("uploads/a.md", "Text.", title="[")
    outcome = became("uploads/a.md")
    assert (outcome.state, outcome.summary) == ("failed", "could not be read")
    assert "Correct the lines between" in outcome_html(outcome)


def test_a_copy_names_the_article_that_was_there(
    newsroom: Newsroom, became: Callable[[str], FileOutcome]
) -> None:
    """The same file under another name, and nearly the same text, name the other article."""
    newsroom.write("old.md", TEXT, title="Harbour")
    newsroom.write("uploads/same.md", TEXT, title="Harbour")
    outcome = became("uploads/same.md")
    copies = outcome.entries[0]["copies"]
    assert [(copy["id"], copy["identical"]) for copy in copies] == [("old.md", True)]
    assert "The same file is already there:" in outcome_html(outcome)
    newsroom.write("uploads/near.md", TEXT + "One more sentence.", title="The harbour")
    near = became("uploads/near.md").entries[0]["copies"]
    assert {copy["id"] for copy in near} == {"old.md", "uploads/same.md"}
    assert not any(copy["identical"] for copy in near)


def test_what_may_not_be_shown_has_no_title(
    newsroom: Newsroom, became: Callable[[str], FileOutcome]
) -> None:
    """An article under embargo has its path and the end of the embargo, and nothing else."""
    newsroom.write("uploads/a.md", "Secret.", title="Secret merger", embargo="2090-01-01T09:00:00Z")
    html = outcome_html(became("uploads/a.md"))
    assert "Secret" not in html
    assert "until" in html


def test_a_file_that_is_not_indexed_is_pending(
    newsroom: Newsroom, became: Callable[[str], FileOutcome]
) -> None:
    """A file that the index does not know is stored but not in the index."""
    newsroom.write("a.md", json.dumps({}))
    outcome = became("uploads/never.md")
    assert (outcome.state, outcome.entries) == ("pending", [])
