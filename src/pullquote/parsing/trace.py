"""Records what a parser left out of an article and why, and where it found each fact.

The `inspect` command shows it. While an index is built nothing is recorded, and a call costs next
to nothing. Guard expensive computations with `is_tracing()`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date

_LONGEST = 300
"""Characters recorded of a dropped text: enough to find it in the file."""
_MOST_DROPPED = 2_000


@dataclass(frozen=True, slots=True)
class DroppedText:
    """The beginning of a text that is in the file and not in the article, and the reason."""

    text: str
    reason: str


@dataclass(slots=True)
class Trace:
    """The records of parsers since the last `clear`.

    `more_dropped` is the number of dropped texts beyond the first few thousand. `origins` maps a
    fact and its value to where a parser found it.
    """

    dropped: list[DroppedText] = field(default_factory=list)
    more_dropped: int = 0
    origins: dict[tuple[str, str], str] = field(default_factory=dict)

    def origin(self, fact: str, value: object) -> str | None:
        """Where a parser found the value of a fact, if it recorded that."""
        return self.origins.get((fact, _key(value)))

    def clear(self) -> None:
        """Empty the record before the next article."""
        self.dropped.clear()
        self.origins.clear()
        self.more_dropped = 0


_TRACE: ContextVar[Trace | None] = ContextVar("trace", default=None)


@contextmanager
def tracing() -> Iterator[Trace]:
    """Record what is parsed inside the block."""
    trace = Trace()
    token = _TRACE.set(trace)
    try:
        yield trace
    finally:
        _TRACE.reset(token)


def is_tracing() -> bool:
    """Whether anything is recorded now."""
    return _TRACE.get() is not None


def trace_dropped(text: str, reason: str) -> None:
    """Record that a text of the file is not in the article."""
    trace = _TRACE.get()
    words = " ".join(text[: 2 * _LONGEST].split()) if trace is not None else ""
    if trace is None or not words:
        return
    if len(trace.dropped) >= _MOST_DROPPED:
        trace.more_dropped += 1
        return
    cut = len(words) > _LONGEST
    trace.dropped.append(DroppedText(words[:_LONGEST].rstrip() + "…" if cut else words, reason))


def trace_origin(fact: str, value: object, origin: str) -> None:
    """Record where a fact was found; the first record of a fact and value counts."""
    trace = _TRACE.get()
    if trace is not None and value not in (None, ()):
        trace.origins.setdefault((fact, _key(value)), origin)


def _key(value: object) -> str:
    """A value as text that stays the same when the article goes through a pipe."""
    return value.isoformat() if isinstance(value, date) else repr(value)
