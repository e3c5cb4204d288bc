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
from pullquote.index.manifest import IndexConfig
from pullquote.limits import Limits
from pullquote.parsing import check_corpus
from pullquote.parsing.workers.protocol import Frame, FrameKind
from pullquote.parsing.workers.supervisor import FileFrame, WorkerSupervisor
from pullquote.parsing.workers.worker_process import WorkerProcess
from pullquote.passages import split_passages
from pullquote.schema import Article, Passage

PART_CHARACTERS = 4_000_000
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
class Assignment:
    """What a desk is to do: read files of `corpus` and split them by `recipe`, within `limits`."""

    corpus: Path
    index_config: IndexConfig
    limits: Limits
    encoder: MakeEncoder
    threads: int
    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """Who works at a desk, and its vectors of PROBES; `fault` says why nobody can work there."""

    node: str
    pullquote: str
    encoder: EncoderIdentity | None
    vectors: Vectors | None
    fault: str | None


@dataclass(frozen=True, slots=True)
class Order:
    """Files to read, one after another; each version is that of a file's bytes, if known."""

    files: tuple[str, ...]
    versions: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """What was said of a file; of an article also its passages."""

    file: str
    frame: Frame
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A part of what an order gives, and whether it is the last; cut by sizes alone."""

    read: tuple[Read, ...]
    last: bool


class DeskFailed(Exception):
    """What a desk could not do, in words: pullquote's own errors do not all travel."""


class Desk:
    """Reads by a process of its own, within the limits, and embeds; each by one thread at a time.

    Files are read apart whatever the settings say: a node is not lost over a file.
    """

    def __init__(self, assignment: Assignment) -> None:
        # Read by libraries when they first start threads, which comes after.
        for name in ("OMP_NUM_THREADS", "RAYON_NUM_THREADS"):
            os.environ[name] = str(assignment.threads)
        self._assignment = assignment
        self._encoder: NodeEncoder | None = None
        self._loading = threading.Lock()
        self._process = WorkerSupervisor(
            lambda: WorkerProcess(
                assignment.corpus,
                fields=assignment.index_config.fields,
                limits=assignment.limits,
                trace=False,
            )
        )
        self._order: Order | None = None
        self._parts: Iterator[Part] = iter(())
        self._next = 0
        threading.Thread(target=self._watch, daemon=True).start()

    def hello(self, probes: Sequence[str]) -> Hello:
        """Who is there, after looking whether the corpus and the model are."""
        fault, identity, vectors = None, None, None
        try:
            check_corpus(self._assignment.corpus)
            identity = self._loaded().identity
            vectors = self._loaded().encode(probes)
        except PullquoteError as error:
            fault = str(error)
        return Hello(
            node=socket.gethostname(),
            pullquote=version("pullquote"),
            encoder=identity,
            vectors=vectors,
            fault=fault,
        )

    def read(self, order: Order, part: int) -> Part:
        """The part of that number of what an order gives; from 0, and quickest one after another.

        Asked for another than the next, it reads anew up to there: reading gives the same again.
        """
        if order != self._order or part != self._next:
            self._process.close()  # it may be in the middle of a file
            self._order, self._next = order, 0
            self._parts = self._read(order)
        while True:
            with _in_words():
                found = next(self._parts, None)
            if found is None:
                told = f"{order.files[0]}, or a file behind it, changed while it was read"
                raise DeskFailed(f"{told}; rebuild once more")
            self._next += 1
            if self._next > part:
                return found

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row for each text, of unit length."""
        with _in_words():
            return self._loaded().encode(texts)

    def _loaded(self) -> NodeEncoder:
        with self._loading:
            if self._encoder is None:
                asked = self._assignment
                self._encoder = asked.encoder(asked.threads, asked.device)
            return self._encoder

    def _read(self, order: Order) -> Iterator[Part]:
        read, size = list[Read](), 0
        versions = dict(zip(order.files, order.versions, strict=True))
        for said in self._process.parse(order.files, versions):
            if size >= PART_CHARACTERS:
                yield Part(tuple(read), last=False)
                read, size = [], 0
            read.append(self._split(said))
            size += len(said.frame.content)
        yield Part(tuple(read), last=True)

    def _split(self, said: FileFrame) -> Read:
        if said.frame.kind is not FrameKind.ARTICLE:
            return Read(said.file, said.frame)
        try:
            article = said.frame.output(said.file).found
        except ValueError:  # which the committer will find again, and name
            return Read(said.file, said.frame)
        if not isinstance(article, Article):
            return Read(said.file, said.frame)
        index_config = self._assignment.index_config
        passages = split_passages(
            article,
            count_tokens=self._loaded().count_tokens,
            budget=index_config.passage_tokens,
            overlap=index_config.overlap_sentences,
        )
        return Read(said.file, said.frame, tuple(passages))

    def _watch(self) -> None:
        while True:
            time.sleep(_LOOK_SECONDS)
            self._process.kill_if_stuck()


@contextmanager
def _in_words() -> Iterator[None]:
    """Raise DeskFailed for pullquote's errors."""
    try:
        yield
    except PullquoteError as error:
        raise DeskFailed(str(error)) from None
