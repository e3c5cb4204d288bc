"""Parses questions of research data sets: SQuAD, RAMDocs, TimeQA and running stories."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Literal

from pydantic import BaseModel, Field

from pullquote.evaluate.gold import (
    GoldQuestion,
    GoldValue,
    LocatedQuestion,
    StoryGold,
    parsed_lines,
    validated,
)
from pullquote.schema import ValueStatus
from pullquote.schema.errors import SettingsError


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusFile:
    """An article as a file: its path in the corpus, which is its id, and its content."""

    id: str
    content: str


def markdown_file(id: str, text: str, **metadata: str | None) -> CorpusFile:
    """An article as Markdown, with its metadata as front matter."""
    known = {name: value for name, value in metadata.items() if value is not None}
    head = json.dumps(known, ensure_ascii=False)
    return CorpusFile(id=id, content=f"---\n{head}\n---\n{text}\n")


def write_files(files: Iterable[CorpusFile], corpus: Path) -> None:
    """Write the articles into a corpus folder, which is made if it does not exist."""
    corpus.mkdir(parents=True, exist_ok=True)
    for one in files:
        path = corpus / one.id
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(one.content.encode("utf-8", errors="replace"))


class _Document(BaseModel):
    text: str = Field(min_length=1)
    type: Literal["correct", "misinfo", "noise"]


class _RamDocsLine(BaseModel):
    id: str | int | None = None
    question: str
    documents: list[_Document]
    gold_answers: list[str]
    wrong_answers: list[str]


def read_ram_docs(path: Path, text: str) -> tuple[list[LocatedQuestion], list[CorpusFile]]:
    """The questions of a RAMDocs file, and all their documents.

    All documents are in one corpus, which is quicker than a corpus for each question. A section for
    each question keeps them apart.
    """
    questions: list[LocatedQuestion] = []
    files: list[CorpusFile] = []
    lines = parsed_lines(path, text, _RamDocsLine.model_validate, what="a RAMDocs question")
    for number, line in lines:
        section = f"question-{number}"
        documents = [(f"{section}/document-{n}.md", d) for n, d in enumerate(line.documents, 1)]
        right = "several" if len(set(line.gold_answers)) > 1 else "one"
        gold = GoldQuestion(
            id=str(number if line.id is None else line.id),
            question=line.question,
            answers=tuple(line.gold_answers),
            articles=frozenset(id for id, document in documents if document.type == "correct"),
            kind=f"{right}, wrong" if line.wrong_answers else f"{right} right",
            items=tuple((answer,) for answer in dict.fromkeys(line.gold_answers)),
            wrong_answers=tuple(dict.fromkeys(line.wrong_answers)),
            section=section,
        )
        questions.append(LocatedQuestion(f"line {number}", gold))
        files += (  # each document stands for a source of its own
            markdown_file(id, document.text, section=section, source=f"Source {n}")
            for n, (id, document) in enumerate(documents, 1)
        )
    return questions, files


NAME_CHARS = 60
"""Maximum length of a title in a file name, in characters.

That is at most 240 bytes of UTF-8; systems allow 255.
"""

_UNNAMEABLE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f\ud800-\udfff]')


class _Answer(BaseModel):
    text: str


class SquadQuestion(BaseModel):
    """One question about a paragraph."""

    id: str | int
    question: str
    answers: list[_Answer] = []
    is_impossible: bool = False


def _distinct(answers: Iterable[_Answer]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(answer.text for answer in answers if answer.text.strip()))


class SquadParagraph(BaseModel):
    """A paragraph of a page with its questions."""

    context: str = Field(min_length=1)
    qas: list[SquadQuestion] = []


class SquadPage(BaseModel):
    """A Wikipedia page, or another article in a file in SQuAD's format."""

    title: str = Field(min_length=1)
    paragraphs: list[SquadParagraph]


class _SquadFile(BaseModel):
    data: list[SquadPage]


def read_squad(path: Path, given: object) -> tuple[list[LocatedQuestion], list[SquadPage]]:
    """The questions of a SQuAD file, and its pages.

    Raises:
        SettingsError: a key is missing, or a value has the wrong type; the message says where.
    """
    pages = validated(_SquadFile, path, given).data
    return list(_questions(pages)), pages


def _questions(pages: Iterable[SquadPage]) -> Iterator[LocatedQuestion]:
    for p, page in enumerate(pages):
        for n, paragraph in enumerate(page.paragraphs):
            for q, asked in enumerate(paragraph.qas):
                gold = GoldQuestion(
                    id=str(asked.id),
                    question=asked.question,
                    answers=() if asked.is_impossible else _distinct(asked.answers),
                    articles=frozenset({page.title}),
                    paragraph=paragraph.context,
                )
                yield LocatedQuestion(f"data[{p}].paragraphs[{n}].qas[{q}]", gold)


def write_pages(pages: Iterable[SquadPage], folder: Path) -> None:
    """Write each page into a corpus folder as plain text: its title, then its paragraphs.

    Pages with the same title become one article, even if they are from several files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    articles: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for page in pages:
        name = names.setdefault(title_key(page.title), _stem(page.title))
        text = articles.setdefault(name, [page.title.replace("_", " ")])
        text += (paragraph.context.strip() for paragraph in page.paragraphs)
    for name, text in articles.items():
        content = "\n\n".join(dict.fromkeys(text)) + "\n"
        (folder / f"{name}.txt").write_bytes(content.encode("utf-8", errors="replace"))


def title_key(title: str) -> str:
    """A key that is the same for a title and for the stem of its file's name."""
    return _stem(title).casefold()


def ids_by_title(articles: Iterable[str]) -> dict[str, frozenset[str]]:
    """Article ids, by the `title_key` of the stem of the article's file name."""
    ids: dict[str, set[str]] = {}
    for article in articles:
        ids.setdefault(title_key(PurePosixPath(article).stem), set()).add(article)
    return {key: frozenset(found) for key, found in ids.items()}


def _stem(title: str) -> str:
    """A file name for a title, without a suffix, that is valid on every system."""
    plain = re.sub(r"[\s_]+", "_", _UNNAMEABLE.sub("_", title)).strip("_.")
    return plain[:NAME_CHARS].strip("_.") or "untitled"


class _TimeQuestion(BaseModel):
    id: str | int
    question: str
    article: str
    answers: list[_Answer]


class _TimeFile(BaseModel):
    articles: dict[str, list[str]] = Field(min_length=1)
    questions: list[_TimeQuestion]


def read_time_qa(path: Path, given: object) -> tuple[list[LocatedQuestion], list[SquadPage]]:
    """The questions of a TimeQA file, and its articles as pages.

    Raises:
        SettingsError: a key is missing, or a value has the wrong type; the message says where.
    """
    found = validated(_TimeFile, path, given)
    return list(_time_questions(found)), list(_pages(found))


def _time_questions(found: _TimeFile) -> Iterator[LocatedQuestion]:
    for number, one in enumerate(found.questions):
        answers = _distinct(one.answers)
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
    files = [
        markdown_file(
            f"{story.id}/{one.id}.md",
            one.text,
            title=one.title,
            source=one.source,
            published=one.published,
        )
        for one in story.articles
    ]
    return list(_questions_stories(path, story)), files


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


def _questions_stories(path: Path, story: _Story) -> Iterator[LocatedQuestion]:
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
