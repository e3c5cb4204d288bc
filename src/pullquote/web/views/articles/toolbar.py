"""The tools above an open article: previous and next citation, find, copy, the original."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from pullquote.answering.answers import cite_at
from pullquote.conversation.citation_format import is_web
from pullquote.schema import Article
from pullquote.web.templating import render
from pullquote.web.views.copying import Copies, copies_of
from pullquote.web.views.speaker_address import audit_address


@dataclass(frozen=True, slots=True)
class ArticleTools:
    """The tools as their template needs them.

    `copies` are the forms of the citation. `page` is that of the cited words; None in formats
    without pages. `page_image` is the address of a picture of that page; "" if there is none.
    `original` is "" unless the article has a web address. `audit` is the address of the page that
    counts whom the article quotes.
    """

    copies: Copies
    title: str
    page: int | None
    page_image: str
    original: str
    audit: str


def toolbar_html(article: Article, cited: range, *, page_image: str = "") -> Markup:
    """The tools for an article that is open at those characters; article.js handles them.

    `page_image` is the address of a picture of the page, if there is one.
    """
    citation = cite_at(article, cited)
    original = article.url if article.url is not None and is_web(article.url) else ""
    page = citation.page if cited else None
    tools = ArticleTools(
        copies_of(citation), article.title, page, page_image, original, audit_address(article.id)
    )
    return render("views/toolbar.html", "toolbar", tools)
