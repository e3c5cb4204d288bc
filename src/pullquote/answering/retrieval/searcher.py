"""Searches for a question among the articles that its scope includes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pullquote.answering.query import Query, state_question
from pullquote.answering.retrieval.reranker import Reranker
from pullquote.answering.retrieval.retriever import Retriever
from pullquote.answering.retrieval.scope import Scope
from pullquote.base.plurals import counted
from pullquote.index import OpenGeneration
from pullquote.schema import Filters, Hit, Question, QuestionKind, day_of, short_text
from pullquote.schema.settings import Settings


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The hits for a question, best first. `Assistant.read` extracts the answers from them.

    `query` is the question as typed and its kind; `question` is the text that was searched for.
    `generation` is the generation that was searched; the answers are read from it too. `took_ms`
    is the wall time of the search in milliseconds.

    `further` are the next best hits, in which other values may be found. `scope` says which
    articles were searched. If the question itself names the day of the scope, as in "as of
    3 March", `wider` is the result of the search without that day. `fast` says that no place is to
    be read again.
    """

    query: Query
    question: Question
    hits: list[Hit]
    generation: OpenGeneration
    took_ms: float
    further: list[Hit] = field(default_factory=list)
    scope: Scope = field(default_factory=lambda: Scope(Filters()))
    wider: SearchResult | None = None
    fast: bool = False

    def __repr__(self) -> str:
        hits, took = counted(len(self.hits), "hit"), f"{self.took_ms:.0f} ms"
        return f"SearchResult({hits}, {short_text(self.query.typed)!r}, {took})"


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
