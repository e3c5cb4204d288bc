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
    right. `evidence` are sentences that settle the question, and `items` the items of a list, each
    with its accepted wordings; `evaluate.scoring` says which kinds need them. Keywords have
    evidence but no accepted answers.

    A SQuAD question has a title instead of an id until `with_article_ids` replaces it. It also has
    the `paragraph` that it is about.
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

    @property
    def answerable(self) -> bool:
        """Whether the corpus answers the question."""
        return bool(self.answers or (self.evidence and self.articles))

    def found_in(self, article: str, text: str) -> bool:
        """Whether text from a supporting article contains an accepted answer.

        If there are no accepted answers, it must contain evidence. "2011" does not contain "11".
        """
        folded = text.casefold()
        return article in self.articles and any(
            _contains_words(words.casefold(), folded) for words in self.answers or self.evidence
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
    article2: str | None = None
    also: list[str] = []
    comments: bool = False
    kind: str | None = None
    evidence: list[str] | str = []
    all: list[list[str]] = []


def read_questions(path: Path) -> list[GoldQuestion]:
    """The gold questions in a file of JSON Lines or SQuAD's JSON (1.1 or 2.0).

    A line has `id`, `question`, `answers` (verbatim, best first; empty if the corpus does not
    answer the question, or for keywords) and `article`. It may have `article2` and `also` (more
    articles), `comments`, `kind`, `evidence` (one sentence or several) and `all` (the items of a
    list, each with its wordings).

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
        return gold_question(json.loads(line))
    except (ValueError, RecursionError) as error:  # pydantic's error is a ValueError too
        reason = _fault(error) if isinstance(error, ValidationError) else error
        raise SettingsError(f"{path}: line {number} is not a gold question: {reason}") from error


def gold_question(given: object) -> GoldQuestion:
    """The gold question in one line of a file, parsed from JSON; see `read_questions`.

    Raises:
        ValidationError: a key is missing, or a value has the wrong type.
    """
    line = _GoldLine.model_validate(given)
    supporting = (line.article, line.article2, *line.also)
    evidence = [line.evidence] if isinstance(line.evidence, str) else line.evidence
    return GoldQuestion(
        id=str(line.id),
        question=line.question,
        answers=tuple(line.answers),
        articles=frozenset(article for article in supporting if article is not None),
        comments=line.comments,
        kind=line.kind,
        evidence=tuple(sentence for sentence in evidence if sentence.strip()),
        items=tuple(tuple(wordings) for wordings in line.all),
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
                f"{path}: {one.place} has no usable question: {gold.question[:80]!r}."
            )
        if any(not answer.strip() or not well_formed(answer) for answer in gold.answers):
            raise SettingsError(f"{path}: {one.place} has an accepted answer without text.")
        if (before := places.setdefault(gold.id, one.place)) != one.place:
            raise SettingsError(
                f"{path}: {one.place} repeats the id {gold.id!r} of {before}. "
                "Each question needs its own id."
            )
        questions.append(gold)
    if not questions:
        raise SettingsError(
            f"{path} has no questions. It must contain JSON Lines with id, question, answers and "
            "article, or SQuAD's JSON."
        )
    return questions
