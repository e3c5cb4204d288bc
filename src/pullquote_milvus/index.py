"""An index in Milvus: finds the current generation, and publishes the next one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pullquote.index.encoder import EncoderIdentity
from pullquote.index.interfaces import GenerationRef, OpenGeneration, StorageUse
from pullquote.schema.errors import (
    IndexDamaged,
    IndexLocked,
    IndexMismatch,
    IndexMissing,
    IndexUnreachable,
    IndexUnwritable,
    SettingsError,
)
from pullquote.schema.settings import MilvusLexical
from pullquote_milvus.address import MilvusAddress
from pullquote_milvus.client.conditions import Condition
from pullquote_milvus.client.connection import ConnectionOptions, is_server_message
from pullquote_milvus.client.server import Server
from pullquote_milvus.client.tables import (
    DATA,
    MANIFEST,
    collection_name,
    generation_in_name,
)
from pullquote_milvus.generation import MilvusGeneration
from pullquote_milvus.lock import RebuildLock
from pullquote_milvus.manifest import (
    MilvusManifest,
    read_manifest,
    write_manifest,
)
from pullquote_milvus.row_updater import roll_back
from pullquote_milvus.writer import MilvusWriter


def generations(server: Server, index: str) -> list[str]:
    """The names of the collections with manifests, oldest first."""
    return [
        n for n in server.collections() if generation_in_name(n, MANIFEST, index=index) is not None
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """Cleans up one index. Only the holder of its lock may do that."""

    server: Server
    index: str
    cache_seconds: float
    before_writing: Callable[[], None]

    def run(self, current: str | None, *, whole: bool) -> bool:
        """Remove everything that belongs to no retained generation; `current` is the newest.

        A generation is retained for `cache_seconds` after the next one was published, since readers
        may still use it. After that, its manifest is removed, and so are the rows and collections
        that no other generation has. If `whole` is set, the leftovers of a failed rebuild are
        removed too.

        Returns False, and removes nothing, if the manifest of the current generation is unreadable.
        """
        manifests, unreadable = self._manifests()
        if current is not None and current not in [one.generation for one in manifests]:
            return False  # its rows are unknown, and other programs may be reading them
        for name in unreadable:
            self.server.drop(name)
        retained = self._retained(manifests, current)
        for manifest in manifests:
            if manifest not in retained:
                self.server.drop(collection_name(self.index, MANIFEST, manifest.generation))
        self._drop_collections(retained)
        if whole or len(retained) < len(manifests):
            self._delete_rows(retained)
        return True

    def _retained(
        self, manifests: Sequence[MilvusManifest], current: str | None
    ) -> list[MilvusManifest]:
        retained: list[MilvusManifest] = []
        until: datetime | None = None  # when the next generation was published
        for manifest in reversed(manifests):
            if current is None or manifest.generation > current:
                continue  # it was never published
            if until is not None:
                age = (datetime.now(UTC) - until).total_seconds()
                if age > self.cache_seconds:
                    continue
            retained.append(manifest)
            until = manifest.created
        return retained

    def _manifests(self) -> tuple[list[MilvusManifest], list[str]]:
        """The readable manifests, oldest first, and the collections of unreadable ones."""
        found, unreadable = [], []
        for name in generations(self.server, self.index):
            try:
                found.append(read_manifest(self.server, name))
            except (IndexDamaged, IndexMismatch):
                unreadable.append(name)
        return found, unreadable

    def _drop_collections(self, retained: Sequence[MilvusManifest]) -> None:
        """Remove the collections that no retained generation has rows in."""
        bases = {manifest.base for manifest in retained}
        for name in self.server.collections():
            named = (generation_in_name(name, table, index=self.index) for table in DATA)
            base = next((base for base in named if base is not None), None)
            if base is not None and base not in bases:
                self.server.drop(name)

    def _delete_rows(self, retained: Sequence[MilvusManifest]) -> None:
        """Remove rows that no retained generation has, and undo the changes of failed rebuilds."""
        for base in {manifest.base for manifest in retained}:
            of_base = [manifest for manifest in retained if manifest.base == base]
            oldest = min(manifest.step for manifest in of_base)
            for table in DATA:
                name = collection_name(self.index, table, base)
                self.before_writing()
                self.server.delete(name, Condition("died <= {step}", {"step": oldest}))
            newest = max(of_base, key=lambda one: one.step)
            roll_back(self.server, self.index, newest, before_writing=self.before_writing)


CURRENT_SECONDS = 0.5
"""How many seconds the current generation's name is cached; a page asks for it often."""


