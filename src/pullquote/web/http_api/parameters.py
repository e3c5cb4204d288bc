"""The parameters of the HTTP API, as models that check a query string or a JSON body.

The filters and options of a question are those of every command, endpoint and tool. An unknown
parameter is refused: a misspelt filter that is ignored would give answers from too many articles.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal, cast, get_args

from pydantic import BaseModel, ConfigDict, Field, create_model

from pullquote.index.catalog.catalog_rows import CatalogQuery, Sort
from pullquote.schema.api_results import ArticleState
from pullquote.schema.filter_parameters import FILTER_PARAMETERS, QUERY_PARAMETERS, FilterParameter
from pullquote.schema.settings import Settings
from pullquote.web.http_api.examples import ARTICLE, DRAFT, QUESTION
from pullquote.web.request_limits import (
    MAX_DRAFT_CHARS,
    MAX_ID_CHARS,
    MAX_NAME_CHARS,
    MAX_OFFSET,
    MAX_PAGE,
    MAX_PASSAGES_READ,
    MAX_QUESTION_CHARS,
    MAX_QUOTATIONS,
    MAX_QUOTED_CHARS,
)
from pullquote.web.requests import Day, SearchRequest, bounded_type, parse_search

MAX_PART_CHARS = 100_000
"""Characters of an article in one response."""

MAX_LISTED = 200
"""Articles on one page of the list."""

_WORDS_CHARS = 200

_STRICT = ConfigDict(extra="forbid", frozen=True)
_HITS = Settings.model_fields["hits"].default

Order = Literal[
    "title", "-title", "source", "-source", "section", "-section", "published", "-published",
    "length", "-length", "added", "-added",
]  # fmt: skip
"""The column by which articles are sorted, after "-" if the order is descending."""

OptionalFact = Literal["source", "section", "language", "published"]
"""A fact that an article may lack."""


class Searched(BaseModel):
    """The question and the number of passages; the models of each endpoint add the filters."""

    model_config = _STRICT

    question: Annotated[
        str,
        Field(
            max_length=MAX_QUESTION_CHARS,
            description="A full question in the language of the articles.",
            examples=[QUESTION],
        ),
    ]

    def search(self) -> SearchRequest:
        """The search that is asked for.

        Raises:
            SettingsError: the values do not fit together.
        """
        return parse_search(**self.model_dump())


def _searched(
    name: str, description: str, count: str, parameters: Sequence[FilterParameter]
) -> type[Searched]:
    """The model of a search with these filters and options; `count` describes `k`."""
    fields: dict[str, Any] = {"k": (int | None, Field(None, ge=1, le=1000, description=count))}
    fields |= {
        one.name: (bounded_type(one), Field(one.default, description=one.description))
        for one in parameters
    }
    return create_model(name, __base__=Searched, __doc__=description, **fields)


SearchQuery = _searched(
    "SearchQuery",
    "What to search for, and which articles to search.",
    f"How many passages to return; by default {_HITS}.",
    FILTER_PARAMETERS,
)
AskQuery = _searched(
    "AskQuery",
    "A question, which articles to read for it, and how to understand it.",
    f"How many passages to read, up to {MAX_PASSAGES_READ}; by default {_HITS}.",
    (*FILTER_PARAMETERS, *QUERY_PARAMETERS),
)


class ArticleQuery(BaseModel):
    """Which part of which article to return."""

    model_config = _STRICT

    article: str = Field(
        max_length=MAX_ID_CHARS,
        description="The id of an article, as `article` of a citation or a passage.",
        examples=[ARTICLE],
    )
    start: int = Field(
        0, ge=0, le=MAX_OFFSET, description="The first character, such as `start` of a citation."
    )
    length: int = Field(
        20_000, ge=1, le=MAX_PART_CHARS, description="Return at most this many characters."
    )


class DraftBody(BaseModel):
    """A draft whose quotations are checked."""

    model_config = _STRICT

    draft: str = Field(
        max_length=MAX_DRAFT_CHARS,
        description=f"Plain text or Markdown with at most {MAX_QUOTATIONS} quotations of "
        f"{MAX_QUOTED_CHARS:,} characters in all.",
        examples=[DRAFT],
    )


class ListQuery(BaseModel):
    """Which articles to list, and in what order."""

    model_config = _STRICT

    words: str = Field(
        "",
        max_length=_WORDS_CHARS,
        description="Only articles with all these words in the title, id, source, section or "
        "authors. Case and accents do not matter.",
    )
    state: ArticleState | None = Field(None, description="Only entries in this state.")
    source: str | None = Field(
        None, max_length=MAX_NAME_CHARS, description="Only this newspaper or site, by name."
    )
    section: str | None = Field(
        None, max_length=MAX_NAME_CHARS, description="Only this section, by name."
    )
    language: str | None = Field(
        None, max_length=MAX_NAME_CHARS, description='Only this language, by tag, such as "en".'
    )
    file: str | None = Field(
        None, max_length=MAX_ID_CHARS, description="Only articles from this file of the corpus."
    )
    since: Day | None = Field(None, description="First day of publication to include, YYYY-MM-DD.")
    until: Day | None = Field(None, description="Last day of publication to include.")
    without: tuple[OptionalFact, ...] = Field(
        (), max_length=len(get_args(OptionalFact)), description="Only articles that lack these."
    )
    order: Order = Field(
        "-published", description='The column to sort by, after "-" if the order is descending.'
    )
    page: int = Field(1, ge=1, le=MAX_PAGE, description="The number of the page, from 1.")
    per_page: int = Field(50, ge=1, le=MAX_LISTED, description="Articles on a page.")

    def wanted(self) -> CatalogQuery:
        """The query for the catalog."""
        facts = self.model_dump(exclude={"order", "page", "per_page", "without"})
        return CatalogQuery(
            **facts,
            without=frozenset(self.without),
            sort=cast("Sort", self.order.removeprefix("-")),
            descending=self.order.startswith("-"),
        )
