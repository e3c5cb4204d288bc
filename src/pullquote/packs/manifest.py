"""The facts of an evidence pack: its questions, quotes and articles, and what they came from."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import AwareDatetime, Field

from pullquote.absences import AbsenceStatement
from pullquote.schema import Citation, Filters, Outcome, QuestionKind
from pullquote.schema.article import Model
from pullquote.schema.moments import Moment

FORMAT = "pullquote evidence pack"
VERSION = 1
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


class PackedAnswer(Model):
    """An answer with the numbers of its citations in the pack, from 1."""

    text: str
    confidence: float
    citations: tuple[int, ...]


class PackedQuestion(Model):
    """A question as asked, what was searched for, and what was found."""

    question: str
    searched_for: str
    kind: QuestionKind
    outcome: Outcome
    as_of: date | None
    filters: Filters = Filters()
    asked: AwareDatetime | None
    generation: str
    answers: tuple[PackedAnswer, ...]


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
