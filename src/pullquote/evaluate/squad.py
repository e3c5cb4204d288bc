"""Parses SQuAD's JSON (1.1 and 2.0), and writes its pages as a corpus folder.

Source: Rajpurkar et al., SQuAD: 100,000+ Questions for Machine Comprehension of Text, EMNLP 2016;
Rajpurkar et al., Know What You Don't Know, ACL 2018.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from pydantic import BaseModel, Field, ValidationError

from pullquote.errors import SettingsError

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


def parsed_pages(path: Path, text: str) -> list[SquadPage] | None:
    """The pages in the text of a SQuAD file; None if the text is not SQuAD's JSON.

    Raises:
        SettingsError: the text should be SQuAD's JSON but is invalid; the message says where.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        if path.suffix.lower() == ".json" and not _are_lines(text):
            raise SettingsError(f"{path} is not JSON: {error}") from error
        return None
    if not isinstance(found, dict) or "data" not in found:
        return None
    try:
        return _SquadFile.model_validate(found).data
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingsError(f"{path}, {_json_path(first['loc'])}: {first['msg']}") from error


def _are_lines(text: str) -> bool:
    """Whether the text looks like JSON Lines, because its first line is JSON."""
    try:
        json.loads(text.lstrip().partition("\n")[0])
    except (ValueError, RecursionError):
        return False
    return True


def write_corpus(pages: Iterable[SquadPage], folder: Path) -> None:
    """Write each page to a new corpus folder as plain text: its title, then its paragraphs.

    Pages with the same title become one article, even if they are from several files.
    """
    folder.mkdir(parents=True)
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


def _json_path(loc: Iterable[int | str]) -> str:
    """A path in JSON, written as in code: data[0].paragraphs[2].context."""
    return "".join(f"[{x}]" if isinstance(x, int) else f".{x}" for x in loc).removeprefix(".")
