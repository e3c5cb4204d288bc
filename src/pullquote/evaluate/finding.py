"""Where the first right passage stands, by each way of finding passages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pullquote.assistant import Assistant
from pullquote.evaluate.gold import GoldQuestion
from pullquote.index import OpenGeneration
from pullquote.retrieval.retriever import collapse
from pullquote.schema import Filters, Passage

DEEPEST = 20
"""Rank down to which recall is told; the searches go as deep as the retriever's do, or so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranks:
    """The rank, from 1, of the first right passage by each search; None when there is none.

    `retrieved` is its rank in what `retrieve` returns: the fused one, unless a reranker is set.
    """

    dense: int | None
    lexical: int | None
    fused: int | None
    retrieved: int | None


NOWHERE = Ranks(dense=None, lexical=None, fused=None, retrieved=None)


def first_right_ranks(
    assistant: Assistant, generation: OpenGeneration, gold: GoldQuestion
) -> Ranks:
    """The ranks for a gold question in a generation, near-equal passages collapsed.

    A passage is right when it holds an accepted answer, in an article that supports it.
    """
    if not gold.answerable:
        return NOWHERE
    deep = max(assistant.settings.candidates, DEEPEST)
    filters = Filters(comments=gold.comments)
    question = assistant.retriever.question(gold.question, generation)
    found = assistant.retriever.search(question, generation, depth=deep, filters=filters)
    most = max(assistant.settings.hits, DEEPEST)
    hits = assistant.retrieve(gold.question, k=most, filters=filters)
    return Ranks(
        dense=_collapsed(generation, gold, found.dense),
        lexical=_collapsed(generation, gold, found.lexical),
        fused=_collapsed(generation, gold, found.fused),
        retrieved=first_right(gold, (hit.passage for hit in hits)),
    )


def _collapsed(
    generation: OpenGeneration, gold: GoldQuestion, ranking: Iterable[int]
) -> int | None:
    return first_right(gold, collapse(generation.passages(list(ranking))))


def first_right(gold: GoldQuestion, passages: Iterable[Passage]) -> int | None:
    """The rank, from 1, of the first right passage; None where there is none."""
    right = (
        rank
        for rank, passage in enumerate(passages, start=1)
        if gold.found_in(passage.article, passage.text)
    )
    return next(right, None)
