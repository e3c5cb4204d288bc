"""A completed question as data: what is searched for, and which words earlier turns gave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

LONGEST_QUESTION = 10_000
"""Characters. What may be asked is a setting; this only bounds what is read back."""


class Filled(BaseModel):
    """Words of a completed question, `text[start:end]`, that an earlier turn gave.

    `turn` counts from 0 in the turns that were handed over, `source` says which part of it they
    are from. They stand in place of `instead_of`, or were added where that is empty.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    turn: int = Field(ge=0)
    source: Literal["question", "answer"]
    instead_of: str = Field("", max_length=LONGEST_QUESTION)


@dataclass(frozen=True, slots=True)
class Completed:
    """What is searched for in place of a question, and why.

    `filled` are the words that came from earlier turns, in order; without any, the text is the
    question. `articles` are those that the turn before cited, where this one goes on from it: they
    are the likeliest to answer, but not the only ones that may.
    """

    text: str
    filled: tuple[Filled, ...] = ()
    articles: tuple[str, ...] = ()
