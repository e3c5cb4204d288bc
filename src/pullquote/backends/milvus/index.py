"""The index in Milvus: which generation is read, and how the next one becomes it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pullquote.backends.milvus.address import MilvusAddress
from pullquote.backends.milvus.client.connection import Access, is_said
from pullquote.backends.milvus.client.server import Server
from pullquote.backends.milvus.client.tables import MANIFEST, collection, named_by
from pullquote.backends.milvus.generation import MilvusGeneration
from pullquote.backends.milvus.lock import Lock
from pullquote.backends.milvus.manifest import Stored, read_manifest, write_manifest
from pullquote.backends.milvus.sweep import Sweep, generations
from pullquote.backends.milvus.writer import MilvusWriter
from pullquote.errors import (
    IndexDamaged,
    IndexLocked,
    IndexMismatch,
    IndexMissing,
    IndexUnreachable,
    IndexUnwritable,
    SettingsError,
)
from pullquote.index.generation_ref import GenerationRef, StorageUse
from pullquote.index.interfaces import OpenGeneration
from pullquote.settings import MilvusLexical

LOOKED_EVERY = 0.5
"""Seconds for which the name of the current generation is believed: a page asks for it often."""


class MilvusIndex:
    """An index in the collections of a Milvus server."""

    def __init__(
        self,
        address: MilvusAddress,
        *,
        access: Access,
        beside: Path,
        lexical: MilvusLexical,
        kept_seconds: float,
    ) -> None:
        self.server = Server(address, access)
        self._name = address.name
        self._beside = beside
        self._lexical = lexical
        self._kept_seconds = kept_seconds
        self._lock: Lock | None = None
        self._looked = 0.0
        self._known: GenerationRef | None = None

    @property
    def location(self) -> str:
        """The address, without secrets."""
        return self.server.place

    @property
    def local_folder(self) -> Path:
        """The folder for the vectors that were computed and what was seen of the corpus."""
        self._beside.mkdir(parents=True, exist_ok=True)
        return self._beside

    def current(self) -> GenerationRef:
        """The generation that answers now.

        Raises:
            IndexMissing: nothing has been built there yet.
            IndexUnreachable: the server does not answer.
        """
        known = self._known
        if known is None or time.monotonic() - self._looked > LOOKED_EVERY:
            self._known = known = self._current()
            self._looked = time.monotonic()
        return known

    def open(
        self, *, to_search: bool = True, before: OpenGeneration | None = None
    ) -> MilvusGeneration:
        """The generation that answers now.

        Its rows are counted for a rebuild too: another program may have removed some, and what is
        not whole is then made anew.

        Raises:
            IndexMissing, IndexDamaged, IndexMismatch: as their messages say.
            IndexUnreachable: the server does not answer.
            SettingsError: it has to search by words and cannot.
        """
        stored = self._read_current()
        if self._lexical == "require" and not stored.manifest.lexical:
            raise _without_words(self.location, stored.manifest.server)
        return MilvusGeneration(self.server, self._name, stored).check()

    def lock_holder(self) -> str | None:
        """Who holds the lock; None where nobody does, or the server does not answer."""
        with suppress(IndexUnreachable):
            return Lock(self.server, self._name).holder()
        return None

    def recorded_corpus(self) -> Path | None:
        """The corpus that the index was built from; None where there is no index."""
        try:
            return Path(self._read_current().manifest.corpus)
        except (IndexMissing, IndexDamaged, IndexMismatch):
            return None

    def recorded_articles(self) -> int | None:
        """How many articles its manifest says it holds; None where there is none to read."""
        try:
            return self._read_current().manifest.articles
        except (IndexMissing, IndexDamaged, IndexMismatch):
            return None

    def storage(self, generation: OpenGeneration) -> StorageUse:
        """How many generations are kept, and the bytes that the current one's rows were sent as."""
        sizes = generation.manifest.sizes if isinstance(generation, MilvusGeneration) else {}
        return StorageUse(len(generations(self.server, self._name)), dict(sizes))

    @contextmanager
    def rebuilding(self) -> Iterator[None]:
        """Held by one rebuild at a time, which first clears up after those that did not end.

        Raises:
            IndexLocked: another rebuild holds it; the message says which.
            IndexUnreachable, IndexUnwritable: the server does not answer, or takes nothing.
        """
        if self._lexical == "require" and not self.server.version.full_text:
            raise _without_words(self.location, self.server.version.text)
        self.server.names()  # a question: what writes waits longer for a server that is away
        lock = Lock(self.server, self._name)
        with lock.held():
            self._lock = lock
            try:
                try:
                    current = self._current().name
                except IndexMissing:
                    current = None
                sweep = Sweep(
                    self.server,
                    self._name,
                    kept_seconds=self._kept_seconds,
                    before_writing=lock.confirm,
                )
                lock.keep(lock.taken_over)  # until all is cleared up
                swept = sweep.run(current, whole=lock.taken_over)
                lock.keep(lock.taken_over and not swept)
                yield
            finally:
                self._lock = None

    @contextmanager
    def writing(
        self, previous: OpenGeneration | None, *, base: OpenGeneration | None, dimension: int
    ) -> Iterator[MilvusWriter]:
        """A writer of the next generation, which goes on from `base`.

        What it has finished is made current on the way out, by one move of the alias; what failed
        is taken back.
        """
        if self._lock is None:
            raise ValueError("a generation is written while the index is held")
        lock, name = self._lock, self._next_name()
        known = base.manifest if isinstance(base, MilvusGeneration) else None
        if known is not None and known.lexical != self.server.version.full_text:
            known = None  # the server is another than it was
        writer = MilvusWriter(
            self.server, self._name, name, known, dimension=dimension, before_writing=lock.confirm
        )
        try:
            yield writer
            self._publish(writer, lock)
        except BaseException as error:
            kept = lock.kept
            lock.keep()  # so that the next rebuild clears up, unless all can be undone here
            with suppress(IndexUnreachable, IndexUnwritable, IndexLocked):
                undone = self._is_current(name) or self._undo(writer, lock)
                # What a server was asked and has not answered it may still do.
                late = isinstance(error, IndexUnreachable) or not isinstance(error, Exception)
                lock.keep(kept or late or not undone)
            raise

    def _undo(self, writer: MilvusWriter, lock: Lock) -> bool:
        """Take back what was not published; no rows that another rebuild may have changed since."""
        self.server.drop(collection(self._name, MANIFEST, writer.generation))
        ours = lock.is_ours()
        if ours or writer.made:
            writer.discard()
        return ours

    def remember_verified(self, generation: OpenGeneration) -> None:
        """Nothing: rows are compared where they are read."""

    def forget_verified(self) -> None:
        """Nothing."""

    def close(self) -> None:
        """Let go of the connection; the next call makes another."""
        self.server.close()

    def _current(self) -> GenerationRef:
        """The name of the generation that the alias means; its digest stands in its manifest."""
        meant = self.server.meant(self._name)
        if meant is None:
            raise IndexMissing(self.location)
        if (found := named_by(meant, MANIFEST, index=self._name)) is None:
            raise SettingsError(
                f"On the server of {self.location} the name {self._name!r} is of a collection that "
                "pullquote has not made. Choose another name for the index in its address."
            )
        return GenerationRef(found, "")

    def _is_current(self, name: str) -> bool:
        try:
            return self._current().name == name
        except IndexMissing:
            return False

    def _read_current(self) -> Stored:
        """The manifest of the generation that answers now."""
        while True:
            current = self._current().name
            try:
                return read_manifest(self.server, collection(self._name, MANIFEST, current))
            except IndexUnreachable as error:
                if not is_said(error) or self._current().name == current:
                    raise  # nobody has replaced and removed it

    def _next_name(self) -> str:
        """A name that sorts behind that of the current generation, whatever clock gave that."""
        now = datetime.now(UTC)
        with suppress(IndexMissing):
            now = max(now, moment_of(self._current().name) + timedelta(microseconds=1))
        return name_of(now)

    def _publish(self, writer: MilvusWriter, lock: Lock) -> None:
        """Make what was finished current. Only the lock's holder may."""
        if writer.manifest is None:
            raise ValueError("a generation is published after it was finished")
        written = write_manifest(self.server, self._name, writer.manifest)
        read_manifest(self.server, written)
        if not lock.is_ours():
            raise IndexLocked(self.location, holder="it took the lock of this one over")
        self.server.name(written, self._name)
        self._known = None


def name_of(moment: datetime) -> str:
    """The name of a generation of a moment in UTC."""
    return f"{moment:%Y%m%dT%H%M%S}-{moment.microsecond:06x}"


def moment_of(name: str) -> datetime:
    """The moment in UTC that a generation is named by."""
    second, _, microsecond = name.partition("-")
    moment = datetime.strptime(second, "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    return moment.replace(microsecond=int(microsecond, 16))


def _without_words(place: str, version: str) -> SettingsError:
    return SettingsError(
        f"The index at {place} is on Milvus {version}, which cannot search by words, and "
        "milvus_lexical is require. Use a server of 2.5 or later and build the index there, or set "
        "milvus_lexical to auto, which searches by meaning alone."
    )
