"""Stored changes do not show words of articles that have since been withheld."""

from __future__ import annotations

from datetime import UTC, datetime

from conftest import Newsroom
from pullquote.newsroom.watchlist.models import ChangeKind, WatchChange, WatchedAnswer
from pullquote.newsroom.watchlist.watchlist import WITHHELD, WithheldWords
from pullquote.schema import Citation, Role


def answer(article: str) -> WatchedAnswer:
    cited = Citation(
        article=article,
        title="Pier",
        published=None,
        source=None,
        role=Role.BODY,
        author=None,
        start=0,
        end=4,
        quote="shut",
        sentence="shut",
        sentence_start=0,
        version="1",
        url=None,
    )
    return WatchedAnswer(text="shut", possible=False, status=None, citation=cited)


def change(old: str, new: str) -> WatchChange:
    return WatchChange(
        kind=ChangeKind.OTHER_ANSWER,
        old=answer(old),
        new=answer(new),
        id="1",
        question="is the pier open?",
        at=datetime(2024, 5, 1, tzinfo=UTC),
        generation="g",
    )


def test_words_of_a_withheld_article_are_left_out(newsroom: Newsroom):
    """The other words stay, and the change says that something is missing."""
    newsroom.write("open.md", "The pier is open.")
    newsroom.write("held.md", "The pier is shut.", status="withheld")
    newsroom.rebuild()
    words = WithheldWords(newsroom.open())
    found = words.without(change("held.md", "open.md"))
    assert found.old is None
    assert found.new is not None
    assert found.reason == WITHHELD


def test_words_of_an_article_that_is_gone_stay(newsroom: Newsroom):
    """They were published, and the change is about them."""
    newsroom.write("open.md", "The pier is open.")
    newsroom.rebuild()
    given = change("gone.md", "open.md")
    assert WithheldWords(newsroom.open()).without(given) == given
