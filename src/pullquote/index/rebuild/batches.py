"""Prepares articles for an index: parses, splits and embeds the files of a corpus.

The code that writes a generation does not know where its batches were prepared. `prepare_locally`
prepares them in this process.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pullquote.index.embedding_cache import EmbeddingCache
from pullquote.index.encoder import Vectors
from pullquote.index.manifest import IndexConfig
from pullquote.index.passages import embedding_text, split_passages
from pullquote.index.rebuild.embedding_thread import EmbeddingThread, PendingTexts
from pullquote.index.rebuild.parse_results import ParsedArticle, ParseResults
from pullquote.index.rebuild.run_ahead import RunAhead
from pullquote.parsing import ParserOutput
from pullquote.parsing.workers.parse_files import FileParser
from pullquote.schema import Article, Passage

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
    """Articles and their passages, not yet embedded. After them, `done` files are complete."""

    articles: Sequence[ParsedArticle]
    passages: Sequence[Sequence[Passage]]
    done: int

    @property
    def texts(self) -> list[str]:
        """The texts to embed, in order."""
        return [embedding_text(passage) for one in self.passages for passage in one]

    @property
    def characters(self) -> int:
        """The number of characters of the articles."""
        return sum(len(one.article.text) for one in self.articles)


@contextmanager
def prepare_locally(work: Work) -> Iterator[Iterator[Batch]]:
    """Batches parsed by the processes of `work.reading` and embedded in this process.

    If there are processes, a thread takes the articles from them and splits them, and another one
    embeds, while the caller writes. Otherwise one step follows the other.
    """
    options = work.index_config.parse_options
    with ExitStack() as ending:
        ahead = RunAhead[SplitBatch](most=_MOST_AHEAD, size=lambda batch: batch.characters)
        ending.callback(ahead.close)
        given = ending.enter_context(work.reading.parse(work.corpus, work.unread, options=options))
        split = _split_batches(work, given)
        if not work.reading.processes or not work.unread:
            yield (_embedded(batch, work.embeddings.vectors(batch.texts)) for batch in split)
            return
        embedding = EmbeddingThread(work.embeddings)
        ending.callback(embedding.close)
        ending.callback(ahead.stop)
        ahead.start(split)
        yield _embedded_ahead(iter(ahead), embedding)


def _split_batches(work: Work, given: Iterator[ParserOutput]) -> Iterator[SplitBatch]:
    """The articles of the files and their passages, in batches."""
    for articles in work.results.batches(given, size=ARTICLES_AT_ONCE):
        passages = split(articles, work.embeddings, work.index_config)
        yield SplitBatch(articles, passages, work.results.done)


def _embedded_ahead(batches: Iterator[SplitBatch], embedding: EmbeddingThread) -> Iterator[Batch]:
    """The batches with their vectors. While one is written, the next ones are embedded."""
    pending = deque[tuple[SplitBatch, PendingTexts]]()
    for batch in batches:
        pending.append((batch, embedding.begin(batch.texts)))
        if len(pending) > _EMBEDDED_AHEAD:
            first, texts = pending.popleft()
            yield _embedded(first, embedding.end(texts))
    while pending:
        first, texts = pending.popleft()
        yield _embedded(first, embedding.end(texts))


def _embedded(batch: SplitBatch, vectors: Vectors) -> Batch:
    """The batch with its vectors."""
    return Batch(attach_vectors(batch.articles, batch.passages, vectors), batch.done)


def prepare(
    articles: Sequence[ParsedArticle], embeddings: EmbeddingCache, index_config: IndexConfig
) -> list[EmbeddedArticle]:
    """Split a few articles and embed their passages."""
    batch = SplitBatch(articles, split(articles, embeddings, index_config), 0)
    return attach_vectors(articles, batch.passages, embeddings.vectors(batch.texts))


def split(
    articles: Sequence[ParsedArticle], embeddings: EmbeddingCache, index_config: IndexConfig
) -> list[Sequence[Passage]]:
    """The passages of each article."""
    return [
        split_passages(
            one.article,
            count_tokens=embeddings.count_tokens,
            budget=index_config.passage_tokens,
            overlap=index_config.overlap_sentences,
        )
        for one in articles
    ]


def attach_vectors(
    articles: Sequence[ParsedArticle], split: Sequence[Sequence[Passage]], vectors: Vectors
) -> list[EmbeddedArticle]:
    """Each article with its passages and their rows of `vectors`, which are in the same order."""
    prepared, at = list[EmbeddedArticle](), 0
    for one, passages in zip(articles, split, strict=True):
        rows = vectors[at : at + len(passages)]
        prepared.append(EmbeddedArticle(one.file, one.article, passages, rows))
        at += len(passages)
    return prepared
