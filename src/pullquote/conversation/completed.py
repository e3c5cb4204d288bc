"""A completed question: the text to search for, and which of its words are from earlier turns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

LONGEST_QUESTION = 10_000
"""In characters, for saved conversations. The setting `question_chars` limits new questions."""


class Filled(BaseModel):
    """Words of a completed question, `text[start:end]`, that come from an earlier turn.

    `turn` is the position of that turn among the given turns, counting from 0. `source` is the
    part of the turn that the words come from. The words replace `instead_of`; if that is empty,
    they were added.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    turn: int = Field(ge=0)
    source: Literal["question", "answer"]
    instead_of: str = Field("", max_length=LONGEST_QUESTION)


@dataclass(frozen=True, slots=True)
class Completed:
    """The text that is searched for in place of a question, and where its words come from.

    `filled` are the words from earlier turns, in order. If there are none, the text is the
    question itself. If the question continues the previous turn, `articles` are the ids that the
    previous turn cited. These articles are the most likely to answer, but others may too.
    """

    text: str
    filled: tuple[Filled, ...] = ()
    articles: tuple[str, ...] = ()
