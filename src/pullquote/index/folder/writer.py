"""Writes one generation: the segments of the one before, less what went, and one of what came."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from pullquote.atomic_io import NewFile, file_digest, write_synced
from pullquote.encoder import Vectors
from pullquote.errors import IndexDamaged
from pullquote.index import manifest
from pullquote.index.duplicates.signatures import Signatures
from pullquote.index.folder import folder_manifest
from pullquote.index.folder.folder_manifest import FileFacts, FolderManifest, survey
from pullquote.index.folder.generation import Generation
from pullquote.index.folder.multi_segment_store import GONE, SEGMENTS, gone_file
from pullquote.index.folder.segments.segment import Segment
from pullquote.index.folder.segments.segment_writer import SegmentWriter
from pullquote.index.manifest import FailedFile, Recipe
from pullquote.index.published import Published
from pullquote.limits import Limits
from pullquote.schema import Article, Passage

GROWTH = 2
"""A segment is written into the new one when it is at most this many times as large as all that is
written anew. So each is more than twice as large as the next when that is written, there are few,
and a change costs little more than what it changes."""

MOST_GONE = 0.25
"""The share of a segment's passages that may be gone before it is written anew."""

_COPIED_AT_ONCE = 1 << 20


class GenerationWriter:
    """A generation on its way; `finish` completes, checks and opens it, `close` lets go of it."""

    def __init__(self, folder: Path, base: Generation | None, *, dimension: int) -> None:
        self._folder = folder
        self._dimension = dimension
        self._before = [] if base is None else base.segments
        self._known = {} if base is None else base.manifest.files
        self._gone = {segment.folder.name: segment.gone for segment in self._before}
        self._new: SegmentWriter | None = None

    def remove(self, files: Sequence[str]) -> None:
        """Take out the articles that came from those files.

        Raises:
            IndexDamaged: there are none of one of them.
        """
        left = set(files)
        for segment in self._before:
            if rows := segment.store.rows_of(left):
                name = segment.folder.name
                self._gone[name] = np.union1d(self._gone[name], np.array([*rows], dtype=np.int32))
                left.difference_update(rows.values())
        if left:
            raise IndexDamaged(self._folder, expected=f"articles of {min(left)}", found="none")

    def add(
        self,
        article: Article,
        passages: Sequence[Passage],
        vectors: Vectors,
        *,
        file: str,
        signature: Signatures | None = None,
    ) -> None:
        """Put an article in with its passages and their vectors, shape (len(passages), dim)."""
        if self._new is None:
            self._new = SegmentWriter(self._folder / SEGMENTS / self._folder.name)
        self._new.add(article, passages, vectors, file=file, signature=signature)

    def close(self) -> None:
        """Let go of the files, so that they can be removed; what is not finished is lost."""
        if self._new is not None:
            self._new.abandon()

    def finish(
        self,
        recipe: Recipe,
        *,
        corpus: Path,
        failed: tuple[FailedFile, ...],
        limits: Limits | None = None,
    ) -> Generation:
        """The generation as a reader will see it: its files re-read and compared.

        Raises:
            IndexDamaged: the device does not give back what was written.
        """
        alive = [self._without_gone(segment) for segment in self._before]
        try:
            return self._finish(alive, recipe, corpus=corpus, failed=failed, limits=limits)
        finally:
            for segment in alive:
                if segment not in self._before:
                    segment.close()

    def _finish(
        self,
        alive: Sequence[Segment],
        recipe: Recipe,
        *,
        corpus: Path,
        failed: tuple[FailedFile, ...],
        limits: Limits | None,
    ) -> Generation:
        kept = self._absorb(alive)
        known = {n: facts for segment in kept for n, facts in self._take_over(segment).items()}
        names = [segment.folder.name for segment in kept]
        articles, passages = sum(len(s.store) for s in kept), sum(map(len, kept))
        if self._new is not None:
            self._new.finish(dimension=self._dimension, dense=recipe.dense)
            names.append(self._folder.name)
            articles, passages = articles + self._new.articles, passages + len(self._new)
        content = FolderManifest(
            format=manifest.FORMAT,
            generation=self._folder.name,
            created=datetime.now(UTC),
            corpus=str(corpus.resolve()),
            recipe=recipe,
            dimension=self._dimension,
            articles=articles,
            passages=passages,
            segments=tuple(names),
            failed=failed,
            limits=limits,
            files=survey(self._folder, known=known),
        ).model_dump_json(indent=1)
        path = self._folder / folder_manifest.NAME
        write_synced(path, content.encode())
        written = Generation(self._folder, Published(self._folder.name, file_digest(path)))
        for segment in written.segments[len(kept) :]:
            segment.load()
        return written

    def _without_gone(self, segment: Segment) -> Segment:
        gone = self._gone[segment.folder.name]
        if len(gone) == len(segment.gone):
            return segment
        return Segment(segment.folder, gone, dimension=self._dimension)

    def _absorb(self, segments: Sequence[Segment]) -> list[Segment]:
        """The segments that stay; the articles of the others are written into the new one."""
        sparse = [
            s for s in segments if len(s) < (1 - MOST_GONE) * len(s.passage_ids) or not len(s)
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
                self.add(
                    stored.article,
                    stored.passages,
                    segment.vectors_of(rows),
                    file=stored.file,
                    signature=signatures[stored.row],
                )
        return dense

    def _take_over(self, segment: Segment) -> dict[str, FileFacts]:
        """Link a segment's files into this generation, and name what is gone of it.

        Gives the facts of the files that are known, by their path in the generation.
        """
        name = segment.folder.name
        place = self._folder / SEGMENTS / name
        shutil.copytree(segment.folder, place, copy_function=_link)
        if len(segment.gone):
            (self._folder / GONE).mkdir(exist_ok=True)
            write_synced(gone_file(self._folder, name), np.sort(segment.gone).tobytes())
        inside = f"{SEGMENTS}/{name}/"
        return {path: facts for path, facts in self._known.items() if path.startswith(inside)}


def _link(source: str, target: str) -> None:
    """A second name for a file that never changes; a copy where the file system has no links."""
    try:
        os.link(source, target)
    except OSError:
        with Path(source).open("rb") as original, NewFile(Path(target)) as copy:
            while content := original.read(_COPIED_AT_ONCE):
                copy.write(content)
