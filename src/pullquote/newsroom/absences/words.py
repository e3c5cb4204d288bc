"""A statement of absence in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pullquote.answering.reply_labels import KIND_LABELS
from pullquote.base.dates.day_text import day_text
from pullquote.base.plurals import counted
from pullquote.conversation.markdown_text import escape_markdown
from pullquote.newsroom.absences.coverage import Coverage, Hole, SourceCoverage
from pullquote.newsroom.absences.statement import AbsenceStatement

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
