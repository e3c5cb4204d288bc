"""Figures about the current generation, counted once for each."""

from __future__ import annotations

from dataclasses import dataclass

from pullquote.index import OpenGeneration
from pullquote.newsroom.assistant import Assistant
from pullquote.schema.index_info import IndexInfo


@dataclass(frozen=True, slots=True)
class _Counted:
    """The generation that was counted last, and its figures."""

    generation: OpenGeneration
    info: IndexInfo


class IndexFigures:
    """The figures of an assistant's index."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._last: _Counted | None = None

    def current(self) -> IndexInfo:
        """The figures of the generation that answers now.

        Raises:
            PullquoteError: the index cannot be opened.
        """
        generation, last = self._assistant.generation, self._last
        if last is None or last.generation is not generation:
            last = self._last = _Counted(generation, index_info(generation))
        return last.info


def index_info(generation: OpenGeneration) -> IndexInfo:
    """The figures of a generation."""
    manifest = generation.manifest
    first, last, undated = generation.days()
    return IndexInfo(
        generation=generation.name,
        created=manifest.created,
        pullquote=manifest.index_config.pullquote,
        encoder=manifest.index_config.encoder.name,
        articles=manifest.articles,
        passages=manifest.passages,
        searched=generation.searched,
        roles=generation.passages_by_role(),
        sources=generation.articles_by("source"),
        sections=generation.articles_by("section"),
        languages=generation.articles_by("language"),
        kinds=generation.articles_by("kind"),
        first_day=first,
        last_day=last,
        undated=undated,
        copies=generation.near_duplicate_articles(),
        copy_groups=generation.near_duplicate_groups(),
        index_progress=manifest.progress,
        failed=len(manifest.failed),
        damaged=generation.damage is not None,
    )
