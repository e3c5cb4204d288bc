"""A conversation as a file for the browser to save, made from text in the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pullquote.conversation import Conversation, shown_only, to_markdown
from pullquote.web.pages import render

DownloadFormat = Literal["markdown", "json"]

_TYPES = {"markdown": "text/markdown", "json": "application/json"}
_ENDINGS = {"markdown": "md", "json": "json"}


@dataclass(frozen=True, slots=True)
class Download:
    """A file to save, with its media type."""

    name: str
    type: str
    text: str


def download_html(conversation: Conversation, form: DownloadFormat, *, number: int) -> str:
    """The file for download.js, named after the day of the last question.

    Two downloads in a row need different numbers, or Gradio would not send the second one.
    """
    text = to_markdown(conversation) if form == "markdown" else shown_only(conversation).to_json()
    days = [f"-{turn.asked:%Y-%m-%d}" for turn in conversation.turns[-1:]]
    name = f"pullquote{''.join(days)}.{_ENDINGS[form]}"
    file = Download(name, _TYPES[form], text)
    return str(render("views/download.html", "download", file, number))
