"""Articles and passages as they leave the process: in the HTTP API, and for agents."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from pullquote.schema.article import Article, Block, Kind, Role
from pullquote.schema.moments import Moment
from pullquote.schema.search import Hit


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


class ArticleState(StrEnum):
    """The state of an article, or of a file or record that should have contained one."""

    INDEXED = "indexed"
    SUPERSEDED = "superseded"
    EMBARGOED = "embargoed"
    WITHHELD = "withheld"
    CANCELED = "canceled"
    FAILED = "failed"
    LEFT_OUT = "left out"


class CatalogArticle(BaseModel):
    """An article of the list. If it may not be shown, only its id, file, state and note are set.

    `note` says why a file failed, which revision supersedes an article, or when an embargo ends.
    `length` is in characters. `added` is when the file came into the corpus or last changed.
    """

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: str
    state: ArticleState
    note: str | None
    title: str | None
    source: str | None
    section: str | None
    language: str | None
    published: Moment | None
    file: str
    length: int | None
    passages: int | None
    added: datetime | None


class ArticleList(BaseModel):
    """A page of the list of articles. `count` is the number of all that match, on `pages` pages."""

    model_config = ConfigDict(frozen=True)

    generation: str
    count: int
    page: int
    pages: int
    articles: tuple[CatalogArticle, ...]


class FoundPassage(BaseModel):
    """A passage with its position and scores; `author` wrote the article, or the comment."""

    article: str
    version: str
    title: str
    published: Moment | None
    source: str | None
    section: str | None
    role: Role
    author: str | None
    start: int
    end: int
    text: str
    cosine: float
    bm25: float | None
    fused_score: float


class FoundPassages(BaseModel):
    """Passages, best first, and the generation of the index that was searched."""

    model_config = ConfigDict(title="Found")  # clients may know the schema by its title

    question: str
    generation: str
    hits: list[FoundPassage]


def found_passage(hit: Hit) -> FoundPassage:
    """The passage of a hit."""
    passage, article = hit.passage, hit.article
    block = article.block_at(passage.start)
    comments = passage.role is Role.COMMENT and block is not None
    return FoundPassage(
        article=article.id,
        version=article.version,
        title=article.title,
        published=article.published,
        source=article.source,
        section=article.section,
        role=passage.role,
        author=block.author if comments and block is not None else article.author,
        start=passage.start,
        end=passage.end,
        text=passage.text,
        cosine=hit.cosine,
        bm25=hit.bm25,
        fused_score=hit.fused_score,
    )


def found_passages(question: str, hits: Iterable[Hit], generation: str) -> FoundPassages:
    """The passages of hits, in their order."""
    found = [found_passage(hit) for hit in hits]
    return FoundPassages(question=question, generation=generation, hits=found)
