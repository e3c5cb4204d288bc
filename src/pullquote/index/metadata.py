"""The metadata of articles that is filtered, listed and counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from pullquote.schema import Article, Filters, day_of

Facet = Literal["source", "section", "language", "kind"]
"""The fields by which articles are counted."""


@dataclass(frozen=True, slots=True)
class FilterFields:
    """The fields of an article that filters compare.

    `day` is the number of the day, where 1 January of year 1 is day 1; None if undated. `released`
    is as in `Article`.
    """

    day: int | None
    source: str | None
    section: str | None
    language: str
    kind: str
    released: int


class PublicationDays(NamedTuple):
    """The first and last day of publication of some articles, and the number of undated ones."""

    first: date | None
    last: date | None
    undated: int


def fold(name: str | None) -> str | None:
    """A source or section as filters compare it, ignoring case and extra white space."""
    return " ".join(name.casefold().split()) if name is not None else None


def filter_fields_of(article: Article) -> FilterFields:
    """The fields of an article that filters compare."""
    day = day_of(article.published)
    return FilterFields(
        day=None if day is None else day.toordinal(),
        source=fold(article.source),
        section=fold(article.section),
        language=article.language.casefold(),
        kind=str(article.kind),
        released=article.released,
    )


def folded(filters: Filters) -> Filters:
    """The filters in one form, so that equivalent filters compare equal."""
    return Filters(
        since=filters.since,
        until=filters.until,
        sources=tuple(sorted({fold(s) or "" for s in filters.sources})),
        sections=tuple(sorted({fold(s) or "" for s in filters.sections})),
        languages=tuple(sorted({tag.casefold() for tag in filters.languages})),
        kinds=tuple(sorted(set(filters.kinds))),
        roles=tuple(sorted(set(filters.roles))),
        comments=filters.comments,
        not_sources=tuple(sorted({fold(s) or "" for s in filters.not_sources})),
        articles=tuple(sorted(set(filters.articles))),
    )
