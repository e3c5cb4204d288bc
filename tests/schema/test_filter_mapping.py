"""Filters may be given as a mapping of their fields."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

import pytest

from pullquote.schema import Filters, Kind, filters_of
from pullquote.schema.errors import SettingsError


def test_a_mapping_has_the_fields_of_filters() -> None:
    """Days may be text, names any list; None leaves a field out."""
    given = {"since": "2004-01-01", "until": date(2004, 2, 1), "sources": ["BBC"], "kinds": None}
    assert filters_of(given) == Filters(
        since=date(2004, 1, 1), until=date(2004, 2, 1), sources=("BBC",)
    )
    assert filters_of({"kinds": ["opinion"]}) == Filters(kinds=(Kind.OPINION,))
    assert filters_of({}) == filters_of(None) == Filters()
    assert filters_of(Filters(comments=True)) == Filters(comments=True)


def test_an_unknown_field_is_an_error_that_lists_the_fields() -> None:
    """The error also names the field that was probably meant."""
    with pytest.raises(SettingsError, match="Did you mean 'sources'") as error:
        filters_of({"source": ["BBC"]})
    assert all(field.name in str(error.value) for field in fields(Filters))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"since": "last May"}, "since is 'last May'; write a day as YYYY-MM-DD"),
        ({"sources": "BBC"}, "sources is 'BBC'; give a tuple of names"),
        ({"kinds": ["poem"]}, "'poem' is not a kind"),
        ({5: "x"}, "no field '5'"),
        ("BBC", "filters is 'BBC'; give pullquote.Filters"),
    ],
)
def test_an_invalid_value_is_an_error(given: Any, message: str) -> None:
    """A mapping is checked as strictly as `Filters`."""
    with pytest.raises(SettingsError) as error:
        filters_of(given)
    assert message in str(error.value)
