"""Verifies a file of saved citations with an index."""

from __future__ import annotations

from pathlib import Path

from pullquote.assistant import open_assistant
from pullquote.schema import Verification, check_kind
from pullquote.settings import Settings
from pullquote.verification import saved_citations, verify_citations


def verify(
    file: str | Path, index: str | Path | None = None, *, settings: Settings | None = None
) -> Verification:
    """What became of each citation in a file; see `CitationState`.

    The file is a conversation or several, saved as JSON or Markdown, the output of `ask --json`, or
    any Markdown with permanent links of the chat. It is compared with the current generation of
    the index.

    Raises:
        CitationsUnreadable: the file cannot be read, or has no citations.
        IndexMissing, IndexDamaged, IndexMismatch: the index cannot be opened.
    """
    check_kind("The file", file, (str, Path), give="its path")
    saved = saved_citations(Path(file))
    with open_assistant(index, settings=settings) as assistant:
        generation = assistant.generation
        verified = verify_citations(saved, generation)
        return Verification(citations=tuple(verified), generation=generation.name)
