"""The facts of an evidence pack: its questions, quotes and articles, and what they came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from pydantic import AwareDatetime, Field

from pullquote.newsroom.absences import AbsenceStatement
from pullquote.schema import (
    Answer,
    Citation,
    Filters,
    Outcome,
    QuestionKind,
    Reply,
    ReportedValue,
    ValueStatus,
    instant_of,
)
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


@dataclass(frozen=True, slots=True)
class AskedReply:
    """A reply with the filters of its search, and when it was asked, if that is known."""

    reply: Reply
    filters: Filters = field(default_factory=Filters)
    asked: datetime | None = None


def packed_question(
    asked: AskedReply, numbers: Mapping[Citation, int], withheld: frozenset[Citation]
) -> PackedQuestion:
    """The question with its answers and values, but those that only withheld articles give."""
    reply = asked.reply
    nothing = reply.outcome is Outcome.NOTHING
    answers = [] if nothing else reply.shown
    values = [] if nothing else reply.values
    return PackedQuestion(
        question=reply.question,
        searched_for=reply.searched_for,
        kind=reply.kind,
        outcome=reply.outcome,
        as_of=reply.as_of,
        filters=asked.filters,
        asked=None if asked.asked is None else asked.asked.replace(microsecond=0),
        generation=reply.generation,
        answers=tuple(
            _answer(one, numbers, withheld)
            for one in answers
            if not withheld.issuperset(one.citations)
        ),
        values=tuple(
            _value(one, numbers, withheld)
            for one in values
            if not numbers.keys().isdisjoint(one.citations)
        ),
    )


def first_and_last(citations: Sequence[Citation]) -> tuple[date | None, date | None]:
    """When the first and the last of some citations were published; None if no day is known."""
    moments = [one.published for one in citations if one.published is not None]
    dated = sorted(moments, key=instant_of)
    return (dated[0], dated[-1]) if dated else (None, None)


def _answer(
    answer: Answer, numbers: Mapping[Citation, int], withheld: frozenset[Citation]
) -> PackedAnswer:
    return PackedAnswer(
        text=_text(answer, numbers, withheld),
        confidence=answer.confidence,
        citations=_numbered(answer.citations, numbers),
        correction=None if answer.correction is None else numbers.get(answer.correction),
    )


def _value(
    value: ReportedValue, numbers: Mapping[Citation, int], withheld: frozenset[Citation]
) -> PackedValue:
    """The value as the citations give it that are in the pack; the others may not be shown."""
    standing = [one for one in value.citations if one in numbers]
    first, last = first_and_last(standing)
    return PackedValue(
        text=_text(value, numbers, withheld),
        status=value.status,
        first_reported=first,
        last_reported=last,
        sources=min(value.sources, len({one.article for one in standing})),
        citations=_numbered(standing, numbers),
        mentions=_numbered([one for one in value.mentions if one not in standing], numbers),
        correction=None if value.correction is None else numbers.get(value.correction),
    )


def _text(
    one: Answer | ReportedValue, numbers: Mapping[Citation, int], withheld: frozenset[Citation]
) -> str:
    """The words of an answer or value; those of another quote if only a lost one has them."""
    known = [cited for cited in one.citations if cited not in withheld]
    quotes = [cited.quote for cited in known if cited in numbers] or [one.quote for one in known]
    return one.text if one.text in quotes else quotes[0]


def _numbered(citations: Sequence[Citation], numbers: Mapping[Citation, int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(numbers[one] for one in citations if one in numbers))
