"""What the files of a rebuild gave: articles to write, and failures to keep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pullquote.errors import ArticleError
from pullquote.index.manifest import FailedFile
from pullquote.index.rebuild.plan import Plan
from pullquote.parsing import ParserOutput
from pullquote.schema import Article

_MOST_CHARACTERS = 4_000_000
"""Of the articles of a batch but the last: a hundred times what 32 articles have."""


@dataclass(frozen=True, slots=True)
class FoundArticle:
    """An article and the file that it came from."""

    file: str
    article: Article


class Found:
    """Parts articles from failures, as files are read one after another."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._failed = list(plan.failed)
        self.done = 0
        """How many files were read to their end."""

    def batches(self, given: Iterable[ParserOutput], *, size: int) -> Iterator[list[FoundArticle]]:
        """The articles, about so many at a time, and never many long ones."""
        batch, characters = list[FoundArticle](), 0
        versions = set[str]()
        records = list[ArticleError]()
        for one in given:
            # Cut where a file ends, if it does here: then it is known to be done.
            is_full = len(batch) >= size or characters >= _MOST_CHARACTERS
            if one.found is None:
                self._end(one.file, records, versions)
            if is_full and not isinstance(one.found, ArticleError):
                yield batch
                batch, characters = [], 0
            if isinstance(one.found, Article):
                versions.add(one.found.version)
                batch.append(FoundArticle(one.file, one.found))
                characters += len(one.found.text)
            elif one.found is not None and one.is_file_error:
                self._failed.append(_failure(one.found, one.found.version))
            elif one.found is not None:
                records.append(one.found)
        if batch:
            yield batch

    def _end(self, file: str, records: list[ArticleError], versions: set[str]) -> None:
        """A file has ended: its failures have the version of its articles."""
        version = next(iter(versions), None)
        self._failed += [_failure(error, version, file=file) for error in records]
        records.clear()
        versions.clear()
        self.done += 1

    def failed(self) -> tuple[FailedFile, ...]:
        """All that failed, by path."""
        return tuple(sorted(self._failed, key=lambda failure: failure.path))


def _failure(error: ArticleError, version: str | None, *, file: str | None = None) -> FailedFile:
    """An error as the manifest keeps it."""
    return FailedFile(
        path=error.path, reason=error.reason, version=version, file=file, left_out=error.left_out
    )
