"""What the pages beside the chat share: their frame, and what the application needs of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from starlette.routing import Route


@dataclass(frozen=True, slots=True)
class PageFrame:
    """What every page has: its title, the page in the navigation, and a message, if any.

    `styles` and `scripts` are the addresses of files of its own. `main` names its main part, whose
    id is `main_id`, for the link that skips the header. While something is prepared, the
    page `waits`: it loads itself again and shows `done` of `total`.
    """

    title: str
    current: str
    styles: Sequence[str] = ()
    scripts: Sequence[str] = ()
    main_id: str = "pq-main"
    main: str = "content"
    notice: str = ""
    waits: bool = False
    done: int = 0
    total: int = 0


class PageGroup(Protocol):
    """The pages of one part of the application."""

    @property
    def routes(self) -> Sequence[Route]:
        """All addresses."""

    @property
    def paths(self) -> Sequence[str]:
        """The addresses of whole pages, which get a head, a policy and may have forms."""

    def close(self) -> None:
        """End what runs in the background."""
