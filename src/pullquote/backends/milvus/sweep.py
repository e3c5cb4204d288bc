"""Removes what nobody reads any more, and what rebuilds have left that did not end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from pullquote.backends.milvus.changes import take_back
from pullquote.backends.milvus.client.conditions import Condition
from pullquote.backends.milvus.client.server import Server
from pullquote.backends.milvus.client.tables import DATA, MANIFEST, collection, named_by
from pullquote.backends.milvus.manifest import MilvusManifest, read_manifest
from pullquote.errors import IndexDamaged, IndexMismatch


def generations(server: Server, index: str) -> list[str]:
    """The collections of manifests, oldest first."""
    return [n for n in server.names() if named_by(n, MANIFEST, index=index) is not None]


class Sweep:
    """Clears up one index; only the holder of its lock may."""

    def __init__(
        self,
        server: Server,
        index: str,
        *,
        kept_seconds: float,
        before_writing: Callable[[], None],
    ) -> None:
        self._server = server
        self._index = index
        self._kept_seconds = kept_seconds
        self._before_writing = before_writing

    def run(self, current: str | None, *, whole: bool) -> bool:
        """Remove all that is in no generation that is kept; `current` is the one that answers.

        A generation is kept for a while after the next one was published, since somebody may be
        reading it; then its manifest goes, and the rows and collections that are in none. `whole`,
        rows are looked through for what a rebuild has left that did not end. Gives whether it could
        be told what is kept; else nothing is removed.
        """
        manifests, unreadable = self._manifests()
        if current is not None and current not in [one.generation for one in manifests]:
            return False  # which rows it has cannot be told, and others may be reading them
        for name in unreadable:
            self._server.drop(name)
        kept = self._kept(manifests, current)
        for manifest in manifests:
            if manifest not in kept:
                self._server.drop(collection(self._index, MANIFEST, manifest.generation))
        self._drop_collections(kept)
        if whole or len(kept) < len(manifests):
            self._delete_rows(kept)
        return True

    def _kept(
        self, manifests: Sequence[MilvusManifest], current: str | None
    ) -> list[MilvusManifest]:
        kept: list[MilvusManifest] = []
        until: datetime | None = None  # when the next generation took its place
        for manifest in reversed(manifests):
            if current is None or manifest.generation > current:
                continue  # was never published
            if until is not None:
                age = (datetime.now(UTC) - until).total_seconds()
                if age > self._kept_seconds:
                    continue
            kept.append(manifest)
            until = manifest.created
        return kept

    def _manifests(self) -> tuple[list[MilvusManifest], list[str]]:
        """Those that can be read, oldest first, and the collections of the others."""
        found, unreadable = [], []
        for name in generations(self._server, self._index):
            try:
                found.append(read_manifest(self._server, name).manifest)
            except (IndexDamaged, IndexMismatch):
                unreadable.append(name)
        return found, unreadable

    def _drop_collections(self, kept: Sequence[MilvusManifest]) -> None:
        """Remove those that no generation has rows in."""
        bases = {manifest.base for manifest in kept}
        for name in self._server.names():
            named = (named_by(name, table, index=self._index) for table in DATA)
            base = next((base for base in named if base is not None), None)
            if base is not None and base not in bases:
                self._server.drop(name)

    def _delete_rows(self, kept: Sequence[MilvusManifest]) -> None:
        """Remove those that no generation has, and the marks of rebuilds that did not end."""
        for base in {manifest.base for manifest in kept}:
            of_base = [manifest for manifest in kept if manifest.base == base]
            oldest = min(manifest.step for manifest in of_base)
            for table in DATA:
                name = collection(self._index, table, base)
                self._before_writing()
                self._server.delete(name, Condition("died <= {step}", {"step": oldest}))
            newest = max(of_base, key=lambda one: one.step)
            take_back(self._server, self._index, newest, before_writing=self._before_writing)
