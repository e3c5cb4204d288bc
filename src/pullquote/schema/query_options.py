"""The options that say how to understand a question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from pullquote.schema.question_kind import QuestionKind

_KINDS = ", ".join(QuestionKind)


@dataclass(frozen=True, slots=True)
class QueryOptions:
    """How to understand a question; the command, the endpoint and the MCP tool take these options.

    `kind` is None if pullquote should recognise it.
    """

    kind: Annotated[
        QuestionKind | None,
        Field(
            description=f"Read the question as this kind: {_KINDS}. By default, pullquote "
            "recognises the kind."
        ),
    ] = None
    as_typed: Annotated[
        bool,
        Field(
            description="Search for the question exactly as typed: keep small talk, and do not "
            "correct spelling."
        ),
    ] = False
    as_of: Annotated[
        date | None,
        Field(
            description="Answer from what had been published by the end of this day, YYYY-MM-DD, "
            "as if it were that day. Articles without a date are left out."
        ),
    ] = None
