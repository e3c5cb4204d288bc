"""A citation as text: the exact words, their source and a link to them."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given

from pullquote.conversation import link_to, ready_citation, text_fragment
from pullquote.schema import Role
from strategies import words_only
from talk import citation

URL = "https://harbourpost.example/business/who-pays-for-the-oak"


def test_a_ready_citation() -> None:
    """A citation has words, title, source, day, role and link."""
    cited = citation(
        "borrowing against a court case it has not yet begun",
        before="Canon Hilary Bewes said the trust was ",
        title="Who pays for the oak",
        url=URL,
    )
    assert ready_citation(cited) == (
        "“borrowing against a court case it has not yet begun”\n"
        "Who pays for the oak · Harbour Post · 22 March 2024\n"
        f"{URL}#:~:text=borrowing%20against%20a%20court%20case%20it%20has%20not%20yet%20begun"
    )


def test_an_article_without_an_address_is_named() -> None:
    """Without a URL the article's id follows, and unknown facts are left out."""
    cited = citation("oak", article="a/b.txt", source=None, published=None, page=7)
    assert ready_citation(cited) == "“oak”\nA title · page 7\na/b.txt"


def test_the_section_follows_where_the_source_or_the_day_is_unknown() -> None:
    """The path is the address, so it is not written twice."""
    facts = {"section": "sport", "article": "a/b.txt"}
    assert ready_citation(citation("oak", published=None, **facts)) == (
        "“oak”\nA title · Harbour Post · sport\na/b.txt"
    )
    assert "sport" not in ready_citation(citation("oak", **facts))


def test_a_quoted_document_is_not_by_the_reporter() -> None:
    """The words are neither the reporter's nor a quotation of the reporter."""
    cited = citation("oak", role=Role.QUOTATION, author="Mara Quill")
    assert "22 March 2024 · quoted document" in ready_citation(cited)
    assert "Quill" not in ready_citation(cited)


def test_a_comment_is_labelled() -> None:
    """The citation of a comment says that it is one."""
    cited = citation(
        "My cousin has seen the invoice",
        role=Role.COMMENT,
        author="Reg Tollund",
        published=datetime(2024, 3, 14, 13, 47, tzinfo=UTC),
    )
    assert "13:47 · reader comment by Reg Tollund (not part of the report)" in ready_citation(cited)


@pytest.mark.parametrize(
    ("quote", "before", "fragment"),
    [
        ("four in a row, then", "", ":~:text=four%20in%20a%20row%2C%20then"),
        ("re-elected & sworn in-", "", ":~:text=re%2Delected%20%26%20sworn%20in%2D"),
        ("oak", "Under that it was ", ":~:text=that%20it%20was-,oak"),
        ("oak", "“", ":~:text=%E2%80%9C-,oak"),
        ("oak", "another line\u2028", ":~:text=oak"),
    ],
)
def test_fragments_by_the_specification(quote: str, before: str, fragment: str) -> None:
    """Comma, ampersand and hyphen are encoded; short quotes get their neighbours."""
    assert text_fragment(citation(quote, before=before)) == fragment


def test_few_words_get_what_follows_too() -> None:
    """Neighbours find the right one of several equal quotes on a page."""
    cited = citation(
        "four", before="Fourteen voted, and ", sentence="Fourteen voted, and four stayed in."
    )
    assert text_fragment(cited) == ":~:text=Fourteen%20voted%2C%20and-,four,-stayed%20in."


def test_a_long_quote_is_given_by_its_ends() -> None:
    """The link of a long quote contains only its ends."""
    words = [f"w{number}" for number in range(100)]
    assert text_fragment(citation(" ".join(words))) == (
        ":~:text=w0%20w1%20w2%20w3%20w4,w95%20w96%20w97%20w98%20w99"
    )


def test_a_quote_over_two_paragraphs_is_given_by_its_ends() -> None:
    """A browser finds no exact text across blocks, but a range from one to another."""
    assert text_fragment(citation("One two.\n\nThree four.")) == (
        ":~:text=One%20two.,Three%20four."
    )


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://a.example/x#part", "https://a.example/x#part:~:text=one%20two%20three%20four"),
        ("https://a.example/#:~:text=old", "https://a.example/#:~:text=one%20two%20three%20four"),
        ("javascript:alert(1)", None),
        ("https://", None),
        ("http://[", None),
    ],
)
def test_links_lead_to_the_web_alone(url: str, link: str | None) -> None:
    """The URL's own fragment stays, an old directive goes, and other schemes give no link."""
    assert link_to(citation("one two three four", url=url)) == link


@given(words_only())
def test_a_fragment_can_always_be_read_back(quote: str) -> None:
    """No quote breaks the directive: its parts are words of the quote."""
    link = link_to(citation(quote, url=URL))
    assert link is not None
    directive = urlsplit(link).fragment.removeprefix(":~:text=")
    assert "&" not in directive
    for part in directive.split(","):
        assert unquote(part.removesuffix("-").removeprefix("-")) in " ".join(quote.split())
