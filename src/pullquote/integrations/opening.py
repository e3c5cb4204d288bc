"""Opens an index for a framework when it is first used."""

from __future__ import annotations

import threading
from pathlib import Path

from pullquote.newsroom.assistant import Assistant, open_assistant

IndexSource = str | Path | Assistant | None
"""The address of an index, an assistant that is open, or None for the index in the settings."""


class LazyAssistant:
    """The assistant of an index. It is opened once, when it is first used. Thread-safe.

    Frameworks copy what uses it, so a deep copy is the same object. `source` is what was given.
    """

    def __init__(self, source: IndexSource) -> None:
        self.source = source
        self._opened = source if isinstance(source, Assistant) else None
        self._lock = threading.Lock()

    def __deepcopy__(self, _: object) -> LazyAssistant:
        return self

    def __reduce__(self) -> tuple[type[LazyAssistant], tuple[IndexSource]]:
        return LazyAssistant, (self.source,)

    @property
    def assistant(self) -> Assistant:
        """The assistant.

        Raises:
            IndexMissing, IndexDamaged, IndexMismatch: the index cannot be opened.
        """
        with self._lock:
            if self._opened is None:
                self._opened = open_assistant(self.source)  # type: ignore[arg-type]
            return self._opened
