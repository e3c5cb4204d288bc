"""Speakers, claims and audits as CSV tables that are safe to open in a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from pullquote.base.spreadsheets import csv_table
from pullquote.schema import day_of
from pullquote.schema.speakers import (
    ArticleAudit,
    ClaimCounts,
    CorpusAudit,
    PaperAudit,
    QuotedSpeaker,
    ReportedClaim,
)

_COUNTS = ("claims", "direct", "reported", "words", "named", "unnamed", "unclear", "unnamed_share")


def speakers_csv(speakers: Iterable[QuotedSpeaker]) -> str:
    """A row for each speaker."""
    columns = "speaker claims direct articles words first_day last_day one_word".split()
    return csv_table(
        columns,
        (
            (
                *(one.name, one.claims, one.direct, one.articles, one.words),
                *(_day(one.first_day), _day(one.last_day), _answer(one.one_word)),
            )
            for one in speakers
        ),
    )


def claims_csv(claims: Iterable[ReportedClaim]) -> str:
    """A row for each claim, with its words and where they are."""
    columns = "speaker manner direct via quote source day title article start end version".split()
    return csv_table(
        columns,
        (
            (
                *(one.speaker, one.manner, _answer(one.direct), one.via, one.quote, one.source),
                *(_day(day_of(one.published)), one.title, one.article),
                *(one.content[0][0], one.content[-1][1], one.version),
            )
            for one in claims
        ),
    )


def audit_csv(audit: CorpusAudit) -> str:
    """A row for each paper, and a last row for all articles."""
    columns = ("source", "articles", "quoting", *_COUNTS)
    total = PaperAudit(
        source="all", articles=audit.articles, quoting=audit.quoting, counts=audit.counts
    )
    return csv_table(
        columns,
        (
            (one.source, one.articles, one.quoting, *_counts(one.counts))
            for one in (*audit.papers, total)
        ),
    )


def article_audit_csv(audit: ArticleAudit) -> str:
    """A row for each source of an article."""
    columns = "article source naming claims direct reported words".split()
    return csv_table(
        columns,
        (
            (
                *(audit.article, one.source, one.naming, one.claims, one.direct),
                *(one.claims - one.direct, one.words),
            )
            for one in audit.sources
        ),
    )


def _counts(counts: ClaimCounts) -> Sequence[object]:
    share = counts.unnamed_share
    return (
        *(counts.claims, counts.direct, counts.reported, counts.words),
        *(counts.named, counts.unnamed, counts.unclear),
        None if share is None else round(share, 3),
    )


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _answer(value: bool) -> str:
    return "yes" if value else "no"
