"""The choices a person has about how a question is understood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from pullquote.schema.question_kind import QuestionKind

_KINDS = ", ".join(QuestionKind)


@dataclass(frozen=True, slots=True)
class QueryOptions:
    """How to understand a question; the endpoints, the MCP tools and the command take the same.

    `kind` is None if pullquote shall recognise it.
    """

    kind: Annotated[
        QuestionKind | None,
        Field(description=f"Read the question as this kind: {_KINDS}. By default, recognised."),
    ] = None
    as_typed: Annotated[
        bool,
        Field(description="Search for the text unchanged: keep chat and correct no spelling."),
    ] = False
