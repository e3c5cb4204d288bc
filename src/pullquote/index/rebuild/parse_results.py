"""Collects the articles and failures of the files in a rebuild."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pullquote.index.manifest import FailedFile
from pullquote.index.rebuild.plan import RebuildPlan
from pullquote.parsing import ParserOutput
from pullquote.schema import Article
from pullquote.schema.errors import ArticleError

_MOST_CHARACTERS = 400_000
"""Maximum number of characters in a batch, not counting its last article. They are embedded in
about five seconds, so that the bar does not stand still in a folder of long PDFs. The usual 32
articles have a fifth of that."""


@dataclass(frozen=True, slots=True)
class ParsedArticle:
    """An article and its file."""

    file: str
    article: Article


class ParseResults:
    """Separates articles from failures, while files are parsed."""

    def __init__(self, plan: RebuildPlan) -> None:
        self._plan = plan
        self._failed = list(plan.failed)
        self.done = 0
        """The number of files that have been parsed completely."""

    def batches(self, given: Iterable[ParserOutput], *, size: int) -> Iterator[list[ParsedArticle]]:
        """The articles in batches of about `size` articles, or fewer if they are long.

        The first batch has one article, and each has twice as many as the one before.
        """
        batch, characters, most = list[ParsedArticle](), 0, 1
        versions = set[str]()
        records = list[ArticleError]()
        for one in given:
            # If the file ends here, count it first, so that the batch reports it as done.
            is_full = len(batch) >= min(most, size) or characters >= _MOST_CHARACTERS
            if one.found is None:
                self._end(one.file, records, versions)
            if is_full and not isinstance(one.found, ArticleError):
                yield batch
                batch, characters, most = [], 0, 2 * most
            if isinstance(one.found, Article):
                versions.add(one.found.version)
                batch.append(ParsedArticle(one.file, one.found))
                characters += len(one.found.text)
            elif one.found is not None and one.is_file_error:
                self._failed.append(_failure(one.found, one.found.version))
            elif one.found is not None:
                records.append(one.found)
        if batch:
            yield batch

    def _end(self, file: str, records: list[ArticleError], versions: set[str]) -> None:
        """Finish a file, and give its failures the version of its articles."""
        version = next(iter(versions), None)
        self._failed += [_failure(error, version, file=file) for error in records]
        records.clear()
        versions.clear()
        self.done += 1

    def failed(self) -> tuple[FailedFile, ...]:
        """All failures, in order of their paths."""
        return tuple(sorted(self._failed, key=lambda failure: failure.path))


def _failure(error: ArticleError, version: str | None, *, file: str | None = None) -> FailedFile:
    """An error in the form that the manifest stores."""
    return FailedFile(
        path=error.path, reason=error.reason, version=version, file=file, left_out=error.left_out
    )
