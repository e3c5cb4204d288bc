"""Which articles a search considers: the filters, checked, and the day "as of" which it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from difflib import get_close_matches

from pullquote.index import OpenGeneration
from pullquote.index.metadata import Facet, fold
from pullquote.schema import Filters, Hit, Reply
from pullquote.schema.errors import FiltersLeaveNothing, FilterUnknown, SettingsError
from pullquote.schema.filters import described_filters


@dataclass(frozen=True, slots=True)
class Scope:
    """The filters of a search. `as_of` is their last day if the search is "as of" a day."""

    filters: Filters
    as_of: date | None = None

    @classmethod
    def of(cls, filters: Filters, as_of: date | None) -> Scope:
        """The scope for given filters and a given day; the earlier last day counts.

        Raises:
            SettingsError: the day is not a date, or is before the first day of the filters.
        """
        if as_of is None:
            return cls(filters)
        if isinstance(as_of, datetime) or not isinstance(as_of, date):
            raise SettingsError(f"as_of is {str(as_of)[:80]!r}; give a datetime.date.")
        if filters.since is not None and as_of < filters.since:
            raise SettingsError(
                f"as_of ({as_of}) is before the first day to include ({filters.since}). "
                "Choose a later day, or an earlier first day."
            )
        day = as_of if filters.until is None else min(as_of, filters.until)
        return cls(replace(filters, until=day), day)

    def narrowed(self, day: date | None) -> Scope | None:
        """The scope as of an earlier day that a question names; None if that leaves the same.

        It is also None if the day is before the first day of the filters.
        """
        until, since = self.filters.until, self.filters.since
        if (
            day is None
            or (until is not None and until <= day)
            or (since is not None and day < since)
        ):
            return None
        return Scope(replace(self.filters, until=day), day)


_FACETS: dict[str, Facet] = {
    "sources": "source",
    "sections": "section",
    "languages": "language",
    "not_sources": "source",
}
"""The filters by name that take any text, and what they are compared with."""

_MOST_NEAR = 3
"""Maximum number of similar names in an error."""

_MOST_COMPARED = 5000
"""Names that are compared with an unknown one, most articles first; that takes about 0.1 s."""


class FilterChecks:
    """The checks for one assistant. The names in a generation are listed once and cached."""

    def __init__(self) -> None:
        self._names: dict[str, tuple[str, dict[str, str]]] = {}
        self._shown: tuple[str, set[str]] = ("", set())

    def check_names(self, filters: Filters, generation: OpenGeneration) -> None:
        """Check that each article of the filters exists, and each source, section and language.

        Raises:
            FilterUnknown: no article has one of them; the error has similar names.
            ArticleUnknown: no article has one of the ids; the error names similar ids.
            ArticleWithheld: an article may not be shown, or not yet.
        """
        for field in _FACETS:
            for name in getattr(filters, field):
                known = self._known(field, generation)
                if not _is_known(fold(name) or "", known, tags=field == "languages"):
                    raise FilterUnknown(field, name, near=_near(name, known))
        for article in filters.articles:
            self._check_article(article, generation)

    def _check_article(self, article: str, generation: OpenGeneration) -> None:
        """Check that an article may be shown; one that may once stays so within a generation."""
        name, shown = self._shown
        if name != generation.name:
            name, shown = self._shown = generation.name, set()
        if article not in shown:
            shown.add(generation.article(article).id)

    def _known(self, field: str, generation: OpenGeneration) -> dict[str, str]:
        """The names that articles have, by their folded form, those of most articles first."""
        known = self._names.get(field)
        if known is None or known[0] != generation.name:
            names = {fold(one) or "": one for one in generation.articles_by(_FACETS[field])}
            known = self._names[field] = generation.name, names
        return known[1]


def check_passages_left(hits: Sequence[Hit], filters: Filters, generation: OpenGeneration) -> None:
    """Check that the filters left passages; if they did, the vector search found some.

    Raises:
        FiltersLeaveNothing: there are no hits, and the filters exclude passages.
    """
    described = described_filters(filters)
    if not hits and described:
        manifest = generation.manifest
        raise FiltersLeaveNothing(described, passages=manifest.passages, articles=manifest.articles)


def note_on_filters(reply: Reply, filters: Filters) -> str | None:
    """A note for a reply without answers: the filters may be the reason; None for other replies."""
    day = "" if reply.as_of is None else f"as of {reply.as_of}"
    described = ", ".join(filter(None, (described_filters(filters), day)))
    if reply.answers or not described:
        return None
    return (
        f"These filters leave nothing to answer from: {described}. Remove a filter, or choose "
        "wider ones."
    )


def _is_known(name: str, known: dict[str, str], *, tags: bool) -> bool:
    """Whether articles have the name; the tag of a language also stands for its variants."""
    return name in known or (tags and any(one.startswith(f"{name}-") for one in known))


def _near(name: str, known: dict[str, str]) -> tuple[str, ...]:
    folded = fold(name) or ""
    names = list(filter(None, known))[:_MOST_COMPARED]
    containing = [one for one in names if folded and folded in one]
    found = [*get_close_matches(folded, names, n=_MOST_NEAR), *containing]
    return tuple(known[one] for one in dict.fromkeys(found))[:_MOST_NEAR]
