"""The manifest of a generation in Milvus: a small collection of its own."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import NamedTuple

from pullquote.index.interfaces import GenerationRef
from pullquote.index.manifest import Manifest, parse_manifest
from pullquote.schema.errors import IndexDamaged
from pullquote_milvus.client.conditions import Condition
from pullquote_milvus.client.server import Row, Server
from pullquote_milvus.client.tables import (
    MANIFEST,
    MilvusTable,
    collection_name,
    split_content,
)
from pullquote_milvus.rows import PLACEHOLDER

FORMAT = 1
"""Increased whenever a change could cause older collections to be misread."""

ALL = Condition("piece >= {first}", {"first": 0})


class TermTotals(NamedTuple):
    """The total number of terms in the text and in the headlines of all passages."""

    text: int
    context: int


class MilvusManifest(Manifest):
    """The manifest of a generation in Milvus.

    The generation's rows are those alive at `step` in the collections whose names end with `base`.
    `roles` counts passages; all other counts are of articles. `sizes` has the bytes that were sent
    to the server.
    """

    base: str
    step: int
    server: str
    lexical: bool
    lengths: TermTotals
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

    def collection(self, table: MilvusTable, *, index: str) -> str:
        """The name of the collection with the rows of a table."""
        return collection_name(index, table, self.base)

    @property
    def mean_lengths(self) -> tuple[float, float]:
        """The mean number of terms of a passage's text and of its headlines; each at least 1."""
        passages = max(self.passages, 1)
        return max(1.0, self.lengths.text / passages), max(1.0, self.lengths.context / passages)

    @property
    def published(self) -> GenerationRef:
        """The name of the generation, and the digest of this manifest."""
        content = self.model_dump_json().encode()
        return GenerationRef(self.generation, hashlib.sha256(content).hexdigest())


def write_manifest(server: Server, index: str, manifest: MilvusManifest) -> str:
    """Write a manifest into a collection of its own, and return the collection's name."""
    name = collection_name(index, MANIFEST, manifest.generation)
    content, digest = manifest.model_dump_json(), manifest.published.digest
    server.drop(name)
    server.create(name, MANIFEST, dimension=len(PLACEHOLDER))
    for number, piece in enumerate(split_content(content)):
        row: Row = {
            "key": f"{number}",
            "generation": manifest.generation,
            "digest": digest,
            "content": piece,
            "piece": number,
            "point": PLACEHOLDER,
        }
        server.upsert(name, [row])
    return name


def read_manifest(server: Server, name: str) -> MilvusManifest:
    """Read the manifest in a collection.

    Raises:
        IndexDamaged: the manifest is not as it was written.
        IndexMismatch: another version of pullquote wrote the manifest in a different format.
    """
    rows = server.rows(name, ALL, ["piece", "content", "generation", "digest"])
    rows.sort(key=lambda row: row["piece"])
    content = "".join(row["content"] for row in rows)
    expected = rows[0]["digest"] if rows else "any"
    if (found := hashlib.sha256(content.encode()).hexdigest()) != expected:
        raise IndexDamaged(
            server.place, expected=f"a manifest with SHA-256 {expected}", found=found
        )
    return parse_manifest(MilvusManifest, content, format=FORMAT, index=server.place)
