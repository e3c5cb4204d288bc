"""Gives the articles of a file unique ids, and keeps the list of its failures short."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pullquote.parsing.source import ParsedItem, SourceFile
from pullquote.schema import Article
from pullquote.schema.errors import ArticleError

MOST_NAMED = 20
"""How many failed records of a file are listed with their reasons. The rest are only counted,
because the manifest stores the failures and a file may have a million of them."""


def with_unique_ids(found: Iterable[ParsedItem], file: SourceFile) -> Iterator[ParsedItem]:
    """The articles of a file, each with its own id, and the failures of the file.

    If several articles have the same id, such as two versions of an item, the first keeps the id
    and the Nth gets "~N" appended. Adding records to the end of a file changes no earlier id.

    Raises ArticleError if the file contains nothing, or nothing that can be read.
    """
    times: dict[str, int] = {}
    named: list[ArticleError] = []
    failures = 0
    try:
        for one in found:
            if isinstance(one, ArticleError):
                failures += not one.left_out
                if one.left_out or failures <= MOST_NAMED:
                    named.append(one)
                continue
            yield from named
            named = []
            yield _with_unique_id(one, times)
    except ArticleError:  # the rest of the file cannot be read
        yield from named
        raise
    if not times:
        raise _no_articles(file, named, failures)
    yield from named
    if failures > MOST_NAMED:
        more = failures - MOST_NAMED
        yield ArticleError(file.id, f"{more:,} more of its records cannot be read")


def _no_articles(file: SourceFile, named: list[ArticleError], failures: int) -> ArticleError:
    """One error that says why a file has no articles."""
    first = next((error for error in named if not error.left_out), None)
    if first is not None:
        part = first.path.removeprefix(f"{file.id}#")
        where = "" if first.path == file.id else f"{part}: "
        many = "" if failures == 1 else f"none of its {failures:,} records can be read; "
        return ArticleError(file.id, f"{many}{where}{first.reason}")
    if named:
        return ArticleError(file.id, named[0].reason, left_out=True)
    return ArticleError(file.id, "it contains no articles")


def _with_unique_id(article: Article, times: dict[str, int]) -> Article:
    """The article with an id that no earlier article has. `times` counts each id."""
    id = article.id
    while id in times:
        times[article.id] += 1
        id = f"{article.id}~{times[article.id]}"
    times[id] = 1
    return article if id == article.id else article.model_copy(update={"id": id})
