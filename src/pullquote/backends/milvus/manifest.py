"""The manifest of a generation in Milvus: a small collection of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from pydantic import ValidationError

from pullquote.backends.milvus.client.conditions import Condition
from pullquote.backends.milvus.client.server import Row, Server
from pullquote.backends.milvus.client.tables import MANIFEST, Table, collection, pieces_of
from pullquote.backends.milvus.rows import POINT
from pullquote.errors import IndexDamaged, IndexMismatch
from pullquote.index.bm25 import idf
from pullquote.index.generation_ref import GenerationRef
from pullquote.index.manifest import Manifest

FORMAT = 1
"""Raised whenever collections written before could be misread."""

ALL = Condition("piece >= {first}", {"first": 0})


class Lengths(NamedTuple):
    """How many terms all passages have together, in their text and above it."""

    text: int
    context: int


class MilvusManifest(Manifest):
    """What a generation in Milvus says of itself.

    Its rows are those of the collections that end with `base` and are alive at `step`. Counts are
    articles but `roles`, which are passages; `sizes` are bytes as they were sent.
    """

    base: str
    step: int
    server: str
    lexical: bool
    lengths: Lengths
    roles: dict[str, int]
    sources: dict[str, int]
    sections: dict[str, int]
    languages: dict[str, int]
    kinds: dict[str, int]
    first_day: date | None
    last_day: date | None
    undated: int
    copied: int
    copy_groups: int
    sizes: dict[str, int]

    def holds(self, table: Table, *, index: str) -> str:
        """The collection that has the rows of a table."""
        return collection(index, table, self.base)

    @property
    def means(self) -> tuple[float, float]:
        """The mean length of a passage's text, and of what stands above it; at least 1."""
        passages = max(self.passages, 1)
        return max(1.0, self.lengths.text / passages), max(1.0, self.lengths.context / passages)

    def rarity(self, counts: Mapping[str, int]) -> dict[str, float]:
        """The inverse document frequency of terms, by how many passages hold each."""
        return {term: idf(count, self.passages) for term, count in counts.items()}


@dataclass(frozen=True, slots=True)
class Stored:
    """A manifest as it was read, and its name and digest."""

    manifest: MilvusManifest
    published: GenerationRef


def published_of(manifest: MilvusManifest) -> GenerationRef:
    """The name and digest that a manifest is published by."""
    content = manifest.model_dump_json().encode()
    return GenerationRef(manifest.generation, hashlib.sha256(content).hexdigest())


def write_manifest(server: Server, index: str, manifest: MilvusManifest) -> str:
    """The collection that a manifest was written into; nothing names it yet."""
    name = collection(index, MANIFEST, manifest.generation)
    content, digest = manifest.model_dump_json(), published_of(manifest).digest
    server.drop(name)
    server.create(name, MANIFEST, dimension=len(POINT))
    for at, piece in enumerate(pieces_of(content)):
        row: Row = {
            "key": f"{at}",
            "generation": manifest.generation,
            "digest": digest,
            "content": piece,
            "piece": at,
            "point": POINT,
        }
        server.upsert(name, [row])
    return name


def read_manifest(server: Server, name: str) -> Stored:
    """The manifest in a collection, or behind an alias.

    Raises:
        IndexDamaged: it is not as it was written.
        IndexMismatch: another version of pullquote wrote it in another format.
    """
    rows = server.rows(name, ALL, ["piece", "content", "generation", "digest"])
    rows.sort(key=lambda row: int(row["piece"]))
    content = "".join(row["content"] for row in rows)
    expected = rows[0]["digest"] if rows else "any"
    if (found := hashlib.sha256(content.encode()).hexdigest()) != expected:
        raise IndexDamaged(server.place, expected=f"a manifest of SHA-256 {expected}", found=found)
    try:
        manifest = MilvusManifest.model_validate_json(content)
    except ValidationError as error:
        raise IndexMismatch(
            server.place, setting="format", expected=str(FORMAT), found="an unknown one"
        ) from error
    if manifest.format != FORMAT:
        raise IndexMismatch(
            server.place, setting="format", expected=str(FORMAT), found=str(manifest.format)
        )
    return Stored(manifest, GenerationRef(manifest.generation, found))
