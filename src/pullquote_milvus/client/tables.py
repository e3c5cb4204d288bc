"""The collections of an index and their columns.

NAME                  the alias of the current generation's manifest
NAME_g_GENERATION     the manifest of one generation, in pieces
NAME_articles_BASE    a row for each article: its metadata, and its JSON or the beginning of it
NAME_texts_BASE       the rest of each JSON that is too long for one Milvus string
NAME_passages_BASE    a row for each passage, with its vector and terms
NAME_terms_BASE       how many passages contain each term
NAME_lock, NAME_l_…   the lock of the rebuild that is running; see `lock`

BASE is the name of the generation that was built from nothing. Later generations add rows and
retire others. Each generation has a step. A row is in the generations from the step `born` until
just before the step `died`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

NEVER = 1 << 62
"""The value of `died` in a live row, and of `superseded` in a newest revision."""

_GENERATION = re.compile(r"\d{8}T\d{6}_[0-9a-f]{6}")

MOST_BYTES = 65_535
"""Milvus's limit for a string, in bytes of UTF-8."""

PIECE_BYTES = 60_000
"""Maximum size of an article's JSON in one row, in bytes; a little less than `MOST_BYTES`."""


class ColumnKind(Enum):
    """The type of a column."""

    INT = "int"
    TEXT = "text"
    VECTOR = "vector"


@dataclass(frozen=True, slots=True)
class Column:
    """A column, `indexed` if rows are looked up by it. The first column of a table is its key."""

    name: str
    kind: ColumnKind = ColumnKind.TEXT
    indexed: bool = False


@dataclass(frozen=True, slots=True)
class MilvusTable:
    """The columns of a kind of collection; full-text search uses the column `analysed`."""

    part: str
    columns: tuple[Column, ...]
    analysed: str | None = None

    def column_names(self) -> list[str]:
        """The names of the columns."""
        return [column.name for column in self.columns]


def _ints(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, ColumnKind.INT) for name in names)


def _texts(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name) for name in names)


_LIFETIME = (
    Column("born", ColumnKind.INT, indexed=True),
    Column("died", ColumnKind.INT, indexed=True),
)
_POINT = Column("point", ColumnKind.VECTOR)
"""Milvus requires a vector in every collection; this one has two numbers and no meaning."""

PASSAGES = MilvusTable(
    "passages",
    (
        Column("key"),
        Column("number", ColumnKind.INT, indexed=True),
        Column("article", indexed=True),
        *_texts("role", "context", "text", "terms", "source", "section", "language", "kind", "url"),
        *_ints("start", "stop", "day", "released", "superseded"),
        Column("vector", ColumnKind.VECTOR),
        *_LIFETIME,
    ),
    analysed="terms",
)

ARTICLES = MilvusTable(
    "articles",
    (
        Column("key"),
        Column("id", indexed=True),
        Column("name", indexed=True),
        Column("file", indexed=True),
        *_texts("version", "title", "authors", "source", "section", "language", "kind", "url"),
        *_texts("published", "status", "signature", "content_key", "content"),
        *_ints("day", "released", "superseded", "item", "address", "moment", "revision"),
        *_ints("edition", "origin", "pieces", "crc", "bytes"),
        Column("copies", ColumnKind.INT, indexed=True),
        _POINT,
        *_LIFETIME,
    ),
)

TEXTS = MilvusTable(
    "texts",
    (
        Column("key"),
        Column("content_key", indexed=True),
        Column("content"),
        Column("piece", ColumnKind.INT),
        _POINT,
        *_LIFETIME,
    ),
)

TERMS = MilvusTable(
    "terms",
    (
        Column("key"),
        Column("term", indexed=True),
        Column("count", ColumnKind.INT),
        _POINT,
        *_LIFETIME,
    ),
)

MANIFEST = MilvusTable(
    "g",
    (
        Column("key"),
        Column("generation"),
        Column("digest"),
        Column("content"),
        Column("piece", ColumnKind.INT),
        _POINT,
    ),
)

LOCK = MilvusTable(
    "l",
    (
        *(Column("key"), Column("holder"), Column("machine")),
        *(Column("process", ColumnKind.INT), Column("expires", ColumnKind.INT)),
        _POINT,
    ),
)

DATA = (ARTICLES, TEXTS, PASSAGES, TERMS)


def collection_name(index: str, table: MilvusTable, generation: str) -> str:
    """The name of the collection that stores a table of a generation or base."""
    return f"{index}_{table.part}_{generation.replace('-', '_')}"


def generation_in_name(name: str, table: MilvusTable, *, index: str) -> str | None:
    """The generation or base that the name of a table's collection contains.

    None if the collection belongs to another index, whose name may begin with the name of this one.
    """
    prefix = f"{index}_{table.part}_"
    found = _GENERATION.fullmatch(name.removeprefix(prefix)) if name.startswith(prefix) else None
    return None if found is None else found[0].replace("_", "-")


def split_content(content: str) -> list[str]:
    """Split a text into pieces of at most `PIECE_BYTES` in UTF-8, between characters."""
    encoded, pieces, at = content.encode(), [], 0
    while at < len(encoded):
        end = min(at + PIECE_BYTES, len(encoded))
        while end < len(encoded) and encoded[end] & 0xC0 == 0x80:  # within a character
            end -= 1
        pieces.append(encoded[at:end].decode())
        at = end
    return pieces or [""]


def clipped(text: str) -> str:
    """A text, or as much of its beginning as fits into a Milvus string."""
    encoded = text.encode()
    return text if len(encoded) <= MOST_BYTES else encoded[:MOST_BYTES].decode(errors="ignore")
