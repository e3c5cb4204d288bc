"""The metadata of articles that is filtered, listed and counted."""

from __future__ import annotations

import difflib
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from pullquote.schema import Article, Filters, day_of
from pullquote.schema.errors import ArticleWithheld

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


def matching_languages(known: Iterable[str], wanted: Iterable[str]) -> list[str]:
    """The languages that equal one of the wanted BCP 47 tags or refine it, as "pt-br" does "pt"."""
    begins = tuple(f"{tag}-" for tag in wanted)
    return [tag for tag in known if f"{tag}-".startswith(begins)]


def counted_names(counts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The sums of counts, largest first. Names that differ only in case or space are added up."""
    total: Counter[str] = Counter()
    written: dict[str | None, str] = {}
    for name, count in counts:
        total[written.setdefault(fold(name), name)] += count
    return dict(sorted(total.items(), key=lambda pair: (-pair[1], pair[0])))


COMPARED_IDS = 3000
"""If there are no more ids than this, all are compared; more would take seconds, so that only
those of the same file name are."""


def similar_ids(article: str, known: Sequence[str]) -> tuple[str, ...]:
    """The known ids that are most similar to this one; at most two."""
    if len(known) > COMPARED_IDS:
        name = article.rpartition("/")[2]
        known = [id for id in known if id.rpartition("/")[2] == name][:COMPARED_IDS]
    return tuple(difflib.get_close_matches(article, known, n=2))


def shown(article: Article) -> Article:
    """The article itself.

    Raises:
        ArticleWithheld: its source has withheld it, or not released it yet.
    """
    if article.released > time.time():
        raise ArticleWithheld(article.id, status=article.status, until=article.embargoed)
    return article
