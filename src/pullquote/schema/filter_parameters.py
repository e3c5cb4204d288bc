"""Function parameters made from `Filters`, so that every filter is declared once.

Typer, Gradio and MCP read the options of a command, an endpoint and a tool from its signature.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields
from inspect import Parameter
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from pydantic.fields import FieldInfo

from pullquote.schema.filters import Filters


@dataclass(frozen=True, slots=True)
class FilterParameter:
    """One filter as a parameter; `type` is the type of one value, of several if `is_list`."""

    name: str
    type: Any
    is_list: bool
    default: object
    description: str

    @property
    def optional_type(self) -> Any:  # noqa: ANN401 - a type that is made at run time
        """The annotation of a parameter that is None, or False, when it is not given."""
        if self.is_list:
            return list[self.type] | None  # type: ignore[name-defined]
        return self.type if self.type is bool else self.type | None


def _filter_parameters() -> tuple[FilterParameter, ...]:
    hints = get_type_hints(Filters, include_extras=True)
    found = []
    for field in fields(Filters):
        annotated, *metadata = get_args(hints[field.name])
        described = [one.description for one in metadata if isinstance(one, FieldInfo)]
        if described:
            is_list = get_origin(annotated) is tuple
            type = annotated if annotated is bool else get_args(annotated)[0]
            found.append(
                FilterParameter(field.name, type, is_list, field.default, str(described[0]))
            )
    return tuple(found)


FILTER_PARAMETERS = _filter_parameters()
"""The filters with a description, in the order of `Filters`; the others are for Python only."""

_Function = TypeVar("_Function", bound=Callable[..., Any])


def with_filters(
    annotation: Callable[[FilterParameter], object],
) -> Callable[[_Function], _Function]:
    """A decorator that gives the signature of a function one parameter for each filter.

    They replace the `*filters` or `**filters` that the function takes, and come before its
    keyword-only parameters. `annotation` returns the annotation of a filter's parameter.
    """
    added = [
        Parameter(
            one.name,
            Parameter.POSITIONAL_OR_KEYWORD,
            default=None if one.is_list else one.default,
            annotation=annotation(one),
        )
        for one in FILTER_PARAMETERS
    ]

    def decorate(function: _Function) -> _Function:
        signature = inspect.signature(function, eval_str=True)
        own = signature.parameters.values()
        leading = [one for one in own if one.kind is Parameter.POSITIONAL_OR_KEYWORD]
        trailing = [one for one in own if one.kind is Parameter.KEYWORD_ONLY]
        signature = signature.replace(parameters=[*leading, *added, *trailing])
        annotated = {
            one.name: one.annotation
            for one in signature.parameters.values()
            if one.annotation is not Parameter.empty
        }
        function.__signature__ = signature  # type: ignore[attr-defined]
        function.__annotations__ = {**annotated, "return": signature.return_annotation}
        return function

    return decorate
