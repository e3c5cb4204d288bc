"""Prepares articles on a cluster: it parses, splits and embeds them in the order of the files."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np

from pullquote.index.encoder import Vectors
from pullquote.index.rebuild import batches as prepared
from pullquote.index.rebuild.batches import Batch, Work
from pullquote.parsing import ParserOutput, file_version
from pullquote.parsing.workers.parse_files import file_batches
from pullquote.schema import Passage
from pullquote.schema.errors import ArticleError, ClusterUnusable
from pullquote_ray.joining import ray_session
from pullquote_ray.worker import (
    PROBES,
    ActorShape,
    Handshake,
    JobChunk,
    MakeEncoder,
    ParsedFrame,
    ParseJob,
    WorkerConfig,
)

if TYPE_CHECKING:
    from pullquote_ray.pool import RayWorkerPool, Task

MOST_DIFFERENT = 1e-5
"""The largest accepted difference between a number in a worker's vector and the same number in
ours. The numbers of two machines differ by about 1e-7."""

_AHEAD = 2
"""How many batches each worker has to embed: one that it works on, and the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RayCluster:
    """The Ray cluster at `address`; `encoder` makes the encoder of each worker.

    Every node must have the corpus at the same path, with the same files.
    """

    address: str
    shape: ActorShape
    encoder: MakeEncoder

    @contextmanager
    def prepare(self, work: Work) -> Iterator[Iterator[Batch]]:
        """The same batches as `prepare_locally`; vectors differ by at most MOST_DIFFERENT.

        Raises:
            ExtraMissing: Ray is not installed.
            ClusterUnusable: the cluster cannot be reached, differs from this machine, or is lost.
        """
        if not work.unread:
            yield iter(())
            return
        with ray_session(self.address):
            from pullquote_ray.pool import RayWorkerPool  # noqa: PLC0415 - it imports Ray

            config = WorkerConfig(
                corpus=work.corpus.absolute(),
                index_config=work.index_config,
                limits=work.reading.limits,
                encoder=self.encoder,
                threads=self.shape.cpus,
                device="cuda" if self.shape.gpus else "cpu",
            )
            check = HandshakeCheck(self.address, work)
            with closing(RayWorkerPool(self.address, config, self.shape, check=check)) as pool:
                yield BatchPreparer(self.address, work, pool).batches()


class HandshakeCheck:
    """Checks that a worker gives the same results as this process."""

    def __init__(self, address: str, work: Work) -> None:
        self._address = address
        self._encoder = work.embeddings.encoder
        self._expected: Vectors | None = None

    def __call__(self, handshake: Handshake) -> None:
        """Check the handshake of a worker.

        Raises:
            ClusterUnusable: the worker differs, or cannot work.
        """
        ours = version("pullquote")
        if handshake.pullquote != ours:
            self._refuse(handshake, f"it has pullquote {handshake.pullquote}, not {ours}")
        if handshake.fault is not None:
            self._refuse(handshake, handshake.fault)
        if handshake.encoder != self._encoder.identity:
            self._refuse(
                handshake, f"its encoder is {handshake.encoder}, not {self._encoder.identity}"
            )
        if self._expected is None:
            self._expected = self._encoder.encode(PROBES)
        if handshake.vectors is None or handshake.vectors.shape != self._expected.shape:
            self._refuse(handshake, "its vectors have a different dimension")
        elif (far := float(np.abs(handshake.vectors - self._expected).max())) > MOST_DIFFERENT:
            self._refuse(handshake, f"its vectors differ by {far:.1e}, more than {MOST_DIFFERENT}")

    def _refuse(self, handshake: Handshake, reason: str) -> None:
        raise ClusterUnusable(self._address, f"on its node {handshake.node}: {reason}")


@dataclass(slots=True)
class _RunningJob:
    """A job that is being parsed; `task` returns its chunk number `chunk`."""

    job: ParseJob
    task: Task
    chunk: int = 0


class BatchPreparer:
    """Prepares batches a little before they are needed, so that all workers stay busy."""

    def __init__(self, address: str, work: Work, pool: RayWorkerPool) -> None:
        self._address = address
        self._work = work
        self._pool = pool

    def batches(self) -> Iterator[Batch]:
        """The batches, with the same articles in each as without a cluster."""
        ahead: prepared.EmbeddingAhead[Task] = prepared.EmbeddingAhead(
            self._work.embeddings, partial(self._pool.submit, "embed"), self._pool.result
        )
        return ahead.batches(self._split_batches(), lambda: _AHEAD * self._pool.workers)

    def _split_batches(self) -> Iterator[prepared.SplitBatch]:
        size = prepared.ARTICLES_AT_ONCE
        for articles in self._work.results.batches(self._given(), size=size):
            yield prepared.SplitBatch(articles, self._work.results.done)

    def _given(self) -> Iterator[tuple[ParserOutput, Sequence[Passage]]]:
        """The articles with their passages, and the errors of the files, in their order.

        Each of them has the digest of the bytes that the node read, which is compared with our
        file's.
        """
        version = None  # of the current file, once it is known
        for parsed in self._frames():
            try:
                given = parsed.frame.output(parsed.file)
            except ValueError as error:
                fault = ArticleError(parsed.file, "its parser returned an invalid article")
                fault.__cause__ = error
                given = ParserOutput(parsed.file, fault)
            if given.found is None:
                version = None
            elif given.found.version is not None and given.found.version != version:
                version = given.found.version
                if version != self._work.unread[parsed.file]:
                    reason = f"has other bytes there (SHA-256 {version[:12]}…) than here"
                    self._check_unchanged(parsed.file, reason)
            elif given.found.version is None and given.is_file_error:
                reason = f"cannot be opened there ({given.found.reason}), but it can be here"
                self._check_unchanged(parsed.file, reason)
            yield given, parsed.passages

    def _frames(self) -> Iterator[ParsedFrame]:
        """The frames of all files in order; each worker runs one parsing job at a time."""
        running, jobs = deque[_RunningJob](), self._jobs()
        while True:
            while len(running) < self._pool.workers and (job := next(jobs, None)) is not None:
                running.append(_RunningJob(job, self._pool.submit("parse", job, 0)))
            if not running:
                return
            chunk: JobChunk = self._pool.result(running[0].task)
            if chunk.last:
                running.popleft()
            else:
                running[0].chunk += 1
                running[0].task = self._pool.submit(
                    "parse", running[0].job, running[0].chunk, after=running[0].task
                )
            yield from chunk.frames

    def _jobs(self) -> Iterator[ParseJob]:
        unread = self._work.unread
        for files in file_batches(self._work.corpus, list(unread), processes=self._pool.workers):
            yield ParseJob(tuple(files), tuple(unread[file] for file in files))

    def _check_unchanged(self, file: str, reason: str) -> None:
        """Raise an error about the node, unless our own file has changed since it was listed."""
        try:
            ours = file_version(self._work.corpus / file, id=file)
        except ArticleError:
            return
        if ours == self._work.unread[file]:
            remedy = "every node must have the corpus at the same path, with the same files"
            raise ClusterUnusable(self._address, f"{file} {reason}; {remedy}")
