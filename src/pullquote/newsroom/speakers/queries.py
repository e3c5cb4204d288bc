"""Queries for speakers and claims, over the articles that may be shown.

The temporary table `shown` has the rows of these articles. `speakers` has the counts of each name
for one set of filters.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pullquote.index.catalog.catalog_rows import plain
from pullquote.index.interfaces import OpenGeneration
from pullquote.index.metadata import fold
from pullquote.newsroom.speakers.names import is_one_word
from pullquote.newsroom.speakers.store import AttributionStore, checksum
from pullquote.schema import NEVER, Attribution
from pullquote.schema.speakers import (
    ClaimCounts,
    ClaimFilters,
    CorpusAudit,
    PaperAudit,
    QuotedSpeaker,
)

SpeakerSort = Literal["name", "claims", "direct", "articles", "words", "last"]

_FROM = "claims c JOIN shown s ON s.row = c.article JOIN articles a ON a.row = c.article"

_COUNTS = (
    "count(c.number), coalesce(sum(c.direct), 0), coalesce(sum(c.words), 0), "
    "coalesce(sum(c.naming = 'named'), 0), coalesce(sum(c.naming = 'unnamed'), 0)"
)


@dataclass(frozen=True, slots=True)
class StoredClaim:
    """A claim as it is stored, with the id and version of its article."""

    article: str
    version: str
    attribution: Attribution


def show(store: AttributionStore, generation: OpenGeneration, *, now: int) -> int:
    """Fill the table `shown`, and return when the next embargo ends, in seconds since 1970.

    Articles that are withheld, under embargo or superseded are left out.
    """
    store.query("CREATE TEMP TABLE IF NOT EXISTS shown (row INTEGER PRIMARY KEY)")
    store.query("DELETE FROM shown")
    store.query("INSERT INTO shown SELECT row FROM articles WHERE released <= ?", now)
    store.connection.executemany(
        "DELETE FROM shown WHERE row = (SELECT row FROM articles WHERE id = ?)",
        [(id,) for id in generation.superseded(at=now)],
    )
    waiting = "SELECT coalesce(min(released), ?) FROM articles WHERE released > ?"
    return _number(store.query(waiting, NEVER, now))


def count_speakers(store: AttributionStore, filters: ClaimFilters) -> None:
    """Fill the table `speakers` with the counts of each name.

    A name is shown in its most frequent spelling.
    """
    where, values = _where(filters)
    store.query("DROP TABLE IF EXISTS temp.speakers")
    store.query(
        "CREATE TEMP TABLE speakers AS SELECT key, substr(spelling, 11) AS name, claims, direct, "  # noqa: S608
        "articles, words, first, last FROM (SELECT c.key AS key, count(*) AS claims, "
        "sum(c.direct) AS direct, count(DISTINCT c.article) AS articles, sum(c.words) AS words, "
        f"min(a.day) AS first, max(a.day) AS last FROM {_FROM} WHERE c.key IS NOT NULL AND {where} "
        "GROUP BY c.key) JOIN (SELECT key, max(printf('%010d', n) || speaker) AS spelling "
        f"FROM (SELECT c.key AS key, c.speaker AS speaker, count(*) AS n FROM {_FROM} "
        f"WHERE c.key IS NOT NULL AND {where} GROUP BY c.key, c.speaker) GROUP BY key) USING (key)",
        *values,
        *values,
    )


def list_speakers(
    store: AttributionStore,
    words: str,
    *,
    sort: SpeakerSort,
    descending: bool,
    start: int,
    count: int | None,
) -> list[QuotedSpeaker]:
    """Some of the counted speakers whose name has all these words, in order."""
    where, values = _having(words)
    column = "key" if sort == "name" else sort
    order = f"{column} {'DESC' if descending else 'ASC'} NULLS LAST, key"
    limits = (-1 if count is None else count, start)
    rows = store.query(
        "SELECT name, claims, direct, articles, words, first, last FROM speakers "  # noqa: S608
        f"WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?",
        *values,
        *limits,
    )
    return [_speaker(row) for row in rows]


def number_of_speakers(store: AttributionStore, words: str) -> int:
    """The number of counted speakers whose name has all these words."""
    where, values = _having(words)
    return _number(store.query(f"SELECT count(*) FROM speakers WHERE {where}", *values))  # noqa: S608


def counted_speaker(store: AttributionStore, key: str) -> QuotedSpeaker | None:
    """The counts of one speaker; None if nobody has the name."""
    rows = store.query(
        "SELECT name, claims, direct, articles, words, first, last FROM speakers WHERE key = ?", key
    )
    return _speaker(rows[0]) if rows else None


def names_with(store: AttributionStore, word: str, *, most: int) -> list[str]:
    """The names of counted speakers that have a word, or any if it is "", most claims first."""
    statement = (
        "SELECT name FROM speakers WHERE instr(' ' || key || ' ', ?) "
        "ORDER BY claims DESC, key LIMIT ?"
    )
    sought = f" {word} " if word else " "
    return [str(name) for (name,) in store.query(statement, sought, most)]


def find_claims(
    store: AttributionStore,
    key: str,
    filters: ClaimFilters,
    *,
    descending: bool,
    start: int,
    count: int | None,
) -> list[StoredClaim]:
    """Some claims of a speaker by date; those of one article in the order of its text.

    Raises:
        sqlite3.DatabaseError: a row is damaged.
    """
    where, values = _where(filters)
    rows = store.query(
        "SELECT a.id, a.version, c.key, c.speaker, c.naming, c.manner, c.direct, c.words, "  # noqa: S608
        f"c.attribution, c.crc FROM {_FROM} WHERE c.key = ? AND {where} "
        f"ORDER BY a.day {'DESC' if descending else 'ASC'} NULLS LAST, a.id, c.number "
        "LIMIT ? OFFSET ?",
        *(key, *values, -1 if count is None else count, start),
    )
    return [_claim(row) for row in rows]


def number_of_claims(store: AttributionStore, key: str, filters: ClaimFilters) -> int:
    """The number of claims of a speaker."""
    where, values = _where(filters)
    statement = f"SELECT count(*) FROM {_FROM} WHERE c.key = ? AND {where}"  # noqa: S608
    return _number(store.query(statement, key, *values))


def audit_papers(store: AttributionStore, filters: ClaimFilters) -> CorpusAudit:
    """The counts of all articles and of each paper."""
    articles, article_values = _of_article(filters)
    claims, claim_values = _of_claim(filters)
    given = f"shown s JOIN articles a ON a.row = s.row AND {articles}"
    rows = store.query(
        f"SELECT max(a.source), count(DISTINCT a.row), count(DISTINCT c.article), {_COUNTS} "  # noqa: S608
        f"FROM {given} LEFT JOIN claims c ON c.article = a.row AND {claims} "
        "GROUP BY a.by_source ORDER BY 2 DESC, a.by_source",
        *article_values,
        *claim_values,
    )
    papers = tuple(_paper(row) for row in rows)
    unread = store.query(f"SELECT count(*) FROM {given} WHERE NOT a.read", *article_values)  # noqa: S608
    return CorpusAudit(
        articles=sum(one.articles for one in papers),
        quoting=sum(one.quoting for one in papers),
        unread=_number(unread),
        speakers=number_of_speakers(store, ""),
        counts=_sum([one.counts for one in papers]),
        papers=papers,
    )


def _paper(row: Sequence[object]) -> PaperAudit:
    source, articles, quoting, *counts = row
    named = dict(zip(("claims", "direct", "words", "named", "unnamed"), counts, strict=True))
    facts = {"source": source or "", "articles": articles, "quoting": quoting, "counts": named}
    return PaperAudit.model_validate(facts)


def _sum(counts: Sequence[ClaimCounts]) -> ClaimCounts:
    fields = ClaimCounts.model_fields
    return ClaimCounts(**{name: sum(getattr(one, name) for one in counts) for name in fields})


def _speaker(row: Sequence[object]) -> QuotedSpeaker:
    name, claims, direct, articles, words, first, last = row
    return QuotedSpeaker.model_validate(
        {
            "name": name,
            "claims": claims,
            "direct": direct,
            "articles": articles,
            "words": words,
            "first_day": None if first is None else date.fromordinal(int(str(first))),
            "last_day": None if last is None else date.fromordinal(int(str(last))),
            "one_word": is_one_word(str(name)),
        }
    )


def _claim(row: Sequence[object]) -> StoredClaim:
    article, version, *values, crc = row
    if checksum(str(article), values) != crc:
        raise sqlite3.DatabaseError(f"a claim of {article} is damaged")
    _, speaker, _, manner, direct, _, stored = values
    found = Attribution.model_validate_json(str(stored))
    named = {"speaker": speaker, "manner": manner, "direct": bool(direct)}
    return StoredClaim(str(article), str(version), found.model_copy(update=named))


def _where(filters: ClaimFilters) -> tuple[str, list[object]]:
    articles, claims = _of_article(filters), _of_claim(filters)
    return f"{articles[0]} AND {claims[0]}", [*articles[1], *claims[1]]


def _of_article(filters: ClaimFilters) -> tuple[str, list[object]]:
    parts, values = ["true"], list[object]()
    for sign, day in ((">=", filters.since), ("<=", filters.until)):
        if day is not None:
            parts.append(f"a.day {sign} ?")
            values.append(day.toordinal())
    if filters.sources:
        parts.append(f"a.by_source IN ({', '.join('?' * len(filters.sources))})")
        values += [fold(name) for name in filters.sources]
    return " AND ".join(parts), values


def _of_claim(filters: ClaimFilters) -> tuple[str, list[object]]:
    parts, values = ["true"], list[object]()
    if filters.manners:
        parts.append(f"c.manner IN ({', '.join('?' * len(filters.manners))})")
        values += filters.manners
    if filters.direct is not None:
        parts.append("c.direct = ?")
        values.append(int(filters.direct))
    return " AND ".join(parts), values


def _having(words: str) -> tuple[str, list[object]]:
    """The condition that a name has all these words, or beginnings of words."""
    sought = plain(words).split()
    return " AND ".join(["true", *["instr(key, ?)"] * len(sought)]), list(sought)


def _number(rows: Sequence[Sequence[object]]) -> int:
    return int(str(rows[0][0]))
