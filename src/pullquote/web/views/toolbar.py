"""The tools above an open article: previous and next citation, find, copy, the original."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from pullquote.answers import cite_at
from pullquote.conversation import ready_citation
from pullquote.conversation.citation_format import is_web
from pullquote.schema import Article
from pullquote.web.templating import render


@dataclass(frozen=True, slots=True)
class ArticleTools:
    """The tools as their template needs them.

    `citation` is the text to copy. `page` is the page of the cited words, in formats with pages.
    `original` is "" unless the article has a web address.
    """

    citation: str
    title: str
    page: int | None
    original: str


def toolbar_html(article: Article, cited: range) -> Markup:
    """The tools for an article that is open at those characters; article.js handles them."""
    citation = cite_at(article, cited)
    original = article.url if article.url is not None and is_web(article.url) else ""
    tools = ArticleTools(
        ready_citation(citation), article.title, citation.page if cited else None, original
    )
    return render("views/toolbar.html", "toolbar", tools)
