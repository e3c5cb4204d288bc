"""Normalised filters."""

from __future__ import annotations

from pullquote.index.metadata import fold
from pullquote.schema import Filters


def folded(filters: Filters) -> Filters:
    """The filters in one form, so that equivalent filters compare equal."""
    return Filters(
        since=filters.since,
        until=filters.until,
        sources=tuple(sorted({fold(s) or "" for s in filters.sources})),
        sections=tuple(sorted({fold(s) or "" for s in filters.sections})),
        languages=tuple(sorted({tag.casefold() for tag in filters.languages})),
        kinds=tuple(sorted(set(filters.kinds))),
        roles=tuple(sorted(set(filters.roles))),
        comments=filters.comments,
        not_sources=tuple(sorted({fold(s) or "" for s in filters.not_sources})),
        articles=tuple(sorted(set(filters.articles))),
    )
