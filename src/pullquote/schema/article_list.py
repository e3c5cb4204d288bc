"""The list of the articles of an index, as it leaves the process."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from pullquote.schema.moments import Moment


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
