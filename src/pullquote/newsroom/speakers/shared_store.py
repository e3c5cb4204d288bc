"""Shares the stored attributions between threads and processes, and keeps them up to date."""

from __future__ import annotations

import contextlib
import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from importlib.metadata import version
from typing import Protocol, TypeVar

from filelock import FileLock, Timeout

from pullquote.base.cancellation import check_cancelled
from pullquote.index.interfaces import ATTRIBUTIONS, Index, OpenGeneration
from pullquote.newsroom.speakers import queries
from pullquote.newsroom.speakers.store import (
    FORMAT,
    STORE_FAILURES,
    AttributionStore,
    attributed,
)
from pullquote.schema.errors import IndexUnwritable
from pullquote.schema.speakers import ClaimFilters

ARTICLES_AT_ONCE = 32
"""How many articles are stored in one transaction: about 0.2 s of work to lose."""

MADE_WITH, GENERATION, STATE = "made_with", "generation", "state"
"""Facts about the store. The state is a new random name for every update."""


class AttributionProgress(Protocol):
    """A callback for the progress of an update: `done` of `total` articles are stored."""

    def __call__(self, done: int, total: int) -> None:
        """Report the progress; called from the thread of the update."""


def is_current(store: AttributionStore, generation: OpenGeneration) -> bool:
    """Whether the store has the attributions of exactly this generation."""
    facts = (store.fact(GENERATION), store.fact(MADE_WITH))
    return facts == (generation.name, _made_with(generation))


def bring_up_to_date(
    store: AttributionStore,
    generation: OpenGeneration,
    *,
    locked: AbstractContextManager[object],
    progress: AttributionProgress | None = None,
) -> None:
    """Store the attributions of a generation, and remove those of articles that it lacks.

    If the file was replaced meanwhile, the update ends early; the next one goes on.

    `locked` guards the store against other threads; it is entered again for each step. No other
    process may update the same file.

    Raises:
        Cancelled: the work was cancelled; the next update goes on from there.
        IndexDamaged: an article cannot be read.
    """
    wanted, made = generation.article_versions(), _made_with(generation)
    state = secrets.token_hex(8)
    with locked, store.transaction(writes=True):
        if store.fact(MADE_WITH) != made:
            store.clear()
            store.set_fact(MADE_WITH, made)
        stored = store.versions()
        store.set_fact(GENERATION, "")
        store.set_fact(STATE, state)
        store.remove(id for id, known in stored.items() if wanted.get(id) != known)
    new = [id for id, known in wanted.items() if stored.get(id) != known]
    for start in range(0, len(new), ARTICLES_AT_ONCE):
        check_cancelled()
        found = map(generation.stored_article, new[start : start + ARTICLES_AT_ONCE])
        rows = [attributed(article) for article in found if article is not None]
        with locked, store.transaction(writes=True):
            if store.fact(STATE) != state:  # the file was damaged and has been replaced
                return
            store.add(rows)
        if progress is not None:
            progress(min(start + ARTICLES_AT_ONCE, len(new)), len(new))
    with locked, store.transaction(writes=True):
        if store.fact(STATE) == state:
            store.set_fact(GENERATION, generation.name)


def _made_with(generation: OpenGeneration) -> str:
    """What decides the stored rows: the version of the rules, and how the articles were parsed."""
    config = generation.manifest.index_config.model_dump_json()
    return hashlib.sha256(f"{FORMAT}\0{version('pullquote')}\0{config}".encode()).hexdigest()


_T = TypeVar("_T")

_TRIES = 3
"""A damaged file is replaced once, and a file that cannot be written is given up."""

_POLL_SECONDS = 0.5


