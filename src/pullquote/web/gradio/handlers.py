"""What happens when the page is opened, a citation is chosen, or a conversation saved or ended."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

import gradio as gr

from pullquote.conversation import Conversation, Turn
from pullquote.errors import ConversationUnreadable, PullquoteError, SettingsError
from pullquote.web.requests import OpenedCitation, parse_event
from pullquote.web.state.browser_conversation import parse_saved_conversation
from pullquote.web.state.facets import CHOSEN, label_of
from pullquote.web.views.downloads import Format, download_html
from pullquote.web.views.permalinks import Link, parse_link, parse_narrowing
from pullquote.web.views.render import notice_html
from pullquote.web.views.stream_events import FORGET, page_html
from pullquote.web.views.turns import link_of, to_ask_html
from pullquote.web.views.views import Panes

_DROPPED = "What this browser had kept of a conversation could not be read and was dropped ({})."

_numbers = count(1)


class Handlers:
    """The page's events that ask nothing; `kept` is the conversation that the browser keeps."""

    def __init__(self, panes: Panes) -> None:
        self._panes = panes

    def begin(self, kept: str, request: gr.Request) -> tuple[Any, ...]:
        """The page as the browser kept it and its address says, and what can be chosen from."""
        notice = ""
        try:
            conversation = parse_saved_conversation(kept)
        except ConversationUnreadable as error:
            conversation = Conversation()
            notice = notice_html(_DROPPED.format(error.reason)) + FORGET
        turns = self._shown(conversation.turns)
        try:
            link = parse_link(request.query_params.multi_items())
            article = self._panes.view(link)
        except SettingsError as error:
            link, article = Link(), notice_html(str(error))
        # The address is that of what is open: loading the page again asks nothing again.
        if link.question and not any(_asks_the_same(link, turn) for turn in conversation.turns):
            turns.append(to_ask_html(link))
        if not turns:
            notice += self._panes.welcome()
        names = self._panes.shelf.now().names
        lists = [
            gr.Dropdown(choices=[(label_of(name, one), one) for one in names.get(name, ())])
            for name in CHOSEN
        ]
        return (self._page(turns, notice), article, *lists)

    def show_anew(self, kept: str) -> str:
        """The conversation as it may be shown by the generation that is current by now."""
        try:
            turns = self._shown(parse_saved_conversation(kept).turns)
        except ConversationUnreadable:
            turns = []
        return self._page(turns, "" if turns else self._panes.welcome())

    def open_citation(self, event: gr.EventData) -> str:
        """The article of the citation that was chosen, with its words marked."""
        try:
            opened = parse_event(OpenedCitation, event._data)
            link = parse_narrowing(opened.narrowed, question=opened.question, place=opened.place)
        except SettingsError as error:
            return notice_html(str(error))
        return self._panes.view(link)

    def clear(self) -> tuple[str, str, str]:
        """The empty page."""
        return self._page([], self._panes.welcome() + FORGET), self._panes.view(Link()), ""

    def save_markdown(self, kept: str) -> str:
        """The conversation as a Markdown file for the browser to save."""
        return self._saved(kept, "markdown")

    def save_json(self, kept: str) -> str:
        """The same as JSON."""
        return self._saved(kept, "json")

    def _saved(self, kept: str, form: Format) -> str:
        try:
            conversation = self._panes.may_be_shown(parse_saved_conversation(kept))
        except PullquoteError as error:
            raise gr.Error(str(error), print_exception=False) from error
        return download_html(conversation, form, number=next(_numbers))

    def _shown(self, turns: Sequence[Turn]) -> list[str]:
        """The turns as they may be shown; none where the index cannot be asked what may be."""
        try:
            return [self._panes.turn(turn) for turn in turns]
        except PullquoteError:
            return []

    def _page(self, turns: Sequence[str], beside: str) -> str:
        generation = self._panes.generation
        return page_html(turns, number=next(_numbers), generation=generation, beside=beside)


def _asks_the_same(link: Link, turn: Turn) -> bool:
    """Whether an address asks for what a turn did."""
    asked = link_of(turn)
    return (link.question, link.filters, link.switched) == (
        asked.question,
        asked.filters,
        asked.switched,
    )
