"""Facets: the sources, sections, languages and kinds in the index, for filters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pullquote.conversation import Archive
from pullquote.conversation.phrases import LANGUAGES
from pullquote.index import OpenGeneration
from pullquote.newsroom.assistant import Assistant
from pullquote.schema import Filters
from pullquote.schema.errors import PullquoteError, SettingsError

_FIELDS: dict[str, Literal["source", "section", "language", "kind"]] = {
    "sources": "source",
    "sections": "section",
    "languages": "language",
    "kinds": "kind",
}

_TAGS = {tag: name.title() for name, tag in LANGUAGES.items()}


@dataclass(frozen=True, slots=True)
class IndexFacets:
    """The facets of a generation: `archive` for phrases in questions, `names` for the lists."""

    generation: str = ""
    archive: Archive = field(default_factory=Archive)
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class CurrentFacets:
    """The facets of the current generation, cached until it changes."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._current = IndexFacets()

    def now(self) -> IndexFacets:
        """The current facets; empty if there is no index."""
        try:
            generation = self._assistant.generation
            if self._current.generation != generation.name:
                self._current = facets_of(generation)
        except PullquoteError:
            self._current = IndexFacets()
        return self._current


def facets_of(generation: OpenGeneration) -> IndexFacets:
    """The facets of a generation, each in the spelling of one of its articles."""
    names = {
        name: tuple(sorted(filter(None, generation.articles_by(fact))))
        for name, fact in _FIELDS.items()
    }
    first, last, undated = generation.days()
    archive = Archive(
        sources=names["sources"],
        sections=names["sections"],
        languages=names["languages"],
        kinds=names["kinds"],
        oldest=first,
        newest=last,
        undated=undated,
    )
    return IndexFacets(generation.name, archive, names)


def check_names_exist(filters: Filters, facets: IndexFacets) -> None:
    """Check that the sources and sections exist, because people can also type any name.

    Raises:
        SettingsError: no article has that source or section.
    """
    for checked in ("sources", "sections", "not_sources"):
        name = checked.removeprefix("not_")
        known = {one.casefold() for one in facets.names.get(name, ())}
        for one in getattr(filters, checked):
            if one.casefold() not in known:
                noun = _FIELDS[name]
                raise SettingsError(
                    f"No article has the {noun} “{one}”. Choose one from the list, or remove it."
                )


def label_of(dimension: str, name: str) -> str:
    """The label of a value: languages by name, kinds capitalised."""
    if dimension == "languages":
        language, _, region = name.partition("-")
        known = _TAGS.get(language.lower(), name)
        return f"{known} ({region})" if region and known != name else known
    return name.capitalize() if dimension == "kinds" else name
