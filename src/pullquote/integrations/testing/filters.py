"""Filters for property tests, and a simple implementation of what they allow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from hypothesis import strategies as st

from pullquote.schema import Article, Filters, Kind, Passage, Role

DAYS = st.dates(date(2024, 1, 1), date(2024, 1, 6))
NAMES = st.sampled_from(["Harbour Post", "HARBOUR  post", "Straße", "STRASSE", "x", "", " "])

IDS = ("post/tide.md", "new.md", "copy/two.md", "view.html", "0.md", "3.md", "no/such.md")
"""Ids of articles in the tests, and one that no article has."""


def filters_between(first: date | None, second: date | None, **others: Any) -> Filters:  # noqa: ANN401 - each field has its type
    """Filters whose first day is not after the last."""
    both = first is not None and second is not None and first > second
    since, until = (second, first) if both else (first, second)
    return Filters(since=since, until=until, **others)


FILTERS = st.builds(
    filters_between,
    st.none() | DAYS,
    st.none() | DAYS,
    sources=st.lists(NAMES | st.just("nobody"), max_size=2).map(tuple),
    sections=st.lists(NAMES | st.just("nowhere"), max_size=2).map(tuple),
    languages=st.lists(st.sampled_from(["pt", "PT-br", "en", "po"]), max_size=2).map(tuple),
    kinds=st.lists(st.sampled_from([Kind.REPORT, Kind.OPINION]), max_size=2).map(tuple),
    roles=st.lists(st.sampled_from(Role), max_size=4).map(tuple),
    comments=st.booleans(),
    not_sources=st.lists(NAMES | st.just("nobody"), max_size=2).map(tuple),
    articles=st.lists(st.sampled_from(IDS), max_size=3).map(tuple),
)


def folded(name: str) -> str:
    """A name without differences in case and space."""
    return " ".join(name.casefold().split())


def spoken_in(language: str) -> Callable[[str], bool]:
    """A predicate: whether a language tag is `language` itself or a less specific tag."""
    known = {"en": {"en"}, "pt": {"pt"}, "pt-BR": {"pt", "pt-br"}, "pto": {"pto"}}
    return lambda asked: asked.lower() in known[language]


def passes(found: Article, passage: Passage, filters: Filters) -> bool:
    """Whether the filters allow a passage, implemented a second time in simple code."""

    def named(name: str | None, wanted: tuple[str, ...]) -> bool:
        return not wanted or (name is not None and folded(name) in map(folded, wanted))

    day = found.published
    return (
        (filters.comments or passage.role is not Role.COMMENT)
        and (not filters.roles or passage.role in filters.roles)
        and named(found.source, filters.sources)
        and not (filters.not_sources and named(found.source, filters.not_sources))
        and named(found.section, filters.sections)
        and (not filters.kinds or found.kind in filters.kinds)
        and (not filters.languages or any(map(spoken_in(found.language), filters.languages)))
        and (not filters.articles or found.id in filters.articles)
        and (filters.since is None or (day is not None and filters.since <= day))
        and (filters.until is None or (day is not None and day <= filters.until))
    )
