"""Articles prepared on a cluster: read, split and embedded there, in the order of the files."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np

from pullquote.backends.ray.joining import joined
from pullquote.backends.ray.shape import Shape
from pullquote.backends.ray.slots import Task
from pullquote.backends.ray.worker import (
    PROBES,
    Assignment,
    Hello,
    MakeEncoder,
    Order,
    Read,
    Part,
)
from pullquote.encoder import Vectors
from pullquote.errors import ArticleError, ClusterUnusable
from pullquote.index.embedding_cache import EmbeddingCache
from pullquote.index.rebuild import batches as prepared
from pullquote.index.rebuild.batches import Batch, Work
from pullquote.index.rebuild.batches import attach_vectors as with_vectors
from pullquote.index.rebuild.parse_results import ParsedArticle
from pullquote.parsing import ParserOutput, file_version
from pullquote.parsing.workers.pool import file_batches
from pullquote.passages import embedding_text
from pullquote.schema import Article, Passage

if TYPE_CHECKING:
    from pullquote.backends.ray.pool import Pool

MOST_DIFFERENT = 1e-5
"""In any number of a unit vector, between a desk's and ours. Two machines differ by 1e-7 or so."""

_AHEAD = 2
"""Batches that each desk has to embed: one that it works on, and one for when that is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Where articles are prepared: the Ray at `address`; `encoder` makes the encoder of each desk.

    Every node has the corpus at the same path as we have, with the same files.
    """

    address: str
    shape: Shape
    encoder: MakeEncoder

    @contextmanager
    def prepare(self, work: Work) -> Iterator[Iterator[Batch]]:
        """What is to be written; the same as `prepare_here` gives, within MOST_DIFFERENT.

        Raises:
            ExtraMissing: Ray is not installed.
            ClusterUnusable: the cluster cannot be reached, is not as it has to be, or all of it is
                lost on the way.
        """
        if not work.unread:
            yield iter(())
            return
        with joined(self.address):
            from pullquote.backends.ray.pool import Pool  # noqa: PLC0415 - it imports Ray

            assignment = Assignment(
                corpus=work.corpus.absolute(),
                index_config=work.index_config,
                limits=work.reading.limits,
                encoder=self.encoder,
                threads=self.shape.cpus,
                device="cuda" if self.shape.gpus else "cpu",
            )
            check = Check(self.address, work)
            with closing(Pool(self.address, assignment, self.shape, check=check)) as pool:
                yield Preparing(self.address, work, pool).batches()


class Check:
    """Whether a desk would do what we would."""

    def __init__(self, address: str, work: Work) -> None:
        self._address = address
        self._encoder = work.embeddings.encoder
        self._expected: Vectors | None = None

    def __call__(self, hello: Hello) -> None:
        """Let a desk begin.

        Raises:
            ClusterUnusable: it would do something else, or nothing.
        """
        ours = version("pullquote")
        if hello.pullquote != ours:
            self._refuse(hello, f"it has pullquote {hello.pullquote}, and we have {ours}")
        if hello.fault is not None:
            self._refuse(hello, hello.fault)
        if hello.encoder != self._encoder.identity:
            self._refuse(hello, f"its encoder is {hello.encoder}, not {self._encoder.identity}")
        if self._expected is None:
            self._expected = self._encoder.encode(PROBES)
        if hello.vectors is None or hello.vectors.shape != self._expected.shape:
            self._refuse(hello, "its vectors have another dimension")
        elif (far := float(np.abs(hello.vectors - self._expected).max())) > MOST_DIFFERENT:
            self._refuse(hello, f"its vectors differ by {far:.1e}, more than {MOST_DIFFERENT}")

    def _refuse(self, hello: Hello, reason: str) -> None:
        raise ClusterUnusable(self._address, f"on its node {hello.node}: {reason}")


@dataclass(slots=True)
class _Begun:
    """An order that is being read, from which `part` is awaited."""

    order: Order
    task: Task
    part: int = 0


@dataclass(frozen=True, slots=True)
class _Pending:
    """A batch whose new texts are being embedded."""

    articles: Sequence[ParsedArticle]
    split: Sequence[Sequence[Passage]]
    new: Sequence[str]
    task: Task | None
    done: int


