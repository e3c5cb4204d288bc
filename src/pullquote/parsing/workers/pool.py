"""Files read by several processes at once, given in order.

Each process has a thread that hands it a few files at a time and takes what it says. Threads are a
few batches ahead of what was asked for and no more, so that neither the articles of a large corpus
nor those of a large file fill the memory.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pullquote.errors import ArticleError
from pullquote.limits import Limits
from pullquote.parsing.source import Given
from pullquote.parsing.trace import Notes
from pullquote.parsing.workers.protocol import Kind
from pullquote.parsing.workers.supervisor import Said, Undying
from pullquote.parsing.workers.worker_process import Apart

_MOST_FILES = 32
"""In a batch. An order takes about what reading a small file does."""
_MOST_BYTES = 1 << 18
"""Of the files of a batch: a few web pages, or one PDF."""
_MOST_WAITING = 4 << 20
"""Bytes of articles of a batch that wait to be taken, but for the last."""
_LOOK_SECONDS = 0.2
"""How often it is looked whether a process stands still."""


@dataclass(slots=True)
class _Batch:
    """Files that a process reads one after another, and what was said of them and not yet taken."""

    files: Sequence[str]
    waiting: list[Said] = field(default_factory=list)
    size: int = 0
    ended: bool = False


class SideBySide:
    """Reads files of a corpus by processes, which start at once and end with `close`."""

    def __init__(
        self,
        corpus: Path,
        names: Mapping[str, str | None],
        *,
        fields: Mapping[str, str],
        limits: Limits,
        processes: int,
        noting: bool = False,
    ) -> None:
        self._names = names
        self._corpus, self._fields, self._limits = corpus, fields, limits
        self._noting = noting
        self._left = map(_Batch, file_batches(corpus, list(names), processes=processes))
        self._ahead = deque[_Batch]()
        """The batches that were begun and not yet taken to their end, in order."""
        self._all_begun = False
        self._running = set[Undying]()
        self._fault: BaseException | None = None
        self._closed = threading.Event()
        lock = threading.Lock()
        self._room, self._news = threading.Condition(lock), threading.Condition(lock)
        number = min(processes, len(names))
        self._most_ahead = 2 * number
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(number)]
        self._threads.append(threading.Thread(target=self._watch, daemon=True))
        for thread in self._threads:
            thread.start()

    def given(self) -> Iterator[Given]:
        """What the files give, in the order of their names.

        Raises:
            ReadingFailed: no process can be started.
        """
        notes: Notes | None = None
        while (said := self._take()) is not None:
            for one in said:
                try:
                    if one.frame.kind is Kind.NOTES:
                        notes = one.frame.notes()
                        continue
                    yield replace(one.frame.given(one.file), notes=notes)
                except ValueError as error:
                    told = ArticleError(one.file, "its reader gave what is no article")
                    told.__cause__ = error
                    yield Given(one.file, told)
                notes = None

    def close(self) -> None:
        """End all processes, whatever they are doing."""
        with self._room:
            self._closed.set()
            self._room.notify_all()
            self._news.notify_all()
            for process in self._running:
                process.kill()
        for thread in self._threads:
            thread.join()

    def _take(self) -> list[Said] | None:
        """What was said next, or None after the last; waits for it."""
        with self._news:
            while not self._news.wait_for(self._has_news, timeout=1):
                pass  # on Windows Ctrl-C is only heard between two waits
            if self._fault is not None:
                raise self._fault
            if not self._ahead or self._closed.is_set():
                return None
            batch = self._ahead[0]
            said, batch.waiting, batch.size = batch.waiting, [], 0
            if batch.ended:
                self._ahead.popleft()
            self._room.notify_all()
            return said

    def _has_news(self) -> bool:
        if self._fault is not None or self._closed.is_set():
            return True
        if not self._ahead:
            return self._all_begun
        return bool(self._ahead[0].waiting) or self._ahead[0].ended

    def _work(self) -> None:
        """Let a process read batch after batch; what a thread of ours does."""
        process = Undying(
            lambda: Apart(
                self._corpus, fields=self._fields, limits=self._limits, noting=self._noting
            )
        )
        with self._room:
            self._running.add(process)
            if self._closed.is_set():
                process.kill()
        try:
            process.start()
            while (batch := self._begin()) is not None:
                for said in process.read(batch.files, self._names):
                    self._say(batch, said)
                with self._news:
                    batch.ended = True
                    self._news.notify()
        except BaseException as fault:  # noqa: BLE001 - raised again by whoever takes
            with self._news:
                self._fault = fault
                self._news.notify()
        finally:
            with self._room:
                self._running.discard(process)
            process.close()

    def _begin(self) -> _Batch | None:
        """The next batch, once it may be begun; None after the last."""
        with self._room:
            self._room.wait_for(
                lambda: self._closed.is_set() or len(self._ahead) < self._most_ahead
            )
            batch = None if self._closed.is_set() else next(self._left, None)
            if batch is None:
                self._all_begun = True
            else:
                self._ahead.append(batch)
            self._news.notify()
            return batch

    def _say(self, batch: _Batch, said: Said) -> None:
        """Put down what was said, once there is room."""
        with self._room:
            self._room.wait_for(lambda: self._closed.is_set() or batch.size < _MOST_WAITING)
            batch.waiting.append(said)
            batch.size += len(said.frame.content)
            self._news.notify()

    def _watch(self) -> None:
        """Look after the processes; what one more thread does."""
        while not self._closed.wait(_LOOK_SECONDS):
            with self._room:
                running = list(self._running)
            for process in running:
                process.look()


def file_batches(corpus: Path, names: Sequence[str], *, processes: int) -> Iterator[list[str]]:
    """The files in batches: few enough that every process has some, large ones alone."""
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
    """The bytes of a file; 0 where it is gone by now, which reading it will tell."""
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        return 0
