"""Parses questions of research data sets: SQuAD, RAMDocs, TimeQA and running stories."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Literal

from pydantic import BaseModel, Field

from pullquote.evaluate.corpus_files import CorpusFile, markdown_file
from pullquote.evaluate.gold import GoldQuestion, GoldValue, LocatedQuestion, StoryGold
from pullquote.evaluate.gold_lines import parsed_lines, validated
from pullquote.schema import ValueStatus
from pullquote.schema.errors import SettingsError


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
        name = str(number if line.id is None else line.id)
        section = f"question-{number}"
        gold = GoldQuestion(
            id=name,
            question=line.question,
            answers=tuple(line.gold_answers),
            articles=frozenset(_ids(section, line, "correct")),
            kind=_kind(line),
            items=tuple((answer,) for answer in dict.fromkeys(line.gold_answers)),
            wrong_answers=tuple(dict.fromkeys(line.wrong_answers)),
            section=section,
        )
        questions.append(LocatedQuestion(f"line {number}", gold))
        files += _files(section, line)
    return questions, files


def _kind(line: _RamDocsLine) -> str:
    """Whether a question has one right answer or several, and whether documents are wrong."""
    right = "several" if len(set(line.gold_answers)) > 1 else "one"
    return f"{right}, wrong" if line.wrong_answers else f"{right} right"


def _files(section: str, line: _RamDocsLine) -> Iterator[CorpusFile]:
    """The documents of a question; each stands for a source of its own."""
    for number, document in enumerate(line.documents, 1):
        source = f"Source {number}"
        yield markdown_file(_id(section, number), document.text, section=section, source=source)


def _ids(section: str, line: _RamDocsLine, kind: str) -> Iterator[str]:
    for number, document in enumerate(line.documents, 1):
        if document.type == kind:
            yield _id(section, number)


def _id(section: str, number: int) -> str:
    return f"{section}/document-{number}.md"


NAME_CHARS = 60
"""Maximum length of a title in a file name, in characters.

That is at most 240 bytes of UTF-8; systems allow 255.
"""

_UNNAMEABLE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f\ud800-\udfff]')


class _SquadAnswer(BaseModel):
    text: str


class SquadQuestion(BaseModel):
    """One question about a paragraph."""

    id: str | int
    question: str
    answers: list[_SquadAnswer] = []
    is_impossible: bool = False

    @property
    def accepted(self) -> tuple[str, ...]:
        """The distinct accepted answers; empty if the paragraph does not answer the question."""
        texts = () if self.is_impossible else (answer.text for answer in self.answers)
        return tuple(dict.fromkeys(text for text in texts if text.strip()))


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
                    answers=asked.accepted,
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
    return list(_time_questions(found)), list(_pages(found))


def _time_questions(found: _TimeFile) -> Iterator[LocatedQuestion]:
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
    return list(_questions_stories(path, story)), [_file(story, one) for one in story.articles]


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


def _file(story: _Story, one: _StoryArticle) -> CorpusFile:
    return markdown_file(
        f"{story.id}/{one.id}.md",
        one.text,
        title=one.title,
        source=one.source,
        published=one.published,
    )
