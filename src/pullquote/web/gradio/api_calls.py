"""Checks the form of calls to Gradio's API; Gradio itself crashes on a malformed call."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Mapping

from pullquote.web.api.endpoints import ENDPOINT_NAMES, Endpoints

_NAMED = re.compile(r"/gradio_api/call/(v2/)?(\w+)")
_JOIN = "/gradio_api/queue/join"


def fault_of_call(path: str, body: bytes, *, functions: Mapping[int, int]) -> str | None:
    """The fault in the form of a call, or None.

    `functions` maps the index of each of the page's functions to the number of its inputs. A body
    that is not JSON passes, because the application's parser will report it.
    """
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not _is_valid_unicode(given):
        return "A string is not valid Unicode."
    if not isinstance(given, dict):
        return None
    if path == _JOIN:
        return _fault_by_number(given, functions)
    if (called := _NAMED.fullmatch(path)) is None:
        return None
    fault = _fault_by_name if called[1] else _fault_by_place
    return fault(called[2], given)


def _fault_by_number(given: Mapping[str, object], functions: Mapping[int, int]) -> str | None:
    number, data = given.get("fn_index"), given.get("data")
    if not isinstance(number, int) or (takes := functions.get(number)) is None:
        return f"There is no function {number!r:.40}."
    if not isinstance(data, list) or len(data) != takes:
        return f"Function {number} takes a list of {takes} values as data."
    event = given.get("event_data")
    return (
        None
        if event is None or isinstance(event, dict)
        else "event_data must be an object or null."
    )


def _is_valid_unicode(given: object) -> bool:
    """Whether every string in a JSON value is free of lone surrogates.

    JSON can express a lone surrogate, but Gradio and FastAPI crash when an answer repeats it.
    """
    try:
        json.dumps(given, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _fault_by_name(name: str, given: Mapping[str, object]) -> str | None:
    takes = _TAKES[name]
    if unknown := [key for key in given if key not in takes]:
        return f"{name} has no argument {unknown[0]!r:.40}; its arguments are {', '.join(takes)}."
    if missing := [key for key, needed in takes.items() if needed and key not in given]:
        return f"{name} needs {missing[0]!r}."
    return None


def _fault_by_place(name: str, given: Mapping[str, object]) -> str | None:
    takes, data = _TAKES[name], given.get("data")
    if not isinstance(data, list) or len(data) == len(takes):
        return None
    return (
        f"{name} takes {len(takes)} values, in this order: {', '.join(takes)}; {len(data)} were "
        f"given. It is easier to pass them by name, to /gradio_api/call/v2/{name}."
    )


def _takes(name: str) -> dict[str, bool]:
    """The parameters of an endpoint, and whether each is required."""
    parameters = list(inspect.signature(getattr(Endpoints, name)).parameters.values())[1:]
    return {one.name: one.default is one.empty for one in parameters}


_TAKES = {name: _takes(name) for name in ENDPOINT_NAMES}
