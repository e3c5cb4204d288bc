"""The chat's events that ask a new question or repeat one; each sends a turn in several updates."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from itertools import count
from typing import Any, ClassVar, Final

import gradio as gr
from markupsafe import Markup

from pullquote.answering.retrieval.searcher import SearchResult
from pullquote.conversation import Archive, Conversation, Turn
from pullquote.conversation.models import VERSION
from pullquote.newsroom.assistant import Assistant
from pullquote.schema import Filters, Reply
from pullquote.schema.answer import scope_notes
from pullquote.schema.errors import PullquoteError, SettingsError
from pullquote.web.pages import render
from pullquote.web.request_limits import MAX_TURNS, check_filters, check_question, check_switched
from pullquote.web.requests import ChosenQuestion, RepeatedQuestion, SearchRequest, parse_event
from pullquote.web.scheduler import Scheduler, passages
from pullquote.web.slots import CallerLeft
from pullquote.web.state.browser_conversation import index_of_turn, parse_saved_conversation
from pullquote.web.state.facets import check_names_exist
from pullquote.web.state.near_misses import missing_from
from pullquote.web.state.question import (
    QuestionInput,
    ResolvedQuestion,
    check_can_be_asked_again,
    narrowed_further,
    resolve_again,
    resolve_question,
)
from pullquote.web.views.answer_view import closest_html, names_missing
from pullquote.web.views.chat_views import ChatViews, best_place, closest_of
from pullquote.web.views.permalinks import Link, parse_narrowing
from pullquote.web.views.text_segments import SearchText, ShownKind
from pullquote.web.views.turns import (
    RetryFailure,
    TurnHeader,
    link_of,
    looking_html,
    reading_html,
    refused_html,
)
from pullquote.web.views.unready import NO_INDEX

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


def update_html(update: TurnUpdate) -> str:
    """The update as HTML."""
    return str(render(TEMPLATE, "update", update))


def input_of(chosen: ChosenQuestion) -> QuestionInput:
    """The input for a question with the filters of its link.

    Raises:
        SettingsError: the question is too long, or a filter is invalid.
    """
    check_question(chosen.question)
    link = parse_narrowing(chosen.narrowed, question=chosen.question)
    return QuestionInput(
        question=chosen.question,
        given=link.filters,
        switched=link.switched,
        options=link.options,
    )


def _as_of(turn: Turn) -> date | None:
    """The last day of the articles that a turn was answered from, if it was as of a day."""
    return turn.as_of if turn.reply is None else turn.reply.as_of


def input_again(turn: Turn, again: RepeatedQuestion, archive: Archive) -> QuestionInput:
    """The input that asks a turn again with one change.

    Raises:
        SettingsError: the turn cannot be asked again, or cannot be changed in that way.
    """
    check_can_be_asked_again(turn)
    if again.searched is not None:
        check_question(again.searched)
        # The words of some filters are no longer in the text, but the filters still apply. So does
        # a day such as "as of 3 March".
        return QuestionInput(
            question=turn.question,
            given=turn.filters,
            edited=again.searched,
            options=replace(turn.options, as_of=_as_of(turn)),
        )
    if again.added is not None:
        added = parse_narrowing(again.added, question=turn.question).filters
        return narrowed_further(turn, added, archive)
    asking, _ = resolve_again(turn, archive)
    if again.chosen is not None:
        return asking.choosing(parse_narrowing(again.chosen, question=turn.question).filters)
    if again.kind is not None:
        return replace(asking, options=replace(asking.options, kind=again.kind or None))
    if again.as_typed is not None or again.fast is not None:
        options = asking.options
        as_typed = options.as_typed if again.as_typed is None else again.as_typed
        fast = options.fast if again.fast is None else again.fast
        return replace(asking, options=replace(options, as_typed=as_typed, fast=fast))
    if again.chip is not None:
        asking = asking.switching(again.chip)
        check_switched(asking.switched)
    return asking


Outputs = AsyncIterator[tuple[Any, ...]]
"""For each update, the new values of conversation, article and question box."""

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class SearchedQuestion:
    """A question with its search plan and the passages found."""

    asking: QuestionInput
    resolved: ResolvedQuestion
    found: SearchResult

    @property
    def header(self) -> TurnHeader:
        """The part of the turn above the answer."""
        asking, completed = self.asking, self.resolved.completed
        link = _link_of(asking)
        if completed.filled:
            link = Link(None, completed.text, self.resolved.filters, options=asking.options)
        found = self.found
        query = found.query
        return TurnHeader(
            question=asking.question,
            search=SearchText.of(completed, query.text, query.corrections, asking.options),
            link=link,
            chips=self.resolved.chips,
            kind=ShownKind(query.kind, asking.options.kind is not None, asking.options.fast),
            scope_notes=scope_notes(found.generation.manifest.progress, found.scope.as_of),
        )

    @property
    def reading_html(self) -> Markup:
        """The question with the passages that are being read."""
        return reading_html(self.header, closest_html(closest_of(self.found)))

    def turn(self, reply: Reply, now: datetime, *, note: str) -> Turn:
        """The turn with that reply, and with the note on the turn that it replaces."""
        asking, completed = self.asking, self.resolved.completed
        typed = asking.question if asking.edited is None else asking.edited
        missing = missing_from(self.found, typed=typed) if names_missing(reply) else None
        return Turn(
            question=asking.question,
            searched=completed.text,
            filled=completed.filled,
            filters=self.resolved.filters,
            given=asking.given,
            switched=asking.switched,
            edited=asking.edited,
            kind=asking.options.kind,
            as_typed=asking.options.as_typed,
            as_of=asking.options.as_of,
            fast=asking.options.fast,
            reply=reply,
            nowhere=() if missing is None else missing.nowhere,
            not_near=() if missing is None else missing.not_near,
            note=note,
            asked=now,
        )


class Answering:
    """Handles the events.

    The server stores no conversation: the browser sends its last turns as JSON in `saved`, and
    gets the new turn back.
    """

    def __init__(
        self, assistant: Assistant, views: ChatViews, scheduler: Scheduler, *, most: int
    ) -> None:
        self._assistant = assistant
        self._views = views
        self._scheduler = scheduler
        self._most = most

    async def answer(
        self,
        saved: str,
        typed: str | None,
        narrowed: str | None,
    ) -> Outputs:
        """Send the question at once, then the closest passages, then the answer.

        `narrowed` are the chosen filters, as in a link.
        """
        question = "" if typed is None else typed
        try:
            before = parse_saved_conversation(saved).turns
            event = {"question": question, "narrowed": "" if narrowed is None else narrowed}
            asking = input_of(parse_event(ChosenQuestion, event))
            check_names_exist(asking.given, self._views.facets.now())
        except PullquoteError as error:
            yield _refused(question, error)
            return
        async for outputs in self._ask(asking, before):
            yield outputs

    async def answer_example(
        self,
        event: gr.EventData,
        saved: str,
        narrowed: str | None,
    ) -> Outputs:
        """Answer the question on the pressed button."""
        try:
            question = parse_event(ChosenQuestion, event._data).question
        except SettingsError as error:
            yield _refused("", error)
            return
        async for outputs in self.answer(saved, question, narrowed):
            yield outputs

    async def restore(self, event: gr.EventData, saved: str) -> Outputs:
        """Answer the question in the page's address, with its filters.

        If the address names an article, that article stays open.
        """
        question = ""
        try:
            chosen = parse_event(ChosenQuestion, event._data)
            question = chosen.question
            asking = input_of(chosen)
            before = parse_saved_conversation(saved).turns
        except PullquoteError as error:
            yield _refused(question, error)
            return
        async for conversation, article, *box in self._ask(asking, before, keeps_box=True):
            yield conversation, gr.skip() if chosen.keeps else article, *box

    async def again(self, event: gr.EventData, saved: str) -> Outputs:
        """Ask a turn's question again with one change; see `RepeatedQuestion`."""
        try:
            again = parse_event(RepeatedQuestion, event._data)
            conversation = parse_saved_conversation(saved)
            at = index_of_turn(conversation, again.key)
            if at is None:
                raise SettingsError("This question is no longer in the conversation. Ask it again.")
            turn = conversation.turns[at]
        except PullquoteError as error:
            yield _refused("", error)
            return
        try:
            asking = await self._scheduler.find(
                lambda: input_again(turn, again, self._views.facets.now().archive)
            )
        except PullquoteError as error:
            update = TurnUpdate(number=next(_numbers), key=again.key)
            yield await self._unchanged(update, turn, RetryFailure(error, again.searched))
            return
        async for outputs in self._ask(
            asking, conversation.turns[:at], instead=turn, key=again.key
        ):
            yield outputs

    async def _ask(
        self,
        asking: QuestionInput,
        before: Sequence[Turn],
        *,
        instead: Turn | None = None,
        key: str | None = None,
        keeps_box: bool = False,
    ) -> Outputs:
        """Ask the question as the next turn after the turns in `before`.

        If `key` is given, the new turn replaces `instead`, which is the turn with that key. With
        `keeps_box`, the question is not from the box, and what is typed there stays.
        """
        keeps_box = keeps_box or key is not None
        update = TurnUpdate(
            number=next(_numbers),
            key=key,
            section=looking_html(asking.question),
            keeps_box=keeps_box,
        )
        # Empty the box now: emptying it later would delete what is typed before the answer arrives.
        yield update_html(update), gr.skip(), gr.skip() if keeps_box else ""
        now = datetime.now().astimezone()
        try:
            with self._scheduler.place() as place:
                asked = await place.find(lambda: self._found(asking, before, now))
                reading = replace(update, section=asked.reading_html)
                yield update_html(reading), gr.skip(), gr.skip()
                reply = await place.read(lambda: self._assistant.read(asked.found))
                turn = asked.turn(reply, now, note="" if instead is None else instead.note)
                last = await place.find(lambda: self._answered(update, turn, asked))
            yield last
        except CallerLeft:
            return
        except PullquoteError as error:
            if instead is None:
                yield await self._unanswered(update, asking, error)
                return
            yield await self._unchanged(update, instead, RetryFailure(error, asking.edited))

    def _found(
        self, asking: QuestionInput, before: Sequence[Turn], now: datetime
    ) -> SearchedQuestion:
        """Complete the question from the turns `before`, narrow it, and find passages for it."""
        shown = self._views.may_be_shown(Conversation(turns=tuple(before))).turns
        archive = self._views.facets.now().archive
        options, settings = asking.options, self._assistant.settings

        @cache  # the text that is chosen has often been searched already
        def find(text: str, filters: Filters) -> SearchResult:
            return passages(self._assistant, SearchRequest(text, None, filters, options))

        resolved = resolve_question(
            asking,
            archive,
            today=now.date(),
            before=shown,
            find=find,
            most=settings.question_chars,
        )
        check_filters(resolved.filters)
        found = find(resolved.completed.text, resolved.filters)
        return SearchedQuestion(asking, resolved, found)

    def _answered(self, update: TurnUpdate, turn: Turn, asked: SearchedQuestion) -> tuple[Any, ...]:
        """The last update; it opens the article at the best answer."""
        section = self._views.turn(
            turn, chips=asked.resolved.chips, closest=closest_of(asked.found), current=True
        )
        saved = Conversation().with_turn(turn).turns[0]
        notice = self._views.damage_notice()
        last = replace(update, section=section, notice=notice, saved=saved, bytes_saved=self._most)
        article = self._views.article_pane(replace(link_of(turn), place=best_place(turn)))
        return update_html(last), article, gr.skip()

    async def _unanswered(
        self, update: TurnUpdate, asking: QuestionInput, error: PullquoteError
    ) -> tuple[Any, ...]:
        """The last update of a question without an answer.

        Without an index, the question waits. Otherwise it goes back into the box.
        """
        if isinstance(error, NO_INDEX):
            section = await self._scheduler.find(lambda: self._views.waiting(_link_of(asking)))
            if section is not None:
                return update_html(replace(update, section=section)), gr.skip(), gr.skip()
        return _refused(asking.question, error, number=update.number)

    async def _unchanged(
        self, update: TurnUpdate, turn: Turn, failure: RetryFailure
    ) -> tuple[Any, ...]:
        section = await self._scheduler.find(lambda: self._unchanged_html(turn, failure))
        return update_html(replace(update, section=section)), gr.skip(), gr.skip()

    def _unchanged_html(self, turn: Turn, failure: RetryFailure) -> Markup:
        """The unchanged turn, with the reason why it could not be asked again."""
        try:
            return self._views.turn(turn, current=True, failure=failure)
        except PullquoteError:  # without an index, nothing can be checked, so nothing is shown
            return refused_html(turn.question, failure.error)


def _link_of(asking: QuestionInput) -> Link:
    typed = asking.question if asking.edited is None else asking.edited
    return Link(None, typed, asking.given, asking.switched, asking.options)


def _refused(question: str, error: PullquoteError, *, number: int | None = None) -> tuple[Any, ...]:
    """The last update for a refused question; it puts the question back into the box."""
    section = refused_html(question, error)
    update = TurnUpdate(number=next(_numbers) if number is None else number, section=section)
    return update_html(update), gr.skip(), question or gr.skip()
