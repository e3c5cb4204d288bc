"""The chat's other events, which ask no question: open, choose a citation, save, clear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from typing import Any

import gradio as gr
from markupsafe import Markup

from pullquote.conversation import Conversation, Turn
from pullquote.schema.errors import ConversationUnreadable, PullquoteError, SettingsError
from pullquote.web.gradio.answering import TEMPLATE
from pullquote.web.pages import render
from pullquote.web.requests import OpenedCitation, OpenedConversation, parse_event
from pullquote.web.state.browser_conversation import index_of_turn, parse_saved_conversation
from pullquote.web.views.answer_view import notice_html
from pullquote.web.views.chat_views import ChatViews, best_place
from pullquote.web.views.downloads import DownloadFormat, download_html
from pullquote.web.views.filter_form import filter_choices_html
from pullquote.web.views.permalinks import Link, parse_link, parse_narrowing
from pullquote.web.views.turns import link_of, to_ask_html

_DROPPED = (
    "The conversation saved in this browser could not be read ({}), so it was removed. Ask your "
    "question again."
)

_RELOAD = "To try again, load the page again. Your conversation is kept in this browser."

_numbers = count(1)


class Handlers:
    """Handles the events; `saved` is the conversation that the browser has saved, as JSON."""

    def __init__(self, views: ChatViews) -> None:
        self._views = views

    def begin(self, saved: str, request: gr.Request) -> tuple[str, str, str]:
        """The page with the saved conversation, what its address opens, and the filter choices."""
        dropped = ""
        try:
            conversation = parse_saved_conversation(saved)
        except ConversationUnreadable as error:
            conversation = Conversation()
            dropped = _DROPPED.format(error.reason)
        turns = self._turns(conversation.turns)
        try:
            link = parse_link(request.query_params.multi_items())
            article = self._views.article_pane(link)
        except SettingsError as error:
            link, article = Link(), str(notice_html(str(error)))
        # The address contains the last question, so a reload must not ask that question again.
        if link.question and not any(_asks_the_same(link, turn) for turn in conversation.turns):
            turns.append(to_ask_html(link))
        choices = str(filter_choices_html(self._views.facets.now().names))
        return self._page(turns, notice=dropped, forget=bool(dropped)), article, choices

    def not_begun(self, message: str) -> tuple[Any, ...]:
        """The page with the reason why it could not be filled; the browser keeps what it saved."""
        return *self.unopened(message), gr.skip()

    def unopened(self, message: str) -> tuple[str, str]:
        """The page with the reason why the conversation is not shown."""
        return self._page([], notice=f"{message} {_RELOAD}"), self._views.article_pane(Link())

    def show_anew(self, saved: str) -> str:
        """The conversation, checked against the generation that is current now."""
        try:
            turns = self._turns(parse_saved_conversation(saved).turns)
        except ConversationUnreadable:
            turns = []
        return self._page(turns)

    def open_citation(self, event: gr.EventData) -> str:
        """The article of the chosen citation, with its words marked."""
        try:
            opened = parse_event(OpenedCitation, event._data)
            link = parse_narrowing(opened.narrowed, question=opened.question, place=opened.place)
        except SettingsError as error:
            return str(notice_html(str(error)))
        return self._views.article_pane(link)

    def clear(self) -> tuple[str, str, str]:
        """The empty page of another conversation."""
        return self._page([], fresh=True), self._views.article_pane(Link()), ""

    def open_conversation(self, event: gr.EventData, saved: str) -> tuple[str, str]:
        """A conversation from the list, with the article of the turn to go to."""
        try:
            key = parse_event(OpenedConversation, event._data).key
            conversation = parse_saved_conversation(saved)
        except (ConversationUnreadable, SettingsError) as error:
            return self._page([], notice=str(error)), self._views.article_pane(Link())
        turns, link = conversation.turns, Link()
        at = index_of_turn(conversation, key)
        for turn in turns[-1:] if at is None else turns[at : at + 1]:
            link = replace(link_of(turn), place=best_place(turn))
        return self._page(self._turns(turns)), self._views.article_pane(link)

    def save_markdown(self, saved: str) -> str:
        """The conversation as a Markdown file for the browser to download."""
        return self._download(saved, "markdown")

    def save_json(self, saved: str) -> str:
        """The conversation as a JSON file for the browser to download."""
        return self._download(saved, "json")

    def _download(self, saved: str, form: DownloadFormat) -> str:
        conversation = self._views.may_be_shown(parse_saved_conversation(saved))
        return download_html(conversation, form, number=next(_numbers))

    def _turns(self, turns: Sequence[Turn]) -> list[Markup]:
        """The turns as HTML.

        Empty if no index can be opened, since only the index says what may be shown.
        """
        try:
            return [self._views.turn(turn) for turn in turns]
        except PullquoteError:
            return []

    def _page(
        self,
        turns: Sequence[Markup],
        *,
        notice: str = "",
        forget: bool = False,
        fresh: bool = False,
    ) -> str:
        """The page with these turns, oldest first, or with the welcome if there are none.

        It replaces everything that was shown before. `forget` makes the browser delete its saved
        conversation, and `fresh` makes it begin another one.
        """
        return str(
            render(
                TEMPLATE,
                "page",
                turns=turns,
                number=next(_numbers),  # or Gradio would not send the second of two equal pages
                generation=self._views.generation,
                notice=notice,
                welcome=None if turns else self._views.welcome(),
                forget=forget,
                fresh=fresh,
            )
        )


def _asks_the_same(link: Link, turn: Turn) -> bool:
    return replace(link, place=None) == link_of(turn)
