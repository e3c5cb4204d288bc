"""The editions of an article: which there were, what changed, and which one was cited."""

from pullquote.newsroom.editions.article_editions import ArticleEditions

__all__ = ["ArticleEditions"]
