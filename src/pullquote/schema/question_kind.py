"""The kinds of questions, which decide what an answer looks like."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field


class QuestionKind(StrEnum):
    """What a question asks for, as its words say.

    - `FACT`: exact words, such as a name, a day or a number.
    - `KEYWORDS`: words to search for, not a question; the answers are the sentences to read first.
    - `YES_NO`: the sentence that settles whether something is so.
    - `LIST`: several items; each is an answer. The articles may have more.
    - `COMPARISON`: a sentence for each side.
    - `REASON`, `MANNER`: why or how; a clause or a sentence.
    - `SPEECH`: what somebody said or thought.
    - `DEFINITION`: what something is, or what happened to it.
    - `CHANGE`: how something has changed; the answers are its values, in order of time.
    """

    FACT = "fact"
    KEYWORDS = "keywords"
    YES_NO = "yes-no"
    LIST = "list"
    COMPARISON = "comparison"
    REASON = "reason"
    MANNER = "manner"
    SPEECH = "speech"
    DEFINITION = "definition"
    CHANGE = "change"


class TimeAsked(StrEnum):
    """Which value a question asks for, if articles gave different ones over time.

    - `UNSAID`: the question does not say; the latest value is meant if things have changed.
    - `LATEST`: what is so now, or in the end: "the final cost", "so far".
    - `FIRST`: what was said at first: "the first toll", "originally planned".
    """

    UNSAID = "unsaid"
    LATEST = "latest"
    FIRST = "first"


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
    fast: Annotated[
        bool,
        Field(
            description="Read with the small network alone: the reply comes sooner, but its first "
            "answer is less often right."
        ),
    ] = False
