"""One article in several files: only the newest revision is found."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import Newsroom
from pullquote.answering.retrieval.retriever import Retriever
from pullquote.index import Report
from pullquote.index.duplicates.revisions import MOST_REVISIONS, canonical, revision_of
from pullquote.schema import Filters
from reading import as_json
from strategies import body

URL = "https://post.example/pier"


def found(newsroom: Newsroom) -> list[str]:
    """The articles that a question about the pier finds."""
    retriever = Retriever(newsroom.encoder, candidates=50, rrf_k=60)
    with closing(newsroom.open()) as generation:
        question = retriever.question("is the pier shut?", generation)
        hits = retriever.retrieve(question, generation, k=50, filters=Filters())
    return sorted({hit.article.id for hit in hits})


def named(report: Report) -> dict[str, str]:
    """The superseded articles, each with its newest revision."""
    return {old.article: old.by for old in report.superseded}


def wire(newsroom: Newsroom, *records: dict[str, object], name: str = "wire.jsonl") -> None:
    """Versions of items, as an agency's log has them."""
    given = [{"body": f"The pier is shut, {n}.", **more} for n, more in enumerate(records)]
    newsroom.corpus.joinpath(name).write_bytes(b"".join(map(as_json, given)))


def test_the_newest_revision_of_an_address_answers(newsroom: Newsroom) -> None:
    """The newest revision answers, whatever its file name, by time of change or publication."""
    newsroom.write("a.md", "The pier is shut.", url=URL, date="2024-06-02")
    newsroom.write("b.md", "The pier is open.", url=f"{URL}/?utm_source=x#top", date="2024-06-01")
    newsroom.write("c.md", "The pier is old.", url=URL, date="2024-05-01", updated="2024-06-03")
    newsroom.write("d.md", "The pier is else.", url=f"{URL}/2", date="2024-06-09")
    report = newsroom.rebuild()
    assert named(report) == {"a.md": "c.md", "b.md": "c.md"}
    assert found(newsroom) == ["c.md", "d.md"]
    with closing(newsroom.open()) as generation:
        assert generation.article("a.md").text.endswith("The pier is shut.")


def test_the_previous_revision_answers_once_the_newest_is_removed(newsroom: Newsroom) -> None:
    """The previous revision answers without being embedded again, since it stayed in the index."""
    old = newsroom.write("old.md", "The pier is shut.", url=URL, date="2024-06-01")
    new = newsroom.write("new.md", "The pier is open.", url=URL, date="2024-06-02")
    assert named(newsroom.rebuild()) == {"old.md": "new.md"}
    new.unlink()
    report = newsroom.rebuild()
    assert (named(report), report.embedded, found(newsroom)) == ({}, 0, ["old.md"])
    assert old.exists()


def test_revisions_in_one_file_are_ordered_by_time_and_number(newsroom: Newsroom) -> None:
    """Revisions are ordered by time, and then by their number."""
    uri = {"uri": "urn:newsml:x:1", "versioncreated": "2024-05-31T09:49:00Z"}
    wire(newsroom, {**uri, "version": "2"}, {**uri, "version": "10"}, {**uri, "version": "9"})
    report = newsroom.rebuild()
    newest = "wire.jsonl#urn:newsml:x:1~2"
    assert named(report) == {
        "wire.jsonl#urn:newsml:x:1": newest,
        "wire.jsonl#urn:newsml:x:1~3": newest,
    }
    assert found(newsroom) == [newest]


def test_only_a_worldwide_id_joins_items_of_different_files(newsroom: Newsroom) -> None:
    """The id 17 in two exports means two articles."""
    for name, date in (("a.jsonl", "2024-05-30"), ("b.jsonl", "2024-05-31")):
        wire(newsroom, {"id": 17, "date": date}, {"id": "urn:x:1", "date": date}, name=name)
    assert named(newsroom.rebuild()) == {"a.jsonl#urn:x:1": "b.jsonl#urn:x:1"}
    assert found(newsroom) == ["a.jsonl#17", "b.jsonl#17", "b.jsonl#urn:x:1"]


