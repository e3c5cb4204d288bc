"""The earlier editions of a generation's articles, in whichever file they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pullquote.index.editions.edition_file import EarlierEdition, EditionFile, EditionRow
from pullquote.schema.errors import IndexDamaged

SHORTEST_VERSION = 8
"""Characters of a version by which editions are found; fewer could be those of several."""


@dataclass(frozen=True, slots=True)
class EditionHistory:
    """Reads the earlier editions. Threads may share it.

    If a file could not be opened, `damage` says why, and every method raises it. `notes` are what
    the rebuild that has just written the editions says about those that were damaged or dropped.
    """

    files: Sequence[EditionFile] = ()
    damage: IndexDamaged | None = None
    notes: Sequence[str] = ()

    def of(self, article: str) -> list[EarlierEdition]:
        """The earlier editions of the article with this id, the newest first.

        Raises:
            IndexDamaged: an edition is not as it was written.
        """
        rows = self._rows(lambda file: file.of(article))
        return [row.edition for row in sorted(rows, key=_end, reverse=True)]

    def of_version(self, version: str) -> list[EarlierEdition]:
        """The editions whose version begins with these characters, the newest first.

        Raises:
            IndexDamaged: an edition is not as it was written.
        """
        if not is_version(version):
            return []
        rows = self._rows(lambda file: file.of_version(version))
        return [row.edition for row in sorted(rows, key=_end, reverse=True)]

    def replaced(self, article: str, version: str) -> int | None:
        """When the article's file lost that version without a change of the article's text.

        In microseconds since 1970; None if that is not known.

        Raises:
            IndexDamaged: a row is not as it was written.
        """
        if not is_version(version):
            return None
        rows = self._rows(lambda file: file.former_versions(version))
        ends = [row.until for row in rows if _is_in(article, row.file)]
        return max(ends, default=None)

    def close(self) -> None:
        """Close the files."""
        for file in self.files:
            file.close()

    def _rows(self, read: Callable[[EditionFile], list[EditionRow]]) -> Iterator[EditionRow]:
        if self.damage is not None:
            raise self.damage
        for file in self.files:
            yield from read(file)


def _end(row: EditionRow) -> int:
    return row.until


def is_version(version: str) -> bool:
    """Whether these may be the first characters of a version, and enough to find an edition by."""
    return len(version) >= SHORTEST_VERSION and all(one in "0123456789abcdef" for one in version)


def _is_in(article: str, file: str) -> bool:
    """Whether an article's id says that it is in that file."""
    return article == file or article.startswith(f"{file}#")
