"""Searches for a question among the articles that its scope includes."""

from __future__ import annotations

from dataclasses import replace

from pullquote.answering.query import Query, state_question
from pullquote.answering.retrieval.reranker import Reranker
from pullquote.answering.retrieval.retriever import Retriever
from pullquote.answering.retrieval.scope import Scope
from pullquote.answering.retrieval.search_result import SearchResult
from pullquote.index import OpenGeneration
from pullquote.schema import Hit, QuestionKind, day_of
from pullquote.schema.settings import Settings

NEAREST_HITS = 5
"""A day without a year is in the year that is nearest to the articles of this many best hits."""


FURTHER_HITS = 20
"""Number of hits after those to read, among which other values are looked for."""


class Searcher:
    """Finds the hits for a question. Safe to share between threads."""

    def __init__(self, settings: Settings, retriever: Retriever) -> None:
        self._settings, self._retriever = settings, retriever

    def search(
        self,
        query: Query,
        generation: OpenGeneration,
        scope: Scope,
        *,
        k: int | None,
        reranker: Reranker | None,
    ) -> SearchResult:
        """The `k` best hits in the scope, or in a narrower one if the question names a day.

        The caller sets `took_ms`.
        """

        def found(query: Query, scope: Scope) -> SearchResult:
            text = query.text
            if query.kind is QuestionKind.CHANGE:
                text = state_question(text)
            asked = self._retriever.question(text, generation, query.kind, query.time)
            result = SearchResult(query, asked, [], generation, 0.0, scope=scope)
            hits, further = self._hits(result, k=k, reranker=reranker)
            return replace(result, hits=hits, further=further)

        wide = found(query, scope)
        narrow = _scope_named(wide)
        if narrow is None:
            return wide
        result = found(query.without_day(), narrow)
        return replace(result, wider=wide) if result.hits else wide

    def _hits(
        self, result: SearchResult, *, k: int | None, reranker: Reranker | None
    ) -> tuple[list[Hit], list[Hit]]:
        """The hits to read, and the next best ones; only the former if `k` is given."""
        wanted = self._settings.hits if k is None else k
        further = FURTHER_HITS if k is None else 0
        reranked = 0 if reranker is None else self._settings.reranked
        found = self._retriever.retrieve(
            result.question,
            result.generation,
            k=max(wanted + further, reranked),
            filters=result.scope.filters,
        )
        if reranker is not None:
            found[:reranked] = reranker.rerank(result.question.text, found[:reranked])
        return found[:wanted], found[wanted : wanted + further]


def _scope_named(wide: SearchResult) -> Scope | None:
    """The narrower scope whose day the question names; None if it names none."""
    phrase = wide.query.as_of
    newest = None if phrase is None else wide.generation.days().last
    if phrase is None or newest is None:
        return None
    days = (day_of(hit.article.published) for hit in wide.hits[:NEAREST_HITS])
    near = [day for day in days if day is not None]
    return wide.scope.narrowed(phrase.day(newest=newest, near=near))
