"""What happens when someone asks, opens a citation or begins anew: events -> HTML."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

import gradio as gr

from pullquote.assistant import Assistant, Found
from pullquote.conversation import Conversation, Turn
from pullquote.conversation.record import LONGEST_QUESTION
from pullquote.errors import ConversationUnreadable, PullquoteError, SettingsError
from pullquote.schema import Reply
from pullquote.web.asking import Asking, Plan, asking_of, plan
from pullquote.web.closest import missing_from
from pullquote.web.conversation import Panes, best_place, closest_of
from pullquote.web.desk import Desk
from pullquote.web.downloads import Format, download_html
from pullquote.web.holdings import CHOSEN, label_of
from pullquote.web.kept import place_asked, read_kept, with_turn_at
from pullquote.web.markup import escape
from pullquote.web.references import Link, parse_link, permanent_link
from pullquote.web.render import is_silent, notice_html, place_attributes
from pullquote.web.requests import parse_place, parse_search
from pullquote.web.turns import (
    Head,
    asked_alone,
    conversation_html,
    looking_html,
    refused_html,
    to_ask_html,
)

_BACK = '<button type="button" class="pq-back">Back to the answers</button>'
"""Shown where the article stands below the conversation, on a phone."""

_DROPPED = "What this browser had kept of a conversation could not be read and was dropped ({})."
_FORGET = '<div data-conversation=""></div>'
"""Tells conversation.js to keep nothing."""

_views = count(1)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is searched for, and what there is to read for it."""

    plan: Plan
    found: Found

    def head(self, question: str) -> Head:
        """What stands above the answer."""
        completed = self.plan.completed
        return Head(
            question=question,
            searched=completed.text,
            filled=completed.filled,
            chips=self.plan.chips,
        )

    def turn(self, asking: Asking, reply: Reply, now: datetime) -> Turn:
        """The turn in which that was the reply."""
        completed = self.plan.completed
        missing = missing_from(self.found) if is_silent(reply) else None
        return Turn(
            question=asking.question,
            searched=completed.text,
            filled=completed.filled,
            filters=self.plan.filters,
            given=asking.given,
            switched=asking.switched,
            edited=asking.edited,
            reply=reply,
            nowhere=() if missing is None else missing.nowhere,
            not_near=() if missing is None else missing.not_near,
            asked=now,
        )


