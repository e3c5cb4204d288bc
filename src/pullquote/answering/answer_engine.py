"""The answer engine: opens an index, retrieves passages and answers questions."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Self

from pullquote.answering.answerer import Answerer
from pullquote.answering.answers import Calibration, RankedCandidate, Selection
from pullquote.answering.query import as_typed as typed_query
from pullquote.answering.query import understand
from pullquote.answering.reader import Reader, open_reader
from pullquote.answering.retrieval.reranker import Reranker
from pullquote.answering.retrieval.retriever import Retriever
from pullquote.answering.retrieval.scope import FilterChecks, Scope, check_passages_left
from pullquote.answering.retrieval.searcher import Searcher, SearchResult
from pullquote.answering.weighing import Compared
from pullquote.index import OpenGeneration
from pullquote.index.current_generation import CurrentGeneration
from pullquote.index.services import check_not_empty, encoder_of, index_of
from pullquote.schema import (
    Article,
    FilterChoice,
    Hit,
    Outcome,
    QuestionKind,
    Reply,
    check_hits,
    check_kind,
    check_question,
    filters_of,
)
from pullquote.schema.arguments import naming_arguments
from pullquote.schema.errors import IndexDamaged
from pullquote.schema.settings import Settings

MOST_HITS = 1000
"""Maximum number of hits for one question; each is read and shown."""


class AnswerEngine:
    """Answers questions from the current generation of an index.

    It holds what a question needs and no more. Threads may share it. `close` releases its files.
    The index may be made later.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._index = index_of(settings)
        self.encoder = encoder_of(settings)
        self.retriever = Retriever(
            self.encoder,
            candidates=settings.candidates,
            rrf_k=settings.rrf_k,
            fusion=settings.fusion,
        )
        self._searcher = Searcher(settings, self.retriever)
        self._current = CurrentGeneration(self._index, settings)
        self._checks = FilterChecks()
        self._answerer = Answerer(settings, self._index)

    @property
    def generation(self) -> OpenGeneration:
        """The current generation. If a rebuild has published a newer one, that is opened first.

        Raises:
            AssistantClosed: `close` was called.
            IndexMissing, IndexDamaged, IndexMismatch: it cannot be opened; the message says why.
        """
        return self._current.generation

    def open_newest(self) -> OpenGeneration:
        """Like `generation`, but if another thread opens a newer one, this waits for it."""
        return self._current.newest()

    @property
    def damage(self) -> IndexDamaged | None:
        """The damage in the current generation, if answers come from the previous one instead."""
        return self.generation.damage

    @naming_arguments
    def retrieve(
        self,
        question: str,
        *,
        k: int | None = None,
        filters: FilterChoice = None,
        as_of: date | None = None,
    ) -> list[Hit]:
        """The `k` passages that match a question best, best first.

        Raises:
            SettingsError, IndexEmpty, FilterUnknown: see `find`.
            FiltersLeaveNothing: no passage passes the filters.
        """
        found = self.find(question, k=k, filters=filters, as_of=as_of)
        check_passages_left(found.hits, found.scope.filters, found.generation)
        return found.hits

    @naming_arguments
    def find(
        self,
        question: str,
        *,
        k: int | None = None,
        filters: FilterChoice = None,
        kind: QuestionKind | None = None,
        as_typed: bool = False,
        as_of: date | None = None,
        fast: bool = False,
        generation: OpenGeneration | None = None,
    ) -> SearchResult:
        """The passages that `ask` would read to find the answer.

        `assistant.read(assistant.find(question))` does the same as `assistant.ask(question)`.
        `filters` may be a mapping of the fields of `Filters`, such as {"sources": ["BBC"]}.
        `kind` replaces the recognised kind, and `generation` the current one. With `as_typed`, the
        search uses the question as typed: small talk and spelling stay. With `as_of`, only articles
        published by the end of that day count; else a question may name it ("as of 3 March"). With
        `fast`, `read` uses the small network alone.

        Raises:
            SettingsError: an argument is invalid, such as a `k` that is not from 1 to 1,000.
            IndexEmpty: the index has no articles.
            FilterUnknown, ArticleUnknown, ArticleWithheld: the filters name what cannot be found.
        """
        started = time.perf_counter()
        self._current.check_open()
        generation = self.generation if generation is None else generation
        check_question(question, most=self.settings.question_chars)
        check_hits(k, most=MOST_HITS)
        scope = Scope.of(filters_of(filters), as_of)
        check_not_empty(self.settings, generation)
        self._checks.check_names(scope.filters, generation)
        query = typed_query(question, kind) if as_typed else understand(question, generation, kind)
        found = self._searcher.search(query, generation, scope, k=k, reranker=self.reranker)
        return replace(found, fast=fast, took_ms=_ms_since(started))

    @naming_arguments
    def read(self, found: SearchResult, *, reader: Reader | None = None) -> Reply:
        """The answers to a question, best first, read from the passages that `find` returned.

        If the question names a day, but nothing is found up to it, later articles may answer.
        `reader` replaces the assistant's own: it may be the same one with a memory.
        """
        self._current.check_open()
        reply = self._read(found, reader)
        if reply.outcome is not Outcome.NOTHING or found.wider is None:
            return reply
        wider = replace(found.wider, fast=found.fast, took_ms=reply.took_ms)
        later = self._read(wider, reader)
        return reply if later.outcome is Outcome.NOTHING else later

    def _read(self, found: SearchResult, reader: Reader | None) -> Reply:
        started = time.perf_counter()
        answers = self._answerer.answers(self.reader if reader is None else reader, found)
        return Reply(
            question=found.query.typed,
            kind=found.query.kind,
            searched_for=found.query.text,
            corrections=found.query.corrections,
            outcome=answers.outcome,
            answers=tuple(answers.best),
            values=answers.values,
            as_of=found.scope.as_of,
            index_progress=found.generation.manifest.progress,
            generation=found.generation.name,
            searched=found.generation.searched,
            took_ms=round(found.took_ms + _ms_since(started), 1),
        )

    @naming_arguments
    def ask(
        self,
        question: str,
        *,
        k: int | None = None,
        filters: FilterChoice = None,
        kind: QuestionKind | None = None,
        as_typed: bool = False,
        as_of: date | None = None,
        fast: bool = False,
    ) -> Reply:
        """The answers to a question, best first, read from the `k` best passages.

        `kind`, `as_typed`, `as_of` and `fast` are explained at `find`.

        Raises:
            SettingsError, IndexEmpty, FilterUnknown: see `find`.
            FiltersLeaveNothing: no passage passes the filters.
        """
        found = self.find(
            question,
            k=k,
            filters=filters,
            kind=kind,
            as_typed=as_typed,
            as_of=as_of,
            fast=fast,
        )
        check_passages_left(found.hits, found.scope.filters, found.generation)
        return self.read(found)

    @naming_arguments
    def rank(
        self, question: str, *, k: int | None = None, filters: FilterChoice = None
    ) -> list[RankedCandidate]:
        """All candidates for the answer with their features, best first; raises as `find` does."""
        return self.select(self.find(question, k=k, filters=filters)).ranked

    @naming_arguments
    def select(self, found: SearchResult) -> Selection:
        """All candidates for the answer, best first, in the passages that `find` returned."""
        self._current.check_open()
        return self._answerer.select(self.reader, found)

    @naming_arguments
    def compared(self, found: SearchResult) -> Compared | None:
        """The values that may be of one thing, in the passages that `find` returned."""
        self._current.check_open()
        return self._answerer.compared(self.reader, found)

    @naming_arguments
    def article(self, article: str) -> Article:
        """The stored article with that id, with its text and blocks.

        Raises:
            ArticleUnknown: no article has that id.
            ArticleWithheld: the article may not be shown, or not yet.
        """
        check_kind("The article", article, str, give="its id, as in a citation")
        return self.generation.article(article)

    @naming_arguments
    def copies_of(self, article: str) -> list[str]:
        """The ids of an article's near duplicates: articles printed from the same source.

        Raises:
            ArticleUnknown, ArticleWithheld: see `article`.
        """
        check_kind("The article", article, str, give="its id, as in a citation")
        return self.generation.near_duplicates_of(article)

    def close(self) -> None:
        """Release the index's files. Any later question raises AssistantClosed."""
        self.retriever.close()
        self._current.close()
        self._index.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._index.location!r}, reader {self.settings.reader!r})"

    def __deepcopy__(self, _: object) -> Self:
        return self  # frameworks copy what holds an open assistant

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def reader(self) -> Reader:
        """The reader named in the settings; ModelError if it cannot be opened."""
        return open_reader(self.settings.reader, self.encoder.like(self._index.recorded_encoder()))

    @cached_property
    def reranker(self) -> Reranker | None:
        """The reranker named in the settings, if any; ModelError if it cannot be opened."""
        return None if self.settings.reranker is None else Reranker(self.settings.reranker)

    @property
    def calibration(self) -> Calibration:
        """The calibration of confidence: one fitted for this index, or else the packaged one.

        Raises:
            SettingsError: the index's calibration is unreadable, or is for a different reader.
        """
        return self._answerer.calibration(self.reader)

    @property
    def is_calibrated(self) -> bool:
        """Whether the confidence is a probability fitted to this reader; if not, it only orders."""
        return self._answerer.is_calibrated(self.reader)

    @property
    def scored_by(self) -> str:
        """The reader and the ranking that compute the log-odds of answers, with their digests."""
        return self._answerer.scored_by(self.reader)


def _ms_since(started: float) -> float:
    return 1000 * (time.perf_counter() - started)
