"""Verifies a file of saved citations with an index."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from pullquote.index import OpenGeneration
from pullquote.newsroom.assistant import open_assistant
from pullquote.newsroom.packs import is_pack, is_pack_bytes, verify_pack, verify_pack_bytes
from pullquote.newsroom.packs.consistency import not_checked, same_articles, unlike_the_index
from pullquote.newsroom.packs.verify import VerifiedPack
from pullquote.newsroom.verification.citations import verify_citations
from pullquote.newsroom.verification.saved import (
    MOST_CITATIONS,
    SavedCitation,
    check_number,
    citations_in,
    saved_citations,
)
from pullquote.schema import Verification, check_kind
from pullquote.schema.arguments import naming_arguments
from pullquote.schema.errors import CitationsUnreadable
from pullquote.schema.settings import Settings


@naming_arguments
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
    path = Path(file)
    if is_pack(path):
        pack = verify_pack(path)
        if index is None or not _alone(pack).is_good:
            return _alone(pack)
        with open_assistant(index, settings=settings) as assistant:
            return _also_compared(pack, lambda: assistant.generation)
    saved = saved_citations(path)
    with open_assistant(index, settings=settings) as assistant:
        return _compared(saved, assistant.generation)


def verify_bytes(
    data: bytes,
    name: str,
    generation: Callable[[], OpenGeneration] | None,
    *,
    most: int = MOST_CITATIONS,
) -> Verification:
    """As `verify`, for the bytes of a file with that name, which has at most `most` citations.

    Without a `generation`, an evidence pack is verified, and other files are refused.

    Raises:
        CitationsUnreadable: the file has no citations or too many, or there is no generation for
            them.
        IndexMissing, IndexDamaged, IndexMismatch: `generation` cannot open the index.
    """
    if is_pack_bytes(data, name):
        pack = verify_pack_bytes(data)
        check_number(len(pack.citations), Path(name), most=most)
        return _alone(pack) if generation is None else _also_compared(pack, generation)
    saved = citations_in(data, Path(name), most=most)
    if generation is None:
        raise CitationsUnreadable(Path(name), "only an evidence pack is verified without an index")
    return _compared(saved, generation())


def _alone(pack: VerifiedPack) -> Verification:
    """What a pack alone says of itself."""
    return Verification(
        faults=pack.faults,
        not_checked=() if pack.manifest is None else tuple(not_checked(pack.manifest)),
        citations=pack.citations,
        pack_sha256=pack.sha256,
    )


def _compared(saved: Sequence[SavedCitation], generation: OpenGeneration) -> Verification:
    return Verification(
        citations=tuple(verify_citations(saved, generation)), generation=generation.name
    )


def _also_compared(pack: VerifiedPack, generation: Callable[[], OpenGeneration]) -> Verification:
    """The quotes of a sound pack, compared with an index; else what the pack alone says."""
    alone = _alone(pack)
    if pack.manifest is None or not alone.is_good:
        return alone
    cited = zip(pack.manifest.citations, pack.citations, strict=True)
    saved = [SavedCitation.of(one, found.where) for one, found in cited]
    opened = generation()
    known = same_articles(pack.manifest, opened)
    compared = {
        "pack_sha256": pack.sha256,
        "faults": tuple(unlike_the_index(pack.manifest, known, opened)),
        "not_checked": tuple(not_checked(pack.manifest, known)),
    }
    return _compared(saved, opened).model_copy(update=compared)
