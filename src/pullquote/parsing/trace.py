"""Records what a parser left out of an article and why, and where it found each fact.

The `inspect` command shows these records. While an index is being built, nothing is recorded, and a
call costs next to nothing. Guard expensive computations with `is_tracing()`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date

_LONGEST = 300
"""How many characters of a dropped text are recorded: enough to find the text in the file."""
_MOST_DROPPED = 2_000


@dataclass(frozen=True, slots=True)
class DroppedText:
    """The beginning of a text that is in the file but not in the article, and the reason."""

    text: str
    reason: str


@dataclass(slots=True)
class Trace:
    """What parsers recorded since the last `clear`.

    `more_dropped` is the number of dropped texts beyond the first few thousand. `origins` maps
    each fact with its value to the place where a parser found it.
    """

    dropped: list[DroppedText] = field(default_factory=list)
    more_dropped: int = 0
    origins: dict[tuple[str, str], str] = field(default_factory=dict)

    def origin(self, fact: str, value: object) -> str | None:
        """Where a parser found the value of a fact, if the parser recorded the place."""
        return self.origins.get((fact, _key(value)))

    def clear(self) -> None:
        """Delete all records before the next article is parsed."""
        self.dropped.clear()
        self.origins.clear()
        self.more_dropped = 0


_TRACE: ContextVar[Trace | None] = ContextVar("trace", default=None)


@contextmanager
def tracing() -> Iterator[Trace]:
    """Record what parsers do inside the `with` block."""
    trace = Trace()
    token = _TRACE.set(trace)
    try:
        yield trace
    finally:
        _TRACE.reset(token)


def is_tracing() -> bool:
    """Whether tracing is on."""
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
    """Record where a fact was found. The first record for a fact and value counts."""
    trace = _TRACE.get()
    if trace is not None and value not in (None, ()):
        trace.origins.setdefault((fact, _key(value)), origin)


def _key(value: object) -> str:
    """A value as text, which is the same before and after the article is sent through a pipe."""
    return value.isoformat() if isinstance(value, date) else repr(value)
