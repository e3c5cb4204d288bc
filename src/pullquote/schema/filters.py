"""Filters: which passages are searched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import FailFast, Field

from pullquote.schema.arguments import check_kind, suggestion
from pullquote.schema.article import Kind, Role, well_formed
from pullquote.schema.errors import SettingsError

_SEVERAL = ("sources", "sections", "languages", "kinds", "roles", "not_sources", "articles")
_TAG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which passages are searched. An empty tuple or None filters nothing.

    Days are inclusive. An article without a date does not pass a filter by day. Sources and
    sections are compared without regard to case. A language is a BCP 47 tag; "en" includes its
    variants, such as "en-GB". An article without a source passes `not_sources`. Comments are left
    out unless `comments` or `roles` asks for them.

    Commands, endpoints and tools offer every field that has a description: `filter_parameters`
    makes their options from it.

    Raises:
        SettingsError: a field has a value of the wrong type, or `since` is after `until`.
    """

    since: Annotated[
        date | None, Field(description="First day of publication to include, YYYY-MM-DD.")
    ] = None
    until: Annotated[date | None, Field(description="Last day of publication to include.")] = None
    sources: Annotated[
        tuple[str, ...],
        FailFast(),
        Field(description="Only these newspapers or sites, by name."),
    ] = ()
    sections: Annotated[
        tuple[str, ...], FailFast(), Field(description="Only these sections, by name.")
    ] = ()
    languages: Annotated[
        tuple[str, ...],
        FailFast(),
        Field(description='Only articles in these languages, by tag, such as "en".'),
    ] = ()
    kinds: Annotated[
        tuple[Kind, ...],
        FailFast(),
        Field(description="Only these kinds of article, such as report or opinion."),
    ] = ()
    roles: Annotated[tuple[Role, ...], FailFast()] = ()
    comments: Annotated[
        bool,
        Field(description="Whether to search reader comments too; they are labelled as comments."),
    ] = False
    not_sources: Annotated[
        tuple[str, ...],
        FailFast(),
        Field(description="Leave out these newspapers or sites, by name."),
    ] = ()
    articles: Annotated[
        tuple[str, ...],
        FailFast(),
        Field(description="Only these articles, by id, as in a citation."),
    ] = ()

    def __post_init__(self) -> None:
        for name in _SEVERAL:
            object.__setattr__(self, name, _names(name, getattr(self, name)))
        for name in ("since", "until"):
            day = getattr(self, name)
            if day is not None and (isinstance(day, datetime) or not isinstance(day, date)):
                raise SettingsError(f"Filters: {name} is {day!r}; give a datetime.date.")
        for of, known in ((self.roles, Role), (self.kinds, Kind)):
            if unknown := [name for name in of if name not in set(known)]:
                what = known.__name__.lower()
                raise SettingsError(
                    f"Filters: {unknown[0]!r} is not a {what}; the {what}s are {', '.join(known)}."
                )
        if malformed := [tag for tag in self.languages if not _TAG.fullmatch(tag)]:
            raise SettingsError(
                f"Filters: {malformed[0]!r} is not a language tag; give one such as 'en'."
            )
        if self.since is not None and self.until is not None and self.since > self.until:
            raise SettingsError(
                f"Filters: since ({self.since}) is later than until ({self.until})."
            )
        if not isinstance(self.comments, bool):
            raise SettingsError(f"Filters: comments is {self.comments!r}; give True or False.")
        if Role.COMMENT in self.roles:
            object.__setattr__(self, "comments", True)


def _names(name: str, value: object) -> tuple[str, ...]:
    """Check the names given for a field, in any iterable, and return them as a tuple."""
    names = tuple(value) if isinstance(value, Iterable) and not isinstance(value, str) else None
    if names is None or not all(isinstance(item, str) for item in names):
        raise SettingsError(f"Filters: {name} is {value!r}; give a tuple of names.")
    if not all(map(well_formed, names)):
        raise SettingsError(f"Filters: {name} is {value!r}, which is not valid Unicode.")
    return names


FilterChoice = Filters | Mapping[str, object] | None
"""What the parameter `filters` takes: filters, a mapping of their fields, or None for no filter."""

_FIELDS = tuple(field.name for field in fields(Filters))
_DAYS = ("since", "until")


def filters_of(given: object) -> Filters:
    """The filters that the parameter `filters` stands for; None filters nothing.

    A mapping has the fields of `Filters`. A day may be text such as "2004-01-31". A field with the
    value None is left out.

    Raises:
        SettingsError: a field is unknown, or a value is invalid; the message lists the fields.
    """
    check_kind(
        "filters",
        given,
        (Filters, Mapping, type(None)),
        give='pullquote.Filters(…), a mapping such as {"sources": ["BBC"]}, or None',
    )
    if isinstance(given, Filters):
        return given
    values: dict[str, Any] = dict(given) if isinstance(given, Mapping) else {}
    for name in values:
        if name not in _FIELDS:
            raise SettingsError(
                f"filters has no field {str(name)[:80]!r}.{suggestion(name, _FIELDS)} "
                f"The fields are {', '.join(_FIELDS)}."
            )
    return Filters(
        **{name: _value(name, value) for name, value in values.items() if value is not None}
    )


def described_filters(filters: Filters) -> str:
    """The filters that exclude passages, such as "since 2024-05-01, sources Reuters or AFP"."""
    parts = []
    for name in _FIELDS:
        value = getattr(filters, name)
        if value and name != "comments":
            shown = " or ".join(map(str, value)) if isinstance(value, tuple) else str(value)
            parts.append(f"{name.replace('_', ' ')} {shown}")
    return ", ".join(parts)


def _value(name: str, value: Any) -> Any:  # noqa: ANN401 - as the field has it; Filters checks it
    """The value for a field; a day in text becomes a date."""
    if name not in _DAYS or not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise SettingsError(
            f"filters: {name} is {value[:80]!r}; write a day as YYYY-MM-DD."
        ) from None
