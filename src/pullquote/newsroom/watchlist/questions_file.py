"""The file of standing questions, which people may edit.

Each line is a question. A line that begins with "{" is JSON with a question and filters:
{"question": "…", "filters": {"sources": ["BBC"]}}. Empty lines and lines that begin with "#" are
remarks.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from pullquote.base.atomic_io import make_folder, remedy_for, write_atomically
from pullquote.index.interfaces import STANDING_QUESTIONS, standing_questions_folder
from pullquote.index.services import index_of
from pullquote.newsroom.watchlist.models import WatchedQuestion
from pullquote.schema import Filters, check_question, filters_of
from pullquote.schema.errors import SettingsError, WatchlistBusy, WatchlistUnusable
from pullquote.schema.settings import Settings

MOST_QUESTIONS = 1000
MOST_BYTES = 4 << 20

_BEGINNING = """\
# Standing questions of pullquote: one a line. After each rebuild, pullquote watchlist says what
# changed in their answers. A line may have filters:
# {"question": "who won?", "filters": {"sources": ["Harbour Post"], "since": "2024-05-01"}}
"""
_LOCK_SECONDS = 10.0
_REMEDY = "Correct the file, or delete it to begin a new watchlist."


def watched(question: str, filters: Filters) -> WatchedQuestion:
    """The question with its id, which is the same for the same words and filters."""
    line = json.dumps([question, _facts(filters)], sort_keys=True)
    digest = hashlib.sha256(line.encode()).hexdigest()
    return WatchedQuestion(id=digest[:8], question=question, filters=filters)


class QuestionsFile:
    """The questions in the file of a folder. `longest` is the setting `question_chars`."""

    def __init__(self, folder: Path, *, longest: int) -> None:
        self.path = folder / STANDING_QUESTIONS
        self._longest = longest

    def questions(self) -> tuple[WatchedQuestion, ...]:
        """The questions in order, each once; none if there is no file.

        Raises:
            WatchlistUnusable: the file cannot be read, or a line is no question.
        """
        found = [one for one in map(self._parsed, enumerate(self._lines(), 1)) if one is not None]
        questions = tuple({one.id: one for one in found}.values())
        if len(questions) > MOST_QUESTIONS:
            raise self._unusable(f"it has more than {MOST_QUESTIONS:,} questions")
        return questions

    def add(self, question: str, filters: Filters) -> WatchedQuestion:
        """Add a question at the end, unless the file has it.

        Raises:
            SettingsError: the question is empty or too long, or the file is full.
            WatchlistUnusable: the file cannot be read or written.
        """
        check_question(question, most=self._longest)
        one = watched(" ".join(question.split()), filters)
        with self._editing():
            known = self.questions()
            if len(known) >= MOST_QUESTIONS:
                raise SettingsError(f"{self.path} has {MOST_QUESTIONS:,} questions; remove some.")
            if one.id not in {other.id for other in known}:
                lines = self._lines() if self.path.exists() else _BEGINNING.splitlines()
                self._write([*lines, _line(one)])
        return one

    def remove(self, id: str) -> WatchedQuestion:
        """Remove the question with this id; the other lines stay as they are.

        Raises:
            SettingsError: there is no such question.
            WatchlistUnusable: the file cannot be read or written.
        """
        with self._editing():
            known = {one.id: one for one in self.questions()}
            if id not in known:
                raise SettingsError(
                    f"No standing question has the id {id[:80]!r}. pullquote watchlist list shows "
                    "them."
                )
            left = [
                line
                for number, line in enumerate(self._lines(), 1)
                if (one := self._parsed((number, line))) is None or one.id != id
            ]
            self._write(left)
        return known[id]

    def _lines(self) -> list[str]:
        try:
            with self.path.open("rb") as stream:
                content = stream.read(MOST_BYTES + 1)
            if len(content) > MOST_BYTES:
                raise self._unusable("it is too large")
            return content.decode("utf-8-sig").splitlines()
        except (FileNotFoundError, NotADirectoryError):
            return []
        except UnicodeDecodeError as error:
            raise self._unusable("it is not text in UTF-8") from error
        except OSError as error:
            raise self._unusable(error.strerror or str(error), remedy_for(error)) from error

    def _parsed(self, numbered: tuple[int, str]) -> WatchedQuestion | None:
        """The question in a line; None for a remark."""
        number, text = numbered[0], numbered[1].strip()
        if not text or text.startswith("#"):
            return None
        try:
            question, filters = _from_json(text) if text.startswith("{") else (text, Filters())
            check_question(question, most=self._longest)
        except (SettingsError, ValueError, RecursionError) as error:
            raise self._unusable(f"line {number}: {error}") from error
        return watched(question, filters)

    def _write(self, lines: list[str]) -> None:
        try:
            write_atomically(self.path, "".join(f"{line}\n" for line in lines).encode())
        except OSError as error:
            raise self._unusable(error.strerror or str(error), remedy_for(error)) from error

    @contextmanager
    def _editing(self) -> Iterator[None]:
        """The lock of the file, so that no change is lost."""
        try:
            make_folder(self.path.parent)
            with FileLock(f"{self.path}.lock", timeout=_LOCK_SECONDS):
                yield
        except Timeout as error:
            raise WatchlistBusy(self.path.parent) from error
        except OSError as error:
            raise self._unusable(error.strerror or str(error), remedy_for(error)) from error

    def _unusable(self, reason: str, remedy: str = _REMEDY) -> WatchlistUnusable:
        return WatchlistUnusable(self.path, reason, remedy=remedy)


def questions_file_of(settings: Settings) -> QuestionsFile:
    """The file in the folder that the settings name, or else in that of the index."""
    with closing(index_of(settings)) as index:
        folder = standing_questions_folder(settings, index)
    return QuestionsFile(folder, longest=settings.question_chars)


def _from_json(text: str) -> tuple[str, Filters]:
    given = json.loads(text)
    unknown = [name for name in given if name not in ("question", "filters")]
    question = given.get("question")
    if unknown or not isinstance(question, str):
        raise SettingsError('it must have a "question" and may have "filters", and nothing else')
    return question, filters_of(given.get("filters"))


def _line(one: WatchedQuestion) -> str:
    facts = _facts(one.filters)
    if not facts and not one.question.startswith(("{", "#")):
        return one.question
    value = {"question": one.question, **({"filters": facts} if facts else {})}
    return json.dumps(value, ensure_ascii=False)


def _facts(filters: Filters) -> dict[str, Any]:
    """The filters that are set, as JSON."""
    given = {field.name: getattr(filters, field.name) for field in fields(Filters)}
    return {name: _plain(value) for name, value in given.items() if value}


def _plain(value: Any) -> Any:  # noqa: ANN401 - a field of the filters
    if isinstance(value, tuple):
        return [str(one) for one in value]
    return value if isinstance(value, bool) else str(value)
