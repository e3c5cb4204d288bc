"""What questions may name of an index: its sources and sections, and the days it covers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol


class StatsLike(Protocol):
    """What `pullquote.stats` says of an index, as far as questions may name it."""

    @property
    def sources(self) -> Mapping[str, int]:
        """Articles by source; "" counts those without."""
        ...

    @property
    def sections(self) -> Mapping[str, int]:
        """Articles by section, likewise."""
        ...

    @property
    def languages(self) -> Mapping[str, int]:
        """Articles by language."""
        ...

    @property
    def kinds(self) -> Mapping[str, int]:
        """Articles by kind."""
        ...

    @property
    def first_day(self) -> date | None:
        """The oldest article's day."""
        ...

    @property
    def last_day(self) -> date | None:
        """The newest one's."""
        ...

    @property
    def undated(self) -> int:
        """How many have no date."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """What an index holds that a question may name, and the days its articles are from.

    `oldest` and `newest` are None where no article has a date; `undated` counts those without.
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
        """What the figures of an index say about it."""
        return cls(
            sources=tuple(filter(None, stats.sources)),
            sections=tuple(filter(None, stats.sections)),
            languages=tuple(stats.languages),
            kinds=tuple(stats.kinds),
            oldest=stats.first_day,
            newest=stats.last_day,
            undated=stats.undated,
        )
