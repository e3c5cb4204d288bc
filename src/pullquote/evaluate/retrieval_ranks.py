"""The rank of the first right passage in each search."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pullquote.answering.retrieval.retriever import collapse
from pullquote.evaluate.gold import GoldQuestion
from pullquote.index import OpenGeneration
from pullquote.newsroom.assistant import Assistant
from pullquote.schema import Filters, Hit, Passage
from pullquote.schema.errors import FiltersLeaveNothing

DEEPEST = 20
"""The deepest rank for which recall is measured; searches return at least this many passages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievalRanks:
    """The rank, from 1, of the first right passage in each search; None if there is none.

    `retrieved` is the rank in the result of `retrieve`. It equals `fused` unless a reranker is set.
    `article` is the rank of the first right article among the distinct articles of the hits, and
    `first_article` the id of the article of the first hit, right or not.
    """

    dense: int | None
    lexical: int | None
    fused: int | None
    retrieved: int | None
    article: int | None
    first_article: str | None


NOT_FOUND = RetrievalRanks(
    dense=None, lexical=None, fused=None, retrieved=None, article=None, first_article=None
)


def first_right_ranks(
    assistant: Assistant,
    generation: OpenGeneration,
    gold: GoldQuestion,
    filters: Filters | None = None,
) -> RetrievalRanks:
    """The ranks for a gold question. Passages that nearly repeat a better passage are left out.

    `filters` replace those of the question.

    A passage is right if it contains an accepted answer and is from a supporting article.
    """
    if not gold.answerable:
        return NOT_FOUND
    deep = max(assistant.settings.candidates, DEEPEST)
    filters = gold.filters if filters is None else filters
    question = assistant.retriever.question(gold.question, generation)
    found = assistant.retriever.search(question, generation, depth=deep, filters=filters)
    most = max(assistant.settings.hits, DEEPEST)
    try:
        hits = assistant.retrieve(gold.question, k=most, filters=filters)
    except FiltersLeaveNothing:
        return NOT_FOUND
    return RetrievalRanks(
        dense=_collapsed(generation, gold, found.dense),
        lexical=_collapsed(generation, gold, found.lexical),
        fused=_collapsed(generation, gold, found.fused),
        retrieved=first_right(gold, (hit.passage for hit in hits)),
        article=_first_right_article(gold, hits),
        first_article=hits[0].passage.article if hits else None,
    )


def _collapsed(
    generation: OpenGeneration, gold: GoldQuestion, ranking: Iterable[int]
) -> int | None:
    return first_right(gold, collapse(generation.passages(list(ranking))))


def _first_right_article(gold: GoldQuestion, hits: Iterable[Hit]) -> int | None:
    """The rank, from 1, of the first right article; None if there is none."""
    articles = dict.fromkeys(hit.passage.article for hit in hits)
    ranks = (rank for rank, one in enumerate(articles, start=1) if one in gold.articles)
    return next(ranks, None)


def first_right(gold: GoldQuestion, passages: Iterable[Passage]) -> int | None:
    """The rank, from 1, of the first right passage; None if there is none."""
    right = (
        rank
        for rank, passage in enumerate(passages, start=1)
        if gold.found_in(passage.article, passage.text)
    )
    return next(right, None)
