"""What the chat shows while nothing can be asked: what is missing, or how far a rebuild is.

It fills an empty page, or stands below a question that was asked too early.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from markupsafe import Markup

from pullquote.index import Index
from pullquote.index.services import index_of
from pullquote.newsroom.assistant import Assistant
from pullquote.schema.errors import (
    IndexDamaged,
    IndexEmpty,
    IndexMismatch,
    IndexMissing,
    IndexUnreachable,
    PullquoteError,
)
from pullquote.web.pages import render

TEMPLATE: Final = "views/chat.html"

NO_INDEX = (IndexDamaged, IndexEmpty, IndexMismatch, IndexMissing, IndexUnreachable)
"""Errors that may mean that no question can be asked."""

_HEADINGS = {
    IndexMissing: "There is no index yet.",
    IndexEmpty: "There are no articles yet.",
    IndexUnreachable: "The index cannot be reached.",
}
_UNUSABLE = "The index cannot be used."
"""The heading by the reason; the error says what to do."""


@dataclass(frozen=True, slots=True)
class RebuildProgress:
    """How far a rebuild has got; `total` is None while the number of files is unknown."""

    label: str
    done: int = 0
    total: int | None = None
    can_cancel: bool = True


@dataclass(frozen=True, slots=True)
class RebuildStatus:
    """The progress of a running rebuild, or why the last one failed ("" if it did not).

    `can_retry` is true if the Corpus page has a button that rebuilds the index. Screen readers
    speak `announcement` when it changes.
    """

    progress: RebuildProgress | None = None
    failure: str = ""
    can_retry: bool = False
    announcement: str = ""


@dataclass(frozen=True, slots=True)
class Unready:
    """Why nothing can be asked. `building` is true while this or another process rebuilds.

    `can_rebuild` is true if a rebuild from the Corpus page may help.
    """

    heading: str
    message: str
    building: bool
    can_rebuild: bool
    rebuild: RebuildStatus


class UnreadyView:
    """Renders the reason why an assistant cannot answer, with the status of a rebuild."""

    def __init__(self, assistant: Assistant, rebuild: Callable[[], RebuildStatus]) -> None:
        self._assistant = assistant
        self._rebuild = rebuild

    @cached_property
    def _index(self) -> Index:
        return index_of(self._assistant.settings)

    def html(self, error: PullquoteError) -> Markup:
        """The page for an error. While a rebuild runs, nobody needs to do what the error says."""
        return render(TEMPLATE, "unready", self.state(error))

    def below_question(self, error: PullquoteError) -> Markup:
        """The same for a question that the page asks again when there is an index."""
        return render(TEMPLATE, "waiting", self.state(error))

    @property
    def is_building(self) -> bool:
        """Whether this or another process rebuilds the index."""
        return self._rebuild().progress is not None or self._index.lock_holder() is not None

    def state(self, error: PullquoteError) -> Unready:
        """What an error and a running rebuild mean for those who want to ask."""
        rebuild = self._rebuild()
        return Unready(
            heading=_HEADINGS.get(type(error), _UNUSABLE),
            message=str(error),
            building=self.is_building,
            can_rebuild=rebuild.can_retry and not isinstance(error, IndexUnreachable),
            rebuild=rebuild,
        )
