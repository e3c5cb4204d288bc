"""Makes function parameters from `Filters` and `QueryOptions`, so that each is declared only once.

Typer, Gradio and MCP read the options of a command, endpoint or tool from a function's signature.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from inspect import Parameter
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from pydantic.fields import FieldInfo

from pullquote.schema.filters import Filters
from pullquote.schema.question_kind import QueryOptions


@dataclass(frozen=True, slots=True)
class FilterParameter:
    """One filter, or one option of a query, as a parameter.

    If `is_list`, it takes several values; `type` is that of each.
    """

    name: str
    type: Any
    is_list: bool
    default: object
    description: str

    @property
    def optional_type(self) -> Any:  # noqa: ANN401 - a type that is made at run time
        """The annotation of a parameter whose default is None or False."""
        if self.is_list:
            return list[self.type] | None  # type: ignore[name-defined]
        return self.type if self.type is bool else self.type | None


def _parameters_of(declared: type[Filters | QueryOptions]) -> tuple[FilterParameter, ...]:
    hints = get_type_hints(declared, include_extras=True)
    found = []
    for field in fields(declared):
        annotated, *metadata = get_args(hints[field.name])
        described = [one.description for one in metadata if isinstance(one, FieldInfo)]
        if described:
            is_list = get_origin(annotated) is tuple
            type = annotated if annotated is bool else get_args(annotated)[0]
            found.append(
                FilterParameter(field.name, type, is_list, field.default, str(described[0]))
            )
    return tuple(found)


FILTER_PARAMETERS = _parameters_of(Filters)
"""The filters that have a description, in the order of `Filters`; others are only for Python."""

QUERY_PARAMETERS = _parameters_of(QueryOptions)
"""The options of a query, in the order of `QueryOptions`."""

_Function = TypeVar("_Function", bound=Callable[..., Any])


def with_filters(
    annotation: Callable[[FilterParameter], object],
) -> Callable[[_Function], _Function]:
    """A decorator that adds one parameter for each filter to a function's signature.

    These parameters replace the function's `*filters` or `**filters`, and come before its
    keyword-only parameters. `annotation` returns the annotation for a filter's parameter.
    """
    return _with_parameters(FILTER_PARAMETERS, annotation)


def with_filters_and_query_options(
    annotation: Callable[[FilterParameter], object],
) -> Callable[[_Function], _Function]:
    """A decorator like `with_filters` that adds the options of a query after the filters."""
    return _with_parameters((*FILTER_PARAMETERS, *QUERY_PARAMETERS), annotation)


def _with_parameters(
    parameters: Sequence[FilterParameter], annotation: Callable[[FilterParameter], object]
) -> Callable[[_Function], _Function]:
    added = [
        Parameter(
            one.name,
            Parameter.POSITIONAL_OR_KEYWORD,
            default=None if one.is_list else one.default,
            annotation=annotation(one),
        )
        for one in parameters
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
