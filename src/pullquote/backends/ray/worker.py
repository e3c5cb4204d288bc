"""What works on a node: it reads and splits files, and embeds texts.

A desk knows nothing of Ray: `pool` has one run as an actor. It holds no state that an answer
depends on, so that any desk can do again what another was lost with.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from pullquote.encoder import EncoderIdentity, Vectors
from pullquote.errors import PullquoteError
from pullquote.index.manifest import Recipe
from pullquote.limits import Limits
from pullquote.parsing import check_corpus
from pullquote.parsing.workers.protocol import Frame, Kind
from pullquote.parsing.workers.supervisor import Said, Undying
from pullquote.parsing.workers.worker_process import Apart
from pullquote.passages import split_passages
from pullquote.schema import Article, Passage

CHUNK_CHARACTERS = 4_000_000
"""Of the frames of a part but its last: as much as a reading process may be ahead by here."""
PROBES = (
    "Who won?",
    "The minister said on Tuesday that nothing would change.",
    "Ōsaka’s mayor — “no comment” — left at 9:30 p.m.; shares fell 3.5 %.",
    "A passage of ordinary length, as most of them are. " * 8,
)
"""Texts whose vectors are compared before a desk embeds any."""
_LOOK_SECONDS = 0.2
"""How often it is looked whether the reading process stands still."""


class NodeEncoder(Protocol):
    """What a desk needs of an encoder."""

    @property
    def identity(self) -> EncoderIdentity:
        """Which model it is."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row for each passage, of unit length."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text."""


MakeEncoder = Callable[[int, str], NodeEncoder]
"""Gives the encoder of a desk: by so many threads, on "cpu" or "cuda". It travels to the nodes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerConfig:
    """What a desk is to do: read files of `corpus` and split them by `recipe`, within `limits`."""

    corpus: Path
    recipe: Recipe
    limits: Limits
    encoder: MakeEncoder
    threads: int
    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Handshake:
    """Who works at a desk, and its vectors of PROBES; `fault` says why nobody can work there."""

    node: str
    pullquote: str
    encoder: EncoderIdentity | None
    vectors: Vectors | None
    fault: str | None


@dataclass(frozen=True, slots=True)
class ParseJob:
    """Files to read, one after another; each version is that of a file's bytes, if known."""

    files: tuple[str, ...]
    versions: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class ParsedFrame:
    """What was said of a file; of an article also its passages."""

    file: str
    frame: Frame
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class JobChunk:
    """A part of what an order gives, and whether it is the last; cut by sizes alone."""

    frames: tuple[ParsedFrame, ...]
    last: bool


class WorkerFailed(Exception):
    """What a desk could not do, in words: pullquote's own errors do not all travel."""


class RayWorker:
    """Reads by a process of its own, within the limits, and embeds; each by one thread at a time.

    Files are read apart whatever the settings say: a node is not lost over a file.
    """

    def __init__(self, config: WorkerConfig) -> None:
        # Read by libraries when they first start threads, which comes after.
        for name in ("OMP_NUM_THREADS", "RAYON_NUM_THREADS"):
            os.environ[name] = str(config.threads)
        self._config = config
        self._encoder: NodeEncoder | None = None
        self._loading = threading.Lock()
        self._process = Undying(
            lambda: Apart(
                config.corpus,
                fields=config.recipe.fields,
                limits=config.limits,
                noting=False,
            )
        )
        self._job: ParseJob | None = None
        self._chunks: Iterator[JobChunk] = iter(())
        self._next = 0
        threading.Thread(target=self._watch, daemon=True).start()

    def handshake(self, probes: Sequence[str]) -> Handshake:
        """Who is there, after looking whether the corpus and the model are."""
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
        """The part of that number of what an order gives; from 0, and quickest one after another.

        Asked for another than the next, it reads anew up to there: reading gives the same again.
        """
        if job != self._job or chunk != self._next:
            self._process.close()  # it may be in the middle of a file
            self._job, self._next = job, 0
            self._chunks = self._read(job)
        while True:
            with _in_words():
                found = next(self._chunks, None)
            if found is None:
                told = f"{job.files[0]}, or a file behind it, changed while it was read"
                raise WorkerFailed(f"{told}; rebuild once more")
            self._next += 1
            if self._next > chunk:
                return found

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row for each text, of unit length."""
        with _in_words():
            return self._loaded().encode(texts)

    def _loaded(self) -> NodeEncoder:
        with self._loading:
            if self._encoder is None:
                asked = self._config
                self._encoder = asked.encoder(asked.threads, asked.device)
            return self._encoder

    def _read(self, job: ParseJob) -> Iterator[JobChunk]:
        read, size = list[ParsedFrame](), 0
        versions = dict(zip(job.files, job.versions, strict=True))
        for said in self._process.read(job.files, versions):
            if size >= CHUNK_CHARACTERS:
                yield JobChunk(tuple(read), last=False)
                read, size = [], 0
            read.append(self._split(said))
            size += len(said.frame.content)
        yield JobChunk(tuple(read), last=True)

    def _split(self, said: Said) -> ParsedFrame:
        if said.frame.kind is not Kind.ARTICLE:
            return ParsedFrame(said.file, said.frame)
        try:
            article = said.frame.given(said.file).found
        except ValueError:  # which the committer will find again, and name
            return ParsedFrame(said.file, said.frame)
        if not isinstance(article, Article):
            return ParsedFrame(said.file, said.frame)
        recipe = self._config.recipe
        passages = split_passages(
            article,
            count_tokens=self._loaded().count_tokens,
            budget=recipe.passage_tokens,
            overlap=recipe.overlap_sentences,
        )
        return ParsedFrame(said.file, said.frame, tuple(passages))

    def _watch(self) -> None:
        while True:
            time.sleep(_LOOK_SECONDS)
            self._process.look()


@contextmanager
def _in_words() -> Iterator[None]:
    """Raise DeskFailed for pullquote's errors."""
    try:
        yield
    except PullquoteError as error:
        raise WorkerFailed(str(error)) from None
