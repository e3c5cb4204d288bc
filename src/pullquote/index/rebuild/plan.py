"""What a rebuild has to do: the corpus as it is beside the generation before."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pullquote.errors import ArticleError
from pullquote.index.file_digests import SeenFiles
from pullquote.index.interfaces import OpenGeneration
from pullquote.index.manifest import FailedFile
from pullquote.limits import LIMITS, Limits
from pullquote.parsing import check_corpus, find_files


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do: start from `base`, take the articles of `gone` out, read `unread`.

    `folder` is which one the corpus was, see `check_corpus`. `files` gives the SHA-256 of every
    file of the corpus that can be opened, `unread` of those that are to be read, `known` of those
    that gave the articles of `base`.
    """

    corpus: Path
    folder: tuple[int, int]
    base: OpenGeneration | None
    known: dict[str, str]
    files: dict[str, str]
    gone: list[str]
    unread: dict[str, str]
    failed: list[FailedFile]
    skipped: int

    @property
    def differs(self) -> bool:
        """Whether the next generation would say anything else than `base`."""
        if self.base is None or self.gone or self.unread:
            return True
        known = self.base.manifest
        return (known.failed, known.corpus) != (tuple(self.failed), str(self.corpus.resolve()))


@dataclass(frozen=True, slots=True)
class _Scan:
    """The SHA-256 of every file that can be read, and what cannot."""

    files: dict[str, str]
    failed: list[FailedFile]
    skipped: int


def _scan(corpus: Path, seen: SeenFiles) -> _Scan:
    found = find_files(corpus)
    files: dict[str, str] = {}
    failed = [FailedFile(path=error.path, reason=error.reason) for error in found.failed]
    for path in found.articles:
        try:
            files[path] = seen.version(path)
        except ArticleError as error:
            failed.append(FailedFile(path=path, reason=error.reason))
    return _Scan(files, failed, len(found.skipped))


def make_plan(
    corpus: Path, base: OpenGeneration | None, seen: SeenFiles, *, limits: Limits = LIMITS
) -> Plan:
    """How the articles of a corpus differ from those of a generation; from nothing without one.

    A file that failed is read again when its bytes are others, or the limits.
    """
    folder = check_corpus(corpus)
    scan = _scan(corpus, seen)
    known = base.versions() if base is not None else {}
    failing = [
        failure
        for failure in (base.manifest.failed if base is not None else ())
        if failure.version is not None and scan.files.get(failure.of) == failure.version
    ]
    again = set[str]()
    if base is not None and base.manifest.limits != limits:
        again = {failure.of for failure in failing if not failure.left_out}
        failing = [failure for failure in failing if failure.of not in again]
    still = {failure.path for failure in failing if failure.file is None}
    same = {p for p, version in known.items() if scan.files.get(p) == version and p not in again}
    return Plan(
        corpus=corpus,
        folder=folder,
        base=base,
        known=known,
        files=scan.files,
        gone=[path for path in known if path not in same],
        unread={p: v for p, v in scan.files.items() if p not in same and p not in still},
        failed=sorted([*scan.failed, *failing], key=lambda failure: failure.path),
        skipped=scan.skipped,
    )
