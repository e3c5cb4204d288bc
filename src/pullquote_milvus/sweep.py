"""Removes generations that nobody reads any more, and the leftovers of failed rebuilds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pullquote.schema.errors import IndexDamaged, IndexMismatch
from pullquote_milvus.client.conditions import Condition
from pullquote_milvus.client.server import Server
from pullquote_milvus.client.tables import (
    DATA,
    MANIFEST,
    collection_name,
    generation_in_name,
)
from pullquote_milvus.manifest import MilvusManifest, read_manifest
from pullquote_milvus.row_updater import roll_back


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
