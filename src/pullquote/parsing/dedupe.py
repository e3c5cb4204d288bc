"""What a reader gives, told apart: no two articles of one id, no endless list of failures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pullquote.errors import ArticleError
from pullquote.parsing.source import Read, SourceFile
from pullquote.schema import Article

MOST_NAMED = 20
"""Records of a file that are named each with its reason; of a million alike the others are
counted, since the index keeps what failed in its manifest."""


def told_apart(found: Iterable[Read], file: SourceFile) -> Iterator[Read]:
    """What was found, each article under an id of its own.

    Of articles with one id, such as two versions of an item, the first keeps it, and the Nth has
    "~N" behind it: what is added to the end of a file changes no id above.

    Raises ArticleError where there is nothing, or nothing that can be read.
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
            yield _renamed(one, times)
    except ArticleError:  # from here on it cannot be read
        yield from named
        raise
    if not times:
        raise _nothing_in(file, named, failures)
    yield from named
    if failures > MOST_NAMED:
        more = failures - MOST_NAMED
        yield ArticleError(file.id, f"{more:,} more of its records cannot be read")


def _nothing_in(file: SourceFile, named: list[ArticleError], failures: int) -> ArticleError:
    """Why a file that has been read to its end gave no article, in one error."""
    first = next((error for error in named if not error.left_out), None)
    if first is not None:
        part = first.path.removeprefix(f"{file.id}#")
        where = "" if first.path == file.id else f"{part}: "
        many = "" if failures == 1 else f"none of its {failures:,} records can be read; "
        return ArticleError(file.id, f"{many}{where}{first.reason}")
    if named:
        return ArticleError(file.id, named[0].reason, left_out=True)
    return ArticleError(file.id, "it holds no articles")


def _renamed(article: Article, times: dict[str, int]) -> Article:
    """The article under an id that none before it has; `times` counts each id."""
    id = article.id
    while id in times:
        times[article.id] += 1
        id = f"{article.id}~{times[article.id]}"
    times[id] = 1
    return article if id == article.id else article.model_copy(update={"id": id})
