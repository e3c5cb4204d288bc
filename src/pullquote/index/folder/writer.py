"""Writes a generation: the previous segments without deleted articles, and a new segment."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from pullquote.base.atomic_io import file_digest, write_synced
from pullquote.index import manifest
from pullquote.index.encoder import Vectors
from pullquote.index.folder import folder_manifest
from pullquote.index.folder.folder_manifest import FileChecksum, FolderManifest, checksum_files
from pullquote.index.folder.generation import Generation
from pullquote.index.folder.generation_editions import GenerationEditions
from pullquote.index.folder.index_files import link_or_copy
from pullquote.index.folder.multi_segment_store import DELETED, SEGMENTS, deleted_rows_file
from pullquote.index.folder.near_duplicates_file import stored_pairs, write_pairs
from pullquote.index.folder.segments.segment import Segment, SegmentWriter
from pullquote.index.interfaces import GenerationRef
from pullquote.index.manifest import FailedFile, IndexConfig
from pullquote.schema import Article, IndexProgress, Passage
from pullquote.schema.errors import IndexDamaged
from pullquote.schema.file_limits import Limits

GROWTH = 2
"""A segment is merged into the new one if it is at most this many times as large as everything that
is rewritten anyway. So when a segment was written, the one before it was more than twice as large.
This keeps segments few, and the cost of a change about proportional to its size."""

MOST_DELETED = 0.25
"""The share of a segment's passages that may be deleted before it is rewritten."""


