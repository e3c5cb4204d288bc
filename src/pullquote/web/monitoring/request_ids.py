"""The id of a request, by which its log lines and its response are found.

A proxy or a client may choose the id; else it is made here. Work for a request runs in the same
context, except for events of the page, which Gradio runs later: their request has the id in its
scope.
"""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar
from typing import Final

from starlette.datastructures import Headers
from starlette.types import Scope

REQUEST_ID: Final = "X-Request-ID"

_GIVEN = re.compile(r"[A-Za-z0-9._:-]{1,64}")
"""Ids that are used as they were sent; others could forge lines of a log."""

_KEY = "pullquote.request_id"

_current: ContextVar[str | None] = ContextVar("request_id", default=None)


def begin_request(scope: Scope) -> str:
    """The id of a request that has arrived, which the current context then has."""
    given = Headers(scope=scope).get(REQUEST_ID, "")
    id = given if _GIVEN.fullmatch(given) else secrets.token_hex(8)
    scope[_KEY] = id
    _current.set(id)
    return id


def id_in(scope: Scope) -> str | None:
    """The id of the request with that scope."""
    found = scope.get(_KEY)
    return found if isinstance(found, str) else None


def current_id() -> str | None:
    """The id of the request that this task works for; None if it works for none."""
    return _current.get()
