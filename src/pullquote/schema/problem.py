"""Errors of the HTTP API as RFC 9457 describes them."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

PROBLEM_JSON = "application/problem+json"
"""The media type. Source: RFC 9457, section 6.1."""


class InvalidParameter(BaseModel):
    """A parameter that cannot be used, and why."""

    model_config = ConfigDict(frozen=True)

    parameter: str
    reason: str


class Problem(BaseModel):
    """Why a request was not answered. `detail` says what happened, and what to do next.

    `type` names the kind of problem, such as "urn:pullquote:problem:article-unknown"; programs
    compare it. `invalid` names the parameters that cannot be used.
    """

    model_config = ConfigDict(frozen=True)

    type: str
    title: str
    status: int = Field(ge=400, le=599)
    detail: str
    invalid: tuple[InvalidParameter, ...] = ()