def test_a_cancellation_hides_all_revisions(newsroom: Newsroom) -> None:
    """A cancelled revision hides the earlier ones too."""
    item = {"id": "urn:x:1"}
    killed = {**item, "date": "2024-05-31", "status": "killed"}
    wire(newsroom, {**item, "date": "2024-05-30"}, killed)
    assert named(newsroom.rebuild()) == {"wire.jsonl#urn:x:1": "wire.jsonl#urn:x:1~2"}
    assert found(newsroom) == []


def test_an_embargoed_revision_supersedes_nothing_yet(newsroom: Newsroom) -> None:
    """The previous revision answers until the embargo ends, without a rebuild."""
    wire(
        newsroom,
        {"id": "urn:x:1", "date": "2024-05-30"},
        {"id": "urn:x:1", "date": "2024-05-31", "embargoed": "2090-01-01T00:00:00Z"},
    )
    assert named(newsroom.rebuild()) == {}
    assert found(newsroom) == ["wire.jsonl#urn:x:1"]
    then = int((datetime(2090, 1, 1, tzinfo=UTC) + timedelta(seconds=1)).timestamp())
    with closing(newsroom.open()) as generation:
        [(old, new)] = generation.revisions.superseded(at=then).items()
        assert (old.revision.id, new.revision.id) == ("wire.jsonl#urn:x:1", "wire.jsonl#urn:x:1~2")
        assert generation.revisions.rows(1, at=then)[0].tolist() == [old.row]


def test_an_address_shared_by_many_articles_joins_none(newsroom: Newsroom) -> None:
    """An address of many articles, such as a list or home page, joins none of them."""
    many = [{"id": n, "url": f"{URL}/list"} for n in range(MOST_REVISIONS + 1)]
    home = [{"id": f"h{n}", "url": "https://post.example/"} for n in range(2)]
    wire(newsroom, *many, *home)
    assert named(newsroom.rebuild()) == {}
    assert len(found(newsroom)) == MOST_REVISIONS + 3


def test_ids_and_addresses_join_revisions(newsroom: Newsroom) -> None:
    """An entry, a page and an item are one article if each shares something with the next."""
    wire(
        newsroom,
        {"id": "urn:x:1", "date": "2024-05-29"},
        {"id": "urn:x:1", "url": URL, "date": "2024-05-30"},
    )
    newsroom.write("page.md", "The pier is shut.", url=URL, date="2024-05-31")
    report = newsroom.rebuild()
    assert named(report) == dict.fromkeys(("wire.jsonl#urn:x:1", "wire.jsonl#urn:x:1~2"), "page.md")


def test_revisions_are_found_across_segments(newsroom: Newsroom) -> None:
    """A new revision goes into a segment beside that of the old one, which stays unchanged."""
    wire(newsroom, *({"id": f"urn:x:{n}", "date": "2024-05-30"} for n in range(30)))
    newsroom.rebuild()
    wire(newsroom, {"id": "urn:x:7", "date": "2024-05-31"}, name="new.jsonl")
    assert named(newsroom.rebuild()) == {"wire.jsonl#urn:x:7": "new.jsonl#urn:x:7"}
    with closing(newsroom.open()) as generation:
        assert len(generation.segments) == 2
    assert "wire.jsonl#urn:x:7" not in found(newsroom)


