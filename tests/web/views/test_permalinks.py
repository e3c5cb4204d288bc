"""Permanent links and citations to copy: worked examples and round trips."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.answering.answers import cite_at
from pullquote.conversation import CitationForm, ready_citation
from pullquote.schema import (
    Article,
    Block,
    Filters,
    Kind,
    QueryOptions,
    QuestionKind,
    Role,
)
from pullquote.schema.errors import SettingsError
from pullquote.web.requests import CitedSpan
from pullquote.web.views.articles.article_view import toolbar_html
from pullquote.web.views.permalinks import (
    Link,
    narrowing_of,
    parse_link,
    parse_narrowing,
    permanent_link,
)

TEXT = "Otters came back.\nFour otters, said Roe, came-back & stayed."


def article(role: Role = Role.BODY, **facts: object) -> Article:
    """An article of one block."""
    block = Block(role=role, start=0, end=len(TEXT), author="Ann", page=3)
    given: dict[str, object] = {"title": "Otters return", "source": "Post", **facts}
    return Article.model_validate(
        {"id": "a/otters.md", "version": "v1", "text": TEXT, "blocks": (block,), **given}
    )


def cut(words: str) -> range:
    """The range of those words."""
    return range(TEXT.index(words), TEXT.index(words) + len(words))


def copied(form: str, made: Article, cited: range) -> str:
    """A form of the citation that the tools of an article copy."""
    found = re.search(rf'data-copy="{form}" data-text="([^"]*)"', toolbar_html(made, cited))
    assert found is not None
    return unescape(found[1])


def test_the_tools_copy_the_ready_citation() -> None:
    """The copied citation equals that of the Python API, in every form."""
    made = article(
        authors=("Jo Writer",), published=date(2024, 3, 2), url="https://post.example/o?a=1"
    )
    for form in CitationForm:
        expected = ready_citation(cite_at(made, cut("Roe")), form)
        assert copied(form, made, cut("Roe")) == expected


def test_an_article_without_an_address_is_linked_on_the_page() -> None:
    """The script replaces a stand-in for the page's address, which no article can contain."""
    made = article(title="https://page-0.invalid/")
    text = copied("text", made, cut("Roe"))
    assert 'data-page="https://page-1.invalid/"' in toolbar_html(made, cut("Roe"))
    assert text.endswith(
        "\nhttps://page-1.invalid/?article=a%2Fotters.md&start=36&end=39&version=v1"
    )


def test_an_article_without_a_place_is_copied_whole() -> None:
    """A citation of a whole article has no quote and no fragment."""
    whole = article(url="https://post.example/o", authors=("Jo Writer",))
    assert copied("text", whole, range(0)) == (
        "Otters return · by Ann · Post\nhttps://post.example/o"
    )


def test_tools_carry_the_citation_as_text() -> None:
    """The citation is escaped inside its attribute."""
    html = toolbar_html(article(title='"><script>x</script>'), cut("Roe"))
    assert "<script>" not in html
    assert "&#34;&gt;&lt;script&gt;x" in html


def test_a_permanent_link_by_hand() -> None:
    """A link has the article, the place, the beginning of the version, and the question."""
    place = CitedSpan(article="a b/ö.md", start=3, end=9, version="0123456789abcdef")
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
    """A link parses back to itself, whatever the id and the question."""
    link = Link(
        CitedSpan(article=article, start=start, end=start + 1, version="v1"), question.strip()
    )
    query = parse_qsl(permanent_link(link).removeprefix("?"), keep_blank_values=True)
    assert parse_link(query) == link


def test_a_permanent_link_carries_what_narrows() -> None:
    """A link has all filters of its question; without a question it has none."""
    filters = Filters(
        since=date(2024, 3, 1),
        sources=("Harbour Post", "Ä & Ö"),
        languages=("en",),
        kinds=(Kind.OPINION,),
        comments=True,
        not_sources=("Gazette",),
        articles=("bay/a & b.md",),
    )
    link = Link(None, "who?", filters, ("14-30",))
    written = permanent_link(link)
    assert written == (
        "?question=who%3F&since=2024-03-01&source=Harbour+Post&source=%C3%84+%26+%C3%96"
        "&not_source=Gazette&language=en&kind=opinion&only_article=bay%2Fa+%26+b.md"
        "&comments=1&switched=14-30"
    )
    assert parse_link(parse_qsl(written[1:])) == link
    assert parse_narrowing(narrowing_of(link), question="who?") == link
    assert permanent_link(Link(None, "", filters)) == ""


@pytest.mark.parametrize(
    "query", ["since=yesterday", "kind=gossip", "since=2024-02-01&until=2024-01-01"]
)
def test_a_link_that_narrows_by_nothing_known_is_refused(query: str) -> None:
    """Invalid filters in a link are an error."""
    with pytest.raises(SettingsError):
        parse_narrowing(query, question="who?")


def test_a_link_to_no_place_is_refused() -> None:
    """An invalid place in a link is an error."""
    with pytest.raises(SettingsError, match="damaged"):
        parse_link([("article", "a.txt"), ("start", "x")])
    assert parse_link([("article", "a.txt")]).place == CitedSpan(article="a.txt")


def test_a_link_says_how_to_read_its_question() -> None:
    """The options of the query are in the address, beside a kind of article."""
    options = QueryOptions(QuestionKind.YES_NO, as_typed=True, as_of=date(2024, 3, 3))
    link = Link(question="did it?", filters=Filters(kinds=(Kind.OPINION,)), options=options)
    assert narrowing_of(link) == "kind=opinion&question_kind=yes-no&as_typed=1&as_of=2024-03-03"
    assert parse_narrowing(narrowing_of(link), question="did it?") == link
    assert parse_link(parse_qsl(permanent_link(link)[1:])) == link
    with pytest.raises(SettingsError, match="kind"):
        parse_narrowing("question_kind=riddle", question="did it?")
