"""The assistant: opens an index, retrieves passages and answers questions."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import NoneType

from pullquote.answers import Calibration, RankedCandidate, Ranking, answers, read_calibration
from pullquote.conversation.session import ConversationSession
from pullquote.errors import IndexDamaged, IndexMismatch, PullquoteError
from pullquote.index import GenerationRef, OpenGeneration
from pullquote.query import as_typed as query_as_typed
from pullquote.query import understand
from pullquote.reader import Reader, open_reader
from pullquote.retrieval.reranker import Reranker
from pullquote.retrieval.retriever import Retriever
from pullquote.retrieval.search_result import SearchResult
from pullquote.schema import (
    Article,
    Filters,
    Hit,
    Outcome,
    Question,
    QuestionKind,
    Reply,
    check_hits,
    check_kind,
    check_question,
)
from pullquote.services import (
    check_index_config,
    check_not_empty,
    encoder_of,
    index_of,
    settings_with,
)
from pullquote.settings import Settings

MOST_HITS = 1000
"""The most hits that may be asked for with one question; each is read and shown."""


@dataclass(frozen=True, slots=True)
class _RefusedGeneration:
    """A generation that was built with settings different from the current ones."""

    generation: GenerationRef
    error: IndexMismatch


class Assistant:
    """Answers questions from the current generation of an index.

    Safe to share between threads. Use `pullquote.open` to make one. Close it, or use it as a
    context manager, to release the index's files. The index need not exist until it is first used.
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
        self._swap = threading.Lock()
        self._refused: _RefusedGeneration | None = None
        self._open: OpenGeneration | None = None

    @property
    def generation(self) -> OpenGeneration:
        """The current generation. If a rebuild has published a newer one, that is opened first.

        While one thread opens the newer generation, other threads use the previous one.

        Raises:
            IndexMissing, IndexDamaged, IndexMismatch: it cannot be opened; the message says why.
        """
        current, opened = self._index.current(), self._open
        if opened is None:
            with self._swap:
                return self._newest(current)
        if current.name != opened.answers_for and self._swap.acquire(blocking=False):
            try:
                return self._newest(current)
            finally:
                self._swap.release()
        return opened

    @property
    def damage(self) -> IndexDamaged | None:
        """The damage in the current generation, if answers come from the previous one instead."""
        return self.generation.damage

    def retrieve(
        self, question: str, *, k: int | None = None, filters: Filters | None = None
    ) -> list[Hit]:
        """The `k` passages that match a question best, best first.

        Raises:
            SettingsError, IndexEmpty: see `find`.
        """
        return self.find(question, k=k, filters=filters).hits

    def find(
        self,
        question: str,
        *,
        k: int | None = None,
        filters: Filters | None = None,
        kind: QuestionKind | None = None,
        as_typed: bool = False,
    ) -> SearchResult:
        """The passages that `ask` would read to find the answer.

        `assistant.read(assistant.find(question))` does the same as `assistant.ask(question)`.
        `kind` overrides the kind that the question would be taken for. With `as_typed`, the text is
        searched unchanged, without dropping chat or correcting its spelling.

        Raises:
            SettingsError: the question is empty or too long, `k` is not a number from 1 to 1,000,
                or an argument has the wrong type.
            IndexEmpty: the index has no articles.
        """
        started = time.perf_counter()
        generation = self.generation
        check_question(question, most=self.settings.question_chars)
        check_hits(k, most=MOST_HITS)
        check_kind("filters", filters, (Filters, NoneType), give="pullquote.Filters(…), or None")
        check_not_empty(self.settings, generation)
        query = query_as_typed(question, kind) if as_typed else understand(question, kind)
        asked = self.retriever.question(query.text, generation)
        hits = self._retrieve(generation, asked, k, filters)
        return SearchResult(query, asked, hits, generation, _ms_since(started))

    def read(self, found: SearchResult) -> Reply:
        """The answers to a question, best first, read from the passages that `find` returned."""
        started = time.perf_counter()
        calibration = self.calibration
        best = answers(
            self._ranked(found),
            keep=self.settings.answers,
            calibration=calibration,
            sources=found.generation.sources,
        )
        floor = calibration.threshold(self.settings.wrong_at_most)
        doubtful = not best or best[0].confidence < floor
        return Reply(
            question=found.query.typed,
            kind=found.query.kind,
            searched_for=found.query.text,
            corrections=found.query.corrections,
            outcome=Outcome.NOTHING if doubtful else Outcome.ANSWER,
            answers=tuple(best),
            generation=found.generation.name,
            searched=found.generation.searched,
            took_ms=round(found.took_ms + _ms_since(started), 1),
        )

    def ask(
        self,
        question: str,
        *,
        k: int | None = None,
        filters: Filters | None = None,
        kind: QuestionKind | None = None,
        as_typed: bool = False,
    ) -> Reply:
        """The answers to a question, best first, read from the `k` best passages.

        `kind` and `as_typed` are explained at `find`.

        Raises:
            SettingsError, IndexEmpty: see `find`.
        """
        found = self.find(question, k=k, filters=filters, kind=kind, as_typed=as_typed)
        return self.read(found)

    def rank(
        self, question: str, *, k: int | None = None, filters: Filters | None = None
    ) -> list[RankedCandidate]:
        """All candidates for the answer with their features, best first.

        Raises:
            SettingsError, IndexEmpty: see `find`.
        """
        return self._ranked(self.find(question, k=k, filters=filters))

    def conversation(self) -> ConversationSession:
        """A new conversation, in which each question may refer to the questions before it."""
        return ConversationSession(self)

    def article(self, article: str) -> Article:
        """The stored article with that id, with its text and blocks.

        Raises:
            ArticleUnknown: no article has that id.
            ArticleWithheld: the article may not be shown, or not yet.
        """
        check_kind("The article", article, str, give="its id, as in a citation")
        return self.generation.article(article)

    def copies_of(self, article: str) -> list[str]:
        """The ids of an article's near duplicates: articles printed from the same source.

        Raises:
            ArticleUnknown, ArticleWithheld: see `article`.
        """
        check_kind("The article", article, str, give="its id, as in a citation")
        return self.generation.near_duplicates_of(article)

    def close(self) -> None:
        """Release the index's files."""
        self.retriever.close()
        if self._open is not None:
            self._open.close()
        self._index.close()

    def __enter__(self) -> Assistant:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def reader(self) -> Reader:
        """The reader named in the settings.

        Raises:
            ModelError: the reader cannot be opened.
        """
        return open_reader(self.settings.reader, self.encoder)

    @cached_property
    def reranker(self) -> Reranker | None:
        """The reranker named in the settings, if any.

        Raises:
            ModelError: the reranker cannot be opened.
        """
        return None if self.settings.reranker is None else Reranker(self.settings.reranker)

    @property
    def calibration(self) -> Calibration:
        """The calibration of confidence: one fitted for this index, or else the packaged one.

        Raises:
            SettingsError: the index's calibration is unreadable, or is for a different reader.
        """
        fitted = read_calibration(self._index.local_folder, self.scored_by)
        return self._ranking.calibration if fitted is None else fitted

    @property
    def is_calibrated(self) -> bool:
        """Whether the confidence was fitted to this reader, here or in the package.

        If not, confidence orders the answers but is not a probability; see `pullquote.calibrate`.
        """
        shipped = self._ranking.reader == self.reader.identity
        return shipped or read_calibration(self._index.local_folder, self.scored_by) is not None

    @property
    def scored_by(self) -> str:
        """The reader and the ranking that compute the log-odds of answers, with their digests."""
        return f"{self.reader.identity}, ranked by {self._ranking.identity}"

    @cached_property
    def _ranking(self) -> Ranking:
        return Ranking.packaged()

    def _ranked(self, found: SearchResult) -> list[RankedCandidate]:
        return self._ranking.order(found.question, self.reader.read(found.question, found.hits))

    def _retrieve(
        self, generation: OpenGeneration, question: Question, k: int | None, filters: Filters | None
    ) -> list[Hit]:
        wanted = self.settings.hits if k is None else k
        reranked = 0 if self.reranker is None else self.settings.reranked
        found = self.retriever.retrieve(
            question,
            generation,
            k=max(wanted, reranked),
            filters=Filters() if filters is None else filters,
        )
        if self.reranker is not None:
            found[:reranked] = self.reranker.rerank(question.text, found[:reranked])
        return found[:wanted]

    def _newest(self, current: GenerationRef) -> OpenGeneration:
        """The current generation. The caller must hold the lock."""
        if self._open is None or self._open.answers_for != current.name:
            self._open = self._open_current(current)
        return self._open

    def _open_current(self, current: GenerationRef) -> OpenGeneration:
        """Open the current generation, unless it was refused before."""
        if self._refused is not None and self._refused.generation == current:
            raise self._refused.error
        generation = self._index.open(before=self._open)
        try:
            check_index_config(self.settings, generation)
        except IndexMismatch as error:
            self._refused = _RefusedGeneration(current, error)
            raise
        return generation


def _ms_since(started: float) -> float:
    return 1000 * (time.perf_counter() - started)


def open_assistant(
    index: str | Path | None = None, *, settings: Settings | None = None
) -> Assistant:
    """An assistant for the index at `index`, or for the index in the settings.

    Raises:
        IndexMissing: there is no index there; the message gives the command that builds it.
        IndexDamaged, IndexMismatch: it cannot be opened; the message says why.
    """
    assistant = Assistant(settings_with(settings, index=index))
    try:
        _ = assistant.generation
    except PullquoteError:
        assistant.close()
        raise
    return assistant
