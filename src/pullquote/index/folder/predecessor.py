"""The articles that a rebuild replaces or removes, so that their editions can be kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress

from pullquote.index.editions.edition_file import EarlierEdition, EditionRow
from pullquote.index.folder.segments.store import Store, StoredText
from pullquote.schema import Article
from pullquote.schema.errors import IndexDamaged


class Predecessor:
    """Compares the articles of the generation before with those that are added to the next one.

    An article that is added with the same title and text as before is the same edition, even if
    its file has changed. If nothing of the generation before is taken over, `is_base` is False:
    then all its articles are replaced, and those that are damaged are skipped.
    """

    def __init__(self, stores: Sequence[Store], *, is_base: bool, now: int) -> None:
        self._stores = stores
        self._is_base = is_base
        self._now = now
        self._left: dict[int, set[int]] = {}
        self._same: set[tuple[int, int]] = set()
        self._changed: set[tuple[int, int]] = set()
        self._versions: set[str] = set()
        self._former: dict[tuple[str, str], int | None] = {}

    def remove(self, store: int, rows: Mapping[int, str]) -> None:
        """Take note that these rows of a store are not taken over."""
        self._left.setdefault(store, set()).update(rows)

    def since(self, article: Article, *, file: str) -> int | None:
        """When an article that is added came into the index with this text; None if unknown."""
        if not self._stores:
            return self._now
        self._versions.add(article.version)
        for number, store in enumerate(self._stores):
            with self._damaged_skipped():
                old = store.stored_text(article.id)
                if old is not None:
                    return self._compared((number, old.row), old, article, file)
        return self._now

    def _compared(
        self, place: tuple[int, int], old: StoredText, article: Article, file: str
    ) -> int | None:
        if (old.title, old.text) != (article.title, article.text):
            self._changed.add(place)
            return self._now
        self._same.add(place)
        if old.version != article.version:
            self._former.setdefault((file, old.version), old.since)
        return old.since

    def replaced(self) -> Iterator[EditionRow]:
        """The editions that end now, and the former versions of files whose articles stay.

        Articles of a file that was only renamed have the same version elsewhere, and are left out.

        Raises:
            IndexDamaged: an article of the base is not as it was written.
        """
        for number, store in enumerate(self._stores):
            rows = self._left.get(number, set()) if self._is_base else set(store.all_rows())
            for row in sorted(rows):
                if (number, row) not in self._same:
                    with self._damaged_skipped():
                        yield from self._ended(store, row, gone=(number, row) not in self._changed)
        for (file, version), since in self._former.items():
            yield EditionRow(0, None, file, version, since, self._now, b"")

    def _ended(self, store: Store, row: int, *, gone: bool) -> Iterator[EditionRow]:
        old = store.stored_article(row)
        if not (gone and old.article.version in self._versions):
            edition = EarlierEdition(old.article, old.since, self._now)
            yield EditionRow.of(edition, file=old.file)

    def _damaged_skipped(self) -> AbstractContextManager[None]:
        return nullcontext() if self._is_base else suppress(IndexDamaged)

    def close(self) -> None:
        """Close the stores, unless they are those of the base."""
        if not self._is_base:
            for store in self._stores:
                store.close()
