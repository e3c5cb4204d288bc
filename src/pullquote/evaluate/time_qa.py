"""Parses TimeQA: questions that hold at a time, about Wikipedia articles.

Source: Chen et al., A Dataset for Answering Time-Sensitive Questions, NeurIPS 2021. Here, a file is
an object with `articles`, which maps links to paragraphs, and `questions`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, Field

from pullquote.evaluate.gold import GoldQuestion, LocatedQuestion
from pullquote.evaluate.parse_errors import validated
from pullquote.evaluate.squad import SquadPage, SquadParagraph


class _TimeAnswer(BaseModel):
    text: str


class _TimeQuestion(BaseModel):
    id: str | int
    question: str
    article: str
    answers: list[_TimeAnswer]


class _TimeFile(BaseModel):
    articles: dict[str, list[str]] = Field(min_length=1)
    questions: list[_TimeQuestion]


def read_time_qa(path: Path, given: object) -> tuple[list[LocatedQuestion], list[SquadPage]]:
    """The questions of a TimeQA file, and its articles as pages.

    Raises:
        SettingsError: a key is missing, or a value has the wrong type; the message says where.
    """
    found = validated(_TimeFile, path, given)
    return list(_questions(found)), list(_pages(found))


def _questions(found: _TimeFile) -> Iterator[LocatedQuestion]:
    for number, one in enumerate(found.questions):
        texts = (answer.text for answer in one.answers)
        answers = tuple(dict.fromkeys(text for text in texts if text.strip()))
        gold = GoldQuestion(
            id=str(one.id),
            question=one.question,
            answers=answers,
            articles=frozenset({_title(one.article)} if answers else ()),
            titled=True,
        )
        yield LocatedQuestion(f"questions[{number}]", gold)


def _pages(found: _TimeFile) -> Iterator[SquadPage]:
    """The articles. A first paragraph that repeats the title is left out; the title is written."""
    for link, paragraphs in found.articles.items():
        title = _title(link)
        texts = [text for text in paragraphs if text.strip()]
        if texts and _letters(texts[0]) == _letters(title):
            del texts[0]
        contexts = [SquadParagraph(context=text) for text in texts]
        yield SquadPage(title=title, paragraphs=contexts)


def _title(link: str) -> str:
    """The title in a link: "Diane_Downs" in "/wiki/Diane_Downs"."""
    return link.removeprefix("/wiki/") or link


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text)
