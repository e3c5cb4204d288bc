"""The files of a watchlist: the questions, what was reported last, and what readers found.

`watchlist.txt` may be edited. Each line is a question. A line that begins with "{" is JSON with a
question and filters: {"question": "…", "filters": {"sources": ["BBC"]}}. Empty lines and lines that
begin with "#" are remarks.

`watchlist.json` has a digest of all its facts in `sha256`, so that a changed value is noticed.
White space and the order of keys do not count. A file of version 0.2 has none, and gets one when
the questions are asked again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, fields
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock, Timeout
from pydantic import Field, ValidationError

from pullquote.answering.reader import Reader, ReadingMemory
from pullquote.base.atomic_io import (
    load_cache,
    make_folder,
    remedy_for,
    save_cache,
    write_atomically,
)
from pullquote.index.interfaces import (
    STANDING_QUESTIONS,
    STANDING_REPLIES,
    standing_questions_folder,
)
from pullquote.index.services import index_of
from pullquote.newsroom.watchlist.models import LastReply, WatchChange, WatchedQuestion
from pullquote.schema import Filters, check_question, filters_of
from pullquote.schema.article import Model
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


@dataclass(slots=True)
class _WatchlistFile:
    """A file of a watchlist; `remedy` is for errors in what it says."""

    path: Path
    remedy: str

    def unusable(self, reason: str, remedy: str | None = None) -> WatchlistUnusable:
        """The error that the file cannot be used."""
        return WatchlistUnusable(self.path, reason, remedy=remedy or self.remedy)

    @contextmanager
    def reporting(self) -> Iterator[None]:
        """Raise WatchlistBusy if a lock is taken, WatchlistUnusable for an error of the system."""
        try:
            yield
        except Timeout as error:
            raise WatchlistBusy(self.path.parent) from error
        except OSError as error:
            raise self.unusable(error.strerror or str(error), remedy_for(error)) from error

    def write(self, content: str) -> None:
        """Replace the content."""
        with self.reporting():
            write_atomically(self.path, content.encode())


def watched(question: str, filters: Filters) -> WatchedQuestion:
    """The question with its id, which is the same for the same words and filters."""
    line = json.dumps([question, _filter_facts(filters)], sort_keys=True)
    digest = hashlib.sha256(line.encode()).hexdigest()
    return WatchedQuestion(id=digest[:8], question=question, filters=filters)


class QuestionsFile:
    """The questions in the file of a folder. `longest` is the setting `question_chars`."""

    def __init__(self, folder: Path, *, longest: int) -> None:
        self.path = folder / STANDING_QUESTIONS
        self._file = _WatchlistFile(self.path, _REMEDY)
        self._longest = longest

    def questions(self) -> tuple[WatchedQuestion, ...]:
        """The questions in order, each once; none if there is no file.

        Raises:
            WatchlistUnusable: the file cannot be read, or a line is no question.
        """
        found = [one for one in map(self._parsed, enumerate(self._lines(), 1)) if one is not None]
        questions = tuple({one.id: one for one in found}.values())
        if len(questions) > MOST_QUESTIONS:
            raise self._file.unusable(f"it has more than {MOST_QUESTIONS:,} questions")
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
            with self._file.reporting(), suppress(FileNotFoundError, NotADirectoryError):
                with self.path.open("rb") as stream:
                    content = stream.read(MOST_BYTES + 1)
                if len(content) > MOST_BYTES:
                    raise self._file.unusable("it is too large")
                return content.decode("utf-8-sig").splitlines()
        except UnicodeDecodeError as error:
            raise self._file.unusable("it is not text in UTF-8") from error
        return []

    def _parsed(self, numbered: tuple[int, str]) -> WatchedQuestion | None:
        """The question in a line; None for a remark."""
        number, text = numbered[0], numbered[1].strip()
        if not text or text.startswith("#"):
            return None
        try:
            question, filters = _from_json(text) if text.startswith("{") else (text, Filters())
            check_question(question, most=self._longest)
        except (SettingsError, ValueError, RecursionError) as error:
            raise self._file.unusable(f"line {number}: {error}") from error
        return watched(question, filters)

    def _write(self, lines: list[str]) -> None:
        self._file.write("".join(f"{line}\n" for line in lines))

    @contextmanager
    def _editing(self) -> Iterator[None]:
        """The lock of the file, so that no change is lost."""
        with self._file.reporting():
            make_folder(self.path.parent)
            with FileLock(f"{self.path}.lock", timeout=_LOCK_SECONDS):
                yield


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
    facts = _filter_facts(one.filters)
    if not facts and not one.question.startswith(("{", "#")):
        return one.question
    value = {"question": one.question, **({"filters": facts} if facts else {})}
    return json.dumps(value, ensure_ascii=False)


def _filter_facts(filters: Filters) -> dict[str, Any]:
    """The filters that are set, as JSON."""
    given = {field.name: getattr(filters, field.name) for field in fields(Filters)}
    return {name: _plain(value) for name, value in given.items() if value}


def _plain(value: Any) -> Any:  # noqa: ANN401 - a field of the filters
    if isinstance(value, tuple):
        return [str(one) for one in value]
    return value if isinstance(value, bool) else str(value)


_STATE_REMEDY = (
    "Fix the cause, or put back the file from a backup. If you delete the file, the questions in "
    f"{STANDING_QUESTIONS} stay, but all are asked as if new, and the changes that were reported "
    "are lost."
)

READ, LOCK = "watchlist-read.json", "watchlist-run.lock"

DIGEST = "sha256"

CHANGES_STORED = 500
"""The reported changes that are stored, newest first."""


class WatchlistState(Model):
    """What was reported last for each question, by its id, and the reported changes."""

    format: Literal[1] = 1
    asked: dict[str, LastReply] = Field(default_factory=dict)
    changes: tuple[WatchChange, ...] = ()


class StateFiles:
    """The files in the folder of a watchlist that only a run writes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = _WatchlistFile(folder / STANDING_REPLIES, _STATE_REMEDY)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Hold the lock for one run.

        Raises:
            WatchlistBusy: another run has the lock.
            WatchlistUnusable: the folder cannot be written.
        """
        with self._file.reporting():
            make_folder(self._folder)
            lock = FileLock(self._folder / LOCK)
            lock.acquire(timeout=0)
        try:
            yield
        finally:
            lock.release()

    def load(self) -> WatchlistState:
        """The stored state; an empty one if there is none.

        Raises:
            WatchlistUnusable: the file cannot be read, or is not as it was written.
        """
        content = None
        with self._file.reporting(), suppress(FileNotFoundError, NotADirectoryError):
            content = self._file.path.read_bytes()
        if content is None:
            return WatchlistState()
        try:
            facts = json.loads(content)
            if not isinstance(facts, dict):
                raise ValueError("it is not a JSON object")
            expected, found = facts.pop(DIGEST, None), _digest(facts)
            if expected not in (None, found):
                raise self._file.unusable(
                    f"it was changed since it was written: its facts have the SHA-256 {found}, and "
                    f"it names {str(expected)[:64]}"
                )
            return WatchlistState.model_validate_json(json.dumps(facts))
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"]))
            raise self._file.unusable(f"{place}: {first['msg']}") from error
        except (ValueError, RecursionError) as error:
            raise self._file.unusable(f"it cannot be read: {error}") from error

    def save(self, state: WatchlistState) -> None:
        """Replace the stored state; of the changes, only the newest are stored.

        Raises:
            WatchlistUnusable: the file cannot be written.
        """
        stored = state.model_copy(update={"changes": state.changes[:CHANGES_STORED]})
        facts = stored.model_dump(mode="json")
        content = json.dumps({DIGEST: _digest(facts), **facts}, ensure_ascii=False, indent=1)
        self._file.write(content)

    def memory(self, reader: Reader) -> ReadingMemory:
        """What this reader found in the passages of the last run; empty for any other reader."""
        stored = load_cache(self._folder / READ)
        if not isinstance(stored, dict) or stored.get("reader") != _identity(reader):
            return ReadingMemory()
        return ReadingMemory(stored["spans"])

    def save_memory(self, reader: Reader, memory: ReadingMemory, *, all_asked: bool) -> None:
        """Store what the next run may need; if not all questions were asked, also what it was."""
        spans = dict(memory.used) if all_asked else {**memory.stored, **memory.used}
        save_cache(self._folder / READ, {"reader": _identity(reader), "spans": spans})


def _digest(facts: dict[str, Any]) -> str:
    """SHA-256 of facts, however they are written."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def _identity(reader: Reader) -> str:
    """The reader, and the versions of the code that runs it."""
    versions = ", ".join(f"{name} {version(name)}" for name in ("pullquote", "onnxruntime"))
    return f"{reader.identity}, {versions}"
