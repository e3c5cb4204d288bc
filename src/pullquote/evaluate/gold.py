"""Parses gold questions, in the project's own format or SQuAD's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError

from pullquote.errors import SettingsError
from pullquote.evaluate.squad import SquadPage, parsed_pages
from pullquote.schema import well_formed


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldQuestion:
    """A question with its accepted answers. If it has none, the corpus does not answer it.

    `articles` are the ids of the articles that support the answer; a citation of any of them is
    right. A SQuAD question has a title instead of an id until `with_article_ids` replaces it. It
    also has the `paragraph` that it is about.
    """

    id: str
    question: str
    answers: tuple[str, ...]
    articles: frozenset[str]
    comments: bool = False
    kind: str | None = None
    paragraph: str | None = None

    @property
    def answerable(self) -> bool:
        """Whether the corpus answers the question."""
        return bool(self.answers)

    def found_in(self, article: str, text: str) -> bool:
        """Whether text from a supporting article contains an accepted answer.

        "2011" does not contain "11".
        """
        folded = text.casefold()
        return article in self.articles and any(
            _contains_words(answer.casefold(), folded) for answer in self.answers
        )


def _contains_words(words: str, text: str) -> bool:
    """Whether a text contains the words, but not as part of a longer Latin word or number."""
    before = "(?<![a-z0-9])" if re.match("[a-z0-9]", words) else ""
    after = "(?![a-z0-9])" if re.search("[a-z0-9]$", words) else ""
    return re.search(f"{before}{re.escape(words)}{after}", text) is not None


@dataclass(frozen=True, slots=True)
class _LocatedQuestion:
    """A gold question and its place in the file."""

    place: str
    gold: GoldQuestion


class _GoldLine(BaseModel):
    """One line of a JSON Lines file; other keys are ignored."""

    id: str | int
    question: str
    answers: list[str]
    article: str | None
    also: list[str] = []
    comments: bool = False
    kind: str | None = None


def read_questions(path: Path) -> list[GoldQuestion]:
    """The gold questions in a file of JSON Lines or SQuAD's JSON (1.1 or 2.0).

    A line has `id`, `question`, `answers` (verbatim, best first; empty if the corpus does not
    answer the question) and `article`. It may have `also` (more articles), `comments` and `kind`.

    Raises:
        SettingsError: the file cannot be read, is empty or repeats an id; the message says where.
    """
    text = read_text(path)
    pages = parsed_pages(path, text)
    found = _from_lines(path, text) if pages is None else _from_pages(pages)
    return _checked(path, found)


def read_text(path: Path) -> str:
    """The text of a file of questions, without a byte order mark.

    Raises:
        SettingsError: the file cannot be read, or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The questions in {path} cannot be read: {error}") from error


def _from_lines(path: Path, text: str) -> Iterator[_LocatedQuestion]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield _LocatedQuestion(f"line {number}", _parsed(path, number, line))


def _parsed(path: Path, number: int, line: str) -> GoldQuestion:
    try:
        given = _GoldLine.model_validate(json.loads(line))
    except (ValueError, RecursionError) as error:  # pydantic's error is a ValueError too
        reason = _fault(error) if isinstance(error, ValidationError) else error
        raise SettingsError(f"{path}, line {number} is not a gold question: {reason}") from error
    supporting = [*([] if given.article is None else [given.article]), *given.also]
    return GoldQuestion(
        id=str(given.id),
        question=given.question,
        answers=tuple(given.answers),
        articles=frozenset(supporting),
        comments=given.comments,
        kind=given.kind,
    )


def _fault(error: ValidationError) -> str:
    first = error.errors()[0]
    if first["type"] == "model_type":  # pydantic's message has the name of the class
        return "it is not a JSON object"
    return ": ".join(filter(None, (".".join(map(str, first["loc"])), first["msg"])))


def _from_pages(pages: Iterable[SquadPage]) -> Iterator[_LocatedQuestion]:
    for p, page in enumerate(pages):
        for n, paragraph in enumerate(page.paragraphs):
            for q, asked in enumerate(paragraph.qas):
                gold = GoldQuestion(
                    id=str(asked.id),
                    question=asked.question,
                    answers=asked.accepted,
                    articles=frozenset({page.title}),
                    paragraph=paragraph.context,
                )
                yield _LocatedQuestion(f"data[{p}].paragraphs[{n}].qas[{q}]", gold)


def _checked(path: Path, found: Iterable[_LocatedQuestion]) -> list[GoldQuestion]:
    """The questions, after a check that each can be asked and has a unique id."""
    places: dict[str, str] = {}
    questions = []
    for one in found:
        gold = one.gold
        if not gold.question.strip() or not well_formed(gold.question):
            raise SettingsError(
                f"{path}, {one.place} has no usable question: {gold.question[:80]!r}."
            )
        if any(not answer.strip() or not well_formed(answer) for answer in gold.answers):
            raise SettingsError(f"{path}, {one.place} has an accepted answer without text.")
        if (before := places.setdefault(gold.id, one.place)) != one.place:
            raise SettingsError(
                f"{path}, {one.place} repeats the id {gold.id!r} of {before}. Each needs its own."
            )
        questions.append(gold)
    if not questions:
        raise SettingsError(
            f"{path} has no questions. It must contain JSON Lines with id, question, answers and "
            "article, or SQuAD's JSON."
        )
    return questions
