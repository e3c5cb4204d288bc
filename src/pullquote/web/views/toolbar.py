"""The tools above an open article: previous and next citation, find, copy."""

from __future__ import annotations

from markupsafe import Markup

from pullquote.answers import cite_at
from pullquote.schema import Article
from pullquote.web.templating import render
from pullquote.web.views.copying import copies_of


def toolbar_html(article: Article, cited: range) -> Markup:
    """The tools for an article that is open at those characters; article.js handles them."""
    return render("views/toolbar.html", "toolbar", copies_of(cite_at(article, cited)))
