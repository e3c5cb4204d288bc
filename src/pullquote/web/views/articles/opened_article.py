"""The open article: its tools, a notice if there is one, and its text with the cited words."""

from __future__ import annotations

from markupsafe import Markup

from pullquote.newsroom.assistant import Assistant
from pullquote.schema import Article
from pullquote.web.page_images import page_image_address
from pullquote.web.views.articles.article_view import article_html
from pullquote.web.views.articles.toolbar import toolbar_html


def opened_article_html(
    assistant: Assistant, article: Article, cited: range, notice: Markup | None = None
) -> Markup:
    """The article with its tools, its cited words marked, and a notice between both."""
    address = page_image_address(assistant, article, cited)
    tools = toolbar_html(article, cited, page_image=address)
    top = tools if notice is None else tools + notice
    return top + article_html(article, [cited] if cited else [])
