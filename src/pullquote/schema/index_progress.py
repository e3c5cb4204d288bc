"""How much of an index can be searched while its first build is not complete."""

from __future__ import annotations

from pullquote.base.plurals import counted
from pullquote.schema.article import Model


class IndexProgress(Model):
    """How many files of the corpus can be searched: `searchable` of `files`.

    The articles of the other files are not in the index yet.
    """

    searchable: int
    files: int

    @property
    def note(self) -> str:
        """The same for people, in a sentence about an index."""
        return f"The index is still being built: {self._searchable} can be searched."

    @property
    def reply_note(self) -> str:
        """The same in a sentence about a reply, which is read later too."""
        return f"The index was still being built: only {self._searchable} could be searched."

    @property
    def _searchable(self) -> str:
        return f"{self.searchable:,} of {counted(self.files, 'file')}"
