"""How much of an index can be searched while its first build is not complete."""

from __future__ import annotations

from pullquote.plurals import counted
from pullquote.schema.article import Model


class IndexProgress(Model):
    """How many files of the corpus can be searched: `searchable` of `files`.

    The articles of the other files are not in the index yet.
    """

    searchable: int
    files: int

    @property
    def note(self) -> str:
        """The same for people, in a sentence."""
        files = counted(self.files, "file")
        return f"The index is still being built: {self.searchable:,} of {files} can be searched."
