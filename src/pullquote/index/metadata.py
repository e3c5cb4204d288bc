"""What is asked of articles: by filters, by lists, and when they are counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from pullquote.schema import Article, day_of

Fact = Literal["source", "section", "language", "kind"]
"""What articles are counted by."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What filters ask of an article.

    `day` counts from 1 January of year 1, None if undated. `released` is as in `Article`.
    """

    day: int | None
    source: str | None
    section: str | None
    language: str
    kind: str
    released: int


class Days(NamedTuple):
    """The days of publication of some articles."""

    first: date | None
    last: date | None
    undated: int


def fold(name: str | None) -> str | None:
    """A source or section as filters compare it: white space and case do not count."""
    return " ".join(name.casefold().split()) if name is not None else None


def facts_of(article: Article) -> Facts:
    """What filters ask of an article."""
    day = day_of(article.published)
    return Facts(
        day=None if day is None else day.toordinal(),
        source=fold(article.source),
        section=fold(article.section),
        language=article.language.casefold(),
        kind=str(article.kind),
        released=article.released,
    )
