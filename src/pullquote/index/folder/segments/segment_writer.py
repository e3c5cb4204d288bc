"""Writes a segment; `segment` reads it and lists its files."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from pullquote.base.atomic_io import NewFile, write_synced
from pullquote.index.duplicates.signatures import Signatures, signature_of
from pullquote.index.encoder import Vectors
from pullquote.index.folder.segments.arrays import StoredArray
from pullquote.index.folder.segments.columns import ROLES
from pullquote.index.folder.segments.postings import PostingsWriter
from pullquote.index.folder.segments.segment import CODES, PASSAGE, PASSAGES, SIGNATURES, VECTORS
from pullquote.index.folder.segments.store_writer import StoreWriter
from pullquote.schema import Article, Passage
from pullquote.schema.setting_types import DenseType

MANY = 50_000
"""If the settings do not choose the type, a segment with at least this many vectors is quantised.
An exact search of this many takes about 8 ms, and the time grows in proportion."""


def quantised(dense: DenseType, vectors: int) -> bool:
    """Whether a segment with that many vectors is searched by codes."""
    return bool(vectors) and (dense == "rabitq" or (dense == "auto" and vectors >= MANY))


class SegmentWriter:
    """Collects articles and writes a segment once."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        self._store = StoreWriter(folder)
        self._postings = PostingsWriter()
        self._passage_ids, self._articles = array("q"), array("i")
        self._crcs, self._roles = array("I"), array("b")
        self._vectors = NewFile(folder / VECTORS)
        self._signatures = NewFile(folder / SIGNATURES)

    def __len__(self) -> int:
        return len(self._passage_ids)

    @property
    def articles(self) -> int:
        """The number of articles."""
        return self._store.articles

    def add(
        self,
        article: Article,
        passages: Sequence[Passage],
        vectors: Vectors,
        *,
        file: str,
        since: int | None = None,
        signature: Signatures | None = None,
    ) -> None:
        """Add an article; its signature is computed unless it is given. See `Writer.add`.

        `since` is when its text came into the index, in microseconds since 1970, if known.
        """
        row = self._store.add(article, passages, file=file, since=since)
        signed = (signature_of(article) if signature is None else signature).tobytes()
        self._signatures.write(signed + zlib.crc32(signed).to_bytes(4, "little"))
        vectors = np.ascontiguousarray(vectors, dtype="<f4")
        for passage, vector in zip(passages, vectors, strict=True):
            self._passage_ids.append(passage.id)
            self._articles.append(row)
            self._crcs.append(zlib.crc32(vector.data))
            self._roles.append(ROLES.index(passage.role))
            self._postings.add(text=passage.text, context=passage.context)
        self._vectors.write(vectors.data)

    def finish(self, *, dimension: int, dense: DenseType) -> None:
        """Write the files and wait until the device has them."""
        self._store.close()
        self._vectors.close()
        self._signatures.close()
        passages = np.empty(len(self), dtype=PASSAGE)
        passages["number"], passages["article"] = self._passage_ids, self._articles
        passages["crc"], passages["role"] = self._crcs, self._roles
        write_synced(self._folder / PASSAGES, passages.tobytes())
        if quantised(dense, len(self)):
            from pullquote.index.folder.segments.codes import write_codes  # noqa: PLC0415 - loads FAISS

            path = self._folder / VECTORS
            with closing(StoredArray(path, "<f4", width=dimension)) as vectors:
                write_codes(self._folder / CODES, vectors, dimension=dimension)
        self._postings.write(self._folder)

    def abandon(self) -> None:
        """Stop writing, so that the folder can be removed; no effect once finished."""
        self._store.abandon()
        self._vectors.abandon()
        self._signatures.abandon()
