"""The facets of an index that a question may name: sources, sections, languages, kinds, days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

Facet = Literal["source", "section", "language", "kind"]


class StatsLike(Protocol):
    """The figures of `pullquote.stats` that `Archive.of` needs."""

    @property
    def sources(self) -> Mapping[str, int]:
        """The number of articles by source; "" counts articles without a source."""
        ...

    @property
    def sections(self) -> Mapping[str, int]:
        """The number of articles by section; "" counts articles without a section."""
        ...

    @property
    def languages(self) -> Mapping[str, int]:
        """The number of articles by language."""
        ...

    @property
    def kinds(self) -> Mapping[str, int]:
        """The number of articles by kind."""
        ...

    @property
    def first_day(self) -> date | None:
        """The day of the oldest article."""
        ...

    @property
    def last_day(self) -> date | None:
        """The day of the newest article."""
        ...

    @property
    def undated(self) -> int:
        """The number of articles without a date."""
        ...


class GenerationFacets(Protocol):
    """What `Archive.of_generation` needs from a generation of an index."""

    def articles_by(self, facet: Facet) -> Mapping[str, int]:
        """The number of articles by a facet; "" counts articles without it."""
        ...

    def days(self) -> tuple[date | None, date | None, int]:
        """The days of the oldest and the newest article, and the number of undated articles."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """The names in an index that a question may contain, and the days that its articles cover.

    `oldest` and `newest` are None if no article has a date. `undated` counts articles without a
    date.
    """

    sources: Sequence[str] = ()
    sections: Sequence[str] = ()
    languages: Sequence[str] = ()
    kinds: Sequence[str] = ()
    oldest: date | None = None
    newest: date | None = None
    undated: int = 0

    @classmethod
    def of(cls, stats: StatsLike) -> Archive:
        """Create this object from the figures of an index."""
        return cls(
            sources=tuple(filter(None, stats.sources)),
            sections=tuple(filter(None, stats.sections)),
            languages=tuple(stats.languages),
            kinds=tuple(stats.kinds),
            oldest=stats.first_day,
            newest=stats.last_day,
            undated=stats.undated,
        )

    @classmethod
    def of_generation(cls, generation: GenerationFacets) -> Archive:
        """Create this object from an open generation of an index."""
        oldest, newest, undated = generation.days()

        def names(facet: Facet) -> tuple[str, ...]:
            return tuple(sorted(filter(None, generation.articles_by(facet))))

        return cls(
            sources=names("source"),
            sections=names("section"),
            languages=names("language"),
            kinds=names("kind"),
            oldest=oldest,
            newest=newest,
            undated=undated,
        )