class Handlers:
    """The page's events. What they yield is, in order: conversation, article, question.

    The server remembers nothing of a conversation: `kept`, its JSON, comes from the browser with
    every event, and goes back to it with the page.
    """

    def __init__(self, assistant: Assistant, desk: Desk) -> None:
        self._panes = Panes(assistant)
        self._desk = desk
        self._most = assistant.settings.body_bytes // 2

    def begin(self, kept: str, request: gr.Request) -> tuple[Any, ...]:
        """The page as the browser kept it and its address says, and what can be chosen from."""
        notice = ""
        try:
            conversation = read_kept(kept)
        except ConversationUnreadable as error:
            conversation, notice = Conversation(), notice_html(_DROPPED.format(error.reason))
        turns = self._shown(conversation.turns)
        try:
            link = parse_link(dict(request.query_params))
            article = self._view(link)
        except SettingsError as error:
            link, article = Link(), notice_html(str(error))
        # The address is that of what is open: loading the page again asks nothing again.
        asked = {asked_alone(turn) for turn in conversation.turns}
        if link.question and link.question not in asked:
            turns.append(to_ask_html(link.question))
        if turns:
            shown = self._page(turns, conversation)
        else:
            shown = self._panes.welcome() + ("" if conversation.turns else _FORGET)
        names = self._panes.shelf.now().names
        lists = [
            gr.Dropdown(choices=[(label_of(name, one), one) for one in names.get(name, ())])
            for name in CHOSEN
        ]
        return (notice + shown, article, *lists)

    async def answer(
        self,
        kept: str,
        question: str,
        *panel: Any,  # noqa: ANN401 - parse_search checks it
    ) -> AsyncIterator[tuple[Any, ...]]:
        """The question at once, then the closest passages, then what came of it."""
        names = ("comments", "since", "until", *CHOSEN)
        conversation = Conversation()
        try:
            conversation = read_kept(kept)
            given = parse_search(question=question, **dict(zip(names, panel, strict=True))).filters
        except PullquoteError as error:
            turns = self._shown(conversation.turns)
            yield self._page([*turns, refused_html(question, error)]), gr.skip(), question
            return
        async for shown in self._ask(conversation, Asking(question=question, given=given)):
            yield shown

    async def answer_example(
        self,
        event: gr.EventData,
        kept: str,
        *panel: Any,  # noqa: ANN401
    ) -> AsyncIterator[tuple[Any, ...]]:
        """What `answer` yields for the question on the button that was pressed."""
        async for shown in self.answer(kept, str(event.question), *panel):
            yield shown

    async def restore(
        self,
        event: gr.EventData,
        kept: str,
        *panel: Any,  # noqa: ANN401
    ) -> AsyncIterator[tuple[Any, ...]]:
        """What `answer` yields for the question of the page's address.

        The article stays that of the address, where that names one.
        """
        keeps = bool(getattr(event, "keeps", False))
        answered = self.answer(kept, str(event.question), *panel)
        async for conversation, article, *others in answered:
            yield conversation, gr.skip() if keeps else article, *others

    async def again(self, event: gr.EventData, kept: str) -> AsyncIterator[tuple[Any, ...]]:
        """A turn asked again, with a chip switched or with another search in its place."""
        try:
            conversation = read_kept(kept)
            at = place_asked(conversation, getattr(event, "key", None))
            if at is None:
                raise SettingsError("This question is not in the conversation any more. Ask anew.")
        except PullquoteError as error:
            yield notice_html(str(error)), gr.skip(), gr.skip()
            return
        turn = conversation.turns[at]
        chip, edited = getattr(event, "chip", None), getattr(event, "searched", None)
        asking = asking_of(turn, self._panes.shelf.now().archive)
        if edited is not None:  # filters whose words were taken out of the question stay in force
            asking = Asking(question=turn.question, given=turn.filters, edited=str(edited))
        elif chip is not None:
            asking = asking.switching(str(chip))
        async for shown in self._ask(conversation, asking, at=at):
            yield shown

    def open_citation(self, event: gr.EventData) -> str:
        """The article of the citation that was chosen, with its words marked."""
        try:
            place = parse_place(getattr(event, "place", None))
            return self._view(Link(place, str(getattr(event, "question", ""))))
        except SettingsError as error:
            return notice_html(str(error))

    def clear(self) -> tuple[str, str, str]:
        """The empty page."""
        return self._panes.welcome() + _FORGET, self._view(Link()), ""

    def save_markdown(self, kept: str) -> str:
        """The conversation as a Markdown file for the browser to save."""
        return self._saved(kept, "markdown")

    def save_json(self, kept: str) -> str:
        """The same as JSON."""
        return self._saved(kept, "json")

    def _saved(self, kept: str, form: Format) -> str:
        try:
            conversation = self._panes.may_be_shown(read_kept(kept))
        except PullquoteError as error:
            raise gr.Error(str(error), print_exception=False) from error
        return download_html(conversation, form, number=next(_views))

    async def _ask(
        self, conversation: Conversation, asking: Asking, *, at: int | None = None
    ) -> AsyncIterator[tuple[Any, ...]]:
        """Ask, behind the other turns or in the place of one."""
        turns = conversation.turns
        question = asking.question
        above = await self._desk.find(lambda: self._shown(turns[:at]))
        below = [] if at is None else await self._desk.find(lambda: self._shown(turns[at + 1 :]))
        # The box is emptied now and not with the answer, which would wipe what is typed meanwhile.
        emptied = "" if at is None else gr.skip()
        yield self._page([*above, looking_html(question), *below]), gr.skip(), emptied
        now = datetime.now().astimezone()
        try:
            self._desk.check()
            asked = await self._desk.find(lambda: self._found(asking, turns[:at], now))
            reading = self._panes.reading(asked.head(question), asked.found)
            yield self._page([*above, reading, *below]), gr.skip(), gr.skip()
            reply = await self._desk.read(lambda: self._panes.read(asked.found))
        except PullquoteError as error:
            came_back = question if at is None else gr.skip()
            yield self._page([*above, refused_html(question, error), *below]), gr.skip(), came_back
            return

        def shown() -> tuple[Any, ...]:
            turn = asked.turn(asking, reply, now)
            html = self._panes.turn(turn, closest=closest_of(asked.found), current=True)
            kept = with_turn_at(conversation, turn, at, most=self._most)
            page = self._page([*above, html, *below], kept)
            return page, self._view(Link(best_place(turn), asked_alone(turn))), gr.skip()

        yield await self._desk.find(shown)

    def _found(self, asking: Asking, before: Sequence[Turn], now: datetime) -> _Asked:
        """What is searched for, behind those turns, and what there is to read for it."""
        if len(asking.question) > LONGEST_QUESTION:
            raise SettingsError(f"A question has at most {LONGEST_QUESTION:,} characters here.")
        goes_on_from = self._panes.may_be_shown(Conversation(turns=tuple(before))).turns
        archive = self._panes.shelf.now().archive
        planned = plan(asking, archive, today=now.date(), before=goes_on_from)
        return _Asked(planned, self._panes.find(planned.completed.text, planned.filters))

    def _shown(self, turns: Sequence[Turn]) -> list[str]:
        """The turns as they may be shown; none where the index cannot be asked what may be."""
        try:
            return [self._panes.turn(turn) for turn in turns]
        except PullquoteError:
            return []

    def _page(self, turns: Sequence[str], kept: Conversation | None = None) -> str:
        return conversation_html(turns, kept) + (self._panes.damage() if kept is not None else "")

    def _view(self, link: Link) -> str:
        """The article pane; numbered, so that choosing the same place again scrolls to it again."""
        place = link.place
        article = self._panes.article(place)
        back = _BACK if place is not None else ""
        named = "" if place is None else place_attributes(place)
        return (
            f'<div data-view="{next(_views)}" data-link="{escape(permanent_link(link))}"{named}>'
            f"{article}{back}</div>"
        )
