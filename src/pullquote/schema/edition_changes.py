"""What changed between two editions of an article."""

from __future__ import annotations

from pullquote.schema.article import Model
from pullquote.schema.edition import Edition
from pullquote.schema.verification import WordDifference


class EditionChanges(Model):
    """Two editions of an article, and their words: those of both, of the old and of the new one."""

    old: Edition
    new: Edition
    differences: tuple[WordDifference, ...]

    @property
    def has_changes(self) -> bool:
        """Whether any word was removed or added."""
        return any(one.kind != "same" for one in self.differences)
