"""Changes as a mail and as a feed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from xml.etree import ElementTree

from hypothesis import given

from pullquote.newsroom.watchlist.models import ChangeKind, WatchChange, WatchedAnswer, WatchReport
from pullquote.newsroom.watchlist.wording import MOST_ITEMS, mail_text, rss, summary
from pullquote.schema import Citation, Role
from strategies import hostile_texts

LINK = "https://chat.example/?article=two.md&start=1&end=3"


def answer(text: str, article: str, sentence: str) -> WatchedAnswer:
    cited = Citation(
        article=article,
        title="Toll rises",
        published=date(2024, 3, 8),
        source="Harbour Post",
        role=Role.BODY,
        author=None,
        start=1,
        end=3,
        quote=text,
        sentence=sentence,
        sentence_start=0,
        version="1",
        url=None,
    )
    return WatchedAnswer(text=text, possible=True, status=None, citation=cited)


def change(question: str = "how many died?", sentence: str = "The toll is 63.") -> WatchChange:
    return WatchChange(
        kind=ChangeKind.CHANGED_VALUE,
        old=answer("19", "one.md", "At least 19\npeople died."),
        new=answer("63", "two.md", sentence),
        id="1",
        question=question,
        at=datetime(2024, 3, 9, 7, 30, tzinfo=UTC),
        generation="g",
    )


def test_a_mail_has_the_words_before_and_now_with_their_articles():
    """Plain text, one line for each quote, and the link below."""
    assert mail_text([change()], [LINK]) == (
        "1 standing question with a new answer\n\n"
        "Changed value: how many died?\n"
        "Before: 19 (possible answer)\n"
        "  “At least 19 people died.”\n"
        "  Toll rises · Harbour Post · 8 March 2024\n"
        "Now: 63 (possible answer)\n"
        "  “The toll is 63.”\n"
        "  Toll rises · Harbour Post · 8 March 2024\n"
        f"{LINK}"
    )


def test_there_is_no_mail_without_changes():
    """So that nothing is sent."""
    assert mail_text([], []) == ""


@given(text=hostile_texts())
def test_a_feed_is_well_formed_whatever_the_words(text):
    """Characters that XML does not allow are replaced."""
    content = rss([change(question=text, sentence=text)], [LINK], home="https://chat.example")
    feed = ElementTree.fromstring(content)  # noqa: S314 - written here
    assert feed.findtext("channel/item/link") == LINK
    assert feed.findtext("channel/item/pubDate") == "Sat, 09 Mar 2024 07:30:00 +0000"


def test_a_feed_has_the_newest_changes_only():
    """Readers of feeds have seen the others."""
    many = [change(question=f"question {number}?") for number in range(MOST_ITEMS + 5)]
    feed = ElementTree.fromstring(rss(many, [""] * len(many), home="x"))  # noqa: S314
    items = feed.findall("channel/item")
    assert len(items) == MOST_ITEMS
    assert items[0].findtext("title") == "Changed value: question 0?"
    assert items[0].find("link") is None


def test_a_summary_says_what_was_read():
    """And that nothing was asked, if so."""
    report = WatchReport(
        changes=(),
        quiet=(),
        asked=2,
        unchanged=0,
        passages_read=3,
        passages_reused=17,
        generation="g",
        seconds=0.42,
    )
    assert summary(report) == "0 changes in 2 questions; 3 passages read, 17 read before; 0.4 s"
    idle = report.model_copy(update={"asked": 0, "unchanged": 2})
    assert summary(idle) == "Nothing has changed since 2 questions were asked last."
    assert summary(idle.model_copy(update={"unchanged": 0})).startswith("No standing questions.")
