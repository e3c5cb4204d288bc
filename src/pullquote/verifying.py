"""Verifies a file of saved citations with an index."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pullquote.assistant import open_assistant
from pullquote.packs import is_pack, verify_pack
from pullquote.schema import Verification, check_kind
from pullquote.settings import Settings
from pullquote.verification import SavedCitation, saved_citations, verify_citations


def verify(
    file: str | Path, index: str | Path | None = None, *, settings: Settings | None = None
) -> Verification:
    """What became of each citation in a file; see `CitationState`.

    The file is a conversation or several, saved as JSON or Markdown, the output of `ask --json`, or
    any Markdown with permanent links of the chat. It is compared with the current generation of
    the index.

    An evidence pack is verified without an index. If one is named, the quotes of a sound pack are
    compared with it, too.

    Raises:
        CitationsUnreadable: the file cannot be read, or has no citations.
        IndexMissing, IndexDamaged, IndexMismatch: the index cannot be opened.
    """
    check_kind("The file", file, (str, Path), give="its path")
    if is_pack(Path(file)):
        return _verify_pack(Path(file), index, settings)
    return _compare(saved_citations(Path(file)), index, settings)


def _compare(
    saved: Sequence[SavedCitation], index: str | Path | None, settings: Settings | None
) -> Verification:
    with open_assistant(index, settings=settings) as assistant:
        generation = assistant.generation
        verified = verify_citations(saved, generation)
        return Verification(citations=tuple(verified), generation=generation.name)


def _verify_pack(path: Path, index: str | Path | None, settings: Settings | None) -> Verification:
    pack = verify_pack(path)
    within = Verification(faults=pack.faults, citations=pack.citations, pack_sha256=pack.sha256)
    if index is None or pack.manifest is None or not within.is_good:
        return within
    saved = [
        SavedCitation(
            one.article, one.start, one.end, one.quote, one.version, one.title, where=found.where
        )
        for one, found in zip(pack.manifest.citations, pack.citations, strict=True)
    ]
    compared = _compare(saved, index, settings)
    return compared.model_copy(update={"pack_sha256": pack.sha256})