@pytest.mark.parametrize("folder", ["uploads", "Uploads", "uploads/inner"])
@pytest.mark.parametrize("many", [1, MOST_REVISIONS + 1])
@pytest.mark.parametrize(
    "claim",
    [
        {"url": URL, "modified": "2030-01-01"},
        {"url": URL, "modified": "2030-01-01", "status": "killed"},
        {"id": "urn:x:1", "modified": "2030-01-01", "status": "killed"},
        {"url": URL, "id": "urn:x:2", "modified": "2030-01-01"},
        {"url": f"{URL}/other", "id": "urn:x:1", "modified": "2000-01-01"},
    ],
)
def test_an_upload_replaces_nothing_outside_its_folder(
    newsroom: Newsroom, folder: str, many: int, claim: dict[str, str]
) -> None:
    """Whatever it says of itself, and however often, the other articles stay as they are.

    The last two say that two articles of the archive are one.
    """
    wire(
        newsroom,
        {"id": "urn:x:1", "url": URL, "date": "2024-05-29"},
        {"id": "urn:x:2", "url": f"{URL}/other", "date": "2024-05-30"},
        {"id": "urn:x:1", "url": URL, "date": "2024-05-31"},
    )
    before = named(newsroom.rebuild())
    old = found(newsroom)
    newsroom.corpus.joinpath(folder).mkdir(parents=True)
    wire(newsroom, *[claim] * many, name=f"{folder}/taken.jsonl")
    report = newsroom.rebuild()
    outside = {id: by for id, by in named(report).items() if not id.casefold().startswith("upl")}
    assert outside == before
    assert [id for id in found(newsroom) if id in old] == old


def test_an_upload_that_replaces_nothing_is_reported_until_it_is_moved(newsroom: Newsroom) -> None:
    """The report names both articles and the way to permit it: moving the file."""
    newsroom.write("post/a.md", "The pier is shut.", url=URL, date="2024-06-01")
    newsroom.write("post/b.md", "The pier is new.", url=f"{URL}/2", date="2024-06-09")
    upload = newsroom.write("uploads/a.md", "The pier is open.", url=URL, date="2024-06-02")
    newsroom.write("uploads/b.md", "The pier is old.", url=f"{URL}/2", date="2024-06-02")
    report = newsroom.rebuild()
    [refused] = report.not_replaced
    assert (refused.article, refused.by, named(report)) == ("post/a.md", "uploads/a.md", {})
    assert "move the file" in refused.reason
    upload.rename(newsroom.corpus / "post" / "c.md")
    report = newsroom.rebuild()
    assert (report.not_replaced, named(report)) == ((), {"post/a.md": "post/c.md"})


def test_a_newer_upload_supersedes_an_older_upload(newsroom: Newsroom) -> None:
    """Among the uploads, the newest revision answers."""
    newsroom.write("uploads/old.md", "The pier is shut.", url=URL, date="2024-06-01")
    newsroom.write("uploads/new.md", "The pier is open.", url=URL, date="2024-06-02")
    assert named(newsroom.rebuild()) == {"uploads/old.md": "uploads/new.md"}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.Post.example/a/?b=2&a=1&utm_source=x&fbclid=y#top", "post.example/a?a=1&b=2"),
        ("http://post.example/a", "post.example/a?"),
        ("https://post.example/?p=17", "post.example?p=17"),
        ("https://post.example", None),
        ("https://post.example/#a", None),
        ("ftp://post.example/a", None),
        ("not an address", None),
        ("https://[broken/a", None),
        ("", None),
    ],
)
def test_only_relevant_parts_of_an_address_are_compared(url: str, expected: str | None) -> None:
    """Addresses that differ in scheme, order of parameters or tracking are equal."""
    assert canonical(url) == expected


@given(st.text(), st.none() | st.text(min_size=1), st.none() | st.datetimes())
def test_any_article_has_a_revision(url: str, item: str | None, modified: datetime | None) -> None:
    """Any metadata gives a revision, and its digests fit into SQLite."""
    revision = revision_of(body("Words.", url=url, item=item, modified=modified), file="a.md")
    assert 0 <= revision.item < 2**63
    assert 0 <= revision.url < 2**63


def test_the_order_of_writing_does_not_decide_the_newest(newsroom: Newsroom) -> None:
    """The id decides between equally new revisions, not the order of writing."""
    for name in ("b.md", "a.md"):
        newsroom.write(name, f"The pier is shut, {name}.", url=URL)
        newsroom.rebuild()
    assert found(newsroom) == ["b.md"]
    newsroom.rebuild(force=True)
    assert found(newsroom) == ["b.md"]
