"""The columns of a grid: articles, sources or months that pass filters."""

from __future__ import annotations

import time
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from pullquote.index import OpenGeneration
from pullquote.index.metadata import fold
from pullquote.newsroom.absences.coverage import ListedArticle, searched_articles
from pullquote.schema import Filters
from pullquote.schema.errors import SettingsError
from pullquote.schema.grid import GridBy, GridColumn

_NOUNS = {GridBy.ARTICLE: "articles", GridBy.SOURCE: "sources", GridBy.MONTH: "months"}

_REMEDIES = {
    GridBy.ARTICLE: "The filters leave no article; choose wider ones.",
    GridBy.SOURCE: "No article that passes the filters names its source; use articles instead.",
    GridBy.MONTH: "No article that passes the filters has a date; use articles instead.",
}


def columns_of(
    generation: OpenGeneration, by: GridBy, filters: Filters, *, most: int
) -> tuple[GridColumn, ...]:
    """The columns of a grid, at most `most`.

    Articles that the filters name are in the order given. Other articles and months are in the
    order of days. Sources are in the order of their numbers of articles.

    Raises:
        SettingsError: there are no columns, or too many; the message says how many.
        ArticleUnknown, ArticleWithheld: an article that the filters name cannot be asked.
    """
    if by is GridBy.ARTICLE and filters.articles:
        ids = tuple(dict.fromkeys(filters.articles))
        _check_number(len(ids), by, most)
        return tuple(_article(generation, id) for id in ids)
    listed = searched_articles(generation, filters, at=int(time.time()))
    if by is GridBy.ARTICLE:
        _check_number(len(listed), by, most)
        return tuple(_article(generation, one.id) for one in sorted(listed, key=_by_day))
    counted = _sources(listed) if by is GridBy.SOURCE else _months(listed)
    _check_number(len(counted), by, most)
    return tuple(GridColumn(key=key, title=key, articles=n) for key, n in counted.items())


def column_named(generation: OpenGeneration, by: GridBy, key: str) -> GridColumn:
    """The column with that key.

    Raises:
        ArticleUnknown, ArticleWithheld: the key is that of an article that cannot be asked.
    """
    return _article(generation, key) if by is GridBy.ARTICLE else GridColumn(key=key, title=key)


def column_filters(by: GridBy, key: str, filters: Filters) -> Filters:
    """The filters narrowed to one column; `ask` with them gives the column's cells.

    Raises:
        SettingsError: the column is not within the filters.
    """
    if by is GridBy.ARTICLE:
        return replace(filters, articles=(key,))
    if by is GridBy.SOURCE:
        return replace(filters, sources=(key,))
    first, last = _days(key)
    since, until = filters.since, filters.until
    return replace(
        filters,
        since=first if since is None else max(since, first),
        until=last if until is None else min(until, last),
    )


def _article(generation: OpenGeneration, id: str) -> GridColumn:
    found = generation.article(id)
    return GridColumn(
        key=id, title=found.title, source=found.source, published=found.published, articles=1
    )


def _by_day(one: ListedArticle) -> tuple[bool, int, str]:
    """Sorts by day, undated ones last, then by id."""
    return one.day is None, 0 if one.day is None else one.day, one.id


def _sources(listed: Iterable[ListedArticle]) -> dict[str, int]:
    """The number of articles of each source, largest first; names in one spelling."""
    names: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for one in listed:
        if key := fold(one.source):
            names[key] = min(names.get(key, one.source), one.source)
            counts[key] += 1
    ordered = sorted(counts, key=lambda key: (-counts[key], key))
    return {names[key]: counts[key] for key in ordered}


def _months(listed: Iterable[ListedArticle]) -> dict[str, int]:
    """The number of articles of each month that has any, in order."""
    days = (date.fromordinal(one.day) for one in listed if one.day is not None)
    counts = Counter(f"{day.year:04}-{day.month:02}" for day in days)
    return dict(sorted(counts.items()))


def _days(month: str) -> tuple[date, date]:
    """The first and last day of a month such as "2024-05"."""
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise SettingsError(
            f"The month of a column is {month[:80]!r}; write it as YYYY-MM."
        ) from None
    return first, first.replace(day=monthrange(first.year, first.month)[1])


def _check_number(found: int, by: GridBy, most: int) -> None:
    if not found:
        raise SettingsError(f"The grid has no columns. {_REMEDIES[by]}")
    if found > most:
        raise SettingsError(
            f"{found:,} {_NOUNS[by]} pass the filters, and the grid may have {most:,} columns. "
            "Choose narrower filters, or allow more columns."
        )


def check_questions(questions: Sequence[str]) -> tuple[str, ...]:
    """The questions, each once, without white space around them.

    Raises:
        SettingsError: there are none.
    """
    stripped = tuple(dict.fromkeys(one.strip() for one in questions if one.strip()))
    if not stripped:
        raise SettingsError("The grid has no questions. Give at least one.")
    return stripped
