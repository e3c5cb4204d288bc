"""The stock, indexed at a place and in a folder, and every answer by brute force."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

import numpy as np
import pytest

from pullquote.encoder import Encoder, Vectors
from pullquote.index import OpenGeneration, Report, Stats, read_stats
from pullquote.passages import embedding_text, split_passages
from pullquote.retrieval.retriever import Retriever
from pullquote.schema import Article, Filters, Hit, Passage
from pullquote.testing.encoder import FakeEncoder
from pullquote.testing.filters import passes
from pullquote.testing.newsroom import AddressedNewsroom
from pullquote.testing.stock import stock

ALL = Filters(comments=True)
EN = Filters(languages=("en",))
EVERYTHING = 9999


@dataclass(frozen=True, slots=True, repr=False)
class Library:
    """The stock at one place, open, and the same in a folder."""

    newsroom: AddressedNewsroom
    open: OpenGeneration
    local: OpenGeneration
    report: Report
    local_stats: Stats

    @property
    def has_words(self) -> bool:
        """Whether it is searched by words."""
        return self.newsroom.has_words

    @property
    def encoder(self) -> FakeEncoder:
        """What embedded it."""
        return self.newsroom.encoder

    def hits(self, question: str, *, k: int = 10, filters: Filters = ALL) -> list[Hit]:
        """What is found."""
        return retrieve(self.open, self.encoder, question, k=k, filters=filters)


def retrieve(
    generation: OpenGeneration,
    encoder: FakeEncoder,
    question: str,
    *,
    k: int = 10,
    filters: Filters = ALL,
) -> list[Hit]:
    """The hits for a question as typed."""
    retriever = Retriever(cast("Encoder", encoder), candidates=50, rrf_k=60)
    with closing(retriever):
        asked = retriever.question(question, generation)
        return retriever.retrieve(asked, generation, k=k, filters=filters)


def all_passages(generation: OpenGeneration, encoder: FakeEncoder) -> list[Passage]:
    """The passages of everything that a generation holds, cut anew."""
    found: list[Passage] = []
    for id in generation.articles():
        article = generation.held(id)
        assert article is not None
        found += split_passages(article, count_tokens=encoder.count_tokens, budget=16, overlap=1)
    return found


@contextmanager
def library_of(newsroom: AddressedNewsroom, local: AddressedNewsroom) -> Iterator[Library]:
    """The stock, indexed in both; `local` is a newsroom with its index in a folder."""
    stock(newsroom)
    stock(local)
    report = newsroom.rebuild()
    local.rebuild()
    local_stats = read_stats(local.index)
    with closing(newsroom.open()) as opened, closing(local.open()) as beside:
        yield Library(newsroom, opened, beside, report, local_stats)


@dataclass(frozen=True, slots=True, repr=False)
class Brute:
    """Every passage that may answer, its article, and its vector, computed here."""

    passages: list[Passage]
    articles: dict[str, Article]
    vectors: Vectors

    def nearest(self, vector: Vectors, filters: Filters) -> dict[int, float]:
        """The cosine of every passage that passes, best first."""
        cosines = self.vectors @ vector
        found = {
            passage.id: float(cosine)
            for passage, cosine in zip(self.passages, cosines, strict=True)
            if passes(self.articles[passage.article], passage, filters)
        }
        return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def brute_of(library: Library) -> Brute:
    """What may answer: of two editions the newer, and nothing that is withheld or embargoed."""
    out = {"held.md", "soon.md", "old.md"}
    held = {id: library.local.held(id) for id in library.local.articles() if id not in out}
    articles = {id: article for id, article in held.items() if article is not None}
    kept = [p for p in all_passages(library.local, library.encoder) if p.article not in out]
    return Brute(kept, articles, library.encoder.encode([embedding_text(p) for p in kept]))


def check_order(found: dict[int, float], expected: dict[int, float]) -> None:
    """The same passages with the same scores, best first; equal ones in order of their passage ids."""
    assert dict(found) == pytest.approx(expected, abs=2e-6)
    scores = list(found.values())
    assert all(one >= other - 2e-6 for one, other in pairwise(scores))
    distinct = np.round(list(expected.values()), 4)
    if len(set(distinct.tolist())) == len(distinct):
        assert list(found) == list(expected)
