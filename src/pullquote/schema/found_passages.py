"""Passages as they leave the process: in the HTTP API, and for agents, who read the docstrings."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from pullquote.schema.article import Role
from pullquote.schema.moments import Moment
from pullquote.schema.search import Hit


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
