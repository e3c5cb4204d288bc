"""Articles and the places of their passages, in SQLite: the truth of a generation."""

from __future__ import annotations

import json
import sqlite3
import threading
import weakref
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

from pullquote.errors import IndexDamaged
from pullquote.schema import Article, Passage, Role, day_of

NAME = "articles.db"

CACHED_ARTICLES = 256

_SCHEMA = """
CREATE TABLE articles (
  id TEXT PRIMARY KEY, file TEXT NOT NULL, version TEXT NOT NULL,
  text TEXT NOT NULL, facts TEXT NOT NULL,
  day INTEGER, source TEXT, section TEXT
);
CREATE INDEX articles_by_file ON articles (file);
CREATE TABLE passages (
  id INTEGER PRIMARY KEY, article TEXT NOT NULL REFERENCES articles (id),
  role TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, context TEXT NOT NULL
);
CREATE INDEX passages_by_article ON passages (article);
"""


@dataclass(frozen=True, slots=True)
class Row:
    """What filters ask of a passage; `day` counts from 1 January of year 1, None if undated."""

    id: int
    role: Role
    day: int | None
    source: str | None
    section: str | None


class Days(NamedTuple):
    """The days of publication of some articles."""

    first: date | None
    last: date | None
    undated: int


def fold(name: str | None) -> str | None:
    """A source or section as filters compare it: white space and case do not count."""
    return " ".join(name.casefold().split()) if name is not None else None


def row_of(passage: Passage, article: Article) -> Row:
    """What filters ask of a passage of that article."""
    return Row(
        passage.id, passage.role, _number(article), fold(article.source), fold(article.section)
    )


def _number(article: Article) -> int | None:
    """The day of publication, counted from 1 January of year 1."""
    day = day_of(article.published)
    return day.toordinal() if day is not None else None


class StoreWriter:
    """Writes the articles of one generation; nothing is visible before `close`."""

    def __init__(self, folder: Path) -> None:
        self._connection = sqlite3.connect(folder / NAME)
        self._connection.execute("PRAGMA journal_mode=DELETE")
        self._connection.execute("PRAGMA synchronous=FULL")
        if not self._connection.execute("SELECT 1 FROM sqlite_schema").fetchone():
            self._connection.executescript(_SCHEMA)

    def remove(self, articles: Iterable[str]) -> None:
        """Take articles and their passages out."""
        keys = [(article,) for article in articles]
        self._connection.executemany("DELETE FROM passages WHERE article = ?", keys)
        self._connection.executemany("DELETE FROM articles WHERE id = ?", keys)

    def counts(self) -> tuple[int, int]:
        """How many articles and how many passages there are."""
        articles, passages = self._connection.execute(
            "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM passages)"
        ).fetchone()
        return articles, passages

    def add(self, article: Article, passages: Sequence[Passage], *, file: str) -> None:
        """Put an article in with its passages; `file` is where it came from, in the corpus.

        Raises:
            sqlite3.IntegrityError: the article, or a passage's number, is there already.
        """
        self._connection.execute(
            "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                article.id,
                file,
                article.version,
                article.text,
                article.model_dump_json(exclude={"text"}),
                _number(article),
                fold(article.source),
                fold(article.section),
            ),
        )
        self._connection.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?)",
            [(p.id, p.article, p.role, p.start, p.end, p.context) for p in passages],
        )

    def close(self) -> None:
        """Commit, and wait until the device has it."""
        self._connection.commit()
        self._connection.close()

    def abandon(self) -> None:
        """Stop writing, so that the folder can be removed; without effect once closed."""
        self._connection.close()


