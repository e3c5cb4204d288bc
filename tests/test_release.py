"""Withheld and embargoed articles: they are indexed, and answer nothing until released."""

from __future__ import annotations

import time
from contextlib import closing
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from conftest import FakeEncoder, Newsroom
from pullquote.answering.retrieval.retriever import Retriever
from pullquote.index import Generation
from pullquote.index.passages import split_passages
from pullquote.schema import NEVER, Filters, Status
from pullquote.schema.errors import ArticleUnknown, ArticleWithheld
from reading import as_json
from strategies import body

NONE = np.empty(0, np.int32)
QUESTION = "is the pier shut?"


def found(generation: Generation, encoder: FakeEncoder, **filters: object) -> set[str]:
    """The articles that both searches find for a question."""
    retriever = Retriever(encoder, candidates=50, rrf_k=60)
    question = retriever.question(QUESTION, generation)
    hits = retriever.retrieve(question, generation, k=20, filters=Filters(**filters))
    return {hit.article.id for hit in hits}


def write(newsroom: Newsroom, **records: dict[str, object]) -> None:
    """Records with the same body, by id."""
    given = [{"id": id, "body": "The pier is shut.", **more} for id, more in records.items()]
    newsroom.corpus.joinpath("a.jsonl").write_bytes(b"".join(map(as_json, given)))


def test_nothing_withheld_is_found(newsroom: Newsroom) -> None:
    """Neither search finds it, whatever the filters."""
    soon = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    past = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    write(
        newsroom,
        free={},
        over={"embargoed": past},
        soon={"embargoed": soon},
        held={"pubStatus": "withheld"},
        off={"pubStatus": "canceled", "embargoed": past},
        never={"embargoed": "until we say so"},
    )
    report = newsroom.rebuild()
    assert (report.articles, report.passages) == (6, 6)
    with closing(newsroom.open()) as generation:
        for filters in ({}, {"comments": True}, {"sections": ()}):
            assert found(generation, newsroom.encoder, **filters) == {
                "a.jsonl#free",
                "a.jsonl#over",
            }


def test_an_embargo_ends_while_the_index_is_open(newsroom: Newsroom) -> None:
    """The time is checked for every question, also with cached filters."""
    end = datetime.now(UTC) + timedelta(seconds=1.5)
    write(newsroom, free={}, soon={"embargoed": end.isoformat(timespec="seconds")})
    newsroom.rebuild()
    with closing(newsroom.open()) as generation:
        assert found(generation, newsroom.encoder) == {"a.jsonl#free"}
        while time.time() <= end.timestamp():
            time.sleep(0.05)
        assert found(generation, newsroom.encoder) == {"a.jsonl#free", "a.jsonl#soon"}
        assert generation.article("a.jsonl#soon").text == "The pier is shut."


def test_showing_it_says_why_not(newsroom: Newsroom) -> None:
    """It cannot be opened by its id; the error says that it exists."""
    soon, never = {"embargoed": "2099-01-01T00:00:00Z"}, {"embargoed": "for now"}
    write(newsroom, held={"pubStatus": "withheld"}, soon=soon, never=never)
    newsroom.rebuild()
    with closing(newsroom.open()) as generation:
        with pytest.raises(ArticleWithheld, match="withheld by its source"):
            generation.article("a.jsonl#held")
        with pytest.raises(ArticleWithheld, match="embargoed until 2099-01-01 00:00:00"):
            generation.article("a.jsonl#soon")
        with pytest.raises(ArticleWithheld, match="the end of the embargo cannot be read"):
            generation.article("a.jsonl#never")
        with pytest.raises(ArticleUnknown):
            generation.article("a.jsonl#none")


def test_markdown_may_be_embargoed(newsroom: Newsroom) -> None:
    """An embargo in the front matter withholds an article; a draft is not found either."""
    newsroom.write("a.md", "The pier is shut.", embargo="2999-01-01")
    newsroom.write("b.md", "The pier is shut.", status="draft")
    newsroom.write("c.md", "The pier is shut.", status="published")
    newsroom.rebuild()
    with closing(newsroom.open()) as generation:
        assert found(generation, newsroom.encoder) == {"c.md"}


def test_a_release_survives_the_next_generations(newsroom: Newsroom) -> None:
    """It stays withheld when its segment is rewritten."""
    write(newsroom, free={}, held={"pubStatus": "withheld"})
    newsroom.rebuild()
    for name in ("b.md", "c.md", "d.md"):
        newsroom.write(name, "The pier is shut.")
        newsroom.rebuild()
    with closing(newsroom.open()) as generation:
        assert found(generation, newsroom.encoder) == {"a.jsonl#free", "b.md", "c.md", "d.md"}


@pytest.mark.parametrize(
    ("facts", "released"),
    [
        ({}, 0),
        ({"embargoed": datetime(2024, 5, 31, 9, 49, tzinfo=UTC)}, 1717148940),
        ({"embargoed": datetime(2024, 5, 31, 9, 49, 0, 1, tzinfo=UTC)}, 1717148941),
        ({"embargoed": datetime.fromisoformat("2024-05-31T09:49")}, 1717148940 + 12 * 3600),
        ({"embargoed": datetime(1960, 1, 1, tzinfo=UTC)}, 0),
        ({"status": Status.WITHHELD}, NEVER),
        ({"status": Status.CANCELED, "embargoed": datetime(2024, 5, 31, tzinfo=UTC)}, NEVER),
    ],
)
def test_when_an_article_is_released(facts: dict[str, object], released: int) -> None:
    """Times are in whole seconds, rounded up."""
    assert body("Words.", **facts).released == released


def test_the_moment_itself_releases(newsroom: Newsroom) -> None:
    """It is found from that second on, and not before."""
    write(newsroom, free={}, soon={"embargoed": "2024-05-31T09:49:00Z"})
    newsroom.rebuild()
    with closing(newsroom.open()) as generation:
        columns = generation.segments[0].columns
        assert columns.releases == {1717148940}
        before = columns.allowed(Filters(), None, at=1717148939, superseded=NONE)
        assert before is not None
        assert before.tolist() == [True, False]
        assert columns.allowed(Filters(), None, at=1717148940, superseded=NONE) is None


def test_it_is_split_as_ever(newsroom: Newsroom) -> None:
    """A withheld article is embedded once, and released without a rebuild."""
    withheld = body("The pier is shut.", status=Status.WITHHELD)
    count = newsroom.encoder.count_tokens
    assert len(split_passages(withheld, count_tokens=count, budget=16, overlap=1)) == 1