class Preparing:
    """Keeps all desks at work, a little ahead of what is taken."""

    def __init__(self, address: str, work: Work, pool: Pool) -> None:
        self._address = address
        self._work = work
        self._pool = pool
        self._passages = dict[str, tuple[Passage, ...]]()
        """Of each article that was read and is not yet in a batch, by its id."""
        self._coming = set[str]()
        """Texts that are being embedded."""

    def batches(self) -> Iterator[Batch]:
        """What is to be written, cut as it is cut here."""
        pending = deque[_Pending]()
        size = prepared.ARTICLES_AT_ONCE
        for articles in self._work.results.batches(self._given(), size=size):
            pending.append(self._begin(articles))
            while len(pending) > _AHEAD * self._pool.desks:
                yield self._end(pending.popleft())
        while pending:
            yield self._end(pending.popleft())

    def _begin(self, articles: Sequence[ParsedArticle]) -> _Pending:
        """Have what is new of a batch embedded; text that is known or on its way is not."""
        split = [self._passages.pop(one.article.id) for one in articles]
        texts = [embedding_text(passage) for passages in split for passage in passages]
        unknown = self._work.embeddings.uncached(texts)
        new = [text for text in unknown if text not in self._coming]
        self._coming.update(new)
        task = self._pool.give("embed", new) if new else None
        return _Pending(articles, split, new, task, self._work.results.done)

    def _end(self, pending: _Pending) -> Batch:
        """A batch with its vectors, which are kept with those that we knew."""
        computed: Mapping[str, Vectors] = {}
        if pending.task is not None:
            vectors = self._pool.take(pending.task)
            computed = dict(zip(pending.new, vectors, strict=True))
            self._coming.difference_update(pending.new)
        embeddings: EmbeddingCache = self._work.embeddings
        texts = [embedding_text(passage) for one in pending.split for passage in one]
        vectors = embeddings.vectors(texts, computed=computed)
        return Batch(with_vectors(pending.articles, pending.split, vectors), pending.done)

    def _given(self) -> Iterator[ParserOutput]:
        """What the files give, in their order.

        Each gives an article or is refused, and tells by either which bytes the node has read.
        """
        version = None  # of the file that is being read, once it is told
        for read in self._read():
            try:
                given = read.frame.output(read.file)
            except ValueError as error:
                told = ArticleError(read.file, "its reader gave what is no article")
                told.__cause__ = error
                given = ParserOutput(read.file, told)
            if given.found is None:
                version = None
            elif given.found.version is not None and given.found.version != version:
                version = given.found.version
                self._check_same(read.file, version)
            elif given.found.version is None and given.is_file_error:
                self._check_absent(read.file, given.found)
            if isinstance(given.found, Article):
                self._passages[given.found.id] = read.passages
            yield given

    def _read(self) -> Iterator[Read]:
        """What was said, by each desk an order at a time."""
        begun, orders = deque[_Begun](), self._orders()
        while True:
            while len(begun) < self._pool.desks and (order := next(orders, None)) is not None:
                begun.append(_Begun(order, self._pool.give("read", order, 0)))
            if not begun:
                return
            part: Part = self._pool.take(begun[0].task)
            if part.last:
                begun.popleft()
            else:
                begun[0].part += 1
                begun[0].task = self._pool.give(
                    "read", begun[0].order, begun[0].part, after=begun[0].task
                )
            yield from part.read

    def _orders(self) -> Iterator[Order]:
        unread = self._work.unread
        for files in file_batches(self._work.corpus, list(unread), processes=self._pool.desks):
            yield Order(tuple(files), tuple(unread[file] for file in files))

    def _check_same(self, file: str, version: str) -> None:
        """Whether a node read what we would; a file may have changed since we looked at it."""
        if version != self._work.unread[file]:
            self._compare(file, f"has other bytes there (SHA-256 {version[:12]}…)")

    def _check_absent(self, file: str, error: ArticleError) -> None:
        """Whether we cannot open it either."""
        self._compare(file, f"cannot be opened there ({error.reason})")

    def _compare(self, file: str, reason: str) -> None:
        try:
            ours = file_version(self._work.corpus / file, id=file)
        except ArticleError:
            return
        if ours == self._work.unread[file]:
            told = "every node must have the corpus at the same path, with the same files"
            raise ClusterUnusable(self._address, f"{file} {reason} and not here; {told}")
