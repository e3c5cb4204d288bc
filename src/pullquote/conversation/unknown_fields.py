"""Preserves fields of a newer version of pullquote that this version does not know.

Only a saved conversation is parsed with `extra="allow"`; everywhere else, the models reject unknown
fields. Each unknown field stays with its object when the objects around it are copied or left out.
A raw copy of the JSON would no longer match after an answer was left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from pydantic import BaseModel

from pullquote.schema import Filters

AnyModel = TypeVar("AnyModel", bound=BaseModel)

KNOWN_FILTERS = frozenset(one.name for one in fields(Filters))


@dataclass(frozen=True, slots=True)
class SplitFilters:
    """A JSON object of filters, split into known and unknown filters."""

    known: dict[str, Any]
    unknown: dict[str, Any]


def split_filters(written: dict[str, Any]) -> SplitFilters:
    """Split the filters in a JSON object into known and unknown ones."""
    return SplitFilters(
        {name: value for name, value in written.items() if name in KNOWN_FILTERS},
        {name: value for name, value in written.items() if name not in KNOWN_FILTERS},
    )


def narrows(value: object) -> bool:
    """Whether an unknown filter narrows a question; null, false and empty values do not."""
    return not (value is None or value is False or value in ("", [], {}))


def add_unknown(written: dict[str, Any], model: BaseModel) -> None:
    """Add the unknown fields of a model and its nested models to its JSON."""
    for name in type(model).model_fields:
        value, inner = getattr(model, name), written.get(name)
        if isinstance(value, BaseModel) and isinstance(inner, dict):
            add_unknown(inner, value)
        elif isinstance(value, tuple) and isinstance(inner, list | tuple):
            for one, it in zip(value, inner, strict=False):
                if isinstance(one, BaseModel) and isinstance(it, dict):
                    add_unknown(it, one)
    written.update(model.model_extra or {})


def forget_unknown(model: AnyModel) -> AnyModel:
    """A copy of a model without unknown fields, including those in nested models."""
    known: dict[str, Any] = {}
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            known[name] = forget_unknown(value)
        elif isinstance(value, tuple):
            known[name] = tuple(
                forget_unknown(one) if isinstance(one, BaseModel) else one for one in value
            )
    copy = model.model_copy(update=known)
    _set_unknown(copy, None)
    return copy


def drop_empty(model: BaseModel) -> None:
    """Make a parsed model without unknown fields compare equal to one constructed in Python.

    A model parsed with `extra="allow"` has an empty dict of unknown fields instead of None.
    """
    for one in _models_in(model):
        if not one.model_extra:
            _set_unknown(one, None)


def _models_in(model: BaseModel) -> Iterator[BaseModel]:
    yield model
    for name in type(model).model_fields:
        value = getattr(model, name)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, BaseModel):
                yield from _models_in(one)


def _set_unknown(model: BaseModel, fields: dict[str, Any] | None) -> None:
    object.__setattr__(model, "__pydantic_extra__", fields)  # the models are frozen
