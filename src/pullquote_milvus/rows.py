"""Converts articles and passages to rows, and back."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Sequence
from hashlib import sha256

import numpy as np

from pullquote.english.terms import terms
from pullquote.index.duplicates.revisions import Revision, revision_of
from pullquote.index.duplicates.signatures import SIGNATURE, Signatures
from pullquote.index.encoder import Vectors
from pullquote.index.metadata import filter_fields_of
from pullquote.schema import Article, Passage, Role
from pullquote.schema.errors import IndexDamaged, IndexUnwritable
from pullquote_milvus.client.server import Row
from pullquote_milvus.client.tables import NEVER, clipped, split_content

PLACEHOLDER = [1.0, 0.0]
"""The vector of rows that are not searched by vector."""

UNIT_TOLERANCE = 1e-3
"""How far the length of a vector may be from 1; the encoder's vectors are within 1e-6."""

FIELD_SEPARATOR = "\n"
"""Separates the terms of a passage's text from those of its headlines; no term contains it."""

UNDATED = 0

EDITION_COLUMNS = ["id", "item", "address", "moment", "revision", "released"]
"""The columns that `read_revision` needs."""

SURVEY_COLUMNS = [
    *("key", "file", "version", *EDITION_COLUMNS),
    *("edition", "origin", "copies", "superseded", "signature"),
    *("source", "section", "language", "kind", "day", "bytes"),
]
ENTRY_COLUMNS = [
    *("id", "day", "released", "title", "authors", "source", "section", "language"),
    *("published", "status", "file"),
]


def article_rows(
    article: Article, *, file: str, signature: Signatures, step: int
) -> tuple[Row, list[Row]]:
    """The row of an article, and rows for the pieces of its JSON that do not fit into that row."""
    content = article.model_dump_json()
    first, *others = split_content(content)
    facts, edition = filter_fields_of(article), revision_of(article, file=file)
    key = f"{sha256(article.id.encode()).hexdigest()[:32]}.{step}"
    published = "" if article.published is None else article.published.isoformat()
    row: Row = {
        "key": key,
        "id": clipped(article.id),
        "name": clipped(article.id.rpartition("/")[2]),
        "file": clipped(file),
        "version": article.version,
        "title": clipped(article.title),
        "authors": clipped(json.dumps(article.authors, ensure_ascii=False)),
        "source": clipped(article.source or ""),
        "section": clipped(article.section or ""),
        "language": article.language,
        "kind": str(article.kind),
        "url": clipped(article.url or ""),
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
        "point": PLACEHOLDER,
        **new_row(step),
    }
    texts: list[Row] = [
        {
            "key": f"{key}.{number}",
            "content_key": key,
            "content": piece,
            "piece": number,
            "point": PLACEHOLDER,
            **new_row(step),
        }
        for number, piece in enumerate(others)
    ]
    return row, texts


def passage_rows(
    article: Article, passages: Sequence[Passage], vectors: Vectors, *, step: int, place: str
) -> list[Row]:
    """The rows of an article's passages.

    Raises:
        IndexUnwritable: a vector contains NaN or infinity, or its length is not 1.
    """
    facts = filter_fields_of(article)
    shared: Row = {
        "article": clipped(article.id),
        "source": clipped(facts.source or ""),
        "section": clipped(facts.section or ""),
        "language": facts.language,
        "kind": facts.kind,
        "url": clipped(article.url or ""),
        "day": UNDATED if facts.day is None else facts.day,
        "released": facts.released,
        "superseded": NEVER,
        **new_row(step),
    }
    return [
        {
            "key": f"{passage.id & 0xFFFFFFFFFFFFFFFF:016x}.{step}",
            "number": passage.id,
            "role": str(passage.role),
            "context": clipped(passage.context),
            "text": clipped(passage.text),
            "terms": clipped(
                FIELD_SEPARATOR.join(" ".join(terms(s)) for s in (passage.text, passage.context))
            ),
            "start": passage.start,
            "stop": passage.end,
            "vector": _checked_vector(vector, passage, place),
            **shared,
        }
        for passage, vector in zip(passages, vectors, strict=True)
    ]


def new_row(step: int) -> Row:
    """The columns that put a row into the generation of a step and all later ones."""
    return {"born": step, "died": NEVER}


def term_row(term: str, count: int, *, step: int) -> Row:
    """The row of a term, which has the prefix of its field."""
    key = f"{term}.{step}"
    return {"key": key, "term": term, "count": count, "point": PLACEHOLDER, **new_row(step)}


def _checked_vector(vector: Vectors, passage: Passage, place: str) -> list[float]:
    length = float(np.linalg.norm(vector.astype("f8")))
    if not abs(length - 1) <= UNIT_TOLERANCE:  # also true of NaN
        reason = f"the vector of a passage of {passage.article!r} has length {length:g}, not 1"
        raise IndexUnwritable(place, reason)
    found: list[float] = vector.astype("f4").tolist()
    return found


def read_passage(row: Row) -> Passage:
    """The passage in a row."""
    return Passage(
        id=row["number"],
        article=row["article"],
        role=Role(row["role"]),
        start=row["start"],
        end=row["stop"],
        text=row["text"],
        context=row["context"],
    )


def read_article(row: Row, others: Sequence[str], *, place: str) -> Article:
    """The article in a row; `others` are the remaining pieces of its JSON, in order.

    Raises:
        IndexDamaged: the article is not as it was written.
    """
    content = "".join([row["content"], *others])
    if (found := zlib.crc32(content.encode())) != row["crc"]:
        expected = f"article {row['id']!r} with CRC {row['crc']}"
        raise IndexDamaged(place, expected=expected, found=str(found))
    return Article.model_validate_json(content)


def read_revision(row: Row) -> Revision:
    """The facts in a row that order the revisions of an article."""
    return Revision(
        id=row["id"],
        item=row["item"],
        url=row["address"],
        moment=row["moment"],
        sequence=row["revision"],
        released=row["released"],
    )


def read_signature(row: Row) -> Signatures:
    """The signature in a row, as an array of one."""
    found: Signatures = np.frombuffer(base64.b85decode(row["signature"]), SIGNATURE)
    return found


def row_bytes(row: Row) -> int:
    """About how many bytes a row takes in a message."""
    return sum(_value_bytes(value) for value in row.values())


def _value_bytes(value: object) -> int:
    if isinstance(value, str):
        return len(value.encode())
    return 8 * len(value) if isinstance(value, list) else 8
