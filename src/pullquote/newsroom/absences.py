"""States what was searched when nothing was found: articles, days, sources, holes and settings."""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import version
from itertools import pairwise
from typing import Any, Literal

from pullquote.answering.reply_labels import KIND_LABELS
from pullquote.base.cancellation import check_cancelled
from pullquote.base.dates.day_text import day_text
from pullquote.base.plurals import counted
from pullquote.base.wording import WITH_COMMENTS
from pullquote.conversation.markdown_text import escape_markdown
from pullquote.english.terms import typed_words
from pullquote.index import OpenGeneration
from pullquote.index.catalog.catalog_rows import State
from pullquote.index.metadata import fold
from pullquote.schema import Filters, Outcome, QuestionKind, Reply, SearchMode
from pullquote.schema.answer import Correction
from pullquote.schema.article import Model
from pullquote.schema.errors import SettingsError

_MONTHS = 12


class Hole(Model):
    """Months without an article, from `first` to `last`, written like 2023-05."""

    first: str
    last: str


class SourceCoverage(Model):
    """The articles of a source that were searched; `source` is "" for articles that name none.

    `holes` are the months without an article of this source, between the first and the last month
    that was searched.
    """

    source: str
    articles: int
    undated: int
    first_month: str | None
    last_month: str | None
    months: dict[str, int]
    holes: tuple[Hole, ...]


class Coverage(Model):
    """The articles that were searched, and those that were not.

    `first_day` and `last_day` are those of the searched articles; None if none has a date.
    `holes` are the months in which no source has an article. `not_searched` counts articles by the
    reason, such as "superseded" or "outside the filters", and files that could not be read or are
    not in the index yet.
    """

    articles: int
    undated: int
    first_day: date | None
    last_day: date | None
    sources: tuple[SourceCoverage, ...]
    holes: tuple[Hole, ...]
    not_searched: dict[str, int]


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """What the catalog says about an article; `day` is the ordinal of the day of publication."""

    id: str
    source: str
    section: str | None
    language: str
    day: int | None


def coverage_of(generation: OpenGeneration, filters: Filters, *, at: int) -> Coverage:
    """The coverage of a search with these filters at a moment, in seconds since 1970.

    It reads the metadata of every article.
    """
    not_searched: Counter[str] = Counter()
    searched = _searched(generation, filters, not_searched, at)
    for failed in generation.manifest.failed:
        not_searched[State.LEFT_OUT if failed.left_out else State.FAILED] += 1
    days = [one.day for one in searched if one.day is not None]
    progress = generation.manifest.progress
    if progress is not None:
        not_searched["not in the index yet"] = progress.files - progress.searchable
    first, last = min(days, default=None), max(days, default=None)
    months = Counter(_month(day) for day in days)
    bounds = _bounds(months)
    return Coverage(
        articles=len(searched),
        undated=len(searched) - len(days),
        first_day=None if first is None else date.fromordinal(first),
        last_day=None if last is None else date.fromordinal(last),
        sources=tuple(_by_source(searched, bounds)),
        holes=_holes_between(months, bounds),
        not_searched=dict(sorted(not_searched.items())),
    )


def searched_articles(
    generation: OpenGeneration, filters: Filters, *, at: int
) -> list[ListedArticle]:
    """The articles that a search with these filters considers, in no particular order."""
    return _searched(generation, filters, Counter(), at)


def _searched(
    generation: OpenGeneration, filters: Filters, not_searched: Counter[str], at: int
) -> list[ListedArticle]:
    return [
        one
        for one in _shown(generation, not_searched, at)
        if _passes(one, filters, generation, not_searched)
    ]


def _shown(
    generation: OpenGeneration, not_searched: Counter[str], at: int
) -> Iterator[ListedArticle]:
    """The articles that may be shown and are not superseded; the others are counted."""
    superseded = generation.superseded(at=at)
    for segment in generation.catalog_segments():
        for row in segment.entries(now=at):
            check_cancelled()
            id, state, source, section, language, day = (row[at] for at in (2, 3, 6, 7, 8, 11))
            if state != State.INDEXED:
                not_searched[str(state)] += 1
            elif id in superseded:
                not_searched[State.SUPERSEDED] += 1
            else:
                yield ListedArticle(
                    id=str(id),
                    source="" if source is None else " ".join(str(source).split()),
                    section=None if section is None else str(section),
                    language=str(language),
                    day=None if day is None else int(str(day)),
                )


