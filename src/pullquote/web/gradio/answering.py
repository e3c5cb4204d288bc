"""What happens when something is asked, or asked again: one turn of the conversation, in steps."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from typing import Any

import gradio as gr

from pullquote.conversation import Conversation, Turn
from pullquote.errors import PullquoteError, SettingsError
from pullquote.retrieval.search_result import SearchResult
from pullquote.schema import Reply
from pullquote.web.limits import check_filters, check_question, check_switched
from pullquote.web.requests import ChosenQuestion, RepeatedQuestion, parse_event, parse_search
from pullquote.web.scheduler import Scheduler
from pullquote.web.slots import CallerLeft
from pullquote.web.state.browser_conversation import index_of_turn, parse_saved_conversation
from pullquote.web.state.facets import CHOSEN, check_names_exist
from pullquote.web.state.near_misses import missing_from
from pullquote.web.state.question import (
    QuestionInput,
    ResolvedQuestion,
    check_can_be_asked_again,
    question_input_of,
    resolve_question,
)
from pullquote.web.views.permalinks import Link, parse_narrowing
from pullquote.web.views.render import is_silent
from pullquote.web.views.stream_events import Step, step_html
from pullquote.web.views.turns import Head, Refusal, link_of, looking_html, refused_html
from pullquote.web.views.views import Panes, best_place, closest_of

Shown = AsyncIterator[tuple[Any, ...]]
"""For each step what is shown: conversation, article, question."""

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is searched for, and what there is to read for it."""

    asking: QuestionInput
    plan: ResolvedQuestion
    found: SearchResult

    @property
    def head(self) -> Head:
        """What stands above the answer."""
        asking, completed = self.asking, self.plan.completed
        typed = asking.question if asking.edited is None else asking.edited
        link = Link(None, typed, asking.given, asking.switched)
        if completed.filled:
            link = Link(None, completed.text, self.plan.filters)
        return Head(
            question=asking.question,
            searched=completed.text,
            link=link,
            filled=completed.filled,
            chips=self.plan.chips,
        )

    def turn(self, reply: Reply, now: datetime) -> Turn:
        """The turn in which that was the reply."""
        asking, completed = self.asking, self.plan.completed
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


