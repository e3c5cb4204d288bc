"""The sample corpus in the tested index and in an index in a folder, and search by brute force."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

import numpy as np
import pytest

from pullquote.answering.retrieval.retriever import Retriever
from pullquote.index import OpenGeneration, Report, Stats, read_stats
from pullquote.index.encoder import Encoder, Vectors
from pullquote.index.passages import embedding_text, split_passages
from pullquote.integrations.testing.encoder import FakeEncoder
from pullquote.integrations.testing.filters import passes
from pullquote.integrations.testing.newsroom import AddressedNewsroom
from pullquote.integrations.testing.sample_corpus import write_sample_corpus
from pullquote.schema import Article, Filters, Hit, Passage

ALL = Filters(comments=True)
EVERYTHING = 9999


@dataclass(frozen=True, slots=True, repr=False)
class IndexPair:
    """The sample corpus in two open indexes: the tested index, and an index in a folder."""

    newsroom: AddressedNewsroom
    tested: OpenGeneration
    local: OpenGeneration
    report: Report
    local_stats: Stats

    @property
    def has_words(self) -> bool:
        """Whether the tested index is searched by words."""
        return self.newsroom.has_words

    @property
    def encoder(self) -> FakeEncoder:
        """The encoder of both indexes."""
        return self.newsroom.encoder

    def hits(self, question: str, *, k: int = 10, filters: Filters = ALL) -> list[Hit]:
        """The hits for a question in the tested index."""
        return retrieve(self.tested, self.encoder, question, k=k, filters=filters)


def retrieve(
    generation: OpenGeneration,
    encoder: FakeEncoder,
    question: str,
    *,
    k: int = 10,
    filters: Filters = ALL,
) -> list[Hit]:
    """The hits in a generation for a question that is searched for as it is."""
    retriever = Retriever(cast("Encoder", encoder), candidates=50, rrf_k=60)
    with closing(retriever):
        asked = retriever.question(question, generation)
        return retriever.retrieve(asked, generation, k=k, filters=filters)


def all_passages(generation: OpenGeneration, encoder: FakeEncoder) -> list[Passage]:
    """The passages of all articles of a generation, made by splitting the articles again."""
    found: list[Passage] = []
    for id in generation.articles():
        article = generation.stored_article(id)
        assert article is not None
        found += split_passages(article, count_tokens=encoder.count_tokens, budget=16, overlap=1)
    return found


@contextmanager
def index_pair_of(newsroom: AddressedNewsroom, local: AddressedNewsroom) -> Iterator[IndexPair]:
    """The sample corpus, written and indexed at both addresses; that of `local` is a folder."""
    write_sample_corpus(newsroom)
    write_sample_corpus(local)
    report = newsroom.rebuild()
    local.rebuild()
    local_stats = read_stats(local.index)
    with closing(newsroom.open()) as opened, closing(local.open()) as in_folder:
        yield IndexPair(newsroom, opened, in_folder, report, local_stats)


@dataclass(frozen=True, slots=True, repr=False)
class BruteForce:
    """Every passage that may be found, with its article and its vector."""

    passages: list[Passage]
    articles: dict[str, Article]
    vectors: Vectors

    def nearest(self, vector: Vectors, filters: Filters) -> dict[int, float]:
        """The cosine of every passage that the filters allow, by passage id, highest first."""
        cosines = self.vectors @ vector
        found = {
            passage.id: float(cosine)
            for passage, cosine in zip(self.passages, cosines, strict=True)
            if passes(self.articles[passage.article], passage, filters)
        }
        return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def brute_force_of(pair: IndexPair) -> BruteForce:
    """The passages that may be found.

    Those of superseded, withheld or embargoed articles are left out.
    """
    excluded = {"held.md", "soon.md", "old.md"}
    opened = {
        id: pair.local.stored_article(id) for id in pair.local.articles() if id not in excluded
    }
    articles = {id: article for id, article in opened.items() if article is not None}
    passages = [p for p in all_passages(pair.local, pair.encoder) if p.article not in excluded]
    return BruteForce(
        passages, articles, pair.encoder.encode([embedding_text(p) for p in passages])
    )


def check_order(found: dict[int, float], expected: dict[int, float]) -> None:
    """Assert that the passages and scores are the expected ones.

    If no scores are nearly equal, the order must be the expected one too.
    """
    assert dict(found) == pytest.approx(expected, abs=2e-6)
    scores = list(found.values())
    assert all(one >= other - 2e-6 for one, other in pairwise(scores))
    distinct = np.round(list(expected.values()), 4)
    if len(set(distinct.tolist())) == len(distinct):
        assert list(found) == list(expected)
