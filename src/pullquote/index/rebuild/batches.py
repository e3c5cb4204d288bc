"""The files of a corpus -> articles ready to be written: read, split and embedded.

Whoever writes a generation takes them as they come and does not know where that was done.
`prepare_here` does it in this process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pullquote.encoder import Vectors
from pullquote.index.embedding_cache import Embeddings
from pullquote.index.manifest import Recipe
from pullquote.index.rebuild.parse_results import Found, FoundArticle
from pullquote.parsing.workers.parse_files import FileParser
from pullquote.passages import embedding_text, split_passages
from pullquote.schema import Article, Passage

ARTICLES_AT_ONCE = 32
"""Articles parsed, embedded and written together: enough to fill batches of like length, few enough
that progress shows and an interrupted rebuild has lost little."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article that can be written: the file that it came from, its passages and their vectors.

    `vectors` has shape (len(passages), dimension).
    """

    file: str
    article: Article
    passages: Sequence[Passage]
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class Batch:
    """Articles that are written together; with them so many files have been `done`."""

    articles: Sequence[Prepared]
    done: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What there is to prepare: the `unread` files of a corpus, in the order in which they stand.

    Each name has the version of its file, if known. What cannot be read is told to `found`; what
    `embeddings` knows is not embedded again, and what is embedded is kept there.
    """

    corpus: Path
    unread: Mapping[str, str | None]
    recipe: Recipe
    reading: FileParser
    found: Found
    embeddings: Embeddings


Prepare = Callable[[Work], AbstractContextManager[Iterator[Batch]]]
"""Gives what is to be written, in the order of the files, the same wherever it is done.

Work begins as the context is entered, and ends with it, whether all was taken or not.
"""


@contextmanager
def prepare_here(work: Work) -> Iterator[Iterator[Batch]]:
    """What is to be written: read by the processes of `work.reading`, embedded in this one."""
    with work.reading.parse(work.corpus, work.unread, fields=work.recipe.fields) as given:
        yield (
            Batch(prepare(articles, work.embeddings, work.recipe), work.found.done)
            for articles in work.found.batches(given, size=ARTICLES_AT_ONCE)
        )


def prepare(
    articles: Sequence[FoundArticle], embeddings: Embeddings, recipe: Recipe
) -> list[Prepared]:
    """A few articles, split and embedded."""
    split = [
        split_passages(
            one.article,
            count_tokens=embeddings.count_tokens,
            budget=recipe.passage_tokens,
            overlap=recipe.overlap_sentences,
        )
        for one in articles
    ]
    vectors = embeddings.vectors([embedding_text(p) for passages in split for p in passages])
    return joined(articles, split, vectors)


def joined(
    articles: Sequence[FoundArticle], split: Sequence[Sequence[Passage]], vectors: Vectors
) -> list[Prepared]:
    """Each article with its passages and their rows of `vectors`, which follow one another."""
    prepared, at = list[Prepared](), 0
    for one, passages in zip(articles, split, strict=True):
        rows = vectors[at : at + len(passages)]
        prepared.append(Prepared(one.file, one.article, passages, rows))
        at += len(passages)
    return prepared
