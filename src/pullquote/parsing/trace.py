"""What a reader notes down about its reading: what it left out and why, whence it knows what.

It is for whoever inspects a file. Nobody listens while an index is built, and then a note costs
next to nothing. What is dear to say is only said where `listening()` is true.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date

_LONGEST = 300
"""Characters of what was left out that are kept; enough to find it in the file."""
_MOST = 2_000


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A stretch that is in the file and not in the article: how it begins, and why it is out."""

    text: str
    reason: str


@dataclass(slots=True)
class Notes:
    """What readers noted since it was last cleared.

    `missed` counts what was left out beyond the first few thousand.
    """

    left_out: list[LeftOut] = field(default_factory=list)
    missed: int = 0
    origins: dict[tuple[str, str], str] = field(default_factory=dict)

    def origin(self, fact: str, value: object) -> str | None:
        """Where the value of a fact is known from, as far as a reader said it."""
        return self.origins.get((fact, _written(value)))

    def clear(self) -> None:
        """Forget it all, before the next article."""
        self.left_out.clear()
        self.origins.clear()
        self.missed = 0


_NOTES: ContextVar[Notes | None] = ContextVar("notes", default=None)


@contextmanager
def listen() -> Iterator[Notes]:
    """The notes of what is read until left."""
    notes = Notes()
    token = _NOTES.set(notes)
    try:
        yield notes
    finally:
        _NOTES.reset(token)


def listening() -> bool:
    """Whether anybody listens."""
    return _NOTES.get() is not None


def left_out(text: str, reason: str) -> None:
    """Note down that a stretch of the file is not in the article."""
    notes = _NOTES.get()
    words = " ".join(text[: 2 * _LONGEST].split()) if notes is not None else ""
    if notes is None or not words:
        return
    if len(notes.left_out) >= _MOST:
        notes.missed += 1
        return
    cut = len(words) > _LONGEST
    notes.left_out.append(LeftOut(words[:_LONGEST].rstrip() + "…" if cut else words, reason))


def known_from(fact: str, value: object, origin: str) -> None:
    """Note down where a fact is known from; what is said first counts."""
    notes = _NOTES.get()
    if notes is not None and value not in (None, ()):
        notes.origins.setdefault((fact, _written(value)), origin)


def _written(value: object) -> str:
    """A value as it is told from others, also after it went through a pipe."""
    return value.isoformat() if isinstance(value, date) else repr(value)
