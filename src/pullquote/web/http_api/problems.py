"""Answers errors under `/api/v1` as application/problem+json (RFC 9457)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pullquote.schema.errors import (
    ArticleUnknown,
    ArticleWithheld,
    Busy,
    DraftGivenUp,
    FiltersLeaveNothing,
    PullquoteError,
    QuestionGivenUp,
    RequestGivenUp,
    SettingsError,
)
from pullquote.schema.problem import PROBLEM_JSON, InvalidParameter, Problem
from pullquote.web.access.auth import RELOAD
from pullquote.web.access.refusals import RETRY_AFTER, retry_after

_URN = "urn:pullquote:problem:"

_MOST_FAULTS = 5

_STATUSES: Sequence[tuple[type[PullquoteError], int]] = (
    (ArticleUnknown, 404),
    (ArticleWithheld, 403),
    (FiltersLeaveNothing, 422),
    (SettingsError, 422),
    (Busy, 503),
    (QuestionGivenUp, 503),
    (DraftGivenUp, 503),
    (RequestGivenUp, 503),
)
"""The status of each error; others, such as a missing index, are 503."""

_SEE = "The document /api/v1/openapi.json describes all parameters."

_LOG_IN = "Send them with HTTP Basic: curl -u user:password, or Client(url, user=…, password=…)."

_UNEXPECTED = (
    "The server failed unexpectedly, and has logged the cause. Try again; if it fails again, "
    "give the administrator the X-Request-ID of this response."
)


def problem_of(error: PullquoteError) -> Problem:
    """The problem that tells about an error."""
    status = next((status for kind, status in _STATUSES if isinstance(error, kind)), 503)
    name = re.sub(r"\B(?=[A-Z])", "-", type(error).__name__).lower()
    return Problem(
        type=_URN + name, title=HTTPStatus(status).phrase, status=status, detail=str(error)
    )


def problem_response(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """The response with a problem. With the status 503, it says when to try again."""
    retry = RETRY_AFTER if problem.status == 503 else {}
    return Response(
        problem.model_dump_json(),
        status_code=problem.status,
        headers={"Cache-Control": "no-store", **retry, **({} if headers is None else headers)},
        media_type=PROBLEM_JSON,
    )


async def refuse(_: Request, error: Exception) -> Response:
    """The response to an error of pullquote."""
    assert isinstance(error, PullquoteError)  # noqa: S101 - FastAPI passes only these
    problem = problem_of(error)
    return problem_response(problem, retry_after(error) if problem.status == 503 else None)


async def refuse_invalid(_: Request, error: Exception) -> Response:
    """The response to parameters that cannot be used. It never repeats a value."""
    assert isinstance(error, RequestValidationError)  # noqa: S101
    faults = [_fault(one) for one in error.errors()[:_MOST_FAULTS]]
    listed = "; ".join(f"{one.parameter}: {one.reason}" for one in faults)
    problem = Problem(
        type=f"{_URN}invalid-parameters",
        title=HTTPStatus(422).phrase,
        status=422,
        detail=f"The request cannot be used: {listed}. {_SEE}",
        invalid=tuple(faults),
    )
    return problem_response(problem)


async def refuse_http(_: Request, error: Exception) -> Response:
    """The response to an error of the framework, such as a method that is not allowed."""
    assert isinstance(error, HTTPException)  # noqa: S101
    return problem_response(_general(error.status_code, str(error.detail)), error.headers)


async def report_failure(_: Request, __: Exception) -> Response:
    """The response to an unexpected error, which the server logs."""
    return problem_response(_general(500, _UNEXPECTED))


def _general(status: int, detail: str) -> Problem:
    phrase = HTTPStatus(status).phrase
    name = phrase.lower().replace(" ", "-")
    return Problem(type=_URN + name, title=phrase, status=status, detail=detail)


def _fault(error: Mapping[str, Any]) -> InvalidParameter:
    """A fault that pydantic found; "query" and "body" are no parameters."""
    if error["type"] == "json_invalid":  # its place is a character, not a parameter
        at, reason = error["loc"][-1], error["ctx"]["error"]
        return InvalidParameter(parameter="body", reason=f"not JSON at character {at}: {reason}")
    place = [str(part) for part in error["loc"] if part not in ("query", "body")]
    return InvalidParameter(parameter=".".join(place)[:80] or "body", reason=str(error["msg"]))


class ProblemResponses:
    """ASGI middleware that turns refusals below a path into problems, with the same headers.

    The access middleware refuses a request before the API sees it, as text or as JSON with a
    `detail`.
    """

    def __init__(self, app: ASGIApp, *, below: str) -> None:
        self._app = app
        self._below = f"{below}/"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "http" and scope["path"].startswith(self._below):
            send = _AsProblem(send)
        await self._app(scope, receive, send)


class _AsProblem:
    """A `send` that replaces the body of a refusal."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        """Pass one message on, or collect it."""
        if message["type"] == "http.response.start" and _is_other_refusal(message):
            self._start = message
        elif self._start is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._replace(self._start)

    async def _replace(self, start: Message) -> None:
        response = problem_response(_general(start["status"], _detail(self._body)))
        headers = MutableHeaders(raw=list(start["headers"]))
        headers.update(response.headers)
        await self._send({**start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": response.body})


def _is_other_refusal(start: Message) -> bool:
    media = Headers(raw=list(start["headers"])).get("content-type", "")
    return start["status"] >= 400 and not media.startswith(PROBLEM_JSON)


def _detail(body: bytes) -> str:
    """The message in the body of a refusal."""
    text = body.decode("utf-8", "replace").strip()
    try:
        found = json.loads(text)
    except ValueError:
        return text.replace(RELOAD, _LOG_IN)
    return str(found["detail"]) if isinstance(found, dict) and "detail" in found else text
