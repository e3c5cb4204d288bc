"""The filtered fields of each passage of a segment, as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from pullquote.index.folder.segments.arrays import Mask
from pullquote.index.metadata import FilterFields, matching_languages
from pullquote.schema import Filters, Role

ROLES = tuple(Role)
"""A role is stored as its index here."""

_UNDATED = -1


class Columns:
    """Selects the passages that filters allow in a segment.

    `facts` are the filtered fields of its articles; `articles` and `roles` have the article and
    role of each passage.
    """

    def __init__(
        self,
        facts: Sequence[FilterFields],
        articles: npt.NDArray[np.int32],
        roles: npt.NDArray[np.int8],
    ) -> None:
        self._articles, self._roles = articles, roles
        self._days = np.array([_UNDATED if f.day is None else f.day for f in facts], np.int32)
        self._sources = _Names([f.source for f in facts])
        self._sections = _Names([f.section for f in facts])
        self._languages = _Names([f.language for f in facts])
        self._kinds = _Names([f.kind for f in facts])
        self._released = np.array([f.released for f in facts], np.int64)

    @property
    def releases(self) -> set[int]:
        """The moments at which embargoes of its articles end, in seconds since 1970."""
        return set(np.unique(self._released[self._released > 0]).tolist())

    def allowed(
        self,
        filters: Filters,
        live: Mask | None,
        *,
        at: int,
        superseded: npt.NDArray[np.int32],
        chosen: Sequence[int] | None = None,
    ) -> Mask | None:
        """The live passages that the filters allow, by row; None for all.

        `chosen` are the rows of the articles that the filters name; None if they name none.

        Two kinds of articles are left out: those that may not be shown at the moment `at`, in
        seconds since 1970, and those whose rows are in `superseded`.
        """
        masks = [*self._by_role(filters), *self._by_article(filters)]
        if chosen is not None:
            masks.append(np.isin(self._articles, np.array(chosen, np.int32)))
        if (withheld := self._released > at).any():
            masks.append(~withheld[self._articles])
        if len(superseded):
            masks.append(~np.isin(self._articles, superseded))
        if live is not None:
            masks.append(live)
        if not masks:
            return None
        mask: Mask = np.logical_and.reduce(masks)
        return None if mask.all() else mask

    def _by_role(self, filters: Filters) -> list[Mask]:
        masks: list[Mask] = []
        if not filters.comments:
            masks.append(self._roles != ROLES.index(Role.COMMENT))
        if filters.roles:
            wanted = [ROLES.index(role) for role in filters.roles]
            masks.append(np.isin(self._roles, wanted))
        return masks

    def _by_article(self, filters: Filters) -> list[Mask]:
        masks: list[Mask] = []
        if filters.since is not None or filters.until is not None:
            masks.append(self._days != _UNDATED)
        if filters.since is not None:
            masks.append(self._days >= filters.since.toordinal())
        if filters.until is not None:
            masks.append(self._days <= filters.until.toordinal())
        if filters.languages:
            masks.append(self._languages.among(self._languages.within(filters.languages)))
        for wanted, names in (
            (filters.sources, self._sources),
            (filters.sections, self._sections),
            (filters.kinds, self._kinds),
        ):
            if wanted:
                masks.append(names.among(wanted))
        if filters.not_sources:
            masks.append(~self._sources.among(filters.not_sources))
        return [mask[self._articles] for mask in masks]


class _Names:
    """One name for each article, stored as a code."""

    def __init__(self, names: Sequence[str | None]) -> None:
        self._codes = {name: code for code, name in enumerate(dict.fromkeys(names))}
        self._column = np.array([self._codes[name] for name in names], np.int32)

    def among(self, wanted: Iterable[str]) -> Mask:
        """The articles with one of these names."""
        return np.isin(self._column, [self._codes[n] for n in wanted if n in self._codes])

    def within(self, wanted: Sequence[str]) -> list[str]:
        """The names that are languages among the wanted ones; see `matching_languages`."""
        return matching_languages((name for name in self._codes if name is not None), wanted)
