"""Compares the corpus with the previous generation, and plans the rebuild."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pullquote.base.cancellation import check_cancelled
from pullquote.index.file_digests import FileDigests
from pullquote.index.interfaces import OpenGeneration
from pullquote.index.manifest import FailedFile
from pullquote.index.rebuild.report import Progress, report_progress
from pullquote.parsing import ParserOutput, check_corpus, find_files
from pullquote.schema import Article, Passage
from pullquote.schema.errors import ArticleError
from pullquote.schema.file_limits import LIMITS, Limits

_REPORTED_EVERY = 100
"""Files that are looked at between two reports of progress; reading them takes well below a second.
"""


@dataclass(frozen=True, slots=True)
class RebuildPlan:
    """A rebuild: start from `base`, remove the articles of `removed` files, parse `unread` ones.

    `folder` identifies the corpus folder; see `check_corpus`. `files`, `unread` and `known` map
    paths to SHA-256 digests. `files` has every file of the corpus that can be opened, `unread` the
    files to parse, and `known` the files in `base`.
    """

    corpus: Path
    folder: tuple[int, int]
    base: OpenGeneration | None
    known: dict[str, str]
    files: dict[str, str]
    removed: list[str]
    unread: dict[str, str]
    failed: list[FailedFile]
    skipped: int

    @property
    def differs(self) -> bool:
        """Whether the next generation would differ from `base`."""
        if self.base is None or self.removed or self.unread:
            return True
        if self.base.manifest.progress is not None:
            return True
        known = self.base.manifest
        return (known.failed, known.corpus) != (tuple(self.failed), str(self.corpus.resolve()))


def _read_versions(
    paths: Iterable[str], file_digests: FileDigests, progress: Progress | None
) -> tuple[dict[str, str], list[FailedFile]]:
    """The SHA-256 of every file that can be read, and the failures."""
    files, failed = dict[str, str](), list[FailedFile]()
    for number, path in enumerate(paths, start=1):
        check_cancelled()
        if number % _REPORTED_EVERY == 0:
            report_progress(progress, number, None)
        try:
            files[path] = file_digests.version(path)
        except ArticleError as error:
            failed.append(FailedFile(path=path, reason=error.reason))
    return files, failed


def plan_rebuild(
    corpus: Path,
    base: OpenGeneration | None,
    file_digests: FileDigests,
    *,
    limits: Limits = LIMITS,
    progress: Progress | None = None,
) -> RebuildPlan:
    """Compare the files of a corpus with those of the generation `base`, if there is one.

    A file that failed is parsed again when its bytes or the limits have changed, and so is one of
    which `base` has only some articles.
    """
    folder = check_corpus(corpus)
    report_progress(progress, 0, None)
    found = find_files(corpus)
    files, unreadable = _read_versions(found.articles, file_digests, progress)
    unreadable += (FailedFile(path=error.path, reason=error.reason) for error in found.failed)
    known = base.versions() if base is not None else {}
    failing = [
        failure
        for failure in (base.manifest.failed if base is not None else ())
        if failure.version is not None and files.get(failure.corpus_file) == failure.version
    ]
    again = set[str]()
    if base is not None and base.manifest.limits != limits:
        again = {failure.corpus_file for failure in failing if not failure.left_out}
        failing = [failure for failure in failing if failure.corpus_file not in again]
    if base is not None and base.manifest.cut_file is not None:
        again.add(base.manifest.cut_file)
    still = {failure.path for failure in failing if failure.file is None}
    same = {p for p, version in known.items() if files.get(p) == version and p not in again}
    return RebuildPlan(
        corpus=corpus,
        folder=folder,
        base=base,
        known=known,
        files=files,
        removed=[path for path in known if path not in same],
        unread={p: v for p, v in files.items() if p not in same and p not in still},
        failed=sorted([*unreadable, *failing], key=lambda failure: failure.path),
        skipped=len(found.skipped),
    )


_MOST_CHARACTERS = 400_000
"""Maximum number of characters in a batch, not counting its last article. They are embedded in
about five seconds, so that the bar does not stand still in a folder of long PDFs. The usual 32
articles have a fifth of that."""


@dataclass(frozen=True, slots=True)
class ParsedArticle:
    """An article, its file and its passages."""

    file: str
    article: Article
    passages: Sequence[Passage]


class ParseResults:
    """Separates articles from failures, while files are parsed."""

    def __init__(self, plan: RebuildPlan) -> None:
        self._plan = plan
        self._failed = list(plan.failed)
        self.done = 0
        """The number of files that have been parsed completely."""

    def batches(
        self, given: Iterable[tuple[ParserOutput, Sequence[Passage]]], *, size: int
    ) -> Iterator[list[ParsedArticle]]:
        """The articles in batches of about `size` articles, or fewer if they are long.

        Each article is given with its passages, and an error without.

        The first batch has one article, and each has twice as many as the one before.
        """
        batch, characters, most = list[ParsedArticle](), 0, 1
        versions = set[str]()
        records = list[ArticleError]()
        for one, passages in given:
            # If the file ends here, count it first, so that the batch reports it as done.
            is_full = len(batch) >= min(most, size) or characters >= _MOST_CHARACTERS
            if one.found is None:
                self._end(one.file, records, versions)
            if is_full and not isinstance(one.found, ArticleError):
                yield batch
                batch, characters, most = [], 0, 2 * most
            if isinstance(one.found, Article):
                versions.add(one.found.version)
                batch.append(ParsedArticle(one.file, one.found, passages))
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
        self._failed += [_failure(error, version or error.version, file=file) for error in records]
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
