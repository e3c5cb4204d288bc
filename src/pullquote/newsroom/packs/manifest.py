"""The facts of an evidence pack: its questions, quotes and articles, and what they came from."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import AwareDatetime, Field

from pullquote.newsroom.absences import AbsenceStatement
from pullquote.schema import Citation, Filters, Outcome, QuestionKind, ValueStatus
from pullquote.schema.article import Model
from pullquote.schema.moments import Moment

FORMAT = "pullquote evidence pack"
VERSION = 2
"""Version 1, of pullquote 0.2, has no values, corrections or sections, and its times have
microseconds. A pack is verified by the rules of its own version."""
MANIFEST = "pack.json"


class PackedArticle(Model):
    """A cited article. `file` is the member with its text; None if the pack has only digests.

    `text_sha256` is the digest of the text in UTF-8, and `version` that of the article's file.
    """

    id: str
    title: str
    authors: tuple[str, ...]
    source: str | None
    published: Moment | None
    url: str | None
    language: str
    version: str
    text_sha256: str
    characters: int
    file: str | None
    section: str | None = None


class PackedAnswer(Model):
    """An answer with the numbers of its citations in the pack, from 1.

    `correction` is the number of the sentence that corrects it.
    """

    text: str
    confidence: float = Field(ge=0, le=1)
    citations: tuple[int, ...]
    correction: int | None = None


class PackedValue(Model):
    """A value that articles give in answer to a question; see `ReportedValue`.

    Its citations, its mentions and its correction are numbers of citations in the pack.
    """

    text: str
    status: ValueStatus
    first_reported: Moment | None
    last_reported: Moment | None
    sources: int = Field(ge=1)
    citations: tuple[int, ...] = Field(min_length=1)
    mentions: tuple[int, ...] = ()
    correction: int | None = None


class PackedQuestion(Model):
    """A question as asked, what was searched for, and what was found.

    `values` are those that the screen shows beside the answers, in the order of first reports.
    """

    question: str
    searched_for: str
    kind: QuestionKind
    outcome: Outcome
    as_of: date | None
    filters: Filters = Filters()
    asked: AwareDatetime | None
    generation: str
    answers: tuple[PackedAnswer, ...]
    values: tuple[PackedValue, ...] = ()


class LeftOutCitation(Model):
    """A citation that is not in the pack, and why; `quote` is "" if its article is withheld."""

    article: str
    quote: str
    reason: str


class PackManifest(Model):
    """The content of `pack.json`.

    `index_sha256` is the digest of the index's manifest: it tells states of an index apart.
    `absences` state what was searched for the questions for which nothing was found.
    """

    format: Literal["pullquote evidence pack"] = "pullquote evidence pack"
    version: int = Field(VERSION, ge=1, le=VERSION)
    pullquote: str
    generation: str
    index_sha256: str
    index_config: dict[str, Any]
    settings: dict[str, Any]
    questions: tuple[PackedQuestion, ...]
    citations: tuple[Citation, ...]
    articles: tuple[PackedArticle, ...]
    left_out: tuple[LeftOutCitation, ...] = ()
    absences: tuple[AbsenceStatement, ...] = ()
