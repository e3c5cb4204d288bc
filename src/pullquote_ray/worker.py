"""A worker on a node: parses and splits files, and embeds texts.

A worker knows nothing about Ray: `pool` runs it as an actor. Its results do not depend on its
state, so any worker can repeat the tasks of a lost one.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from pullquote.index.encoder import Encoder, EncoderIdentity, Vectors
from pullquote.index.manifest import IndexConfig
from pullquote.index.passages import split_passages
from pullquote.parsing import check_corpus
from pullquote.parsing.workers.protocol import Frame, FrameKind, error_frame
from pullquote.parsing.workers.worker_process import FileFrame, WorkerProcess, WorkerSupervisor
from pullquote.schema import Article, Passage
from pullquote.schema.errors import ArticleError, PullquoteError
from pullquote.schema.file_limits import Limits

CHUNK_CHARACTERS = 4_000_000
"""Maximum number of characters in the frames of a chunk, not counting its last frame. The parser
process may be ahead by as much."""

PROBES = (
    "Who won?",
    "The minister said on Tuesday that nothing would change.",
    "Ōsaka’s mayor — “no comment” — left at 9:30 p.m.; shares fell 3.5 %.",
    "A passage of ordinary length, as most of them are. " * 8,
)
"""Texts whose vectors are compared before a worker embeds any."""

_LOOK_SECONDS = 0.2
"""Seconds between two checks of whether the parser process hangs."""


MakeEncoder = Callable[[int, str], Encoder]
"""Makes the encoder of a worker, given a number of threads and "cpu" or "cuda". The function is
pickled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorShape:
    """The number of actors, and the CPUs and GPUs of each.

    If `actors` is None, there are as many as the nodes have room for when the rebuild begins.
    """

    actors: int | None
    cpus: int
    gpus: float

    @property
    def needs(self) -> str:
        """The resources of an actor, as text."""
        cpus = f"{self.cpus} CPU{'' if self.cpus == 1 else 's'}"
        return f"{cpus} and {self.gpus:g} GPU" if self.gpus else cpus

    def fits(self, node: Mapping[str, float]) -> int:
        """How many actors fit on a node with those resources.

        An actor's share of a GPU must be on one GPU: three shares of 0.6 do not fit on two GPUs.
        """
        room, gpus = int(node.get("CPU", 0.0) // self.cpus), node.get("GPU", 0.0)
        if not self.gpus:
            return room
        if self.gpus < 1:
            return min(room, int(gpus) * int(1 / self.gpus + 1e-9))  # 1.0 // 0.1 is 9
        return min(room, int(gpus // self.gpus))


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerConfig:
    """The configuration of a worker, which parses, splits and embeds files of `corpus`."""

    corpus: Path
    index_config: IndexConfig
    limits: Limits
    encoder: MakeEncoder
    threads: int
    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Handshake:
    """The properties of a worker, with its vectors of PROBES; `fault` says why it cannot work."""

    node: str
    pullquote: str
    encoder: EncoderIdentity | None
    vectors: Vectors | None
    fault: str | None


@dataclass(frozen=True, slots=True)
class ParseJob:
    """Files to parse in order, and the SHA-256 of each, if known."""

    files: tuple[str, ...]
    versions: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class ParsedFrame:
    """A frame of the parser's output for a file, with the passages if it is an article."""

    file: str
    frame: Frame
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class JobChunk:
    """Consecutive frames of a job, cut by size alone, and whether they are the last ones."""

    frames: tuple[ParsedFrame, ...]
    last: bool


class WorkerFailed(Exception):
    """An error of a worker as text, since some errors of pullquote cannot be pickled."""


class RayWorker:
    """Parses and embeds; each of the two may be called by one thread at a time.

    Files are always parsed in a child process, so no file can crash the worker.
    """

    def __init__(self, config: WorkerConfig) -> None:
        # Libraries read these when they start their first threads, which is later.
        for name in ("OMP_NUM_THREADS", "RAYON_NUM_THREADS"):
            os.environ[name] = str(config.threads)
        self._config = config
        self._encoder: Encoder | None = None
        self._loading = threading.Lock()
        self._process = WorkerSupervisor(
            lambda: WorkerProcess(
                config.corpus,
                options=config.index_config.parse_options,
                limits=config.limits,
                trace=False,
            )
        )
        self._job: ParseJob | None = None
        self._chunks: Iterator[JobChunk] = iter(())
        self._next = 0
        threading.Thread(target=self._watch, daemon=True).start()

    def handshake(self, probes: Sequence[str]) -> Handshake:
        """The properties of this worker, after checking that it has the corpus and the model."""
        fault, identity, vectors = None, None, None
        try:
            check_corpus(self._config.corpus)
            identity = self._loaded().identity
            vectors = self._loaded().encode(probes)
        except PullquoteError as error:
            fault = str(error)
        return Handshake(
            node=socket.gethostname(),
            pullquote=version("pullquote"),
            encoder=identity,
            vectors=vectors,
            fault=fault,
        )

    def parse(self, job: ParseJob, chunk: int) -> JobChunk:
        """Chunk number `chunk`, counted from 0, of the results of a job.

        Calls are fastest if they ask for the chunks in order. For any other chunk, the job is
        parsed again up to that chunk, with the same results.

        Raises:
            WorkerFailed: a file changed during parsing, or parsing failed.
        """
        if job != self._job or chunk != self._next:
            self._process.close()  # it may be parsing a file
            self._job, self._next = job, 0
            self._chunks = self._parse(job)
        while True:
            with _errors_as_text():
                found = next(self._chunks, None)
            if found is None:
                changed = f"{job.files[0]}, or a file after it, changed while it was read"
                raise WorkerFailed(f"{changed}; run the rebuild again")
            self._next += 1
            if self._next > chunk:
                return found

    def embed(self, texts: Sequence[str]) -> Vectors:
        """A unit vector for each text, one in each row."""
        with _errors_as_text():
            return self._loaded().encode(texts)

    def _loaded(self) -> Encoder:
        with self._loading:
            if self._encoder is None:
                config = self._config
                self._encoder = config.encoder(config.threads, config.device)
            return self._encoder

    def _parse(self, job: ParseJob) -> Iterator[JobChunk]:
        frames, size = list[ParsedFrame](), 0
        versions = dict(zip(job.files, job.versions, strict=True))
        for file_frame in self._process.parse(job.files, versions):
            if size >= CHUNK_CHARACTERS:
                yield JobChunk(tuple(frames), last=False)
                frames, size = [], 0
            frames.append(self._split(file_frame))
            size += len(file_frame.frame.content)
        yield JobChunk(tuple(frames), last=True)

    def _split(self, file_frame: FileFrame) -> ParsedFrame:
        article = None
        if file_frame.frame.kind is FrameKind.ARTICLE:
            with suppress(ValueError):  # the process that rebuilds will report it
                article = file_frame.frame.output(file_frame.file).found
        if not isinstance(article, Article):
            return ParsedFrame(file_frame.file, file_frame.frame)
        index_config = self._config.index_config
        try:
            passages = split_passages(
                article,
                count_tokens=self._loaded().count_tokens,
                budget=index_config.passage_tokens,
                overlap=index_config.overlap_sentences,
                seconds=self._config.limits.seconds,
            )
        except ArticleError as error:
            is_file = error.path == file_frame.file
            return ParsedFrame(file_frame.file, error_frame(error, is_file_error=is_file))
        return ParsedFrame(file_frame.file, file_frame.frame, tuple(passages))

    def _watch(self) -> None:
        while True:
            time.sleep(_LOOK_SECONDS)
            self._process.kill_if_stuck()


@contextmanager
def _errors_as_text() -> Iterator[None]:
    """Raise WorkerFailed for pullquote's errors."""
    try:
        yield
    except PullquoteError as error:
        raise WorkerFailed(str(error)) from None
