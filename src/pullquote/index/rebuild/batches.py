"""Prepares articles for an index: parses, splits and embeds the files of a corpus.

The code that writes a generation does not know where its batches were prepared. `prepare_locally`
prepares them in this process.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, ExitStack, contextmanager
from contextvars import copy_context
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

from pullquote.base.cancellation import check_cancelled
from pullquote.base.thread_pool import ThreadPool
from pullquote.index.embedding_cache import STORED_AT_ONCE, EmbeddingCache
from pullquote.index.encoder import Vectors
from pullquote.index.manifest import IndexConfig
from pullquote.index.passages import embedding_text, split_passages
from pullquote.index.rebuild.plan import ParsedArticle, ParseResults
from pullquote.parsing import ParserOutput
from pullquote.parsing.workers.parse_files import FileParser
from pullquote.schema import Article, Passage
from pullquote.schema.errors import ArticleError

_CHECK_SECONDS = 0.5


def _wait_for(vectors: Future[Vectors]) -> Vectors:
    """The vectors, once they are there."""
    while True:
        check_cancelled()
        try:
            return vectors.result(_CHECK_SECONDS)
        except TimeoutError:
            if vectors.done():
                raise


Item = TypeVar("Item")


class RunAhead(Generic[Item]):
    """The items of an iterator, in order, made in a thread while earlier ones are used.

    `start` begins. The thread waits while the sizes of the items that wait add up to `most` or
    more. `stop` lets the thread end after its current item, and `close` waits for its end. What the
    iterator raises is raised where its items are used.
    """

    def __init__(self, *, most: int, size: Callable[[Item], int]) -> None:
        self._most = most
        self._size_of = size
        self._items = deque[Item]()
        self._size = 0
        self._ended = False
        self._fault: BaseException | None = None
        self._stopped = False
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def start(self, items: Iterator[Item]) -> None:
        """Begin to run the iterator; a cancellation of this thread applies to it too."""
        run = copy_context().run
        self._thread = threading.Thread(target=lambda: run(self._run, items), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Have the thread make no further items, and drop those that wait."""
        with self._changed:
            self._stopped = True
            self._items.clear()
            self._changed.notify_all()

    def close(self) -> None:
        """Stop, and wait until the thread has ended."""
        self.stop()
        if self._thread is not None:
            self._thread.join()

    def __iter__(self) -> Iterator[Item]:
        """The items, in order."""
        while True:
            with self._changed:
                while not self._changed.wait_for(self._has_news, timeout=1):
                    check_cancelled()
                if not self._items:
                    if self._fault is not None:
                        raise self._fault
                    return
                item = self._items.popleft()
                self._size -= self._size_of(item)
                self._changed.notify_all()
            yield item

    def _has_news(self) -> bool:
        return bool(self._items) or self._ended or self._stopped

    def _run(self, items: Iterator[Item]) -> None:
        try:
            for item in items:
                if not self._put(item):
                    return
        except BaseException as fault:  # noqa: BLE001 - the consumer raises it again
            self._fault = fault
        finally:
            with self._changed:
                self._ended = True
                self._changed.notify_all()

    def _put(self, item: Item) -> bool:
        """Add an item once there is room. Returns False if no more items are wanted."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or self._size < self._most)
            if not self._stopped:
                self._items.append(item)
                self._size += self._size_of(item)
                self._changed.notify_all()
            return not self._stopped


ARTICLES_AT_ONCE = 32
"""How many articles are parsed, embedded and written together; the first batches have fewer, so
that progress is shown early. These are enough to embed texts of
similar length together. They are few enough to show progress, and to lose little if a rebuild is
interrupted."""

_MOST_AHEAD = 2_000_000
"""How many characters of split articles may wait to be embedded. They are embedded in about twenty
seconds, which is longer than nearly any file takes to parse."""

_EMBEDDED_AHEAD = 2
"""How many batches are being embedded while one is written."""


@dataclass(frozen=True, slots=True)
class EmbeddedArticle:
    """An article ready to be written, with its file, passages and vectors.

    `vectors` has shape (len(passages), dimension).
    """

    file: str
    article: Article
    passages: Sequence[Passage]
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class Batch:
    """Articles that are written together. After them, `done` files are complete."""

    articles: Sequence[EmbeddedArticle]
    done: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """The task of a rebuild: prepare the `unread` files of a corpus, in that order.

    `unread` has the SHA-256 of each file, if known. Failures are reported to `results`. Texts whose
    vectors are in `embeddings` are not embedded again, and new vectors are stored there.
    """

    corpus: Path
    unread: Mapping[str, str | None]
    index_config: IndexConfig
    reading: FileParser
    results: ParseResults
    embeddings: EmbeddingCache


Prepare = Callable[[Work], AbstractContextManager[Iterator[Batch]]]
"""A function that prepares batches in the order of the files. The result does not depend on where
it runs. The work begins when the context is entered and ends when the context ends, even if not all
batches were taken."""


@dataclass(frozen=True, slots=True)
class SplitBatch:
    """Articles that are not yet embedded. After them, `done` files are complete."""

    articles: Sequence[ParsedArticle]
    done: int

    @property
    def texts(self) -> list[str]:
        """The texts to embed, in order."""
        return [embedding_text(passage) for one in self.articles for passage in one.passages]

    @property
    def characters(self) -> int:
        """The number of characters of the articles."""
        return sum(len(one.article.text) for one in self.articles)

    def with_vectors(self, vectors: Vectors) -> Batch:
        """The batch with the vectors of `texts`, which are in the same order."""
        prepared, at = list[EmbeddedArticle](), 0
        for one in self.articles:
            rows = vectors[at : at + len(one.passages)]
            prepared.append(EmbeddedArticle(one.file, one.article, one.passages, rows))
            at += len(one.passages)
        return Batch(prepared, self.done)


Job = TypeVar("Job")


class EmbeddingAhead(Generic[Job]):
    """Embeds the texts of the next batches while one is written.

    `submit` begins to embed some texts, at most `at_once` if that is given, and `result` waits for
    their vectors. Texts that are cached or being embedded are not embedded again.
    """

    def __init__(
        self,
        embeddings: EmbeddingCache,
        submit: Callable[[Sequence[str]], Job],
        result: Callable[[Job], Vectors],
        *,
        at_once: int | None = None,
    ) -> None:
        self._embeddings = embeddings
        self._submit = submit
        self._result = result
        self._at_once = at_once
        self._running = set[str]()

    def batches(self, split: Iterable[SplitBatch], most: Callable[[], int]) -> Iterator[Batch]:
        """The batches with their vectors; at most `most` of them are embedded ahead."""
        pending = deque[tuple[SplitBatch, list[tuple[Sequence[str], Job]]]]()
        for batch in split:
            pending.append((batch, self._begin(batch.texts)))
            while len(pending) > most():
                yield self._end(*pending.popleft())
        while pending:
            yield self._end(*pending.popleft())

    def _begin(self, texts: Sequence[str]) -> list[tuple[Sequence[str], Job]]:
        unknown = self._embeddings.uncached(texts)
        new = [text for text in unknown if text not in self._running]
        self._running.update(new)
        size = max(1, len(new)) if self._at_once is None else self._at_once
        parts = [new[at : at + size] for at in range(0, len(new), size)]
        return [(part, self._submit(part)) for part in parts]

    def _end(self, batch: SplitBatch, jobs: Sequence[tuple[Sequence[str], Job]]) -> Batch:
        for texts, job in jobs:
            self._embeddings.store(texts, self._result(job))
            self._running.difference_update(texts)
        return batch.with_vectors(self._embeddings.vectors(batch.texts))


@contextmanager
def prepare_locally(work: Work) -> Iterator[Iterator[Batch]]:
    """Batches parsed by the processes of `work.reading` and embedded in this process.

    If there are processes, a thread takes the articles from them and splits them, and another one
    embeds, while the caller writes. Otherwise one step follows the other.
    """
    options, embeddings = work.index_config.parse_options, work.embeddings
    with ExitStack() as ending:
        ahead = RunAhead[SplitBatch](most=_MOST_AHEAD, size=lambda batch: batch.characters)
        ending.callback(ahead.close)
        given = ending.enter_context(work.reading.parse(work.corpus, work.unread, options=options))
        split = _split_batches(work, given)
        if not work.reading.processes or not work.unread:
            yield (batch.with_vectors(embeddings.vectors(batch.texts)) for batch in split)
            return
        thread = ThreadPool(1, "pullquote-embedding")
        ending.callback(partial(thread.shutdown, cancel_futures=True))
        ending.callback(ahead.stop)
        ahead.start(split)
        embedding = EmbeddingAhead(
            embeddings,
            lambda texts: thread.submit(embeddings.encoder.encode, texts),
            _wait_for,
            at_once=STORED_AT_ONCE,
        )
        yield embedding.batches(ahead, lambda: _EMBEDDED_AHEAD)


def _split_batches(work: Work, given: Iterator[ParserOutput]) -> Iterator[SplitBatch]:
    for articles in work.results.batches(_split(work, given), size=ARTICLES_AT_ONCE):
        yield SplitBatch(articles, work.results.done)


def _split(
    work: Work, given: Iterator[ParserOutput]
) -> Iterator[tuple[ParserOutput, Sequence[Passage]]]:
    """The articles with their passages. One that takes too long becomes an error."""
    for one in given:
        passages: Sequence[Passage] = ()
        if isinstance(one.found, Article):
            try:
                passages = split_passages(
                    one.found,
                    count_tokens=work.embeddings.encoder.count_tokens,
                    budget=work.index_config.passage_tokens,
                    overlap=work.index_config.overlap_sentences,
                    seconds=work.reading.limits.seconds,
                )
            except ArticleError as error:
                is_file = error.path == one.file
                yield replace(one, found=error, is_file_error=is_file), ()
                continue
        yield one, passages
