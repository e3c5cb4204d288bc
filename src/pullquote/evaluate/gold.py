"""Gold questions, whose right answers are known, and their own format.

That is JSON Lines, with a question or the turns of a conversation in each.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, Field, ValidationError

from pullquote.schema import Filters, ValueStatus
from pullquote.schema.errors import SettingsError

_Parsed = TypeVar("_Parsed")
_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldValue:
    """A value that articles of a story give, in all its wordings, and what became of it."""

    wordings: tuple[str, ...]
    status: ValueStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryGold:
    """What is known about a question over a running story; see `evaluate.stories`.

    `values` are all the values that articles give, in the order of their first reports. `origins`
    is the number of independent sources of the first answer; None where it has no meaning.
    `speaker` says the first answer, and `manner` is how; None where the paper says it itself.
    """

    values: tuple[GoldValue, ...] = ()
    origins: int | None = None
    speaker: str | None = None
    manner: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldQuestion:
    """A question with its accepted answers. If it has none, the corpus does not answer it.

    `articles` are the ids of the articles that support the answer; a citation of any of them is
    right. `evidence` are sentences that settle the question, and `items` the items of a list, each
    with its accepted wordings; `evaluate.scoring` says which kinds need them. Keywords have
    evidence but no accepted answers.

    `until` and `section` are filters to ask with. `wrong_answers` are those of articles that are
    known to be wrong. Questions with the same `conversation` are its turns, in their order.

    A SQuAD question has the `paragraph` that it is about. Then, or if `titled`, it has titles of
    articles instead of ids until `with_article_ids` replaces them.
    """

    id: str
    question: str
    answers: tuple[str, ...]
    articles: frozenset[str]
    comments: bool = False
    kind: str | None = None
    evidence: tuple[str, ...] = ()
    items: tuple[tuple[str, ...], ...] = ()
    paragraph: str | None = None
    titled: bool = False
    until: date | None = None
    section: str | None = None
    wrong_answers: tuple[str, ...] | None = None
    story: StoryGold | None = None
    conversation: str | None = None

    @property
    def answerable(self) -> bool:
        """Whether the corpus answers the question."""
        return bool(self.answers or (self.evidence and self.articles))

    @property
    def filters(self) -> Filters:
        """The filters to ask the question with."""
        sections = () if self.section is None else (self.section,)
        return Filters(comments=self.comments, until=self.until, sections=sections)

    def found_in(self, article: str, text: str) -> bool:
        """Whether text from a supporting article contains an accepted answer.

        If there are no accepted answers, it must contain evidence. "2011" does not contain "11".
        """
        folded = text.casefold()
        return article in self.articles and any(
            _contains_words(words.casefold(), folded) for words in self.answers or self.evidence
        )


@dataclass(frozen=True, slots=True)
class LocatedQuestion:
    """A gold question and its place in the file."""

    place: str
    gold: GoldQuestion


def _contains_words(words: str, text: str) -> bool:
    """Whether a text contains the words, but not as part of a longer Latin word or number."""
    before = "(?<![a-z0-9])" if re.match("[a-z0-9]", words) else ""
    after = "(?![a-z0-9])" if re.search("[a-z0-9]$", words) else ""
    return re.search(f"{before}{re.escape(words)}{after}", text) is not None


def parsed_lines(
    path: Path, text: str, parse: Callable[[object], _Parsed], *, what: str
) -> Iterator[tuple[int, _Parsed]]:
    """Each line of JSON Lines, parsed, with its number from 1; blank lines are left out.

    `what` says what a line should be, such as "a gold question".

    Raises:
        SettingsError: a line is not JSON, or `parse` refuses it; the message names the line.
    """
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            yield number, parse(json.loads(line))
        except (ValueError, RecursionError) as error:  # pydantic's error is a ValueError too
            reason = _fault(error) if isinstance(error, ValidationError) else error
            raise SettingsError(f"{path}: line {number} is not {what}: {reason}") from error


def validated(model: type[_Model], path: Path, given: object) -> _Model:
    """A JSON file's content as a model.

    Raises:
        SettingsError: a key is missing, or a value has the wrong type; the message says where.
    """
    try:
        return model.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingsError(f"{path}, {_json_path(first['loc'])}: {first['msg']}") from error


def _fault(error: ValidationError) -> str:
    first = error.errors()[0]
    if first["type"] == "model_type":  # pydantic's message has the name of the class
        return "it is not a JSON object"
    return ": ".join(filter(None, (".".join(map(str, first["loc"])), first["msg"])))


def _json_path(loc: Iterable[int | str]) -> str:
    """A path in JSON, written as in code: data[0].paragraphs[2].context."""
    return "".join(f"[{x}]" if isinstance(x, int) else f".{x}" for x in loc).removeprefix(".")


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
