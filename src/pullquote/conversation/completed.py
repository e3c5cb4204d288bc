"""A completed question: the text to search for, and its words from earlier turns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

LONGEST_QUESTION = 10_000
"""Characters; bounds saved conversations. The setting `question_chars` bounds questions."""


class Filled(BaseModel):
    """Words of a completed question, `text[start:end]`, that come from an earlier turn.

    `turn` is that turn's position in the given turns, from 0, and `source` the part of it. The
    words replace `instead_of`, or were added if that is empty.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    turn: int = Field(ge=0)
    source: Literal["question", "answer"]
    instead_of: str = Field("", max_length=LONGEST_QUESTION)


@dataclass(frozen=True, slots=True)
class Completed:
    """The text that is searched for in place of a question, and why.

    `filled` are the words from earlier turns, in order; without any, the text is the question.
    `articles` are the ids that the previous turn cited, if this question continues it. They are
    the most likely to answer, but not the only ones that may.
    """

    text: str
    filled: tuple[Filled, ...] = ()
    articles: tuple[str, ...] = ()
