"""HTML events for conversation.js: a whole page, or an update of one turn. Pure.

An update leaves all other turns as they are, so its cost does not grow with the conversation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from markupsafe import Markup

from pullquote.conversation import Turn
from pullquote.conversation.models import VERSION
from pullquote.web.limits import MAX_TURNS
from pullquote.web.templating import render

TEMPLATE: Final = "views/stream.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnUpdate:
    """The new HTML of one turn, while its question is being answered.

    It replaces the previous update with the same number, or else the turn with that key. If there
    is neither, it is added at the end. `saved` is the turn for the browser to save. The browser may
    save at most `bytes_saved` bytes of the conversation. `keeps_box` means that the question is not
    from the question box.
    """

    number: int
    section: Markup | None = None
    notice: str = ""
    key: str | None = None
    saved: Turn | None = None
    bytes_saved: int = 0
    keeps_box: bool = False

    version: ClassVar[int] = VERSION
    max_turns: ClassVar[int] = MAX_TURNS


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationPage:
    """All turns, oldest first, in place of everything that was shown before.

    Two pages in a row need different numbers, or Gradio would not send the second one. `generation`
    is the index generation that the turns were checked against. `forget` makes the browser delete
    its saved conversation, and `fresh` makes it begin another one.
    """

    turns: Sequence[Markup]
    number: int
    generation: str
    notice: str = ""
    welcome: Markup | None = None
    forget: bool = False
    fresh: bool = False


def update_html(update: TurnUpdate) -> str:
    """The update as HTML."""
    return str(render(TEMPLATE, "update", update))


def page_html(page: ConversationPage) -> str:
    """The page as HTML."""
    return str(render(TEMPLATE, "page", page))
