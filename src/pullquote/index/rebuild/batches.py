"""Prepares articles for an index: parses, splits and embeds the files of a corpus.

The code that writes a generation does not know where its batches were prepared. `prepare_locally`
prepares them in this process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pullquote.encoder import Vectors
from pullquote.index.embedding_cache import EmbeddingCache
from pullquote.index.manifest import IndexConfig
from pullquote.index.rebuild.parse_results import ParsedArticle, ParseResults
from pullquote.parsing.workers.parse_files import FileParser
from pullquote.passages import embedding_text, split_passages
from pullquote.schema import Article, Passage

ARTICLES_AT_ONCE = 32
"""How many articles are parsed, embedded and written together. These are enough to embed texts of
similar length together. They are few enough to show progress, and to lose little if a rebuild is
interrupted."""


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


@contextmanager
def prepare_locally(work: Work) -> Iterator[Iterator[Batch]]:
    """Batches parsed by the processes of `work.reading` and embedded in this process."""
    options = work.index_config.parse_options
    with work.reading.parse(work.corpus, work.unread, options=options) as given:
        yield (
            Batch(prepare(articles, work.embeddings, work.index_config), work.results.done)
            for articles in work.results.batches(given, size=ARTICLES_AT_ONCE)
        )


def prepare(
    articles: Sequence[ParsedArticle], embeddings: EmbeddingCache, index_config: IndexConfig
) -> list[EmbeddedArticle]:
    """Split a few articles and embed their passages."""
    split = [
        split_passages(
            one.article,
            count_tokens=embeddings.count_tokens,
            budget=index_config.passage_tokens,
            overlap=index_config.overlap_sentences,
        )
        for one in articles
    ]
    vectors = embeddings.vectors([embedding_text(p) for passages in split for p in passages])
    return attach_vectors(articles, split, vectors)


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
