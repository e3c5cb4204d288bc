"""Parses SQuAD's JSON (1.1 and 2.0), and writes its pages as a corpus folder.

Source: Rajpurkar et al., SQuAD: 100,000+ Questions for Machine Comprehension of Text, EMNLP 2016;
Rajpurkar et al., Know What You Don't Know, ACL 2018.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from pydantic import BaseModel, Field

from pullquote.evaluate.gold import GoldQuestion, LocatedQuestion
from pullquote.evaluate.parse_errors import validated

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
