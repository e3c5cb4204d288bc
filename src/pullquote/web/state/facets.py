"""What the index holds that a question can be narrowed by, told once for each generation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pullquote.assistant import Assistant
from pullquote.conversation import Archive
from pullquote.conversation.phrases import LANGUAGES
from pullquote.errors import PullquoteError, SettingsError
from pullquote.index import OpenGeneration
from pullquote.schema import Filters

_FACTS: dict[str, Literal["source", "section", "language", "kind"]] = {
    "sources": "source",
    "sections": "section",
    "languages": "language",
    "kinds": "kind",
}

CHOSEN = tuple(_FACTS)
"""Filters that are chosen from a list, in the order of the page."""

_TAGS = {tag: name.title() for name, tag in LANGUAGES.items()}


@dataclass(frozen=True, slots=True)
class IndexFacets:
    """What questions may name of the generation of that name, and what can be chosen from."""

    generation: str = ""
    archive: Archive = field(default_factory=Archive)
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class CurrentFacets:
    """Tells what the current generation holds."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._known = IndexFacets()

    def now(self) -> IndexFacets:
        """What the current generation holds; nothing where there is none to ask."""
        try:
            generation = self._assistant.generation
            if self._known.generation != generation.name:
                self._known = facets_of(generation)
        except PullquoteError:
            self._known = IndexFacets()
        return self._known


def facets_of(generation: OpenGeneration) -> IndexFacets:
    """What a generation holds, as some article of each writes it."""
    names = {
        name: tuple(sorted(filter(None, generation.articles_by(fact))))
        for name, fact in _FACTS.items()
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


def check_names_exist(filters: Filters, holdings: IndexFacets) -> None:
    """Refuse sources and sections that no article has: they can be typed, too.

    Raises:
        SettingsError: the archive holds none of that name.
    """
    for name in ("sources", "sections"):
        held = {one.casefold() for one in holdings.names.get(name, ())}
        for one in getattr(filters, name):
            if one.casefold() not in held:
                noun = _FACTS[name]
                raise SettingsError(
                    f"The archive holds no {noun} {one!r}. Choose from the list, or take it away."
                )


def label_of(dimension: str, name: str) -> str:
    """A name as people write it: languages are known by their tags, kinds by small words."""
    if dimension == "languages":
        language, _, region = name.partition("-")
        known = _TAGS.get(language.lower(), name)
        return f"{known} ({region})" if region and known != name else known
    return name.capitalize() if dimension == "kinds" else name
