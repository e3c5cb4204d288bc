"""Filters given as a mapping, such as `{"since": "2004-01-01", "sources": ["BBC"]}`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from pullquote.schema.arguments import check_kind, suggestion
from pullquote.schema.errors import SettingsError
from pullquote.schema.filters import Filters

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
        _check_field(name)
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


def _check_field(name: object) -> None:
    if name in _FIELDS:
        return
    raise SettingsError(
        f"filters has no field {str(name)[:80]!r}.{suggestion(name, _FIELDS)} "
        f"The fields are {', '.join(_FIELDS)}."
    )


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
