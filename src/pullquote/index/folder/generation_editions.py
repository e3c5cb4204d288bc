"""The earlier editions that a new generation has: those of the one before, and those that end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pullquote.index.folder.edition_storage import EditionCarrier
from pullquote.index.folder.folder_manifest import FileChecksum
from pullquote.index.folder.predecessor import Predecessor
from pullquote.schema import Article


@dataclass(frozen=True, slots=True)
class GenerationEditions:
    """Finds the editions that a rebuild ends, and writes them beside those of before.

    `earlier` is the folder of the generation whose editions are taken over; None if there is none.
    """

    predecessor: Predecessor
    carrier: EditionCarrier
    earlier: Path | None

    def remove(self, segment: int, rows: Mapping[int, str]) -> None:
        """Take note that these articles of a segment of the base are removed."""
        self.predecessor.remove(segment, rows)

    def since(self, article: Article, *, file: str) -> int | None:
        """When an article that is added came into the index with this text; None if unknown."""
        return self.predecessor.since(article, file=file)

    def write(self) -> dict[str, FileChecksum]:
        """Write the editions; see `EditionCarrier.carry`."""
        return self.carrier.carry(self.earlier, self.predecessor.replaced())

    def close(self) -> None:
        """Close the files. Unfinished work is lost."""
        self.carrier.close()
        self.predecessor.close()
