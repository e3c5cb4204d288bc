"""The stored state of a watchlist: what was reported last, and what readers found in passages.

`watchlist.json` has a digest of all its facts in `sha256`, so that a changed value is noticed.
White space and the order of keys do not count. A file of version 0.2 has none, and gets one when
the questions are asked again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
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
from pullquote.index.interfaces import STANDING_QUESTIONS, STANDING_REPLIES
from pullquote.newsroom.watchlist.models import LastReply, WatchChange
from pullquote.schema.article import Model
from pullquote.schema.errors import WatchlistBusy, WatchlistUnusable

_REMEDY = (
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
        self._path = folder / STANDING_REPLIES

    @contextmanager
    def running(self) -> Iterator[None]:
        """Hold the lock for one run.

        Raises:
            WatchlistBusy: another run has the lock.
            WatchlistUnusable: the folder cannot be written.
        """
        try:
            make_folder(self._folder)
            lock = FileLock(self._folder / LOCK)
            lock.acquire(timeout=0)
        except Timeout as error:
            raise WatchlistBusy(self._folder) from error
        except OSError as error:
            raise self._unusable(error.strerror or str(error), remedy_for(error)) from error
        try:
            yield
        finally:
            lock.release()

    def load(self) -> WatchlistState:
        """The stored state; an empty one if there is none.

        Raises:
            WatchlistUnusable: the file cannot be read, or is not as it was written.
        """
        try:
            facts = _facts(self._path.read_bytes())
            expected, found = facts.pop(DIGEST, None), _digest(facts)
            if expected not in (None, found):
                raise self._unusable(
                    f"it was changed since it was written: its facts have the SHA-256 {found}, and "
                    f"it names {str(expected)[:64]}"
                )
            return WatchlistState.model_validate_json(json.dumps(facts))
        except (FileNotFoundError, NotADirectoryError):
            return WatchlistState()
        except OSError as error:
            raise self._unusable(error.strerror or str(error), remedy_for(error)) from error
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"]))
            raise self._unusable(f"{place}: {first['msg']}") from error
        except (ValueError, RecursionError) as error:
            raise self._unusable(f"it cannot be read: {error}") from error

    def save(self, state: WatchlistState) -> None:
        """Replace the stored state; of the changes, only the newest are stored.

        Raises:
            WatchlistUnusable: the file cannot be written.
        """
        stored = state.model_copy(update={"changes": state.changes[:CHANGES_STORED]})
        facts = stored.model_dump(mode="json")
        content = json.dumps({DIGEST: _digest(facts), **facts}, ensure_ascii=False, indent=1)
        try:
            write_atomically(self._path, content.encode())
        except OSError as error:
            raise self._unusable(error.strerror or str(error), remedy_for(error)) from error

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

    def _unusable(self, reason: str, remedy: str = _REMEDY) -> WatchlistUnusable:
        return WatchlistUnusable(self._path, reason, remedy=remedy)


def _facts(content: bytes) -> dict[str, Any]:
    """The facts in a file.

    Raises:
        ValueError, RecursionError: it has none.
    """
    given = json.loads(content)
    if not isinstance(given, dict):
        raise ValueError("it is not a JSON object")
    return given


def _digest(facts: dict[str, Any]) -> str:
    """SHA-256 of facts, however they are written."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def _identity(reader: Reader) -> str:
    """The reader, and the versions of the code that runs it."""
    versions = ", ".join(f"{name} {version(name)}" for name in ("pullquote", "onnxruntime"))
    return f"{reader.identity}, {versions}"
