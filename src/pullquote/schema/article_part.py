"""Parts of articles: in the HTTP API, and for agents, who read the docstrings."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from pullquote.schema.article import Article, Block, Kind
from pullquote.schema.moments import Moment


class ArticlePart(BaseModel):
    """The `text` of an article from `start` to `end`. The article has `characters` in all."""

    model_config = ConfigDict(title="Reading")

    article: str
    version: str
    title: str
    authors: tuple[str, ...]
    source: str | None
    section: str | None
    published: Moment | None
    modified: Moment | None
    url: str | None
    language: str
    kind: Kind
    characters: int
    start: int
    end: int
    text: str
    blocks: tuple[Block, ...] = Field(description="Offsets count from the start of the article.")
    more: int | None = Field(description="Start of the next part; null at the end.")


class ArticleWithCopies(ArticlePart):
    """A part of an article, and the ids of its near duplicates."""

    model_config = ConfigDict(title="ArticleWithCopies")

    copies: tuple[str, ...]


def article_part(article: Article, *, start: int, length: int) -> ArticlePart:
    """The part of an article from `start` on, with the blocks that overlap it."""
    start = min(start, len(article.text))
    end = min(start + length, len(article.text))
    facts = article.model_dump(
        include=ArticlePart.model_fields.keys() & Article.model_fields.keys()
    )
    inside = tuple(block for block in article.blocks if block.start < end and start < block.end)
    more = end if end < len(article.text) else None
    return ArticlePart(
        **{
            **facts,
            "article": article.id,
            "characters": len(article.text),
            "start": start,
            "end": end,
            "text": article.text[start:end],
            "blocks": inside,
            "more": more,
        }
    )
