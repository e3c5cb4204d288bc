"""Articles and passages as rows, and back."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from pullquote.backends.milvus.client.server import Row
from pullquote.backends.milvus.client.tables import ARTICLES, NEVER, PASSAGES, clipped, pieces_of
from pullquote.encoder import Vectors
from pullquote.errors import IndexDamaged, IndexUnwritable
from pullquote.index.duplicates.revisions import Revision, revision_of
from pullquote.index.duplicates.signatures import SIGNATURE, Signatures
from pullquote.index.metadata import filter_fields_of
from pullquote.schema import Article, Passage, Role
from pullquote.terms import terms

POINT = [1.0, 0.0]
"""The vector of what is not searched by vectors."""

UNIT_WITHIN = 1e-3
"""How far the length of a vector may be from 1; the encoder's differ by 1e-6."""

FIELDS = "\n"
"""Between the terms of a passage's text and those above it; no term holds one."""

UNDATED = 0


@dataclass(frozen=True, slots=True)
class Told:
    """What tells which articles belong together: their row's key, edition and signature."""

    key: str
    file: str
    version: str
    edition: Revision


def number_of(name: str) -> int:
    """A number for a name, the same on every machine; 0 for none."""
    return int.from_bytes(sha256(name.encode()).digest()[:8], "big", signed=True) if name else 0


def article_key(article: str, step: int) -> str:
    """The key of an article's row that was written for a step."""
    return f"{sha256(article.encode()).hexdigest()[:32]}.{step}"


def article_rows(
    article: Article, *, file: str, signature: Signatures, step: int
) -> tuple[Row, list[Row]]:
    """The row of an article, and those of the pieces of its JSON that do not fit into it."""
    content = article.model_dump_json()
    first, *others = pieces_of(content)
    facts, edition = filter_fields_of(article), revision_of(article, file=file)
    key = article_key(article.id, step)
    published = "" if article.published is None else article.published.isoformat()
    row: Row = {
        "key": key,
        "id": clipped(article.id),
        "name": clipped(article.id.rpartition("/")[2]),
        "file": clipped(file),
        "version": article.version,
        "title": clipped(article.title),
        "authors": clipped(json.dumps(article.authors, ensure_ascii=False)),
        "source": clipped(_text(article.source)),
        "section": clipped(_text(article.section)),
        "language": article.language,
        "kind": str(article.kind),
        "url": clipped(_text(article.url)),
        "published": published,
        "status": str(article.status),
        "signature": base64.b85encode(signature.tobytes()).decode(),
        "content_key": key,
        "content": first,
        "day": UNDATED if facts.day is None else facts.day,
        "released": facts.released,
        "superseded": NEVER,
        "item": edition.item,
        "address": edition.url,
        "moment": edition.moment,
        "revision": edition.sequence,
        "edition": 0,
        "origin": 0,
        "pieces": len(others),
        "crc": zlib.crc32(content.encode()),
        "bytes": len(content.encode()),
        "copies": 0,
        "point": POINT,
        "born": step,
        "died": NEVER,
    }
    return row, [_piece(key, at, piece, step) for at, piece in enumerate(others)]


def _piece(key: str, at: int, piece: str, step: int) -> Row:
    return {
        "key": f"{key}.{at}",
        "content_key": key,
        "content": piece,
        "piece": at,
        "point": POINT,
        "born": step,
        "died": NEVER,
    }


