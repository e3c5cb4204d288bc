"""The check before work that is about the whole corpus, such as a grid."""

from __future__ import annotations

from pullquote.index.interfaces import OpenGeneration
from pullquote.schema.errors import IndexIncomplete
from pullquote.schema.settings import Settings


def check_complete(settings: Settings, generation: OpenGeneration) -> None:
    """Raise if the first build of the index is not complete.

    Raises:
        IndexIncomplete: files of the corpus are not in the index yet.
    """
    progress = generation.manifest.progress
    if progress is not None:
        raise IndexIncomplete(str(settings.index), note=progress.note)