class Store:
    """Reads the articles of one generation; safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        try:
            self._connection = sqlite3.connect(
                f"{self._path.resolve().as_uri()}?mode=ro&immutable=1",
                uri=True,
                check_same_thread=False,
            )
        except sqlite3.Error as error:
            raise IndexDamaged(self._path, expected="a database", found=str(error)) from error
        self._one_at_a_time = threading.Lock()
        self._cached = lru_cache(CACHED_ARTICLES)(self._load)
        # A reader drops a generation when a newer one is current; this closes its file then.
        weakref.finalize(self, self._connection.close)

    def article(self, article: str) -> Article | None:
        """The article of that id, or None."""
        return self._cached(article)

    def articles(self) -> list[str]:
        """The ids of all articles, sorted."""
        return [r[0] for r in self._query("SELECT id FROM articles ORDER BY id")]

    def files(self) -> dict[str, str]:
        """The file that each article came from, by the article's id."""
        return {r[0]: r[1] for r in self._query("SELECT id, file FROM articles")}

    def all_articles(self) -> Iterator[Article]:
        """Every article, in order of its id, one in memory at a time."""
        for article in self.articles():
            if (found := self.article(article)) is not None:
                yield found

    def versions(self) -> dict[str, str]:
        """The SHA-256 of every file that gave articles, by its path relative to the corpus."""
        return {r[0]: r[1] for r in self._query("SELECT DISTINCT file, version FROM articles")}

    def article_versions(self) -> dict[str, str]:
        """The SHA-256 of the file that each article came from, by the article's id."""
        return {r[0]: r[1] for r in self._query("SELECT id, version FROM articles")}

    def passages_by_role(self) -> dict[str, int]:
        """How many passages there are of each role, most first."""
        return self._counted("SELECT role, count(*) FROM passages GROUP BY role")

    def articles_by(self, fact: Literal["source", "section"]) -> dict[str, int]:
        """How many articles there are of each source or section, as written, most first.

        Names that differ in case or space alone are counted together.
        """
        return self._counted(
            f"SELECT coalesce(min(json_extract(facts, '$.{fact}')), ''), count(*) "  # noqa: S608
            f"FROM articles GROUP BY {fact}"
        )

    def days(self) -> Days:
        """The first and the last day of publication, and how many articles have none."""
        first, last, undated = self._query(
            "SELECT min(day), max(day), count(*) - count(day) FROM articles"
        )[0]
        return Days(
            None if first is None else date.fromordinal(first),
            None if last is None else date.fromordinal(last),
            undated,
        )

    def _counted(self, statement: str) -> dict[str, int]:
        rows = sorted(self._query(statement), key=lambda row: (-row[1], row[0]))
        return {name: count for name, count in rows}  # noqa: C416 - rows are sqlite3's

    def articles_of(self, files: Iterable[str]) -> list[str]:
        """The ids of the articles that those files gave."""
        return [
            row[0]
            for file in files
            for row in self._query("SELECT id FROM articles WHERE file = ?", file)
        ]

    def passage_ids(self, articles: Iterable[str]) -> list[int]:
        """The numbers of all passages of those articles."""
        return [
            row[0]
            for article in articles
            for row in self._query("SELECT id FROM passages WHERE article = ?", article)
        ]

    def passage(self, number: int) -> Passage:
        """The passage of that number, its text cut from its article.

        Raises:
            IndexDamaged: there is none, though the vectors or postings name it.
        """
        rows = self._query(
            "SELECT article, role, start, end, context FROM passages WHERE id = ?", number
        )
        found = self.article(rows[0][0]) if rows else None
        if found is None:
            raise IndexDamaged(self._path, expected=f"passage {number}", found="none")
        article, role, start, end, context = rows[0]
        return Passage(
            id=number,
            article=article,
            role=Role(role),
            start=start,
            end=end,
            text=found.text[start:end],
            context=context,
        )

    def rows(self) -> list[Row]:
        """What filters ask of every passage, in order of its number."""
        return [
            Row(number, Role(role), day, source, section)
            for number, role, day, source, section in self._query(
                "SELECT p.id, p.role, a.day, a.source, a.section "
                "FROM passages p JOIN articles a ON a.id = p.article ORDER BY p.id"
            )
        ]

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _load(self, article: str) -> Article | None:
        rows = self._query("SELECT text, facts FROM articles WHERE id = ?", article)
        if not rows:
            return None
        text, facts = rows[0]
        return Article.model_validate({**json.loads(facts), "text": text})

    def _query(self, statement: str, *values: object) -> list[sqlite3.Row]:
        # Threads that execute one cached statement at a time get each other's rows (Python 3.13).
        try:
            with self._one_at_a_time:
                return self._connection.execute(statement, values).fetchall()
        except sqlite3.ProgrammingError:
            raise  # it was closed
        except sqlite3.DatabaseError as error:
            raise IndexDamaged(self._path, expected="a sound database", found=str(error)) from error
