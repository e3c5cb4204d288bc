"""Parameters made from `Filters`: every caller offers the same filters, in the same order."""

from __future__ import annotations

import inspect
from dataclasses import fields

from pullquote.cli.commands import retrieve
from pullquote.schema import Filters
from pullquote.schema.filter_parameters import FILTER_PARAMETERS, with_filters
from pullquote.web.api.endpoints import Endpoints


def names_of(function: object) -> list[str]:
    """The names of a function's parameters, in order."""
    return list(inspect.signature(function).parameters)  # type: ignore[arg-type]


def test_all_filters_but_roles_are_parameters() -> None:
    """Roles can be given in Python only, so they have no description."""
    names = [field.name for field in fields(Filters)]
    assert [one.name for one in FILTER_PARAMETERS] == [name for name in names if name != "roles"]
    assert all(one.description.endswith(".") for one in FILTER_PARAMETERS)


def test_commands_and_endpoints_take_every_filter() -> None:
    """Each filter is an option of its own, in the order of `Filters`."""
    names = [one.name for one in FILTER_PARAMETERS]
    assert names_of(retrieve) == ["question", "index", "k", *names, "as_json"]
    assert names_of(Endpoints.retrieve) == ["self", "question", "k", *names]
    options = ["kind", "as_typed", "as_of", "fast"]
    assert names_of(Endpoints.ask) == ["self", "question", "k", *names, *options]


def test_a_parameter_that_is_left_out_leaves_its_filter_open() -> None:
    """The default is None for days and lists, False for comments."""

    @with_filters(lambda one: one.optional_type)
    def function(question: str, *, last: bool = True, **filters: object) -> None: ...

    parameters = inspect.signature(function).parameters
    assert parameters["since"].default is parameters["sources"].default is None
    assert parameters["comments"].default is False
    assert parameters["sources"].annotation == list[str] | None
    assert function.__annotations__["comments"] is bool
