"""Whether 03-09-2026 is 9 March or 3 September follows the evidence in the file."""

from __future__ import annotations

from datetime import date

import pytest

from pullquote.base.dates.date_lines import parse_moment
from reading import articles

MARCH, SEPTEMBER = date(2026, 3, 9), date(2026, 9, 3)


def page(shown: str, *, lang: str = "en", more: str = "") -> bytes:
    """A page with a date below its headline, and other words below the article."""
    words = "The council voted on the harbour wall after a long debate in the town hall. " * 4
    return (
        f"<html lang='{lang}'><title>Wall mended</title><body><article><h1>Wall mended</h1>"
        f"<p>{shown}</p><p>{words}</p><p>{words}</p></article><p>{more}</p></body></html>"
    ).encode()


@pytest.mark.parametrize("sign", ["-", "/"])
@pytest.mark.parametrize(
    ("lang", "more", "expected"),
    [
        ("en", "", SEPTEMBER),
        ("en-GB", "", SEPTEMBER),
        ("en-US", "", None),
        ("en_us", "", None),
        ("en-US", "<a rel=canonical href='https://post.example.us/wall'>", MARCH),
        ("en-US", "<a href='https://news.town.gov/wall' rel='canonical'>", MARCH),
        ("en-US", "<a rel=canonical href='https://www.post.co.uk/wall'>", SEPTEMBER),
        ("en-US", '<b property="og:url" content="https://post.example.in/wall">', SEPTEMBER),
        ("en-US", "<a rel=canonical href='https://post.example.com/wall'>", None),
        ("en", "<a rel=canonical href='https://post.example.us/wall'>", SEPTEMBER),
        ("en-US", "Published March 9, 2026", MARCH),
        ("en", "Published Mar. 9th, 2026", MARCH),
        ("en-US", "It opens on 3 September 2026.", SEPTEMBER),
        ("en-US", "Sept 3 2026", SEPTEMBER),
        ("en", "Updated 03{}28{}2026", MARCH),
        ("en-US", "Updated 28{}03{}2026", SEPTEMBER),
        ("en", "Seen on 2026-03-09.", MARCH),
        ("en-US", "Seen on 2026-09-03.", SEPTEMBER),
        ("en", "From 03{0}28{0}2026 to 28{0}03{0}2026", SEPTEMBER),
    ],
)
def test_a_page_has_its_own_order(sign: str, lang: str, more: str, expected: date | None) -> None:
    """Other dates of the page count most. American English alone leaves the order in doubt.

    Programs that publish pages declare it unless somebody changes that.
    """
    shown = f"03{sign}09{sign}2026"
    [found] = articles("a.html", page(shown, lang=lang, more=more.format(sign, sign)))
    assert found.published == expected


@pytest.mark.parametrize(
    ("lang", "more", "expected"),
    [("en-US", "", None), ("en", "", SEPTEMBER), ("en", "Not after 03/28/2026", MARCH)],
)
def test_a_date_far_from_the_headline_has_the_order_of_the_page(
    lang: str, more: str, expected: date | None
) -> None:
    """Htmldate finds it, and always reads the day first."""
    far = "<p>Tide tables are sold at the kiosk by the pier.</p>" * 30
    content = page("It is new.", lang=lang, more=f"</p>{far}<p>{more}</p><p>Posted 03/09/2026")
    [found] = articles("a.html", content)
    assert found.published == expected


@pytest.mark.parametrize(
    ("id", "content"),
    [
        (
            "a.md",
            "---\ndate: {}\nlanguage: en-US\nurl: https://post.us/a\n---\nThe wall was mended.",
        ),
        ("a.txt", "Wall mended\n{}\n\nThe wall was mended by 03/28/2026, they said."),
        (
            "a.jsonl",
            '{{"url": "http://a.us/", "date": "{}", "lang": "en-US", "body": "The wall."}}',
        ),
        (
            "a.json",
            '[{{"url": "http://a.us/", "date": "{}", "lang": "en-US", "body": "The wall."}}]',
        ),
        ("a.csv", "title,date,body\nT,{},The wall.\nU,12/31/2025,The pier.\n"),
    ],
)
def test_every_format_follows_the_evidence(id: str, content: str) -> None:
    """A date with full stops is never American, and nothing remains for the next file."""
    assert articles(id, content.format("03/09/2026").encode())[0].published == MARCH
    assert articles(id, content.format("03.09.2026").encode())[0].published == SEPTEMBER
    assert parse_moment("03/09/2026") == SEPTEMBER
