"""Citations to paste, links into the original and permanent links, by hand and round trip."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.errors import SettingsError
from pullquote.schema import Article, Block, Role
from pullquote.web.references import (
    Link,
    citation_text,
    parse_link,
    permanent_link,
    text_fragment,
)
from pullquote.web.requests import Place
from pullquote.web.tools import tools_html

TEXT = "Otters came back.\nFour otters, said Roe, came-back & stayed."


def article(role: Role = Role.BODY, **facts: object) -> Article:
    """An article of one block."""
    block = Block(role=role, start=0, end=len(TEXT), author="Ann", page=3)
    given: dict[str, object] = {"title": "Otters return", "source": "Post", **facts}
    return Article.model_validate(
        {"id": "a/otters.md", "version": "v1", "text": TEXT, "blocks": (block,), **given}
    )


def cut(words: str) -> range:
    """Where those words stand."""
    return range(TEXT.index(words), TEXT.index(words) + len(words))


@pytest.mark.parametrize(
    ("words", "fragment"),
    [
        ("Roe", "Roe"),
        ("came-back & stayed", "came%2Dback%20%26%20stayed"),
        ("otters, said", "otters%2C%20said"),
        ("back.\nFour", "back.,Four"),
        (TEXT, "Otters%20came%20back.,Roe%2C%20came%2Dback%20%26%20stayed."),
    ],
)
def test_a_text_fragment_by_hand(words: str, fragment: str) -> None:
    """Short words whole, with what has a meaning there encoded; long ones by their two ends."""
    assert text_fragment(TEXT, cut(words)) == f"#:~:text={fragment}"


def test_words_that_stand_twice_are_told_apart() -> None:
    """By the words before and after them on their line."""
    text = "The four stayed here. Then four more came along later."
    at = text.index("four more")
    assert text_fragment(text, range(at, at + 4)) == (
        "#:~:text=stayed%20here.%20Then-,four,-more%20came%20along"
    )


def test_a_citation_says_what_an_editor_needs() -> None:
    """Quote, title, author, source, day, page and the address that marks the words."""
    made = article(
        authors=("Jo Writer",), published=date(2024, 3, 2), url="https://post.example/o?a=1"
    )
    assert citation_text(made, cut("Roe")) == (
        "“Roe” — Otters return, by Jo Writer. Post, 2 March 2024, page 3. "
        "https://post.example/o?a=1#:~:text=Roe"
    )


def test_a_comment_is_cited_as_a_comment() -> None:
    """With who wrote it, and never as the article's own words; without an address, by its id."""
    assert citation_text(article(Role.COMMENT, authors=("Jo Writer",)), cut("Roe")) == (
        "“Roe” — reader comment by Ann on Otters return. Post, page 3. a/otters.md"
    )


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://post.example/o#top", "https://post.example/o#top:~:text=Roe"),
        ("javascript:alert(1)", "a/otters.md"),
    ],
)
def test_the_address_of_a_citation(url: str, address: str) -> None:
    """The directive follows a fragment that is there; what is not the web is not linked to."""
    assert citation_text(article(url=url), cut("Roe")).endswith(f". {address}")


def test_an_article_without_a_place_is_cited_whole() -> None:
    """No quote and no fragment."""
    whole = citation_text(article(url="https://post.example/o"), range(0))
    assert whole == "Otters return. Post, page 3. https://post.example/o"


def test_tools_carry_the_citation_as_text() -> None:
    """Whatever the article says, it stays inside the attribute."""
    html = tools_html(article(title='"><script>x</script>'), cut("Roe"))
    assert "<script>" not in html
    assert "&quot;&gt;&lt;script&gt;x" in html


def test_a_permanent_link_by_hand() -> None:
    """Article, place, enough of the version to tell it from others, and the question."""
    place = Place(article="a b/ö.md", start=3, end=9, version="0123456789abcdef")
    assert permanent_link(Link(place, "who & why?")) == (
        "?article=a+b%2F%C3%B6.md&start=3&end=9&version=0123456789ab&question=who+%26+why%3F"
    )
    assert permanent_link(Link()) == ""


@given(
    article=st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
    question=st.text(st.characters(exclude_categories=["Cs"])),
    start=st.integers(0, 10**6),
)
def test_a_permanent_link_leads_back(article: str, question: str, start: int) -> None:
    """Whatever the article is called and whatever was asked."""
    link = Link(Place(article=article, start=start, end=start + 1, version="v1"), question.strip())
    query = dict(parse_qsl(permanent_link(link).removeprefix("?"), keep_blank_values=True))
    assert parse_link(query) == link


def test_a_link_to_no_place_is_refused() -> None:
    """What stands in an address is checked like everything else that comes from a browser."""
    with pytest.raises(SettingsError, match="place"):
        parse_link({"article": "a.txt", "start": "x"})
    assert parse_link({"article": "a.txt"}).place == Place(article="a.txt")
