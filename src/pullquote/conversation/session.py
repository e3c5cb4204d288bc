"""A conversation with an assistant: each question may refer to the questions before it."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING

from pullquote.conversation.archive import Archive
from pullquote.conversation.completed import Completed
from pullquote.conversation.followup import LONGEST, complete_question
from pullquote.conversation.models import Conversation, Turn
from pullquote.conversation.narrowing import Narrowed, narrow_question
from pullquote.schema import Filters, QuestionKind, Reply

if TYPE_CHECKING:
    from pullquote.answering.answer_engine import AnswerEngine
    from pullquote.answering.retrieval.searcher import SearchResult


class ConversationSession:
    """A conversation with an assistant, like one in the web chat; made by `assistant.conversation`.

    Each question is narrowed by phrases such as "since March", and a follow-up is completed from
    earlier turns, to at most `question_chars` characters. A session is for one thread at a time;
    several sessions may share an assistant.
    """

    def __init__(self, assistant: AnswerEngine, *, question_chars: int = LONGEST) -> None:
        self._assistant = assistant
        self._question_chars = question_chars
        self._conversation = Conversation()
        self._articles: tuple[str, ...] = ()

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The turns, oldest first; a very long conversation drops the oldest."""
        return self._conversation.turns

    @property
    def saved(self) -> Conversation:
        """The conversation as data, which can be saved as JSON or exported."""
        return self._conversation

    @property
    def searched_for(self) -> str | None:
        """The text that was searched for in the last turn; None before the first."""
        reply = self.turns[-1].reply if self.turns else None
        return None if reply is None else reply.searched_for

    @property
    def articles(self) -> tuple[str, ...]:
        """The ids of the articles that the last search found, best first."""
        return self._articles

    def ask(
        self,
        question: str,
        *,
        k: int | None = None,
        filters: Filters | None = None,
        kind: QuestionKind | None = None,
        as_typed: bool = False,
        as_of: date | None = None,
        fast: bool = False,
    ) -> Reply:
        """Answer a question as the next turn; the options are those of `Assistant.ask`.

        With `as_typed`, the question is neither completed nor narrowed. `Reply.searched_for` is
        the text that was searched for.

        Raises:
            SettingsError, IndexEmpty: see `Assistant.find`. In that case, no turn is added.
        """
        now = datetime.now().astimezone()
        if as_typed:
            narrowed = Narrowed(question, Filters() if filters is None else filters, ())
        else:
            archive = Archive.of_generation(self._assistant.generation)
            narrowed = narrow_question(question, archive, today=now.date(), filters=filters)

        @cache
        def find(text: str) -> SearchResult:
            return self._assistant.find(
                text,
                k=k,
                filters=narrowed.filters,
                kind=kind,
                as_typed=as_typed,
                as_of=as_of,
                fast=fast,
            )

        completed = (
            Completed(question)
            if as_typed
            else complete_question(narrowed.text, self.turns, find=find, most=self._question_chars)
        )
        found = find(completed.text)
        reply = self._assistant.read(found).model_copy(update={"question": question})
        turn = Turn.of(question, completed, reply, asked=now, filters=narrowed.filters)
        turn = turn.model_copy(update={"as_of": as_of, "fast": fast})
        self._conversation = self._conversation.with_turn(turn)
        self._articles = tuple(dict.fromkeys(hit.article.id for hit in found.hits))
        return reply
