"""The statement that nothing was found, with all that was searched."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from importlib.metadata import version
from typing import Any, Literal

from pullquote.answering.reply_labels import KIND_LABELS
from pullquote.base.dates.day_text import day_text
from pullquote.base.plurals import counted
from pullquote.conversation.markdown_text import escape_markdown
from pullquote.english.terms import typed_words
from pullquote.index import OpenGeneration
from pullquote.newsroom.absences.coverage import Coverage, Hole, SourceCoverage, coverage_of
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


CAUTION = (
    "This does not say that it did not happen, or that nobody wrote about it. It says that "
    "pullquote found no answer in these articles."
)


def absence_lines(statement: AbsenceStatement) -> list[str]:
    """The statement as sentences, without the tables of sources and settings."""
    coverage = statement.coverage
    lines = [
        f"No answer was found in {counted(coverage.articles, 'article')} of "
        f"{counted(sum(bool(one.source) for one in coverage.sources), 'source')}{_days(coverage)}.",
        CAUTION,
        f"Searched for: {statement.searched_for}",
        f"Read as: {KIND_LABELS[statement.kind]}",
    ]
    if statement.as_of is not None:
        lines.append(f"Only articles published by {day_text(statement.as_of)} were searched.")
    if filters := _filters(statement):
        lines.append(f"Filters: {'; '.join(filters)}.")
    if statement.unknown_words:
        lines.append(f"In no article: {', '.join(statement.unknown_words)}.")
    if coverage.undated:
        lines.append(f"Without a date: {counted(coverage.undated, 'article')}.")
    if coverage.holes:
        lines.append(f"Months without any article: {_holes(coverage.holes)}.")
    if coverage.not_searched:
        reasons = (f"{count:,} {reason}" for reason, count in coverage.not_searched.items())
        lines.append(f"Not searched: {', '.join(reasons)}.")
    return lines


def absence_markdown(statement: AbsenceStatement) -> str:
    """The whole statement in Markdown; the same for the same statement."""
    parts = [
        "# Nothing found",
        f"> {_line(statement.question)}",
        *map(_line, absence_lines(statement)),
        "## Sources searched",
        "\n".join(f"- {_line(source_line(one))}" for one in statement.coverage.sources) or "None.",
    ]
    if statement.closest:
        closest = (
            f"- “{_line(one.quote)}” ({_line(one.article)}, characters {one.start}–{one.end}; "
            f"confidence {one.confidence:.3f})"
            for one in statement.closest
        )
        parts += ["## The closest words", "\n".join(closest)]
    parts += ["## Index and settings", "\n".join(_facts(statement))]
    return "\n\n".join(parts) + "\n"


def _days(coverage: Coverage) -> str:
    if coverage.first_day is None or coverage.last_day is None:
        return ""
    return f", published from {day_text(coverage.first_day)} to {day_text(coverage.last_day)}"


def _filters(statement: AbsenceStatement) -> list[str]:
    filters = statement.filters
    named = {
        "sources": filters.sources,
        "without sources": filters.not_sources,
        "sections": filters.sections,
        "languages": filters.languages,
        "kinds": filters.kinds,
        "roles": filters.roles,
        "articles": filters.articles,
    }
    since, until = filters.since, filters.until
    return [
        *([] if since is None else [f"published since {day_text(since)}"]),
        *([] if until is None else [f"published until {day_text(until)}"]),
        *(f"{name}: {', '.join(values)}" for name, values in named.items() if values),
        *(["with reader comments"] if filters.comments else []),
    ]


def source_line(source: SourceCoverage) -> str:
    """The articles of a source, with its months and holes."""
    name = " ".join(source.source.split()) or "no source named"
    months = "" if source.first_month is None else f", {_months(source)}"
    undated = f"; {source.undated:,} undated" if source.undated else ""
    holes = f"; none in {_holes(source.holes)}" if source.holes else ""
    return f"{name}: {counted(source.articles, 'article')}{months}{undated}{holes}"


def _months(source: SourceCoverage) -> str:
    first, last = source.first_month, source.last_month
    return str(first) if first == last else f"{first} to {last}"


def _holes(holes: Sequence[Hole]) -> str:
    ranges = (one.first if one.first == one.last else f"{one.first} to {one.last}" for one in holes)
    return ", ".join(ranges)


def _facts(statement: AbsenceStatement) -> Iterator[str]:
    yield f"- pullquote {statement.pullquote}"
    yield f"- index generation {_line(statement.generation)}"
    yield f"- SHA-256 of the index: {statement.index_sha256}"
    yield f"- {counted(statement.passages, 'passage')} in the index; search: {statement.searched}"
    for name, value in statement.settings.items():
        yield f"- {escape_markdown(name)}: {_line(str(value))}"


def _line(text: str) -> str:
    return escape_markdown(" ".join(text.split()))