def passage_rows(
    article: Article, passages: Sequence[Passage], vectors: Vectors, *, step: int, place: str
) -> list[Row]:
    """The rows of an article's passages.

    Raises:
        IndexUnwritable: a vector holds what is no number, or is not of length 1.
    """
    facts = filter_fields_of(article)
    shared: Row = {
        "article": clipped(article.id),
        "source": clipped("" if facts.source is None else facts.source),
        "section": clipped("" if facts.section is None else facts.section),
        "language": facts.language,
        "kind": facts.kind,
        "url": clipped(_text(article.url)),
        "day": UNDATED if facts.day is None else facts.day,
        "released": facts.released,
        "superseded": NEVER,
        "born": step,
        "died": NEVER,
    }
    return [
        {
            "key": f"{passage.id & 0xFFFFFFFFFFFFFFFF:016x}.{step}",
            "number": passage.id,
            "role": str(passage.role),
            "context": clipped(passage.context),
            "text": clipped(passage.text),
            "terms": clipped(f"{_terms(passage.text)}{FIELDS}{_terms(passage.context)}"),
            "start": passage.start,
            "stop": passage.end,
            "vector": _checked(vector, passage, place),
            **shared,
        }
        for passage, vector in zip(passages, vectors, strict=True)
    ]


def _terms(text: str) -> str:
    return " ".join(terms(text))


def _text(value: str | None) -> str:
    return "" if value is None else value


def _checked(vector: Vectors, passage: Passage, place: str) -> list[float]:
    length = float(np.linalg.norm(vector.astype("f8")))
    if not abs(length - 1) <= UNIT_WITHIN:  # also where it is no number
        reason = f"the vector of a passage of {passage.article!r} has length {length:g}, not 1"
        raise IndexUnwritable(place, reason)
    found: list[float] = vector.astype("f4").tolist()
    return found


def read_passage(row: Mapping[str, object]) -> Passage:
    """The passage of a row."""
    return Passage(
        id=_int(row["number"]),
        article=str(row["article"]),
        role=Role(str(row["role"])),
        start=_int(row["start"]),
        end=_int(row["stop"]),
        text=str(row["text"]),
        context=str(row["context"]),
    )


def read_article(row: Mapping[str, object], others: Sequence[str], *, place: str) -> Article:
    """The article of a row and the further pieces of its JSON, in order.

    Raises:
        IndexDamaged: it is not as it was written.
    """
    content = "".join([str(row["content"]), *others])
    if (found := zlib.crc32(content.encode())) != row["crc"]:
        what = f"article {row['id']!r} of CRC {row['crc']}"
        raise IndexDamaged(place, expected=what, found=str(found))
    return Article.model_validate_json(content)


def signature_of_row(row: Mapping[str, object]) -> Signatures:
    """The signature in a row, as an array of one."""
    found: Signatures = np.frombuffer(base64.b85decode(str(row["signature"])), SIGNATURE)
    return found


def told_of(row: Mapping[str, object]) -> Told:
    """What tells which articles belong to that of a row."""
    return Told(
        key=str(row["key"]),
        file=str(row["file"]),
        version=str(row["version"]),
        edition=Revision(
            id=str(row["id"]),
            item=_int(row["item"]),
            url=_int(row["address"]),
            moment=_int(row["moment"]),
            sequence=_int(row["revision"]),
            released=_int(row["released"]),
        ),
    )


def vector_of(row: Mapping[str, object]) -> Vectors:
    """The vector in a row."""
    found: Vectors = np.asarray(row["vector"], dtype=np.float32)
    return found


def _int(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"a row has {value!r} for a number")
    return value


def bytes_of(row: Row) -> int:
    """About how many bytes a row is on its way."""
    return sum(
        len(value.encode())
        if isinstance(value, str)
        else 8 * len(value)
        if isinstance(value, list)
        else 8
        for value in row.values()
    )


PASSAGE_COLUMNS = PASSAGES.names()
ARTICLE_COLUMNS = ARTICLES.names()
TOLD_COLUMNS = [
    *("key", "file", "version", "id", "item", "address", "moment", "revision", "released"),
    *("edition", "origin", "copies", "superseded", "signature"),
    *("source", "section", "language", "kind", "day", "bytes"),
]
ENTRY_COLUMNS = [
    *("id", "day", "released", "title", "authors", "source", "section", "language"),
    *("published", "status"),
]