class SharedStore:
    """The attributions of the current generation, stored beside the index.

    Threads may share it. Every method raises IndexUnwritable if they cannot be stored anywhere.
    """

    def __init__(self, index: Index, generation: Callable[[], OpenGeneration]) -> None:
        self._index, self._generation = index, generation
        self._lock = threading.RLock()
        self._one_update = threading.Lock()
        self._opened: AttributionStore | None = None
        self._shown, self._shown_until = ("", ""), 0
        self._counted: ClaimFilters | None = None

    @property
    def is_ready(self) -> bool:
        """Whether the attributions of the current generation are stored."""
        generation = self._generation()
        with self._lock, contextlib.suppress(*STORE_FAILURES):
            return is_current(self._store, generation)
        return False

    def update(self, progress: AttributionProgress | None = None) -> None:
        """Store the attributions of new and changed articles, as queries do if needed.

        `progress(done, total)` is called as articles are read.
        """
        self._generation()  # if it cannot be opened, the file is not opened either
        with self._one_update:
            self._retried(lambda: self._update(progress))

    def _read(
        self, query: Callable[[AttributionStore], _T], *, counting: ClaimFilters | None = None
    ) -> _T:
        """The result of a query over one state of the store, which is updated first if needed.

        The query finds the tables of `queries.show`, and with `counting` that of
        `queries.count_speakers` for these filters.
        """
        while True:
            self.update()
            for result in self._retried(lambda: self._read_if_current(query, counting)):
                return result

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._opened is not None:
                self._opened.close()
                self._opened = None
            self._forget()

    @property
    def _store(self) -> AttributionStore:
        """The file, opened when first used."""
        with self._lock:
            if self._opened is None:
                self._opened = AttributionStore(self._index.local_folder / ATTRIBUTIONS)
            return self._opened

    def _read_if_current(
        self, query: Callable[[AttributionStore], _T], counting: ClaimFilters | None
    ) -> list[_T]:
        """What a query finds; nothing if a rebuild or another process has changed the store."""
        with self._lock:
            try:
                with self._store.transaction():
                    generation = self._generation()
                    if not is_current(self._store, generation):
                        return []
                    self._show(generation)
                    if counting is not None and self._counted != counting:
                        queries.count_speakers(self._store, counting)
                        self._counted = counting
                    return [query(self._store)]
            except BaseException:  # the temporary tables are as before the transaction
                self._forget()
                raise

    def _update(self, progress: AttributionProgress | None) -> None:
        with self._only_process():
            generation = self._generation()
            with self._lock:
                if is_current(self._store, generation):
                    return
            bring_up_to_date(self._store, generation, locked=self._lock, progress=progress)

    @contextlib.contextmanager
    def _only_process(self) -> Iterator[None]:
        """Wait until no other process updates the file."""
        if not self._store.is_shared or self._is_current():
            yield
            return
        lock = FileLock(self._index.local_folder / f"{ATTRIBUTIONS}.lock")
        while True:
            check_cancelled()
            try:
                lock.acquire(timeout=_POLL_SECONDS)
                break
            except Timeout:
                continue
        try:
            yield
        finally:
            lock.release()

    def _is_current(self) -> bool:
        with self._lock:
            return is_current(self._store, self._generation())

    def _show(self, generation: OpenGeneration) -> None:
        """Fill the table of articles that may be shown, if it is not up to date."""
        now, state = int(time.time()), (generation.name, self._store.fact(STATE))
        if self._shown != state or now >= self._shown_until:
            self._forget()
            self._shown_until = queries.show(self._store, generation, now=now)
            self._shown = state

    def _forget(self) -> None:
        """Have the temporary tables filled again."""
        self._shown, self._shown_until = ("", ""), 0
        self._counted = None

    def _retried(self, do: Callable[[], _T]) -> _T:
        """The result of `do`, which is tried again after the file was replaced or given up.

        Raises:
            IndexUnwritable: it failed again and again.
        """
        for _ in range(_TRIES):
            try:
                return do()
            except STORE_FAILURES as error:
                failure = error
                with self._lock:
                    self._store.recover(error)
                    self._forget()
        raise IndexUnwritable(self._index.local_folder / ATTRIBUTIONS, str(failure)) from failure