def _passes(
    one: ListedArticle, filters: Filters, generation: OpenGeneration, not_searched: Counter[str]
) -> bool:
    passes = _by_facts(one, filters) and _by_day(one, filters)
    if passes and filters.kinds:
        article = generation.stored_article(one.id)
        passes = article is not None and article.kind in filters.kinds
    not_searched["outside the filters"] += not passes
    if not_searched["outside the filters"] == 0:
        del not_searched["outside the filters"]
    return passes


def _by_facts(one: ListedArticle, filters: Filters) -> bool:
    source, section = fold(one.source), fold(one.section)
    languages = [tag.casefold() for tag in filters.languages]
    return (
        (not filters.sources or source in map(fold, filters.sources))
        and (not filters.sections or section in map(fold, filters.sections))
        and source not in map(fold, filters.not_sources)
        and (not filters.articles or one.id in filters.articles)
        and (
            not languages
            or any(one.language == tag or one.language.startswith(f"{tag}-") for tag in languages)
        )
    )


def _by_day(one: ListedArticle, filters: Filters) -> bool:
    since, until = filters.since, filters.until
    if one.day is None:
        return since is None and until is None
    return (since is None or since.toordinal() <= one.day) and (
        until is None or one.day <= until.toordinal()
    )


def _by_source(searched: Iterable[ListedArticle], bounds: list[int]) -> Iterator[SourceCoverage]:
    """The coverage of each source, in the order of their names."""
    groups: dict[str, list[ListedArticle]] = defaultdict(list)
    names: dict[str, str] = {}
    for one in searched:
        key = str(fold(one.source))
        groups[key].append(one)
        names[key] = min(names.get(key, one.source), one.source)
    for key in sorted(groups):
        months = Counter(_month(one.day) for one in groups[key] if one.day is not None)
        yield _source(names[key], months, len(groups[key]) - months.total(), bounds)


def _source(
    name: str, months: Mapping[int, int], undated: int, bounds: list[int]
) -> SourceCoverage:
    written = {_month_text(month): months[month] for month in sorted(months)}
    return SourceCoverage(
        source=name,
        articles=sum(months.values()) + undated,
        undated=undated,
        first_month=next(iter(written), None),
        last_month=next(reversed(written), None),
        months=written,
        holes=_holes_between(months, bounds),
    )


def counted_again(coverage: Coverage) -> Coverage:
    """The coverage as it follows from the months of its sources; equal unless it was changed.

    Raises:
        ValueError: a month is not written like 2023-05.
    """
    each = [
        Counter({_month_number(text): count for text, count in one.months.items()})
        for one in coverage.sources
    ]
    months = sum(each, Counter[int]())
    bounds = _bounds(months)
    undated = sum(one.undated for one in coverage.sources)
    days = [coverage.first_day, coverage.last_day]
    known = [day for day in days if day is not None]
    found = [_month(day.toordinal()) for day in known]
    ends = found in ([], [*bounds[:1], *bounds[-1:]]) and bool(found) == bool(bounds)
    return Coverage(
        articles=months.total() + undated,
        undated=undated,
        first_day=coverage.first_day if ends and known == sorted(known) else None,
        last_day=coverage.last_day if ends else None,
        sources=tuple(
            _source(one.source, counts, one.undated, bounds)
            for one, counts in zip(coverage.sources, each, strict=True)
        ),
        holes=_holes_between(months, bounds),
        not_searched=coverage.not_searched,
    )


def _holes_between(months: Mapping[int, int], bounds: list[int]) -> tuple[Hole, ...]:
    """The runs of months without an article, from the first bound to the last."""
    if not bounds:
        return ()
    present = [bounds[0] - 1, *sorted(months), bounds[-1] + 1]
    return tuple(
        Hole(first=_month_text(one + 1), last=_month_text(following - 1))
        for one, following in pairwise(present)
        if following - one > 1
    )


def _bounds(months: Mapping[int, int]) -> list[int]:
    """The first and the last month; one of them if they are the same, none without a month."""
    return sorted(months)[:: max(1, len(months) - 1)] if months else []


def _month_number(text: str) -> int:
    day = date.fromisoformat(f"{text}-01")
    return _month(day.toordinal())


def _month(day: int) -> int:
    """The number of the month of a day, since year 0."""
    found = date.fromordinal(day)
    return found.year * _MONTHS + found.month - 1


def _month_text(month: int) -> str:
    return f"{month // _MONTHS:04}-{month % _MONTHS + 1:02}"


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
        *([WITH_COMMENTS] if filters.comments else []),
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
