"""Versions of Milvus, and their features."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FULL_TEXT = _TEMPLATES = (2, 5)
_INVERTED = (2, 4)


@dataclass(frozen=True, slots=True)
class Version:
    """A server's version, and the features that it implies."""

    text: str
    number: tuple[int, int]
    lite: bool

    @property
    def full_text(self) -> bool:
        """Whether the server can search by words."""
        return self.lite or self.number >= _FULL_TEXT

    @property
    def templates(self) -> bool:
        """Whether the server accepts the values of an expression separately."""
        return not self.lite and self.number >= _TEMPLATES

    @property
    def scalar_index(self) -> str | None:
        """The type of index for lookups; None for the server's own choice."""
        return "INVERTED" if self.lite or self.number >= _INVERTED else None


def parse_version(text: str) -> Version:
    """Parse the version that a server reports: "v2.5.4", "v2.3.5-lite" or "milvus_lite-3.2.2".

    The ending "-lite" stands for a whole server in one program, which is not milvus-lite.
    """
    found = re.search(r"(\d+)\.(\d+)", text)
    number = (0, 0) if found is None else (int(found[1]), int(found[2]))
    return Version(text, number, lite=text.startswith("milvus_lite"))
