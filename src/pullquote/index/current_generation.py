"""Opens the current generation of an index, and the next one after a rebuild."""

from __future__ import annotations

import threading

from pullquote.index.interfaces import GenerationRef, Index, OpenGeneration
from pullquote.index.services import check_index_config
from pullquote.schema.errors import AssistantClosed, IndexMismatch
from pullquote.schema.settings import Settings


class CurrentGeneration:
    """The generation of an index that answers questions. Safe to share between threads."""

    def __init__(self, index: Index, settings: Settings) -> None:
        self._index, self._settings = index, settings
        self._swap = threading.Lock()
        self._refused: tuple[GenerationRef, IndexMismatch] | None = None
        self._open: OpenGeneration | None = None
        self._is_closed = False

    @property
    def generation(self) -> OpenGeneration:
        """The current generation. If a rebuild has published a newer one, that is opened first.

        While one thread opens the newer generation, other threads use the previous one.

        Raises:
            AssistantClosed: `close` was called.
            IndexMissing, IndexDamaged, IndexMismatch: it cannot be opened; the message says why.
        """
        self.check_open()
        current, opened = self._index.current(), self._open
        if opened is None:
            with self._swap:
                return self._newest()
        if current.name != opened.answers_for and self._swap.acquire(blocking=False):
            try:
                return self._newest()
            finally:
                self._swap.release()
        return opened

    def newest(self) -> OpenGeneration:
        """Like `generation`, but if another thread opens a newer one, this waits for it."""
        with self._swap:
            return self._newest()

    def check_open(self) -> None:
        """Raise AssistantClosed if `close` was called."""
        if self._is_closed:
            raise AssistantClosed(self._index.location)

    def close(self) -> None:
        """Release the files of the open generation."""
        with self._swap:
            self._is_closed = True
            if self._open is not None:
                self._open.close()

    def _newest(self) -> OpenGeneration:
        """The current generation. The caller must hold the lock."""
        self.check_open()
        current = self._index.current()
        if self._open is None or self._open.answers_for != current.name:
            self._open = self._open_current(current)
        return self._open

    def _open_current(self, current: GenerationRef) -> OpenGeneration:
        """Open the current generation, unless it was refused before."""
        if self._refused is not None and self._refused[0] == current:
            raise self._refused[1]
        generation = self._index.open(before=self._open)
        try:
            check_index_config(self._settings, generation)
        except IndexMismatch as error:
            self._refused = current, error
            raise
        return generation
