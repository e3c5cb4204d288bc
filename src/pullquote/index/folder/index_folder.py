"""The index in a folder: opens the current generation and writes the next one."""

from __future__ import annotations

import sqlite3
import stat
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from pathlib import Path

from pydantic import ValidationError

from pullquote.index.editions.edition_file import FOLDER as EDITIONS
from pullquote.index.editions.edition_file import EditionRow
from pullquote.index.encoder import EncoderIdentity
from pullquote.index.folder.folder_manifest import listed_files, read_article_count, recorded
from pullquote.index.folder.generation import Generation
from pullquote.index.folder.generation_editions import (
    EditionCarrier,
    GenerationEditions,
    Predecessor,
    are_stale,
    known_times,
    newest_arrival,
)
from pullquote.index.folder.index_files import IndexFiles, sound_articles
from pullquote.index.folder.segments.store import Store
from pullquote.index.folder.verified_files import verified_files
from pullquote.index.folder.writer import GenerationWriter
from pullquote.index.interfaces import GenerationRef, OpenGeneration, StorageUse
from pullquote.schema.errors import IndexDamaged, IndexMismatch, IndexMissing, IndexUnwritable
from pullquote.schema.file_limits import EditionBounds

OLDER = "older generations"

_PARTS = {
    "articles.db": "articles",
    "passages.bin": "passages",
    "vectors.f32": "vectors",
    "codes.faiss": "codes",
    "signatures.bin": "signatures",
    "near_duplicates.bin": "signatures",
    "manifest.json": "manifest",
}
"""The kinds of content by file name; other files are postings."""


def _part_of(path: Path) -> str:
    in_editions = path.parent.name == EDITIONS
    return "earlier editions" if in_editions else _PARTS.get(path.name, "postings")


