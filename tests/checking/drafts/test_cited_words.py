"""The addresses that a draft cites for its quotations, and the articles that they name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import Newsroom, scratch
from pullquote.newsroom.checking.check import check_draft
from pullquote.newsroom.checking.checker import QuoteChecker
from pullquote.newsroom.checking.cited_words import (
    CitedAddresses,
    article_in_permanent_link,
    linked_page,
    linked_text,
    with_cited,
    with_cited_text,
)
from pullquote.newsroom.checking.quotations import draft_of, quotations_of
from pullquote.parsing.html.parser import parse_html
from pullquote.parsing.source import SourceFile
from pullquote.schema import Article
from pullquote.schema.quote_check import CheckedQuote, QuoteVerdict

PIER = "https://post.example/pier"
MARKET = "https://post.example/market"
CRANE = "https://post.example/crane"
WORDS = "The pier will be shut all winter"


@pytest.fixture(scope="module")
def checker() -> Iterator[QuoteChecker]:
    """A checker over articles with addresses; one has two revisions, one sentence is in two."""
    both = "“The weather was kind to us,” he said."
    with scratch() as folder:
        newsroom = Newsroom(Path(folder))
        newsroom.write("pier.md", f"“{WORDS},” said Ida Roe. {both}", url=PIER)
        newsroom.write("market.md", f"The market was full on Saturday. {both}", url=MARKET)
        newsroom.write("crane1.md", "The crane was sold.", url=CRANE, date="2024-06-01")
        newsroom.write("crane2.md", "The crane was repaired.", url=CRANE, date="2024-06-02")
        newsroom.rebuild()
        with closing(newsroom.open()) as generation:
            yield QuoteChecker(generation)


def checked(checker: QuoteChecker, text: str) -> CheckedQuote:
    """The first quotation of a draft in plain text or Markdown."""
    return check_draft(with_cited_text(draft_of(text), text), checker).quotes[0]


def page(body: str) -> Article:
    """A draft that is a web page."""
    content = f"<html><body><article>{body}</article></body></html>".encode()
    [article] = parse_html(SourceFile(id="draft.html", version="0", content=content))
    return with_cited(article, content, ".html")


CITING = [
    "“{words},” ([Post]({address})).",
    "“{words}” [source]({address})",
    "“{words}.” [1]({address} 'The Post')",
    "[“{words}”]({address})",
    "**[“{words}”]({address})**",
    "“{words}” ({address}).",
    "“{words},” <{address}>",
    "“{words}” [source][a]\n\n[a]: {address}",
    "“{words}.”[^1] More.\n\n[^1]: The Harbour Post, {address}, read on Monday.",
    "> {words}\n>\n> — [Ida Roe]({address})",
    "> {words}\n> — Ida Roe, [Post]({address})",
]


@pytest.mark.parametrize("draft", CITING)
def test_the_article_that_is_cited_is_claimed(checker: QuoteChecker, draft: str) -> None:
    """Exact words are misattributed if the cited article does not have them."""
    right = checked(checker, draft.format(words=WORDS, address=PIER))
    assert (right.verdict, right.cited) == (QuoteVerdict.EXACT, "pier.md")
    wrong = checked(checker, draft.format(words=WORDS, address=MARKET))
    assert (wrong.verdict, wrong.cited) == (QuoteVerdict.MISATTRIBUTED, "market.md")
    assert wrong.warnings == ("the words are in pier.md, not in market.md",)


@pytest.mark.parametrize(
    "address",
    [
        "https://archive.example/?article=market.md&start=0&end=9&version=0123",
        "./?article=market.md&start=0&end=9",
        "?article=market.md&start=0&end=9&question=who",
        f"{MARKET}/?utm_source=mail#:~:text=The%20market",
        "http://www.post.example/market",
    ],
)
def test_permanent_links_and_addresses_with_tracking_name_articles(
    checker: QuoteChecker, address: str
) -> None:
    """On any host, since the address of the chat is not known."""
    found = checked(checker, f"“{WORDS}” ([source]({address}))")
    assert (found.verdict, found.cited) == (QuoteVerdict.MISATTRIBUTED, "market.md")


@pytest.mark.parametrize(
    "draft",
    [
        "“{words},” said [Ida Roe]({address}).",
        "“{words},” she said, as [the Post]({address}) reports.",
        "[Earlier]({address}) “{words}”",
        "“{words}”\n\n[Post]({address})",
        "“{words}” [Post]",
        "“{words}” ([Post](https://other.example/market))",
        "“{words}” ([Post](https://post.example))",
        "“{words}” ([Post](https://other.example/?article=17))",
        "“{words}” ([Post](javascript:alert))",
    ],
)
def test_other_links_claim_nothing(checker: QuoteChecker, draft: str) -> None:
    """Nor do addresses that no article of the index has."""
    found = checked(checker, draft.format(words=WORDS, address=MARKET))
    assert (found.verdict, found.cited, found.warnings) == (QuoteVerdict.EXACT, None, ())


def test_a_link_to_an_article_that_is_gone_is_named(checker: QuoteChecker) -> None:
    """A permanent link names an article for sure."""
    found = checked(checker, f"“{WORDS}” ([a](https://a.example/?article=gone.md&start=1&end=2))")
    assert found.verdict == QuoteVerdict.MISATTRIBUTED
    assert "the index has no article gone.md that may be shown" in found.warnings


def test_the_place_in_the_cited_article_comes_first(checker: QuoteChecker) -> None:
    """If several articles have the words, none is wrong."""
    for address, article in ((PIER, "pier.md"), (MARKET, "market.md")):
        found = checked(checker, f"“The weather was kind to us” ([a]({address}))")
        assert (found.verdict, found.article) == (QuoteVerdict.EXACT, article)


def test_the_newest_revision_is_claimed(checker: QuoteChecker) -> None:
    """An address names the article as it is now."""
    found = checked(checker, f"“The crane was repaired” ([Post]({CRANE}))")
    assert (found.verdict, found.cited) == (QuoteVerdict.EXACT, "crane2.md")
    found = checked(checker, f"“{WORDS}” ([Post]({CRANE}))")
    assert (found.verdict, found.cited) == (QuoteVerdict.MISATTRIBUTED, "crane2.md")


@pytest.mark.parametrize(
    "body",
    [
        "<p>She said: <q cite='{address}'>{words}</q> today.</p>",
        "<blockquote cite='{address}'><p>{words}</p></blockquote>",
        "<blockquote cite='{address}'>{words}</blockquote><p>Ida Roe said so.</p>",
        "<p>“{words}” (<a href='{address}'>Post</a>)</p>",
        "<p>On Monday the owner said: <a href='{address}'>“{words}”</a> and no longer.</p>",
        "<blockquote><p>{words}</p><p>— <a href='{address}'>Ida Roe</a></p></blockquote>",
    ],
)
def test_pages_cite_with_an_attribute_or_a_link(checker: QuoteChecker, body: str) -> None:
    """The quotation need not name the article in words."""
    long = "<p>The quay was empty on Monday, and so was the harbour, as it was all week.</p>" * 3
    for address, cited, verdict in (
        (PIER, "pier.md", QuoteVerdict.EXACT),
        (MARKET, "market.md", QuoteVerdict.MISATTRIBUTED),
    ):
        draft = page(body.format(words=WORDS, address=address) + long)
        [found] = check_draft(draft, checker).quotes
        assert (found.verdict, found.cited) == (verdict, cited)


def test_addresses_belong_to_their_quotations_also_if_words_repeat() -> None:
    """The same words may be quoted twice, with and without an address."""
    text = f"“It was sand.” Then “it was sand” ([a]({PIER})) and “it was sand” ([b]({MARKET}))."
    draft = with_cited_text(draft_of(text), text)
    addresses = CitedAddresses(draft)
    assert [addresses.of(one) for one in quotations_of(draft)] == [None, PIER, MARKET]


def test_an_inner_and_an_outer_quotation_are_cited_by_one_link() -> None:
    """The link stands after the marks of both."""
    text = f"“He told me ‘it was oak’” ([a]({PIER}))."
    draft = with_cited_text(draft_of(text), text)
    addresses = CitedAddresses(draft)
    assert [addresses.of(one) for one in quotations_of(draft)] == [PIER, PIER]


@pytest.mark.parametrize(
    ("address", "article"),
    [
        ("?article=a%2Fb.md&start=1&end=2", "a/b.md"),
        ("https://x.example/?article=a.md", None),
        ("https://[x/?article=a&start=1&end=2", None),
        ("", None),
    ],
)
def test_a_permanent_link_has_an_article_and_a_place(address: str, article: str | None) -> None:
    """Other pages may have a field of one of these names, but not of all."""
    assert article_in_permanent_link(address) == article


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    """Without links nothing is removed from it; links stand inside it, in order."""
    found = linked_text(text)
    if not found.links:
        assert found.text == text
    for link in found.links:
        assert 0 <= link.start <= link.end <= len(found.text)
    linked_page(text.encode(errors="replace"))
