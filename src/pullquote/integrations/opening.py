"""Opens an index for a framework when it is first used."""

from __future__ import annotations

import threading
from pathlib import Path

from pullquote.assistant import Assistant, open_assistant

IndexSource = str | Path | Assistant | None
"""The address of an index, an assistant that is open, or None for the index in the settings."""


class LazyAssistant:
    """The assistant of an index. It is opened once, when it is first used. Thread-safe.

    Frameworks copy what uses it: a copy shares an assistant that is open.
    """

    def __init__(self, index: IndexSource) -> None:
        self._index = index
        self._lock = threading.Lock()

    def __copy__(self) -> LazyAssistant:
        return LazyAssistant(self._index)

    def __deepcopy__(self, _: object) -> LazyAssistant:
        return LazyAssistant(self._index)

    @property
    def assistant(self) -> Assistant:
        """The assistant.

        Raises:
            IndexMissing, IndexDamaged, IndexMismatch: the index cannot be opened.
        """
        with self._lock:
            if not isinstance(self._index, Assistant):
                self._index = open_assistant(self._index)
            return self._index
