"""A conversation as data: what was asked, what was searched for, and what came of it.

It can be kept as JSON, in a browser too, and is read back only when it is sound: whoever can
write to where it was kept can write anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, FailFast, Field, ValidationError

from pullquote.errors import ConversationUnreadable, SettingsError
from pullquote.schema import Answer, Filters, Reply

MOST_TURNS = 200
MOST_BYTES = 1_000_000
"""Of the JSON in UTF-8. Browsers keep about 5 MB for a site, at two bytes a character."""

LONGEST_QUESTION = 10_000
"""Characters. What may be asked is a setting; this only bounds what is read back."""


Words = Annotated[str, Field(max_length=LONGEST_QUESTION)]
Several = Annotated[tuple[Words, ...], Field(max_length=1000), FailFast()]


class Filled(BaseModel):
    """Words of a completed question, `text[start:end]`, that an earlier turn gave.

    `turn` counts from 0 in the turns that were handed over, `source` says which part of it they
    are from. They stand in place of `instead_of`, or were added where that is empty.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    turn: int = Field(ge=0)
    source: Literal["question", "answer"]
    instead_of: str = Field("", max_length=LONGEST_QUESTION)


@dataclass(frozen=True, slots=True)
class Completed:
    """What is searched for in place of a question, and why.

    `filled` are the words that came from earlier turns, in order; without any, the text is the
    question. `articles` are those that the turn before cited, where this one goes on from it: they
    are the likeliest to answer, but not the only ones that may.
    """

    text: str
    filled: tuple[Filled, ...] = ()
    articles: tuple[str, ...] = ()


class Turn(BaseModel):
    """A question as it was typed and the reply to what was searched for in its place.

    `filled` are the words of `searched` that came from turns before, `filters` those it was asked
    under. `reply` is None where there was none, `asked` has a time zone.

    So that it can be asked again otherwise: `given` are the filters that were chosen beside the
    question, `switched` the ids of chips that were turned on or off, and `edited` what the person
    wrote in place of `searched`. `nowhere` and `not_near` are words of a question that was not
    answered: those of no article, and those of no passage that came near.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: Words
    searched: Words
    filled: Annotated[tuple[Filled, ...], FailFast()] = ()
    filters: Filters = Filters()
    given: Filters = Filters()
    switched: Several = ()
    edited: Words | None = None
    reply: Reply | None = None
    nowhere: Several = ()
    not_near: Several = ()
    asked: AwareDatetime

    @property
    def generation(self) -> str | None:
        """The state of the index that answered."""
        return None if self.reply is None else self.reply.generation

    @classmethod
    def of(
        cls,
        question: str,
        completed: Completed,
        reply: Reply | None,
        *,
        asked: AwareDatetime,
        filters: Filters | None = None,
    ) -> Turn:
        """The turn in which a question was searched for as completed."""
        return cls(
            question=question,
            searched=completed.text,
            filled=completed.filled,
            filters=Filters() if filters is None else filters,
            reply=reply,
            asked=asked,
        )


class Conversation(BaseModel):
    """Turns, oldest first, never more than can be kept; `version` is that of this form."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    turns: Annotated[tuple[Turn, ...], FailFast()] = Field(default=(), max_length=MOST_TURNS)

    def with_turn(self, turn: Turn) -> Conversation:
        """The conversation with one more turn; the oldest go where there are too many.

        A turn that is too large by itself keeps its best answers, as many as have room.
        """
        room = MOST_BYTES - _size(Conversation())
        turn = _within(turn, room)
        room -= _size(turn)
        kept = self.turns[-(MOST_TURNS - 1) :]
        sizes = [_size(one) for one in kept]
        while kept and sum(sizes) + len(sizes) > room:
            kept, sizes = kept[1:], sizes[1:]
        return Conversation(turns=(*kept, turn))

    def to_json(self) -> str:
        """The conversation as JSON that `from_json` reads back; at most `MOST_BYTES` in UTF-8."""
        return self.model_dump_json()

    @classmethod
    def from_json(cls, text: str | bytes) -> Conversation:
        """The conversation that was kept as JSON.

        Raises:
            ConversationUnreadable: it is no conversation, of another version, or too large.
        """
        if len(text) > MOST_BYTES:
            raise ConversationUnreadable(f"it has {len(text):,} characters, over {MOST_BYTES:,}")
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise ConversationUnreadable(_reason(error)) from error
        except (SettingsError, UnicodeError) as error:  # filters that exclude each other
            raise ConversationUnreadable(str(error)) from error


def _reason(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(map(str, first["loc"]))
    return f"{place}: {first['msg']}" if place else first["msg"]


def _size(model: BaseModel) -> int:
    return len(model.model_dump_json().encode())


def _within(turn: Turn, most: int) -> Turn:
    """The turn with as many of its answers, best first, as fit into so many bytes."""
    if turn.reply is None or _size(turn) <= most:
        return turn
    left = most - _size(_answering(turn, ()))
    kept = []
    for answer in turn.reply.answers:
        left -= _size(answer) + 1
        if left < 0:
            break
        kept.append(answer)
    return _answering(turn, kept)


def _answering(turn: Turn, answers: Iterable[Answer]) -> Turn:
    """The turn with those answers alone."""
    if turn.reply is None:
        return turn
    reply = turn.reply.model_copy(update={"answers": tuple(answers)})
    return turn.model_copy(update={"reply": reply})
