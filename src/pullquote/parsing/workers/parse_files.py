"""Parses many files into articles, in order, either in worker processes or in our own process."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

from pullquote.base.cancellation import check_cancelled
from pullquote.parsing.parse import stream_articles
from pullquote.parsing.source import NO_OPTIONS, ParseOptions, ParserOutput
from pullquote.parsing.trace import Trace, tracing
from pullquote.parsing.workers.protocol import FrameKind
from pullquote.parsing.workers.worker_process import FileFrame, WorkerProcess, WorkerSupervisor
from pullquote.schema.errors import ArticleError
from pullquote.schema.file_limits import LIMITS, Limits

_MOST_FILES = 32
"""The largest number of files in a batch. Sending a batch takes about as long as parsing a small
file."""
_MOST_BYTES = 1 << 18
"""A batch is full when its files have this many bytes, for instance a few web pages or one PDF."""
_MOST_WAITING = 4 << 20
"""Maximum size of the frames that wait in a batch, in bytes, not counting the last frame."""
_MOST_WAITING_IN_ALL = 16 << 20
"""The same for all batches; the first batch may always have as many as one batch may."""
_BATCHES_AHEAD = 32
"""How many batches a process may be ahead. While one process parses a PDF that takes ten seconds,
the other parses some hundred pages."""
_CHECK_SECONDS = 0.2
"""Seconds between two checks for stuck processes."""


@dataclass(slots=True)
class _Batch:
    """Files that one process parses in turn, and the frames that wait for the consumer."""

    files: Sequence[str]
    waiting: list[FileFrame] = field(default_factory=list)
    size: int = 0
    ended: bool = False


class WorkerPool:
    """Parses files of a corpus in worker processes. These start at once, and `close` ends them.

    For each process, a thread sends a few files at a time to the process and collects its frames.
    The threads run only a few batches ahead of the consumer. So neither a large corpus nor a large
    file fills the memory.
    """

    def __init__(
        self,
        corpus: Path,
        versions: Mapping[str, str | None],
        *,
        options: ParseOptions,
        limits: Limits,
        processes: int,
        trace: bool = False,
    ) -> None:
        self._versions = versions
        self._corpus, self._options, self._limits = corpus, options, limits
        self._trace = trace
        self._left = map(_Batch, file_batches(corpus, list(versions), processes=processes))
        self._begun = deque[_Batch]()
        """Batches that have begun and are not yet fully consumed, in order."""
        self._all_begun = False
        self._running = set[WorkerSupervisor]()
        self._fault: BaseException | None = None
        self._closed = threading.Event()
        lock = threading.Lock()
        self._room, self._news = threading.Condition(lock), threading.Condition(lock)
        number = min(processes, len(versions))
        self._most_begun = _BATCHES_AHEAD * number
        self._waiting = 0
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(number)]
        self._threads.append(threading.Thread(target=self._watch, daemon=True))
        for thread in self._threads:
            thread.start()

    def outputs(self) -> Iterator[ParserOutput]:
        """The articles and errors of the files, in the order of their names.

        Raises:
            ReadingFailed: no process can be started.
        """
        trace: Trace | None = None
        while (frames := self._take()) is not None:
            for one in frames:
                try:
                    if one.frame.kind is FrameKind.TRACE:
                        trace = one.frame.trace()
                        continue
                    yield replace(one.frame.output(one.file), trace=trace)
                except ValueError as error:
                    malformed = ArticleError(one.file, "its parser returned an invalid article")
                    malformed.__cause__ = error
                    yield ParserOutput(one.file, malformed)
                trace = None

    def close(self) -> None:
        """End all processes, even if they are parsing."""
        with self._room:
            self._closed.set()
            self._room.notify_all()
            self._news.notify_all()
            for supervisor in self._running:
                supervisor.kill()
        for thread in self._threads:
            thread.join()

    def _take(self) -> list[FileFrame] | None:
        """Wait for the next frames. Returns None after the last frame."""
        with self._news:
            while not self._news.wait_for(self._has_news, timeout=1):
                check_cancelled()  # Windows handles Ctrl-C only between two waits, too
            if self._fault is not None:
                raise self._fault
            if not self._begun or self._closed.is_set():
                return None
            batch = self._begun[0]
            self._waiting -= batch.size
            frames, batch.waiting, batch.size = batch.waiting, [], 0
            if batch.ended:
                self._begun.popleft()
            self._room.notify_all()
            return frames

    def _has_news(self) -> bool:
        if self._fault is not None or self._closed.is_set():
            return True
        if not self._begun:
            return self._all_begun
        return bool(self._begun[0].waiting) or self._begun[0].ended

    def _work(self) -> None:
        """Let one process parse batch after batch. This runs in a thread."""
        supervisor = WorkerSupervisor(
            lambda: WorkerProcess(
                self._corpus, options=self._options, limits=self._limits, trace=self._trace
            )
        )
        with self._room:
            self._running.add(supervisor)
            if self._closed.is_set():
                supervisor.kill()
        try:
            supervisor.start()
            while (batch := self._begin()) is not None:
                for frame in supervisor.parse(batch.files, self._versions):
                    self._put(batch, frame)
                with self._news:
                    batch.ended = True
                    self._news.notify()
        except BaseException as fault:  # noqa: BLE001 - the consumer raises it again
            with self._news:
                self._fault = fault
                self._news.notify()
        finally:
            with self._room:
                self._running.discard(supervisor)
            supervisor.close()

    def _begin(self) -> _Batch | None:
        """Wait until another batch may begin, and return this batch; None after the last one."""
        with self._room:
            self._room.wait_for(
                lambda: self._closed.is_set() or len(self._begun) < self._most_begun
            )
            batch = None if self._closed.is_set() else next(self._left, None)
            if batch is None:
                self._all_begun = True
            else:
                self._begun.append(batch)
            self._news.notify()
            return batch

    def _put(self, batch: _Batch, frame: FileFrame) -> None:
        with self._room:
            self._room.wait_for(lambda: self._closed.is_set() or self._has_room(batch))
            batch.waiting.append(frame)
            batch.size += len(frame.frame.content)
            self._waiting += len(frame.frame.content)
            self._news.notify()

    def _has_room(self, batch: _Batch) -> bool:
        """Whether another frame of a batch may wait."""
        is_first = batch is self._begun[0]
        return batch.size < _MOST_WAITING and (is_first or self._waiting < _MOST_WAITING_IN_ALL)

    def _watch(self) -> None:
        """Kill stuck processes. This runs in a thread."""
        while not self._closed.wait(_CHECK_SECONDS):
            with self._room:
                running = list(self._running)
            for supervisor in running:
                supervisor.kill_if_stuck()


def file_batches(corpus: Path, names: Sequence[str], *, processes: int) -> Iterator[list[str]]:
    """The files in batches, small enough for every process to get some. Large files end a batch."""
    most = min(_MOST_FILES, max(1, len(names) // (4 * processes)))
    batch, size = list[str](), 0
    for name in names:
        batch.append(name)
        size += _size(corpus / name)
        if len(batch) == most or size >= _MOST_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _size(path: Path) -> int:
    """The size of a file in bytes. It is 0 if the file is gone, which the parser will report."""
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FileParser:
    """Parses files within limits, in a number of worker processes.

    If the number is 0, files are parsed in our own process. In that case, a file that crashes its
    parser ends our process, and a file whose parsing never ends blocks our process. With `trace`,
    the outputs include what parsers record.
    """

    limits: Limits = LIMITS
    processes: int = 0
    trace: bool = False

    @contextmanager
    def parse(
        self,
        corpus: Path,
        versions: Mapping[str, str | None],
        *,
        options: ParseOptions = NO_OPTIONS,
    ) -> Iterator[Iterator[ParserOutput]]:
        """The articles and errors of files of a corpus, in the order of `versions`.

        The outputs of each file end with None. They are the same with any number of processes. If
        there are files, the processes start at once. They end when the context ends.

        `versions` maps the name of each file to its version, if known. If a file kills its
        process, the error of the file gets this version.
        """
        if not versions or self.processes == 0:
            yield self._parse_here(corpus, versions, options=options)
            return
        with closing(
            WorkerPool(
                corpus,
                versions,
                options=options,
                limits=self.limits,
                processes=self.processes,
                trace=self.trace,
            )
        ) as pool:
            yield pool.outputs()

    def _parse_here(
        self, corpus: Path, names: Iterable[str], *, options: ParseOptions
    ) -> Iterator[ParserOutput]:
        for name in names:
            with tracing() if self.trace else nullcontext() as trace:
                try:
                    for found in stream_articles(
                        corpus / name, id=name, options=options, limits=self.limits
                    ):
                        yield ParserOutput(name, found, trace=trace)
                        if trace is not None:
                            trace.clear()
                except ArticleError as error:
                    yield ParserOutput(name, error, is_file_error=True)
            yield ParserOutput(name, None)
