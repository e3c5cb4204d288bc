"""The statement that nothing was found, with all that was searched."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from importlib.metadata import version
from typing import Any, Literal

from pullquote.english.terms import typed_words
from pullquote.index import OpenGeneration
from pullquote.newsroom.absences.coverage import Coverage, coverage_of
from pullquote.schema import Filters, Outcome, QuestionKind, Reply, SearchMode
from pullquote.schema.answer import Correction
from pullquote.schema.article import Model
from pullquote.schema.errors import SettingsError


class CloseWords(Model):
    """Words that come closest to an answer, with their place and the confidence in them."""

    article: str
    start: int
    end: int
    quote: str
    confidence: float


class AbsenceStatement(Model):
    """What was searched for a question, if nothing was found.

    It has no time: the same question on the same index with the same settings gives the same
    bytes. `unknown_words` are the words of the question that no article contains. `index_sha256` is
    the digest of the index's manifest. `closest` are the words that came closest.
    """

    format: Literal["pullquote statement of absence"] = "pullquote statement of absence"
    version: int = 1
    question: str
    searched_for: str
    corrections: tuple[Correction, ...]
    kind: QuestionKind
    as_of: date | None
    filters: Filters
    unknown_words: tuple[str, ...]
    searched: SearchMode
    coverage: Coverage
    passages: int
    closest: tuple[CloseWords, ...]
    generation: str
    index_sha256: str
    index_config: dict[str, Any]
    settings: dict[str, Any]
    pullquote: str

    def to_json(self) -> str:
        """The statement as JSON."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"


def absence_of(
    reply: Reply,
    generation: OpenGeneration,
    *,
    filters: Filters,
    settings: Mapping[str, Any],
    at: int | None = None,
) -> AbsenceStatement:
    """The statement for a reply without an answer, as of a moment in seconds since 1970.

    Raises:
        SettingsError: the reply has an answer, or is from another state of the index.
    """
    if reply.outcome is not Outcome.NOTHING:
        raise SettingsError("The reply has an answer, so there is no absence to state.")
    if reply.generation != generation.name:
        raise SettingsError(
            f"The reply is from the index generation {reply.generation}, but the index is now at "
            f"{generation.name}. Ask the question again."
        )
    words = {**typed_words(reply.question), **typed_words(reply.searched_for)}
    unknown = set(generation.unknown_terms(list(words)))
    manifest = generation.manifest
    moment = int(time.time()) if at is None else at
    return AbsenceStatement(
        question=reply.question,
        searched_for=reply.searched_for,
        corrections=reply.corrections,
        kind=reply.kind,
        as_of=reply.as_of,
        filters=filters,
        unknown_words=tuple(word for term, word in words.items() if term in unknown),
        searched=reply.searched,
        coverage=coverage_of(generation, _scope(filters, reply.as_of), at=moment),
        passages=manifest.passages,
        closest=tuple(
            CloseWords(
                article=one.citations[0].article,
                start=one.citations[0].start,
                end=one.citations[0].end,
                quote=one.citations[0].quote,
                confidence=round(one.confidence, 3),
            )
            for one in reply.shown
        ),
        generation=generation.name,
        index_sha256=generation.published.digest,
        index_config=manifest.index_config.model_dump(mode="json", by_alias=True),
        settings=dict(settings),
        pullquote=version("pullquote"),
    )


def _scope(filters: Filters, as_of: date | None) -> Filters:
    """The filters, with the day as of which the question was asked."""
    if as_of is None or (filters.until is not None and filters.until <= as_of):
        return filters
    return replace(filters, until=as_of)