class Answering:
    """The page's events that ask.

    The server remembers nothing of a conversation: its last turns come from the browser, as JSON
    in `kept`, and the new one goes back to it.
    """

    def __init__(self, panes: Panes, scheduler: Scheduler, *, most: int) -> None:
        self._panes = panes
        self._scheduler = scheduler
        self._most = most

    async def answer(
        self,
        kept: str,
        typed: str | None,
        *panel: Any,  # noqa: ANN401 - parse_search checks it
    ) -> Shown:
        """The question at once, then the closest passages, then what came of it."""
        names = ("comments", "since", "until", *CHOSEN)
        question = "" if typed is None else typed
        try:
            before = parse_saved_conversation(kept).turns
            given = parse_search(question=question, **dict(zip(names, panel, strict=True))).filters
            check_names_exist(given, self._panes.shelf.now())
        except PullquoteError as error:
            yield _refused(question, error)
            return
        async for shown in self._ask(QuestionInput(question=question, given=given), before):
            yield shown

    async def answer_example(
        self,
        event: gr.EventData,
        kept: str,
        *panel: Any,  # noqa: ANN401
    ) -> Shown:
        """What `answer` yields for the question on the button that was pressed."""
        try:
            question = parse_event(ChosenQuestion, event._data).question
        except SettingsError as error:
            yield _refused("", error)
            return
        async for shown in self.answer(kept, question, *panel):
            yield shown

    async def restore(self, event: gr.EventData, kept: str) -> Shown:
        """What `answer` yields for the question of the page's address, narrowed as that says.

        The article stays that of the address, where that names one.
        """
        question = ""
        try:
            chosen = parse_event(ChosenQuestion, event._data)
            question = chosen.question
            check_question(question)
            link = parse_narrowing(chosen.narrowed, question=question)
            before = parse_saved_conversation(kept).turns
        except PullquoteError as error:
            yield _refused(question, error)
            return
        asking = QuestionInput(question=question, given=link.filters, switched=link.switched)
        async for conversation, article, *others in self._ask(asking, before):
            yield conversation, gr.skip() if chosen.keeps else article, *others

    async def again(self, event: gr.EventData, kept: str) -> Shown:
        """A turn asked again, with a chip switched or with another search in its place."""
        try:
            again = parse_event(RepeatedQuestion, event._data)
            conversation = parse_saved_conversation(kept)
            at = index_of_turn(conversation, again.key)
            if at is None:
                raise SettingsError("This question is not in the conversation any more. Ask anew.")
            turn = conversation.turns[at]
        except PullquoteError as error:
            yield _refused("", error)
            return
        try:
            asking = await self._asking_again(turn, again)
        except PullquoteError as error:
            step = Step(number=next(_numbers), key=again.key, section="")
            yield await self._unchanged(step, turn, Refusal(error, again.searched))
            return
        async for shown in self._ask(asking, conversation.turns[:at], instead=turn, key=again.key):
            yield shown

    async def _asking_again(self, turn: Turn, again: RepeatedQuestion) -> QuestionInput:
        """How to ask the turn with that change.

        Raises:
            PullquoteError: it cannot be asked again, or not so.
        """
        check_can_be_asked_again(turn)
        asking = await self._scheduler.find(
            lambda: question_input_of(turn, self._panes.shelf.now().archive)
        )
        if again.searched is not None:
            check_question(again.searched)
            # Filters whose words were taken out of the question stay in force.
            return QuestionInput(question=turn.question, given=turn.filters, edited=again.searched)
        if again.chip is not None:
            asking = asking.switching(again.chip)
            check_switched(asking.switched)
        return asking

    async def _ask(
        self,
        asking: QuestionInput,
        before: Sequence[Turn],
        *,
        instead: Turn | None = None,
        key: str | None = None,
    ) -> Shown:
        """Ask, behind the turns before or instead of the one of that key."""
        step = Step(number=next(_numbers), key=key, section=looking_html(asking.question))
        # The box is emptied now and not with the answer, which would wipe what is typed meanwhile.
        yield step_html(step), gr.skip(), gr.skip() if key is not None else ""
        now = datetime.now().astimezone()
        try:
            self._scheduler.check()
            asked = await self._scheduler.find(lambda: self._found(asking, before, now))
            reading = replace(step, section=self._panes.reading(asked.head, asked.found))
            yield step_html(reading), gr.skip(), gr.skip()
            reply = await self._scheduler.read(lambda: self._panes.read(asked.found))
            turn = asked.turn(reply, now)
            yield await self._scheduler.find(lambda: self._answered(step, turn, asked.found))
        except CallerLeft:
            return
        except PullquoteError as error:
            if instead is None:
                yield _refused(asking.question, error, number=step.number)
                return
            yield await self._unchanged(step, instead, Refusal(error, asking.edited))

    def _found(self, asking: QuestionInput, before: Sequence[Turn], now: datetime) -> Asked:
        """What is searched for, behind those turns, and what there is to read for it."""
        goes_on_from = self._panes.may_be_shown(Conversation(turns=tuple(before))).turns
        archive = self._panes.shelf.now().archive
        planned = resolve_question(asking, archive, today=now.date(), before=goes_on_from)
        check_filters(planned.filters)
        found = self._panes.find(planned.completed.text, planned.filters)
        return Asked(asking, planned, found)

    def _answered(self, step: Step, turn: Turn, found: SearchResult) -> tuple[Any, ...]:
        """The last step, with the article open at the best answer."""
        section = self._panes.turn(turn, closest=closest_of(found), current=True)
        kept = Conversation().with_turn(turn).turns[0]
        damage = self._panes.damage()
        last = replace(step, section=section + damage, kept=kept, bytes_kept=self._most)
        article = self._panes.view(replace(link_of(turn), place=best_place(turn)))
        return step_html(last), article, gr.skip()

    async def _unchanged(self, step: Step, turn: Turn, refusal: Refusal) -> tuple[Any, ...]:
        """The last step of a turn that is not asked again."""
        section = await self._scheduler.find(lambda: self._again(turn, refusal))
        return step_html(replace(step, section=section)), gr.skip(), gr.skip()

    def _again(self, turn: Turn, refusal: Refusal) -> str:
        """The turn as it was, with why it could not be asked again."""
        try:
            return self._panes.turn(turn, current=True, refusal=refusal)
        except PullquoteError:  # it cannot be told what may be shown
            return refused_html(turn.question, refusal.error)


def _refused(question: str, error: PullquoteError, *, number: int | None = None) -> tuple[Any, ...]:
    """The last step of what is not asked; the question comes back into the box."""
    section = refused_html(question, error)
    step = Step(number=next(_numbers) if number is None else number, section=section)
    return step_html(step), gr.skip(), question or gr.skip()