class IndexFolder(IndexFiles):
    """An index in a folder on this machine; `bounds` limits the earlier editions that are kept."""

    def __init__(self, path: Path, *, bounds: EditionBounds | None = None) -> None:
        super().__init__(path)
        self._bounds = EditionBounds() if bounds is None else bounds

    @property
    def location(self) -> str:
        """The folder."""
        return str(self.path)

    @property
    def local_folder(self) -> Path:
        """The same folder."""
        return self.path

    def open(self, *, to_search: bool = True, before: OpenGeneration | None = None) -> Generation:
        """Open the current generation, after checking its files against their digests.

        If the current generation is damaged, open the one before, and set its `damage`. See
        `Index.open`.
        """
        known = before if isinstance(before, Generation) else None
        while True:
            current, *older = self.published_generations()
            try:
                found = Generation(self.generation(current.name), current, before=known)
                return found.load() if to_search else found
            except IndexDamaged as damage:
                if self.current() == current:
                    self.forget_verified()
                    return self._stand_in(current, older, damage)
                # Otherwise two rebuilds have replaced and removed it: try the newest one.

    def _stand_in(
        self, current: GenerationRef, before: Sequence[GenerationRef], damage: IndexDamaged
    ) -> Generation:
        """The newest sound generation before a damaged one."""
        for published in before:
            try:
                found = Generation(self.generation(published.name), published).load()
            except (IndexDamaged, IndexMismatch):
                continue
            found.damage, found.answers_for = damage, current.name
            return found
        raise damage

    def recorded_corpus(self) -> Path | None:
        """The corpus, from the manifest of any generation that is left."""
        found = (recorded(folder, "corpus") for folder in self._left())
        return next((Path(corpus) for corpus in found if isinstance(corpus, str)), None)

    def recorded_encoder(self) -> EncoderIdentity | None:
        """The encoder, from the manifest of any generation that is left."""
        for folder in self._left():
            with suppress(ValidationError):
                return EncoderIdentity.model_validate(recorded(folder, "recipe", "encoder"))
        return None

    def recorded_articles(self) -> int | None:
        """The number of articles, from the manifest of any generation that is left."""
        counts = map(read_article_count, self._left())
        return next((count for count in counts if count is not None), None)

    def _left(self) -> list[Path]:
        """The folders of the generations, the newest first; some may lack a manifest."""
        try:
            names = [one.name for one in self.published_generations()]
        except (IndexMissing, IndexDamaged):
            names = self.generations()[::-1]
        return [self.generation(name) for name in names]

    @contextmanager
    def rebuilding(self) -> Iterator[None]:
        """Hold the lock for one rebuild; see `Index.rebuilding`."""
        try:
            with self.lock():
                self.sweep()
                verified_files.load(self.verified_path)
                yield
        except (OSError, sqlite3.Error) as error:
            raise IndexUnwritable(self.path, str(error)) from error

    @contextmanager
    def writing(
        self, previous: OpenGeneration | None, *, base: OpenGeneration | None, dimension: int
    ) -> Iterator[GenerationWriter]:
        """A writer of the next generation, in a new folder that becomes current at the end."""
        folder = self.stage()
        known = base if isinstance(base, Generation) else None
        clock = time.time_ns() // 1000
        try:
            # Without a base, of the newest generation whose files are known, of any format.
            listed = (folder for folder in self._left() if listed_files(folder))
            earlier = next(listed, None) if known is None else known.folder
            stores = self._sound_stores() if known is None else known.stores
            times = known_times(stores, earlier)
            carrier = EditionCarrier(
                folder, bounds=self._bounds, oldest=times.oldest(clock, self._bounds)
            )
            editions = GenerationEditions(
                Predecessor(stores, is_base=known is not None, now=times.stamp(clock)),
                carrier,
                earlier,
                self._before(earlier),
                partial(self._ended_in, earlier),
                times.warning(clock),
            )
            with closing(
                GenerationWriter(folder, known, dimension=dimension, editions=editions)
            ) as writer:
                yield writer
            self.publish(folder, before=None if previous is None else previous.published)
        except BaseException:
            self.discard(folder)
            raise

    def _sound_stores(self) -> Sequence[Store]:
        """The newest sound articles; none if no generation has any."""
        try:
            return sound_articles(self)[0].stores
        except (IndexMissing, IndexDamaged, IndexMismatch):
            return ()

    def _before(self, folder: Path | None) -> list[Path]:
        """The folders of the generations before that in `folder`, the newest first."""
        every = self._left()
        return every[every.index(folder) + 1 :] if folder in every else []

    def _ended_in(self, folder: Path | None) -> list[EditionRow]:
        """The editions that ended when a generation was written, from the articles before it.

        Those of damaged articles are left out.
        """
        names = [one.name for one in self.published_generations()]
        if folder is None or folder.name not in names[:-1]:
            return []
        with ExitStack() as opened:
            try:
                newer, older = (sound_articles(self, name=n)[0] for n in (folder.name, names[-1]))
                opened.callback(newer.close)
                before = Predecessor(older.stores, is_base=False, now=newest_arrival(newer.stores))
                opened.callback(before.close)
                for stored in newer.all_articles():
                    before.since(stored.article, file=stored.file)
                return list(before.replaced())
            except (IndexDamaged, IndexMismatch):
                return []

    def has_stale_editions(self, generation: OpenGeneration) -> bool:
        """Whether earlier editions are over the bounds, or damaged."""
        if not isinstance(generation, Generation):
            return False
        times = known_times(generation.stores, generation.folder)
        oldest = times.oldest(time.time_ns() // 1000, self._bounds)
        files = generation.manifest.files
        return are_stale(generation.folder, files, bounds=self._bounds, oldest=oldest)

    def storage(self, generation: OpenGeneration) -> StorageUse:
        """The number of generations and the bytes on disk, by kind of content.

        Files that `generation` shares with older ones count as its own.
        """
        counted: set[int] = set()
        parts: Counter[str] = Counter()
        for name in [generation.name, *self.generations()]:
            for path in sorted(self.generation(name).rglob("*")):
                try:
                    facts = path.stat()
                except FileNotFoundError:  # a rebuild has removed it
                    continue
                if stat.S_ISREG(facts.st_mode) and facts.st_ino not in counted:
                    counted.add(facts.st_ino)
                    part = _part_of(path)
                    parts[part if name == generation.name else OLDER] += facts.st_size
        with suppress(FileNotFoundError):
            parts["kept vectors"] = self.embeddings.stat().st_size
        return StorageUse(len(self.generations()), dict(parts))

    def remember_verified(self, generation: OpenGeneration) -> None:
        """Save which files of a generation match their digests."""
        if isinstance(generation, Generation):
            verified_files.save(self.verified_path, generation.files())

    def forget_verified(self) -> None:
        """Have every file checked again."""
        verified_files.forget(self.verified_path)

    def close(self) -> None:
        """Do nothing, since nothing is open."""
