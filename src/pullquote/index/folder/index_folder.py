"""The index in a folder: which generation is read, and how the next one is written."""

from __future__ import annotations

import sqlite3
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from pullquote.errors import IndexDamaged, IndexMismatch, IndexMissing, IndexUnwritable
from pullquote.index.folder.folder_manifest import articles_in, corpus_of
from pullquote.index.folder.generation import Generation
from pullquote.index.folder.layout import IndexFiles
from pullquote.index.folder.verified_files import compared
from pullquote.index.folder.writer import GenerationWriter
from pullquote.index.interfaces import OpenGeneration
from pullquote.index.published import Kept, Published

OLDER = "older generations"

_PARTS = {
    "articles.db": "articles",
    "passages.bin": "passages",
    "vectors.f32": "vectors",
    "codes.faiss": "codes",
    "signatures.bin": "signatures",
    "manifest.json": "manifest",
}
"""What the files of a generation hold; the others are postings."""


class IndexFolder(IndexFiles):
    """An index in a folder of this machine."""

    @property
    def place(self) -> str:
        """The folder."""
        return str(self.path)

    @property
    def beside(self) -> Path:
        """The folder too."""
        return self.path

    def open(self, *, to_search: bool = True, before: OpenGeneration | None = None) -> Generation:
        """The generation that answers now, its files checked against their digests.

        Where it is damaged it is the one before, which then says so in `damage`. Not `to_search`,
        it has read little yet. It shares with `before`, if that is given, what both have.

        Raises:
            IndexMissing, IndexDamaged, IndexMismatch: as their messages say.
        """
        known = before if isinstance(before, Generation) else None
        while True:
            current, *older = self.published()
            try:
                found = Generation(self.generation(current.name), current, before=known)
                return found.load() if to_search else found
            except IndexDamaged as damage:
                if self.current() == current:
                    self.note_damage()
                    return self._stand_in(current, older, damage)
                # Else two rebuilds have come and gone, and swept it: the newest is tried.

    def _stand_in(
        self, current: Published, before: Sequence[Published], damage: IndexDamaged
    ) -> Generation:
        """The generation before a damaged one, if it is sound."""
        for published in before:
            try:
                found = Generation(self.generation(published.name), published).load()
            except (IndexDamaged, IndexMismatch):
                continue
            found.damage, found.answers_for = damage, current.name
            return found
        raise damage

    def recorded_corpus(self) -> Path | None:
        """The corpus that the index was built from.

        Also where it is damaged: any generation that is left tells.
        """
        recorded = map(corpus_of, self._left())
        return next((corpus for corpus in recorded if corpus is not None), None)

    def recorded_articles(self) -> int | None:
        """How many articles it holds, by what any generation that is left tells."""
        recorded = map(articles_in, self._left())
        return next((count for count in recorded if count is not None), None)

    def _left(self) -> list[Path]:
        """The folders of the generations, the newest first; some may lack a manifest."""
        try:
            names = [one.name for one in self.published()]
        except (IndexMissing, IndexDamaged):
            names = self.generations()[::-1]
        return [self.generation(name) for name in names]

    @contextmanager
    def rebuilding(self) -> Iterator[None]:
        """Held by one rebuild at a time, which first removes what others left.

        Raises:
            IndexLocked: another rebuild holds it; the message says which process.
            IndexUnwritable: on the way out, for what the device or SQLite raised.
        """
        try:
            with self.lock():
                self.sweep()
                compared.recall(self.compared)
                yield
        except (OSError, sqlite3.Error) as error:
            raise IndexUnwritable(self.path, str(error)) from error

    @contextmanager
    def writing(
        self, previous: OpenGeneration | None, *, base: OpenGeneration | None, dimension: int
    ) -> Iterator[GenerationWriter]:
        """A writer of the next generation, into a folder of its own that is published after it."""
        folder = self.stage()
        known = base if isinstance(base, Generation) else None
        try:
            with closing(GenerationWriter(folder, known, dimension=dimension)) as writer:
                yield writer
            self.publish(folder, before=None if previous is None else previous.published)
        except BaseException:
            self.discard(folder)
            raise

    def kept(self, generation: OpenGeneration) -> Kept:
        """How many generations are kept, and the bytes on disk, by what they hold.

        What segments share is counted once, for that generation.
        """
        counted: set[int] = set()
        parts: Counter[str] = Counter()
        for name in [generation.name, *self.generations()]:
            for path in sorted(self.generation(name).rglob("*")):
                try:
                    facts = path.stat()
                except FileNotFoundError:  # a rebuild has swept it
                    continue
                if stat.S_ISREG(facts.st_mode) and facts.st_ino not in counted:
                    counted.add(facts.st_ino)
                    part = _PARTS.get(path.name, "postings")
                    parts[part if name == generation.name else OLDER] += facts.st_size
        with suppress(FileNotFoundError):
            parts["kept vectors"] = self.embeddings.stat().st_size
        return Kept(len(self.generations()), dict(parts))

    def note_sound(self, generation: OpenGeneration) -> None:
        """Keep which files of a generation were compared with their digests."""
        if isinstance(generation, Generation):
            compared.keep(self.compared, generation.files())

    def note_damage(self) -> None:
        """Have every file compared again."""
        compared.forget(self.compared)

    def close(self) -> None:
        """Nothing is held open."""
