"""A conversation as a file that the browser saves: it is in the page, no file is served."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pullquote.conversation import Conversation, to_markdown
from pullquote.web.templating import render

Format = Literal["markdown", "json"]

_TYPES = {"markdown": "text/markdown", "json": "application/json"}
_ENDINGS = {"markdown": "md", "json": "json"}


@dataclass(frozen=True, slots=True)
class File:
    """A file to save, with its media type."""

    name: str
    type: str
    text: str


def download_html(conversation: Conversation, form: Format, *, number: int) -> str:
    """The file for download.js, named by the day of the last question.

    `number` tells this time from others, or the browser would not see that it is asked again.
    """
    text = to_markdown(conversation) if form == "markdown" else conversation.to_json()
    days = [f"-{turn.asked:%Y-%m-%d}" for turn in conversation.turns[-1:]]
    name = f"pullquote{''.join(days)}.{_ENDINGS[form]}"
    file = File(name, _TYPES[form], text)
    return str(render("views/download.html", "download", file, number))