class GenerationWriter:
    """Writes a generation; `finish` completes, checks and opens it, `close` closes the files.

    Without `editions`, it has no earlier editions of articles.
    """

    def __init__(
        self,
        folder: Path,
        base: Generation | None,
        *,
        dimension: int,
        editions: GenerationEditions | None = None,
    ) -> None:
        self._folder = folder
        self._dimension = dimension
        self._editions = editions
        self._base = base
        self._before = [] if base is None else base.segments
        self._known = {} if base is None else base.manifest.files
        self._deleted = {segment.folder.name: segment.deleted for segment in self._before}
        self._new: SegmentWriter | None = None

    def remove(self, files: Sequence[str]) -> None:
        """Remove the articles of those files; see `Writer.remove`."""
        left = set(files)
        for number, segment in enumerate(self._before):
            if rows := segment.store.rows_of(files):  # a file cut in two is in two segments
                if self._editions is not None:
                    self._editions.remove(number, rows)
                name = segment.folder.name
                self._deleted[name] = np.union1d(
                    self._deleted[name], np.array([*rows], dtype=np.int32)
                )
                left.difference_update(rows.values())
        if left:
            raise IndexDamaged(self._folder, expected=f"articles of {min(left)}", found="none")

    def add(
        self, article: Article, passages: Sequence[Passage], vectors: Vectors, *, file: str
    ) -> None:
        """Add an article; see `Writer.add`."""
        since = None if self._editions is None else self._editions.since(article, file=file)
        self._new_segment().add(article, passages, vectors, file=file, since=since)

    def _new_segment(self) -> SegmentWriter:
        """The segment that is new in this generation, created when it is first needed."""
        if self._new is None:
            self._new = SegmentWriter(self._folder / SEGMENTS / self._folder.name)
        return self._new

    def close(self) -> None:
        """Close the files, so that they can be removed. Unfinished work is lost."""
        if self._new is not None:
            self._new.abandon()
        if self._editions is not None:
            self._editions.close()

    def finish(
        self,
        index_config: IndexConfig,
        *,
        corpus: Path,
        failed: tuple[FailedFile, ...],
        limits: Limits | None = None,
        progress: IndexProgress | None = None,
        cut_file: str | None = None,
    ) -> Generation:
        """The complete generation, read back and checked; see `Writer.finish`.

        A partial generation has a `progress`; see `Manifest`.
        """
        with ExitStack() as opened:
            retained = self._absorb(list(self._without_deleted(opened)))
            known = {n: c for segment in retained for n, c in self._take_over(segment).items()}
            names = [segment.folder.name for segment in retained]
            articles, passages = sum(len(s.store) for s in retained), sum(map(len, retained))
            signatures = [segment.signatures() for segment in retained]
        if self._new is not None:
            self._new.finish(dimension=self._dimension, dense=index_config.dense)
            names.append(self._folder.name)
            articles, passages = articles + self._new.articles, passages + len(self._new)
            none = np.empty(0, np.int32)
            folder = self._folder / SEGMENTS / self._folder.name
            with closing(Segment(folder, none, dimension=self._dimension)) as new:
                signatures.append(new.signatures())
        base, pairs = self._base, None
        if base is not None:
            pairs = stored_pairs(base.folder, self._known, self._before)
        write_pairs(self._folder, pairs, self._before, signatures)
        if self._editions is not None:
            known |= self._editions.write()
        written = self._write_manifest(
            FolderManifest(
                format=manifest.FORMAT,
                generation=self._folder.name,
                created=datetime.now(UTC),
                corpus=str(corpus.resolve()),
                index_config=index_config,
                dimension=self._dimension,
                articles=articles,
                passages=passages,
                segments=tuple(names),
                failed=failed,
                limits=limits,
                progress=progress,
                cut_file=cut_file,
                files=checksum_files(self._folder, known=known),
            )
        )
        for segment in written.segments[len(retained) :]:
            segment.load()
        if self._editions is not None:
            written.history = replace(written.history, notes=self._editions.notes)
        return written

    def _write_manifest(self, content: FolderManifest) -> Generation:
        """Write the manifest, and open the generation that is now complete."""
        path = self._folder / folder_manifest.NAME
        write_synced(path, content.model_dump_json(indent=1).encode())
        return Generation(self._folder, GenerationRef(self._folder.name, file_digest(path)))

    def _without_deleted(self, opened: ExitStack) -> Iterator[Segment]:
        """The segments of the generation before; those with new deletions are opened again."""
        for segment in self._before:
            deleted = self._deleted[segment.folder.name]
            if len(deleted) == len(segment.deleted):
                yield segment
            else:
                changed = Segment(segment.folder, deleted, dimension=self._dimension)
                opened.callback(changed.close)
                yield changed

    def _absorb(self, segments: Sequence[Segment]) -> list[Segment]:
        """The segments that stay; the articles of the others are written into the new one."""
        sparse = [
            s for s in segments if len(s) < (1 - MOST_DELETED) * len(s.passage_ids) or not len(s)
        ]
        dense = [segment for segment in segments if segment not in sparse]
        absorbed = list(sparse)
        size = sum(map(len, sparse)) + (0 if self._new is None else len(self._new))
        while dense and 0 < len(dense[-1]) <= GROWTH * size:
            size += len(dense[-1])
            absorbed.append(dense.pop())
        for segment in absorbed:
            signatures = segment.signatures()
            for stored in segment.store.all_articles():
                rows = segment.rows([passage.id for passage in stored.passages])
                self._new_segment().add(
                    stored.article,
                    stored.passages,
                    segment.vectors_of(rows),
                    file=stored.file,
                    since=stored.since,
                    signature=signatures[stored.row],
                )
        return dense

    def _take_over(self, segment: Segment) -> dict[str, FileChecksum]:
        """Link a segment's files into this generation, and write its deleted rows.

        Returns the known checksums of the files, by their path in the generation.
        """
        name = segment.folder.name
        shutil.copytree(segment.folder, self._folder / SEGMENTS / name, copy_function=link_or_copy)
        if len(segment.deleted):
            (self._folder / DELETED).mkdir(exist_ok=True)
            write_synced(deleted_rows_file(self._folder, name), np.sort(segment.deleted).tobytes())
        inside = f"{SEGMENTS}/{name}/"
        return {path: checksum for path, checksum in self._known.items() if path.startswith(inside)}
