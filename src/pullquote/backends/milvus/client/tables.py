"""The collections of an index and their columns.

NAME                  the alias: the generation that answers, as a collection of its manifest
NAME_g_GENERATION     the manifest of one generation, in parts
NAME_articles_BASE    a row for each article: what is asked of it, and its JSON or its beginning
NAME_texts_BASE       the rest of those that are longer than a Milvus string may be
NAME_passages_BASE    a row for each passage, with its vector and terms
NAME_terms_BASE       in how many passages each term stands
NAME_lock, NAME_l_…   held by the one rebuild at work; see `lock`

BASE is the generation that was built from nothing. The generations that follow add rows and mark
others: a row is in the generations from the step `born` until before the step `died`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

NEVER = 1 << 62
"""The step at which what is alive dies, and the second at which nothing supersedes it."""

_GENERATION = re.compile(r"\d{8}T\d{6}_[0-9a-f]{6}")

MOST_BYTES = 65_535
"""Of a string, as Milvus stores it."""

PIECE_BYTES = 60_000
"""Of an article's JSON that stand in one row; a little less than `MOST_BYTES`."""


class Kind(Enum):
    """What a column holds."""

    INT = "int"
    TEXT = "text"
    VECTOR = "vector"


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `indexed` where rows are looked up by it; the first of a table is its key."""

    name: str
    kind: Kind = Kind.TEXT
    indexed: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of a collection; `analysed` is the one that full-text search looks at."""

    part: str
    columns: tuple[Column, ...]
    analysed: str | None = None

    def names(self) -> list[str]:
        """The columns that hold what was written."""
        return [column.name for column in self.columns]


def _ints(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, Kind.INT) for name in names)


def _texts(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name) for name in names)


_LIFE = (Column("born", Kind.INT, indexed=True), Column("died", Kind.INT, indexed=True))
_POINT = Column("point", Kind.VECTOR)
"""Every collection has to have a vector; this one is of two numbers and means nothing."""

PASSAGES = Table(
    "passages",
    (
        Column("key"),
        Column("number", Kind.INT, indexed=True),
        Column("article", indexed=True),
        *_texts("role", "context", "text", "terms", "source", "section", "language", "kind", "url"),
        *_ints("start", "stop", "day", "released", "superseded"),
        Column("vector", Kind.VECTOR),
        *_LIFE,
    ),
    analysed="terms",
)

ARTICLES = Table(
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
        Column("copies", Kind.INT, indexed=True),
        _POINT,
        *_LIFE,
    ),
)

TEXTS = Table(
    "texts",
    (
        Column("key"),
        Column("content_key", indexed=True),
        Column("content"),
        Column("piece", Kind.INT),
        _POINT,
        *_LIFE,
    ),
)

TERMS = Table(
    "terms",
    (Column("key"), Column("term", indexed=True), Column("count", Kind.INT), _POINT, *_LIFE),
)

MANIFEST = Table(
    "g",
    (
        Column("key"),
        Column("generation"),
        Column("digest"),
        Column("content"),
        Column("piece", Kind.INT),
        _POINT,
    ),
)

LOCK = Table(
    "l",
    (
        *(Column("key"), Column("holder"), Column("machine")),
        *(Column("process", Kind.INT), Column("expires", Kind.INT)),
        _POINT,
    ),
)

DATA = (ARTICLES, TEXTS, PASSAGES, TERMS)


def suffix(generation: str) -> str:
    """A generation's name as a collection's may end."""
    return generation.replace("-", "_")


def collection(index: str, table: Table, of: str) -> str:
    """The collection of a table: that of a base or a generation."""
    return f"{index}_{table.part}_{suffix(of)}"


def named_by(name: str, table: Table, *, index: str) -> str | None:
    """The base or generation by which a collection of a table is named.

    None where it is none of the index's: another's name may begin as its does.
    """
    begins = f"{index}_{table.part}_"
    found = _GENERATION.fullmatch(name.removeprefix(begins)) if name.startswith(begins) else None
    return None if found is None else found[0].replace("_", "-")


def pieces_of(content: str) -> list[str]:
    """A text in pieces of at most `PIECE_BYTES` as UTF-8, none of which ends within a character."""
    encoded, pieces, at = content.encode(), [], 0
    while at < len(encoded):
        end = min(at + PIECE_BYTES, len(encoded))
        while end < len(encoded) and encoded[end] & 0xC0 == 0x80:  # within a character
            end -= 1
        pieces.append(encoded[at:end].decode())
        at = end
    return pieces or [""]


def clipped(text: str) -> str:
    """A text, or as much of it as Milvus stores in a string."""
    encoded = text.encode()
    return text if len(encoded) <= MOST_BYTES else encoded[:MOST_BYTES].decode(errors="ignore")
