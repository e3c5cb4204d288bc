"""A conversation as data: what was asked, what was searched for, and what came of it.

It can be kept as JSON, in a browser too, and is read back only when it is sound: whoever can
write to where it was kept can write anything.

Several versions of pullquote may share one conversation, as servers behind a balancer do.
`Conversation.from_json` therefore keeps fields that it does not know, and `to_json` writes them
again. It is the one lenient place: made in Python or parsed otherwise, the models are strict.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from datetime import UTC, datetime
from typing import Annotated, Any, Self

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    FailFast,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    SerializerFunctionWrapHandler,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_serializer,
    model_validator,
)

from pullquote.conversation.completed import LONGEST_QUESTION, Completed, Filled
from pullquote.conversation.unknown_fields import (
    add_unknown,
    drop_empty,
    forget_unknown,
    narrows,
    split_filters,
)
from pullquote.errors import ConversationUnreadable, SettingsError
from pullquote.schema import Answer, Filters, Reply

VERSION = 1
"""Of the JSON. It rises when a field gets another meaning, not when one is added."""

MOST_TURNS = 200
MOST_BYTES = 1_000_000
"""Of the JSON in UTF-8. Browsers keep about 5 MB for a site, at two bytes a character."""

Words = Annotated[str, Field(max_length=LONGEST_QUESTION)]
Several = Annotated[tuple[Words, ...], Field(max_length=1000), FailFast()]


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
    filled: Annotated[tuple[Filled, ...], Field(max_length=1000), FailFast()] = ()
    filters: Filters = Filters()
    given: Filters = Filters()
    switched: Several = ()
    edited: Words | None = None
    reply: Reply | None = None
    nowhere: Several = ()
    not_near: Several = ()
    asked: AwareDatetime

    _unknown_filters: dict[str, dict[str, Any]] = PrivateAttr(default_factory=dict)
    _not_understood: dict[str, Any] | None = PrivateAttr(default=None)

    @property
    def unknown_filters(self) -> tuple[str, ...]:
        """Names of filters of a newer version that narrowed the question; sorted."""
        unknown = self._unknown_filters.values()
        return tuple(sorted({name for one in unknown for name in one if narrows(one[name])}))

    @property
    def understood(self) -> bool:
        """Whether this version can read the turn.

        Where it cannot, only `question` and `asked` are set, as far as they could be read.
        """
        return self._not_understood is None

    @property
    def known(self) -> Turn:
        """The turn without unknown fields, which may quote any article; filters stay."""
        if self._not_understood is None:
            return forget_unknown(self)
        asked = _MOMENT.dump_python(self.asked, mode="json")
        return Turn._of_newer({"question": self.question, "asked": asked})

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

    @model_validator(mode="wrap")
    @classmethod
    def _split_filters(cls, given: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:  # noqa: ANN401
        """Set unknown filters aside: `Filters` has no room for them, and would drop them."""
        if not isinstance(given, dict):
            return handler(given)
        split = {
            name: split_filters(given[name])
            for name in ("filters", "given")
            if isinstance(given.get(name), dict)
        }
        turn = handler({**given, **{name: one.known for name, one in split.items()}})
        turn._unknown_filters = {name: one.unknown for name, one in split.items() if one.unknown}
        return turn

    @model_serializer(mode="wrap")
    def _write(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """The turn with the fields that this version does not know."""
        if self._not_understood is not None:
            return deepcopy(self._not_understood)
        written: dict[str, Any] = handler(self)
        for name, unknown in self._unknown_filters.items():
            if name in written:
                written[name] = {**written[name], **unknown}
        add_unknown(written, self)
        return written

    @classmethod
    def _of_newer(cls, written: dict[str, Any]) -> Turn:
        """A turn that this version does not understand: shown as such, and written as it was."""
        question = written.get("question")
        question = question[:LONGEST_QUESTION] if isinstance(question, str) else ""
        try:
            asked = _MOMENT.validate_python(written.get("asked"))
        except ValidationError:
            asked = datetime.fromtimestamp(0, UTC)
        turn = Turn(question=question, searched=question, asked=asked)
        turn._not_understood = written
        return turn


_MOMENT: TypeAdapter[datetime] = TypeAdapter(AwareDatetime)


def _read_turn(
    given: Any,  # noqa: ANN401 - a turn, or anything in its place
    handler: ValidatorFunctionWrapHandler,
    info: ValidationInfo,
) -> Turn:
    """The turn, as `Turn._of_newer` where a newer version gave a field another meaning."""
    try:
        turn: Turn = handler(given)
    except (ValidationError, SettingsError):
        if info.data.get("version", VERSION) <= VERSION or not isinstance(given, dict):
            raise
        return Turn._of_newer(given)
    return turn


class Conversation(BaseModel):
    """Turns, oldest first, never more than can be kept; `version` is that of the JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = Field(VERSION, ge=1, strict=True)
    turns: Annotated[tuple[Annotated[Turn, WrapValidator(_read_turn)], ...], FailFast()] = Field(
        default=(), max_length=MOST_TURNS
    )

    def with_turn(self, turn: Turn) -> Conversation:
        """The conversation with one more turn; the oldest go where there are too many.

        A turn that is too large by itself keeps its best answers, as many as have room. Unknown
        fields of the conversation go only where they leave no room for it.
        """
        empty = self.model_copy(update={"turns": ()})
        if _size(empty) + _size(turn) > MOST_BYTES:
            empty = Conversation(version=self.version)
        room = MOST_BYTES - _size(empty)
        turn = _within(turn, room)
        room -= _size(turn)
        kept = self.turns[-(MOST_TURNS - 1) :]
        sizes = [_size(one) for one in kept]
        while kept and sum(sizes) + len(sizes) > room:
            kept, sizes = kept[1:], sizes[1:]
        return empty.model_copy(update={"turns": (*kept, turn)})

    @model_serializer(mode="wrap")
    def _write(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """The conversation with the fields that this version does not know."""
        return {**handler(self), **(self.model_extra or {})}

    def to_json(self) -> str:
        """The conversation as JSON that `from_json` reads back; at most `MOST_BYTES` in UTF-8."""
        return self.model_dump_json()

    @classmethod
    def from_json(cls, text: str | bytes) -> Conversation:
        """The conversation that was kept as JSON, by this version of pullquote or another.

        Unknown fields are kept. A turn of a newer version that cannot be read is kept too, see
        `Turn.understood`.

        Raises:
            ConversationUnreadable: it is no conversation, or too large.
        """
        if len(text) > MOST_BYTES:
            raise ConversationUnreadable(f"it has {len(text):,} characters, over {MOST_BYTES:,}")
        try:
            conversation = cls.model_validate_json(text, extra="allow")
        except ValidationError as error:
            raise ConversationUnreadable(_reason(error)) from error
        except (SettingsError, UnicodeError) as error:  # filters that exclude each other
            raise ConversationUnreadable(str(error)) from error
        drop_empty(conversation)
        return conversation


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
