"""Writes the next generation, and publishes partial ones while a first build runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

from pullquote.index.folder.generation import Generation
from pullquote.index.folder.writer import GenerationWriter
from pullquote.index.interfaces import Index, OpenGeneration, Writer
from pullquote.index.rebuild.batches import Batch, Work
from pullquote.index.rebuild.consent import ConsentCheck
from pullquote.index.rebuild.plan import RebuildPlan
from pullquote.index.rebuild.report import Progress, report_progress
from pullquote.parsing import check_corpus
from pullquote.schema import IndexProgress
from pullquote.schema.errors import CorpusUnreadable

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


class PartialSchedule:
    """Counts what was written, and says after which batches to publish it."""

    def __init__(self, plan: RebuildPlan) -> None:
        self._unread = len(plan.unread)
        self._passages = 0 if plan.base is None else plan.base.manifest.passages
        self._next = max(FIRST_PASSAGES, GROWTH * self._passages)

    def is_due(self, batch: Batch) -> bool:
        """Whether to publish after this batch, which was written; never after the last one."""
        self._passages += sum(len(one.passages) for one in batch.articles)
        if self._passages < self._next or batch.done == self._unread:
            return False
        self._next = GROWTH * self._passages
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationWriting:
    """Writes the batches of a rebuild to an index, and publishes what they make.

    In an index folder, a first build publishes partial generations on the way. Each starts from the
    one before, as a rebuild does. So they are read like any other generation, and after an
    interruption the next rebuild starts from the last one.
    """

    index: Index
    previous: OpenGeneration | None
    plan: RebuildPlan
    check: ConsentCheck
    work: Work
    progress: Progress | None

    def write(
        self, batches: Iterator[Batch], *, dimension: int, release: Callable[[], None]
    ) -> OpenGeneration:
        """The complete generation; `release` is called when all batches are written."""
        previous, base, removed = self.previous, self.plan.base, self.plan.removed
        schedule = None
        if is_first_build(self.index, self.previous, self.plan):
            schedule = PartialSchedule(self.plan)
        with ExitStack() as partial:
            while True:
                with self.index.writing(previous, base=base, dimension=dimension) as writer:
                    writer.remove(removed)
                    published = self._add(writer, batches, schedule)
                    if published is None:
                        release()
                        return self._finish(writer)
                partial.close()  # the partial generation before
                partial.callback(published.close)
                previous, base, removed = published, published, []

    def _add(
        self, writer: Writer, batches: Iterator[Batch], schedule: PartialSchedule | None
    ) -> Generation | None:
        """Add batches, and finish a partial generation when one is due; None after the last one."""
        for batch in batches:
            write(writer, batch)
            self.check.count_batch(batch)
            report_progress(self.progress, batch.done, len(self.work.unread))
            if (
                isinstance(writer, GenerationWriter)  # no other index has partial generations
                and schedule is not None
                and schedule.is_due(batch)
            ):
                return self._finish_partial(writer, batch)
        return None

    def _finish_partial(self, writer: GenerationWriter, batch: Batch) -> Generation:
        """Finish a generation with the files up to a batch, which may end within a file."""
        left = set(sorted(self.plan.unread)[batch.done :])
        files, last = len(self.plan.files), batch.articles[-1].file
        failed = self.work.results.failed()  # of files further on too, since parsing runs ahead
        return writer.finish(
            self.work.index_config,
            corpus=self.work.corpus,
            failed=tuple(failure for failure in failed if failure.corpus_file not in left),
            limits=self.work.reading.limits,
            progress=IndexProgress(searchable=files - len(left), files=files),
            cut_file=last if last in left else None,
        )

    def _finish(self, writer: Writer) -> OpenGeneration:
        """Finish the complete generation, if the consent allows what was read."""
        report_progress(self.progress, len(self.work.unread), len(self.work.unread))
        if check_corpus(self.work.corpus) != self.plan.folder:
            reason = "another folder replaced it while it was read"
            raise CorpusUnreadable(self.work.corpus, reason)
        failed = self.work.results.failed()
        self.check.check_parsed(failed=len(failed))
        return writer.finish(
            self.work.index_config,
            corpus=self.work.corpus,
            failed=failed,
            limits=self.work.reading.limits,
        )


def write(writer: Writer, batch: Batch) -> None:
    """Add the articles of a batch."""
    for one in batch.articles:
        writer.add(one.article, one.passages, one.vectors, file=one.file)
