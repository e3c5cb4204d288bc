"""Parses gold questions in the project's own format: JSON Lines, a question or turns in each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, Field

from pullquote.evaluate.gold import GoldQuestion, LocatedQuestion
from pullquote.evaluate.parse_errors import parsed_lines

FIRST, LEANING, ALONE = "first turn", "leaning turn", "turn alone"
"""The kinds of turns: the first, those that need an earlier turn, and those that do not."""


class _GoldLine(BaseModel):
    """One line of a JSON Lines file; other keys are ignored."""

    id: str | int
    question: str
    answers: list[str]
    article: str | None
    article2: str | None = None
    also: list[str] = []
    comments: bool = False
    kind: str | None = None
    evidence: list[str] | str = []
    all: list[list[str]] = []


class _Turn(BaseModel):
    """A turn of a conversation; `from` is the index of the turn that it needs."""

    question: str
    needs: int | None = Field(alias="from")
    answers: list[str]
    article: str | None
    also: list[str] = []

    def gold(self, conversation: str, number: int) -> GoldQuestion:
        """The turn as a gold question."""
        kind = FIRST if number == 0 else ALONE if self.needs is None else LEANING
        return GoldQuestion(
            id=f"{conversation}-{number}",
            question=self.question,
            answers=tuple(self.answers),
            articles=_known(self.article, *self.also),
            kind=kind,
            conversation=conversation,
        )


class _ConversationLine(BaseModel):
    """A conversation."""

    id: str | int
    turns: list[_Turn] = Field(min_length=1)


def gold_question(given: object) -> GoldQuestion:
    """The gold question in one line of a file, parsed from JSON; see `read_questions`.

    Raises:
        ValidationError: a key is missing, or a value has the wrong type.
    """
    line = _GoldLine.model_validate(given)
    evidence = [line.evidence] if isinstance(line.evidence, str) else line.evidence
    return GoldQuestion(
        id=str(line.id),
        question=line.question,
        answers=tuple(line.answers),
        articles=_known(line.article, line.article2, *line.also),
        comments=line.comments,
        kind=line.kind,
        evidence=tuple(sentence for sentence in evidence if sentence.strip()),
        items=tuple(tuple(wordings) for wordings in line.all),
    )


def gold_turns(given: object) -> list[GoldQuestion]:
    """The turns of a conversation in one line of a file, parsed from JSON.

    Raises:
        ValidationError: a key is missing, or a value has the wrong type.
    """
    line = _ConversationLine.model_validate(given)
    return [turn.gold(str(line.id), number) for number, turn in enumerate(line.turns)]


def questions_of_lines(path: Path, text: str) -> Iterator[LocatedQuestion]:
    """The gold questions in JSON Lines."""
    for number, gold in parsed_lines(path, text, gold_question, what="a gold question"):
        yield LocatedQuestion(f"line {number}", gold)


def questions_of_conversations(path: Path, text: str) -> Iterator[LocatedQuestion]:
    """The turns of the conversations in JSON Lines."""
    for number, turns in parsed_lines(path, text, gold_turns, what="a conversation"):
        for gold in turns:
            yield LocatedQuestion(f"line {number}, turn {gold.id.rpartition('-')[2]}", gold)


def _known(*articles: str | None) -> frozenset[str]:
    return frozenset(article for article in articles if article is not None)
