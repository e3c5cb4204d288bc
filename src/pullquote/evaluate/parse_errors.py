"""Errors in files of gold questions, with the place of the fault."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from pullquote.schema.errors import SettingsError

_Parsed = TypeVar("_Parsed")
_Model = TypeVar("_Model", bound=BaseModel)


def parsed_lines(
    path: Path, text: str, parse: Callable[[object], _Parsed], *, what: str
) -> Iterator[tuple[int, _Parsed]]:
    """Each line of JSON Lines, parsed, with its number from 1; blank lines are left out.

    `what` says what a line should be, such as "a gold question".

    Raises:
        SettingsError: a line is not JSON, or `parse` refuses it; the message names the line.
    """
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            yield number, parse(json.loads(line))
        except (ValueError, RecursionError) as error:  # pydantic's error is a ValueError too
            reason = _fault(error) if isinstance(error, ValidationError) else error
            raise SettingsError(f"{path}: line {number} is not {what}: {reason}") from error


def validated(model: type[_Model], path: Path, given: object) -> _Model:
    """A JSON file's content as a model.

    Raises:
        SettingsError: a key is missing, or a value has the wrong type; the message says where.
    """
    try:
        return model.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingsError(f"{path}, {_json_path(first['loc'])}: {first['msg']}") from error


def _fault(error: ValidationError) -> str:
    first = error.errors()[0]
    if first["type"] == "model_type":  # pydantic's message has the name of the class
        return "it is not a JSON object"
    return ": ".join(filter(None, (".".join(map(str, first["loc"])), first["msg"])))


def _json_path(loc: Iterable[int | str]) -> str:
    """A path in JSON, written as in code: data[0].paragraphs[2].context."""
    return "".join(f"[{x}]" if isinstance(x, int) else f".{x}" for x in loc).removeprefix(".")
