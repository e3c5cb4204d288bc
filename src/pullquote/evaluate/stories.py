"""Parses running stories, in which values change, differ or are corrected.

`tests/data/stories/README.md` has the format.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from pydantic import BaseModel, Field

from pullquote.evaluate.corpus_files import CorpusFile, markdown_file
from pullquote.evaluate.gold import GoldQuestion, GoldValue, LocatedQuestion, StoryGold
from pullquote.evaluate.parse_errors import validated
from pullquote.schema import ValueStatus
from pullquote.schema.errors import SettingsError


class _StoryArticle(BaseModel):
    id: str = Field(min_length=1)
    title: str
    source: str | None = None
    published: str | None = None
    text: str


class _StoryValue(BaseModel):
    value: list[str] = Field(min_length=1)
    articles: list[str] = []
    status: ValueStatus

    @property
    def gold(self) -> GoldValue:
        """The value as gold."""
        return GoldValue(wordings=tuple(self.value), status=self.status)


class _Evidence(BaseModel):
    article: str
    sentence: str


class _StoryQuestion(BaseModel):
    question: str
    kind: str
    as_of: date | None = None
    answers: list[str]
    values: list[_StoryValue] = []
    origins: int | None = None
    speaker: str | None = None
    manner: str | None = None
    evidence: list[_Evidence] = []


class _Story(BaseModel):
    id: str = Field(min_length=1)
    articles: list[_StoryArticle] = Field(min_length=1)
    questions: list[_StoryQuestion]


def read_story(path: Path, given: object) -> tuple[list[LocatedQuestion], list[CorpusFile]]:
    """The questions of a story, and its articles, which are in a folder of their own.

    Raises:
        SettingsError: a key is missing, or a value has the wrong type; the message says where.
    """
    story = validated(_Story, path, given)
    return list(_questions(path, story)), [_file(story, one) for one in story.articles]


def story_files(folder: Path) -> Iterator[tuple[Path, object]]:
    """The files of stories in a folder, as JSON.

    Raises:
        SettingsError: the folder has no JSON files, or a file is not a story.
    """
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise SettingsError(f"{folder} has no questions: it has no stories (*.json).")
    for path in paths:
        try:
            given = json.loads(path.read_text(encoding="utf-8-sig"))
        except (OSError, ValueError, RecursionError) as error:
            raise SettingsError(f"{path} cannot be read as a story: {error}") from error
        yield path, given


def _questions(path: Path, story: _Story) -> Iterator[LocatedQuestion]:
    for number, one in enumerate(story.questions):
        gold = GoldQuestion(
            id=f"{story.id}-{number + 1}",
            question=one.question,
            answers=tuple(one.answers),
            articles=frozenset(f"{story.id}/{article}.md" for article in _supporting(one)),
            kind=one.kind,
            evidence=tuple(evidence.sentence for evidence in one.evidence),
            until=one.as_of,
            story=StoryGold(
                values=tuple(
                    GoldValue(wordings=tuple(v.value), status=v.status) for v in one.values
                ),
                origins=one.origins,
                speaker=one.speaker,
                manner=one.manner,
            ),
        )
        yield LocatedQuestion(f"{path.name}, questions[{number}]", gold)


def _supporting(one: _StoryQuestion) -> set[str]:
    """The articles that give an accepted answer, and those with evidence."""
    values = (v.articles for v in one.values if not set(v.value).isdisjoint(one.answers))
    return {evidence.article for evidence in one.evidence}.union(*values)


def _file(story: _Story, one: _StoryArticle) -> CorpusFile:
    return markdown_file(
        f"{story.id}/{one.id}.md",
        one.text,
        title=one.title,
        source=one.source,
        published=one.published,
    )
