"""A completed question: the text to search for, and which of its words are from earlier turns."""

from __future__ import annotations

import re
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


@dataclass(frozen=True, slots=True)
class _Aside:
    """Words of an earlier turn that stand in brackets."""

    words: str
    turn: int
    source: Literal["question", "answer"]


class QuestionDraft:
    """Builds a completed question, and records which words come from earlier turns.

    All words that are added in brackets stand in one pair of brackets at the end.
    """

    def __init__(self) -> None:
        self._text = ""
        self._filled: list[Filled] = []
        self._asides: list[_Aside] = []

    @property
    def text(self) -> str:
        """The completed question."""
        asides = ", ".join(aside.words for aside in self._asides)
        return f"{self._text} ({asides})" if asides else self._text

    @property
    def filled(self) -> list[Filled]:
        """The words that come from earlier turns, in order."""
        filled = [*self._filled]
        start = len(self._text) + len(" (")
        for aside in self._asides:
            end = start + len(aside.words)
            filled.append(Filled(start=start, end=end, turn=aside.turn, source=aside.source))
            start = end + len(", ")
        return filled

    def own(self, words: str) -> QuestionDraft:
        """Add words of the question itself."""
        self._text += words
        return self

    def fill(
        self, words: str, turn: int, source: Literal["question", "answer"], *, instead_of: str = ""
    ) -> QuestionDraft:
        """Add words of an earlier turn."""
        if words:
            start, end = len(self._text), len(self._text) + len(words)
            self._filled.append(
                Filled(start=start, end=end, turn=turn, source=source, instead_of=instead_of)
            )
            self._text += words
        return self

    def add_in_brackets(
        self, words: str, turn: int, source: Literal["question", "answer"] = "question"
    ) -> QuestionDraft:
        """Add words of an earlier turn in brackets, without brackets of their own."""
        plain = re.sub(r"\s*[()]\s*", " ", words).strip(" ,")
        if plain:
            self._asides.append(_Aside(plain, turn, source))
        return self
