"""Compares the corpus with the previous generation, and plans the rebuild."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pullquote.base.cancellation import check_cancelled
from pullquote.index.file_digests import FileDigests
from pullquote.index.interfaces import OpenGeneration
from pullquote.index.manifest import FailedFile
from pullquote.index.rebuild.progress import Progress, report_progress
from pullquote.parsing import check_corpus, find_files
from pullquote.schema.errors import ArticleError
from pullquote.schema.limits import LIMITS, Limits

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


@dataclass(frozen=True, slots=True)
class _Scan:
    """The SHA-256 of every file that can be read, and the failures."""

    files: dict[str, str]
    failed: list[FailedFile]
    skipped: int


def _scan(corpus: Path, file_digests: FileDigests, progress: Progress | None) -> _Scan:
    report_progress(progress, 0, None)
    found = find_files(corpus)
    files: dict[str, str] = {}
    failed = [FailedFile(path=error.path, reason=error.reason) for error in found.failed]
    for number, path in enumerate(found.articles, start=1):
        check_cancelled()
        if number % _REPORTED_EVERY == 0:
            report_progress(progress, number, None)
        try:
            files[path] = file_digests.version(path)
        except ArticleError as error:
            failed.append(FailedFile(path=path, reason=error.reason))
    return _Scan(files, failed, len(found.skipped))


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
    scan = _scan(corpus, file_digests, progress)
    known = base.versions() if base is not None else {}
    failing = [
        failure
        for failure in (base.manifest.failed if base is not None else ())
        if failure.version is not None and scan.files.get(failure.corpus_file) == failure.version
    ]
    again = set[str]()
    if base is not None and base.manifest.limits != limits:
        again = {failure.corpus_file for failure in failing if not failure.left_out}
        failing = [failure for failure in failing if failure.corpus_file not in again]
    if base is not None and base.manifest.cut_file is not None:
        again.add(base.manifest.cut_file)
    still = {failure.path for failure in failing if failure.file is None}
    same = {p for p, version in known.items() if scan.files.get(p) == version and p not in again}
    return RebuildPlan(
        corpus=corpus,
        folder=folder,
        base=base,
        known=known,
        files=scan.files,
        removed=[path for path in known if path not in same],
        unread={p: v for p, v in scan.files.items() if p not in same and p not in still},
        failed=sorted([*scan.failed, *failing], key=lambda failure: failure.path),
        skipped=scan.skipped,
    )
