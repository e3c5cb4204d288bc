"""One state of an article that was in the index."""

from __future__ import annotations

from datetime import datetime

from pullquote.schema.article import Model
from pullquote.schema.short_text import short_text


class Edition(Model):
    """One state of an article that was in the index.

    `since` and `until` are the times of the rebuilds that put it into the index and took it out.
    `since` is None if an older version of pullquote put it in, and `until` is None for the current
    edition. `characters` is the length of the text.
    """

    article: str
    version: str
    title: str
    since: datetime | None
    until: datetime | None
    characters: int

    @property
    def is_current(self) -> bool:
        """Whether the index still has this edition."""
        return self.until is None

    def __repr__(self) -> str:
        until = "now" if self.until is None else f"{self.until:%Y-%m-%d %H:%M}"
        return f"Edition({short_text(self.article)}, {self.version[:12]}, until {until})"

    __str__ = __repr__