class MilvusIndex:
    """An index in the collections of a Milvus server."""

    def __init__(
        self,
        address: MilvusAddress,
        *,
        options: ConnectionOptions,
        beside: Path,
        lexical: MilvusLexical,
        cache_seconds: float,
    ) -> None:
        self.server = Server(address, options)
        self._name = address.name
        self._beside = beside
        self._lexical = lexical
        self._cache_seconds = cache_seconds
        self._lock: RebuildLock | None = None
        self._read_at = 0.0
        self._cached: GenerationRef | None = None

    @property
    def location(self) -> str:
        """The address, without secrets."""
        return self.server.place

    @property
    def local_folder(self) -> Path:
        """The folder on this machine for computed vectors and the state of the corpus."""
        self._beside.mkdir(parents=True, exist_ok=True)
        return self._beside

    def current(self) -> GenerationRef:
        """The current generation.

        Raises:
            IndexMissing: no index has been built there yet.
            IndexUnreachable: the server does not answer.
        """
        cached = self._cached
        if cached is None or time.monotonic() - self._read_at > CURRENT_SECONDS:
            self._cached = cached = self._current()
            self._read_at = time.monotonic()
        return cached

    def open(
        self, *, to_search: bool = True, before: OpenGeneration | None = None
    ) -> MilvusGeneration:
        """Open the current generation.

        The rows are counted even if a rebuild opens the generation. If another program has removed
        some rows, the rebuild starts from scratch.

        Raises:
            IndexMissing, IndexDamaged, IndexMismatch: as their messages say.
            IndexUnreachable: the server does not answer.
            SettingsError: `milvus_lexical` is "require", but the server cannot search words.
        """
        manifest = self._read_current()
        if self._lexical == "require" and not manifest.lexical:
            raise _full_text_missing(self.location, manifest.server)
        return MilvusGeneration(self.server, self._name, manifest).check()

    def lock_holder(self) -> str | None:
        """The holder of the lock; None if it is free, or the server does not answer."""
        with suppress(IndexUnreachable):
            return RebuildLock(self.server, self._name).holder()
        return None

    def recorded_corpus(self) -> Path | None:
        """The corpus that the index was built from; None if there is no index."""
        manifest = self._recorded()
        return None if manifest is None else Path(manifest.corpus)

    def recorded_encoder(self) -> EncoderIdentity | None:
        """The encoder that the index was built with; None if no manifest can be read."""
        manifest = self._recorded()
        return None if manifest is None else manifest.index_config.encoder

    def recorded_articles(self) -> int | None:
        """The number of articles in the manifest; None if no manifest can be read."""
        manifest = self._recorded()
        return None if manifest is None else manifest.articles

    def storage(self, generation: OpenGeneration) -> StorageUse:
        """How many generations are stored, and how many bytes the current one takes."""
        sizes = generation.manifest.sizes if isinstance(generation, MilvusGeneration) else {}
        return StorageUse(len(generations(self.server, self._name)), dict(sizes))

    @contextmanager
    def rebuilding(self) -> Iterator[None]:
        """Hold the lock for a rebuild, and first clean up after rebuilds that failed.

        Raises:
            IndexLocked: another rebuild holds it; the message says which.
            IndexUnreachable, IndexUnwritable: the server does not answer, or refuses writes.
        """
        if self._lexical == "require" and not self.server.version.full_text:
            raise _full_text_missing(self.location, self.server.version.text)
        self.server.collections()  # fails early: a write waits longer for a server that is down
        lock = RebuildLock(self.server, self._name)
        with lock.acquired():
            self._lock = lock
            try:
                try:
                    current = self._current().name
                except IndexMissing:
                    current = None
                sweep = Sweep(
                    server=self.server,
                    index=self._name,
                    cache_seconds=self._cache_seconds,
                    before_writing=lock.confirm,
                )
                lock.retain(lock.taken_over)  # until the sweep has ended
                swept = sweep.run(current, whole=lock.taken_over)
                lock.retain(lock.taken_over and not swept)
                yield
            finally:
                self._lock = None

    @contextmanager
    def writing(
        self, previous: OpenGeneration | None, *, base: OpenGeneration | None, dimension: int
    ) -> Iterator[MilvusWriter]:
        """A writer of the next generation, based on `base`.

        When the context ends, the finished generation is published by moving the alias once. After
        an error, its changes are undone.
        """
        if self._lock is None:
            raise ValueError("a generation can only be written while the lock is held")
        lock, name = self._lock, self._next_name()
        known = base.manifest if isinstance(base, MilvusGeneration) else None
        if known is not None and known.lexical != self.server.version.full_text:
            known = None  # the server was upgraded or replaced
        writer = MilvusWriter(
            self.server, self._name, name, known, dimension=dimension, before_writing=lock.confirm
        )
        try:
            yield writer
            self._publish(writer, lock)
        except BaseException as error:
            retained = lock.retained
            lock.retain()  # so the next rebuild cleans up, unless all can be undone here
            with suppress(IndexUnreachable, IndexUnwritable, IndexLocked):
                undone = self._is_current(name) or self._undo(writer, lock)
                # The server may still carry out a call that it has not answered.
                late = isinstance(error, IndexUnreachable) or not isinstance(error, Exception)
                lock.retain(retained or late or not undone)
            raise

    def _undo(self, writer: MilvusWriter, lock: RebuildLock) -> bool:
        """Undo what was not published, except rows that another rebuild may have changed since."""
        self.server.drop(collection_name(self._name, MANIFEST, writer.generation))
        ours = lock.is_ours()
        if ours or writer.made_collections:
            writer.discard()
        return ours

    def has_stale_editions(self, generation: OpenGeneration) -> bool:
        """False, since none are kept."""
        return False

    def remember_verified(self, generation: OpenGeneration) -> None:
        """Does nothing: rows are checked whenever they are read."""

    def forget_verified(self) -> None:
        """Does nothing."""

    def close(self) -> None:
        """Close the connection; the next call makes another."""
        self.server.close()

    def _current(self) -> GenerationRef:
        """The name of the generation that the alias points at; the digest is in its manifest."""
        target = self.server.resolve_alias(self._name)
        if target is None:
            raise IndexMissing(self.location)
        if (found := generation_in_name(target, MANIFEST, index=self._name)) is None:
            raise SettingsError(
                f"On the server of {self.location} the name {self._name!r} belongs to a collection "
                "that pullquote did not create. Give the index another name at the end of its "
                "address."
            )
        return GenerationRef(found, "")

    def _is_current(self, name: str) -> bool:
        try:
            return self._current().name == name
        except IndexMissing:
            return False

    def _read_current(self) -> MilvusManifest:
        """The manifest of the current generation."""
        while True:
            current = self._current().name
            try:
                return read_manifest(self.server, collection_name(self._name, MANIFEST, current))
            except IndexUnreachable as error:
                if not is_server_message(error) or self._current().name == current:
                    raise  # no other generation has replaced it

    def _recorded(self) -> MilvusManifest | None:
        """The manifest of the current generation; None if there is no readable one."""
        try:
            return self._read_current()
        except (IndexMissing, IndexDamaged, IndexMismatch):
            return None

    def _next_name(self) -> str:
        """A name that sorts after that of the current generation, even if clocks differ."""
        now = datetime.now(UTC)
        with suppress(IndexMissing):
            now = max(now, generation_time(self._current().name) + timedelta(microseconds=1))
        return generation_name(now)

    def _publish(self, writer: MilvusWriter, lock: RebuildLock) -> None:
        """Make the finished generation current. Only the holder of the lock may do that."""
        if writer.manifest is None:
            raise ValueError("only a finished generation can be published")
        written = write_manifest(self.server, self._name, writer.manifest)
        read_manifest(self.server, written)
        if not lock.is_ours():
            raise IndexLocked(self.location, holder="it has taken over this rebuild's lock")
        self.server.set_alias(written, self._name)
        self._cached = None


def generation_name(moment: datetime) -> str:
    """The name of a generation that began at a moment in UTC."""
    return f"{moment:%Y%m%dT%H%M%S}-{moment.microsecond:06x}"


def generation_time(name: str) -> datetime:
    """The moment in UTC in the name of a generation."""
    second, _, microsecond = name.partition("-")
    moment = datetime.strptime(second, "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    return moment.replace(microsecond=int(microsecond, 16))


def _full_text_missing(place: str, version: str) -> SettingsError:
    return SettingsError(
        f"The index at {place} is on Milvus {version}, which cannot search by words, and "
        "milvus_lexical is set to require. Use Milvus 2.5 or later and build the index there, or "
        "set milvus_lexical to auto, which searches by meaning alone."
    )
