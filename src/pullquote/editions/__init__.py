"""The editions of an article: which there were, what changed, and which one was cited."""

from pullquote.editions.article_editions import ArticleEditions

__all__ = ["ArticleEditions"]
