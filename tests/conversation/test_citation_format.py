"""A citation as text: the exact words, their source and a link to them."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given

from pullquote.conversation import link_to, text_fragment
from strategies import words_only
from talk import citation

URL = "https://harbourpost.example/business/who-pays-for-the-oak"


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
