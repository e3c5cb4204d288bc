"""When a first build publishes a partial generation, so that questions are answered early."""

from __future__ import annotations

from dataclasses import dataclass

from pullquote.index.interfaces import Index, OpenGeneration
from pullquote.index.manifest import FailedFile
from pullquote.index.rebuild.batches import Batch
from pullquote.index.rebuild.parse_results import ParseResults
from pullquote.index.rebuild.plan import RebuildPlan
from pullquote.schema import IndexProgress

FIRST_PASSAGES = 1_000
"""The passages in the first partial generation. Two slow cores embed them in about ten seconds."""

GROWTH = 3
"""Each partial generation has at least this many times as many passages as the one before. So all
of them together cost about half as much to write as the complete one."""


def is_first_build(index: Index, previous: OpenGeneration | None, plan: RebuildPlan) -> bool:
    """Whether a rebuild makes the first complete generation, and needs no consent for that.

    It does if there is no generation, or only a partial one of which every article stays.
    """
    if previous is None:
        return index.recorded_articles() is None
    if plan.base is not previous or previous.manifest.progress is None:
        return False
    return all(plan.files.get(file) == plan.known[file] for file in plan.removed)


@dataclass(frozen=True, slots=True)
class PartialContents:
    """What a partial generation has: the files that can be searched, and those that failed.

    `cut_file` is a file of which only some articles are in the generation.
    """

    progress: IndexProgress
    failed: tuple[FailedFile, ...]
    cut_file: str | None


class PartialSchedule:
    """Counts what was written, and says after which batches to publish it."""

    def __init__(self, plan: RebuildPlan, results: ParseResults) -> None:
        self._plan = plan
        self._results = results
        self._unread = sorted(plan.unread)
        self._passages = 0 if plan.base is None else plan.base.manifest.passages
        self._next = max(FIRST_PASSAGES, GROWTH * self._passages)

    def is_due(self, batch: Batch) -> bool:
        """Whether to publish after this batch, which was written; never after the last one."""
        self._passages += sum(len(one.passages) for one in batch.articles)
        if self._passages < self._next or batch.done == len(self._unread):
            return False
        self._next = GROWTH * self._passages
        return True

    def contents(self, batch: Batch) -> PartialContents:
        """What the generation has that is published after this batch."""
        left = set(self._unread[batch.done :])
        files = len(self._plan.files)
        last = batch.articles[-1].file
        failed = self._results.failed()  # of files further on too, since parsing runs ahead
        return PartialContents(
            IndexProgress(searchable=files - len(left), files=files),
            tuple(failure for failure in failed if failure.corpus_file not in left),
            last if last in left else None,
        )
