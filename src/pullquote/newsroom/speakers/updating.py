"""Brings the stored attributions up to date with a generation: only what changed is read."""

from __future__ import annotations

import secrets
from contextlib import AbstractContextManager
from importlib.metadata import version
from typing import Protocol

from pullquote.base.cancellation import check_cancelled
from pullquote.index.interfaces import OpenGeneration
from pullquote.newsroom.speakers.store import AttributionStore, attributed, made_with

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
    return made_with(version("pullquote"), generation.manifest.index_config.model_dump_json())
