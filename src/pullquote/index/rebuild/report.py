"""Reports of what a rebuild did or would do."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from pullquote.index.duplicates.revisions import is_uploaded, revision_of
from pullquote.index.folder.multi_segment_store import MultiSegmentStore
from pullquote.index.interfaces import OpenGeneration
from pullquote.index.manifest import FailedFile, FrozenModel
from pullquote.schema import Article
from pullquote.schema.errors import RebuildRefused
from pullquote.schema.setting_types import UPLOADS_FOLDER


class Renamed(FrozenModel):
    """A file or article with a new path and the same content."""

    before: str
    after: str


class PathChanges(FrozenModel):
    """Changed paths, relative to the corpus and sorted. Unchanged paths are only counted.

    Each path is in exactly one field.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    renamed: tuple[Renamed, ...]
    removed: tuple[str, ...]
    unchanged: int


def compare(before: Mapping[str, str], after: Mapping[str, str]) -> PathChanges:
    """The differences between two mappings of paths to versions."""
    removed: dict[str, list[str]] = defaultdict(list)
    for path in sorted(before.keys() - after.keys(), reverse=True):
        removed[before[path]].append(path)
    added, renamed = [], []
    for path in sorted(after.keys() - before.keys()):
        if same := removed.get(after[path]):
            renamed.append(Renamed(before=same.pop(), after=path))
        else:
            added.append(path)
    both = before.keys() & after.keys()
    changed = sorted(path for path in both if before[path] != after[path])
    return PathChanges(
        added=tuple(added),
        changed=tuple(changed),
        renamed=tuple(renamed),
        removed=tuple(sorted(path for paths in removed.values() for path in paths)),
        unchanged=len(both) - len(changed),
    )


class SupersededArticle(FrozenModel):
    """An article that a newer revision supersedes, and that revision."""

    article: str
    by: str


class NotReplaced(FrozenModel):
    """An article that an uploaded article says it replaces, and why it does not."""

    article: str
    by: str
    reason: str = (
        f"files in “{UPLOADS_FOLDER}” replace no others; to permit it, move the file to another "
        "folder of the corpus"
    )


class Report(FrozenModel):
    """What a rebuild did. Counts are of articles; `embedded` and `reused` count passages.

    `copy_groups` counts the groups of near duplicates; None if the index did not change.
    `not_replaced` are articles that the added or changed uploads say they are versions of.
    """

    generation: str
    added: int
    changed: int
    renamed: int
    removed: int
    unchanged: int
    failed: tuple[FailedFile, ...]
    superseded: tuple[SupersededArticle, ...]
    not_replaced: tuple[NotReplaced, ...] = ()
    copy_groups: int | None = None
    skipped: int
    articles: int
    passages: int
    embedded: int
    reused: int
    seconds: float
    note: str | None

    @property
    def changes(self) -> dict[str, int]:
        """The number of articles for each kind of change, also for kinds that did not occur."""
        return {
            "added": self.added,
            "changed": self.changed,
            "renamed": self.renamed,
            "removed": self.removed,
        }


class RebuildRefusal(FrozenModel):
    """Why a rebuild needs consent: the name of the error, its message, and the loss.

    The rebuild would remove `removed` of the `articles` in the index; `examples` are the first such
    ids. The numbers are None if the index does not know them.
    """

    error: str
    message: str
    removed: int | None
    articles: int | None
    examples: tuple[str, ...]


class Preview(FrozenModel):
    """What a rebuild would do, counted in files.

    `failed` are the files that cannot be opened; other failures are only found when files are
    parsed. `refused` says why the rebuild would be refused without more consent; None if it would
    not be.
    """

    changes: PathChanges
    unread: int
    failed: tuple[FailedFile, ...]
    skipped: int
    note: str | None
    refused: RebuildRefusal | None = None


@dataclass(frozen=True, slots=True)
class WrittenGeneration:
    """A generation, and how many of its passages were embedded or reused.

    `skipped` counts the files of the corpus that no parser can read; `note` is an additional
    remark. Only the articles in `files` can differ from those of the generation before; None
    stands for all files.
    """

    generation: OpenGeneration
    embedded: int
    reused: int
    skipped: int
    note: str | None = None
    files: Collection[str] | None = None


def report_of(
    before: OpenGeneration | MultiSegmentStore | None,
    done: WrittenGeneration,
    *,
    seconds: float,
    note: str | None,
) -> Report:
    """The report of a rebuild; `before` has the articles of the previous one."""
    manifest = done.generation.manifest
    changes = _changes(before, done)
    return Report(
        generation=manifest.generation,
        added=len(changes.added),
        changed=len(changes.changed),
        renamed=len(changes.renamed),
        removed=len(changes.removed),
        unchanged=changes.unchanged,
        failed=manifest.failed,
        superseded=_superseded(done.generation),
        not_replaced=_not_replaced(done.generation, {*changes.added, *changes.changed}),
        copy_groups=None if before is done.generation else done.generation.near_duplicate_groups(),
        skipped=done.skipped,
        articles=manifest.articles,
        passages=manifest.passages,
        embedded=done.embedded,
        reused=done.reused,
        seconds=seconds,
        note=note,
    )


def _changes(
    before: OpenGeneration | MultiSegmentStore | None, done: WrittenGeneration
) -> PathChanges:
    """The differences between the articles of `before` and those of the generation."""
    after = done.generation
    files = () if before is after else done.files
    old = {} if before is None else before.article_versions(files)
    new = after.article_versions(files)
    changes = compare(old, new)
    unchanged = changes.unchanged + after.manifest.articles - len(new)
    return changes.model_copy(update={"unchanged": unchanged})


def refusal_of(error: RebuildRefused) -> RebuildRefusal:
    """The facts about a refused rebuild, in a form for programs."""
    loss = error.loss
    return RebuildRefusal(
        error=type(error).__name__,
        message=str(error),
        removed=None if loss is None else loss.removed,
        articles=None if loss is None else loss.articles,
        examples=() if loss is None else loss.examples,
    )


def _superseded(generation: OpenGeneration) -> tuple[SupersededArticle, ...]:
    """The articles that are superseded now, in order of their ids."""
    found = generation.superseded(at=int(time.time()))
    return tuple(SupersededArticle(article=old, by=found[old]) for old in sorted(found))


def _not_replaced(generation: OpenGeneration, new: Collection[str]) -> tuple[NotReplaced, ...]:
    """The articles that would be superseded if uploads were trusted, in order of the uploads."""
    found = []
    for id in sorted(filter(is_uploaded, new)):
        upload = generation.stored_article(id)
        if upload is None or upload.url is None:
            continue
        for other in generation.articles_at(upload.url):
            article = None if is_uploaded(other) else generation.stored_article(other)
            if article is not None and _moment(article) <= _moment(upload):
                found.append(NotReplaced(article=other, by=id))
    return tuple(found)


def _moment(article: Article) -> int:
    return revision_of(article, file=article.id).moment


class Progress(Protocol):
    """A callback for the progress of a rebuild: `done` of `total` files are in the index.

    While the rebuild looks for new and changed files, `total` is None and `done` is the number of
    files looked at.
    """

    def __call__(self, done: int, total: int | None) -> None:
        """Report the progress; called from the thread of the rebuild."""


def report_progress(progress: Progress | None, done: int, total: int | None) -> None:
    """Call `progress`, if there is one."""
    if progress is not None:
        progress(done, total)
